"""Phases, groups and what is clipped together."""

from __future__ import annotations

import json

import pytest

torch = pytest.importorskip("torch")

from trainers import parameters  # noqa: E402
from trainers.config import Recipe  # noqa: E402
from trainers.stages import Group, Phase  # noqa: E402


def model():
    """Build three parts of a layer and a normalisation each."""
    part = lambda: torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))  # noqa: E731
    return torch.nn.ModuleDict({"one": part(), "two": part(), "three": part()})


def names(network, training):
    kind = torch.nn.BatchNorm1d
    return [n for n, m in network.named_modules() if isinstance(m, kind) and m.training == training]


PHASE = Phase(
    "some",
    (Group("a", ("one",), "feature"), Group("b", ("two",), "rpn", scale=0.5, normalizes=False)),
)


def test_what_is_not_named_is_frozen():
    network = model().train()
    parameters.enter(network, PHASE)
    trained = {n.split(".")[0] for n, each in network.named_parameters() if each.requires_grad}
    assert trained == {"one", "two"}
    assert names(network, True) == ["one.1"]


def test_entering_does_not_depend_on_what_was_before():
    network = model()
    everything = Phase("all", tuple(Group(n, (n,), "rpn") for n in ("one", "two", "three")))
    parameters.enter(network, everything)
    parameters.enter(network, PHASE)
    assert not any(each.requires_grad for each in network["three"].parameters())
    assert names(network, True) == ["one.1"]


def multiplied(**values):
    recipe = Recipe.named("siammask_base").to_dict()
    for section, inner in values.items():
        recipe[section] = {**recipe[section], **inner}
    return Recipe.parse(json.dumps(recipe))


def test_groups_are_scaled_by_the_recipe():
    recipe = multiplied(lr={"feature_lr_mult": 3.0, "rpn_lr_mult": 2.0})
    groups = parameters.groups(model(), PHASE, recipe)
    assert [(group["name"], group["lr_scale"]) for group in groups] == [("a", 3.0), ("b", 1.0)]
    assert [len(group["params"]) for group in groups] == [4, 4]


def test_everything_is_clipped_together():
    network = model()
    found = parameters.clip_groups(network, PHASE, Recipe.named("siammask_base"))
    assert [(len(each), norm) for each, norm in found] == [(8, 10.0)]


def test_parts_are_clipped_apart_where_their_norms_differ():
    network = model()
    recipe = multiplied(clip={"feature": 5.0, "rpn": 10.0})
    found = parameters.clip_groups(network, PHASE, recipe)
    assert [(len(each), norm) for each, norm in found] == [(4, 5.0), (4, 10.0)]


@pytest.mark.parametrize(
    ("epochs", "unfreeze", "first"),
    [(20, 0.5, 10), (5, 0.5, 3), (1, 0.5, 1), (4, 1.0, 4), (4, 0, 0)],
)
def test_the_switch_is_at_its_share_of_the_epochs(epochs, unfreeze, first):
    recipe = Recipe.named("siammask_base").changed(epochs=epochs, unfreeze=unfreeze)
    phases = [parameters.half_frozen(epoch, recipe, []).name for epoch in range(epochs)]
    assert phases == ["heads"] * first + ["layers"] * (epochs - first)


def test_a_fresh_backbone_trains_from_the_start():
    recipe = Recipe.named("siammask_tiny")
    phases = [
        parameters.half_frozen(epoch, recipe, []) for epoch in (0, recipe.training.epochs - 1)
    ]
    assert phases[0] == phases[1]
    assert [group.parts for group in phases[0].groups] == [
        ("features.features",),
        ("features.downsample",),
    ]
    assert all(group.normalizes and group.scale == 1 for group in phases[0].groups)
