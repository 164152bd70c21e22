"""The stages against the original's numbers, and against a plain step."""

from __future__ import annotations

import json
import math

import pytest

torch = pytest.importorskip("torch")

from torch.nn.functional import interpolate, log_softmax, pad  # noqa: E402

import siammask  # noqa: E402
from siammask.model import build  # noqa: E402
from trainers.config import Recipe  # noqa: E402
from trainers.errors import RecipeError, StageError  # noqa: E402
from trainers.stages import Start, find_stage, stage_names  # noqa: E402

GOLDEN = {"rpn": "siamrpn_resnet", "base": "siammask_base", "sharp": "siammask_sharp"}
STAGES = list(GOLDEN)
TERMS = ["rpn_cls_loss", "rpn_loc_loss", "rpn_mask_loss"]
METRICS = ["mask_iou_mean", "mask_iou_at_5", "mask_iou_at_7"]


def cells_of(name):
    return 3 if name == "sharp" else 25


def recipe_of(name):
    return Recipe.find(None, name)


def plain_losses(name, model, batch, weights):
    """Select what counts by its indices, and take means of it: as one would write it down."""
    out = model.track(model.template(batch["template"]), batch["search"])
    labels = batch["label_cls"]
    said = log_softmax(out.cls.unflatten(1, (2, 5)), dim=1)
    cls = -0.5 * said[:, 1][labels == 1].mean() - 0.5 * said[:, 0][labels == 0].mean()
    off = (out.loc.unflatten(1, (4, 5)) - batch["label_loc"]).abs().sum(dim=1)
    loc = (off * batch["label_loc_weight"]).sum() / len(off)
    losses = [cls, loc]
    if name != "rpn":
        losses.append(plain_mask_loss(name, model, out, batch))
    return sum(weight * loss for weight, loss in zip(weights, losses, strict=True)), losses


def plain_mask_loss(name, model, out, batch):
    size = batch["label_mask_weight"].shape[3]
    sample, _, row, col = (batch["label_mask_weight"] == 1).nonzero(as_tuple=True)
    if name == "base":
        masks, margin = out.mask.permute(0, 2, 3, 1).unflatten(3, (63, 63)), 32
    else:
        masks, margin = model.refine_everywhere(out).reshape(-1, size, size, 127, 127), 0
    logits = interpolate(
        masks[sample, row, col][:, None], size=127, mode="bilinear", align_corners=True
    )
    padded = pad(batch["label_mask"][:, 0], (margin,) * 4)
    windows = torch.stack(
        [
            padded[b, 8 * y : 8 * y + 127, 8 * x : 8 * x + 127]
            for b, y, x in zip(sample.tolist(), row.tolist(), col.tolist(), strict=True)
        ]
    )
    return torch.log(1 + torch.exp(-windows[:, None] * logits)).mean()


def gradients(model, total):
    model.zero_grad()
    total.backward()
    return {
        name: each.grad.clone() for name, each in model.named_parameters() if each.grad is not None
    }


def trained(model):
    return {name for name, each in model.named_parameters() if each.requires_grad}


def count(model, part=""):
    inner = model.get_submodule(part)
    return sum(each.numel() for each in inner.parameters() if each.requires_grad)


def normalizing(model):
    """Name the batch normalisations that use the batch."""
    kind = torch.nn.BatchNorm2d
    return {
        name for name, each in model.named_modules() if isinstance(each, kind) and each.training
    }


def test_registered():
    assert {"base", "rpn", "sharp"} <= set(stage_names())
    assert [find_stage(name).name for name in STAGES] == STAGES


def test_a_stage_that_does_not_exist():
    with pytest.raises(StageError, match=r"no stage 'bas' \(did you mean 'base'\? there are base"):
        find_stage("bas")


@pytest.mark.parametrize("name", STAGES)
def test_losses_of_the_original(name, formula, formula_batch, golden):
    expected = json.loads((golden / "siammask" / f"{GOLDEN[name]}.json").read_text())
    model = formula.filled(name).double().requires_grad_(False)
    batch = formula_batch(cells_of(name))
    labels = batch["label_cls"]
    assert int((labels == 1).sum()) == expected["n_pos_cls"]
    assert int((labels == 0).sum()) == expected["n_neg_cls"]
    if name != "rpn":
        assert int((batch["label_mask_weight"] == 1).sum()) == expected["n_pos_mask"]
    losses = find_stage(name).losses(model, batch, recipe_of(name))
    assert list(losses.terms) == TERMS[: len(expected["loss"])]
    assert list(losses.metrics) == METRICS[: len(expected["acc"])]
    for found, numbers in ((losses.terms, expected["loss"]), (losses.metrics, expected["acc"])):
        assert [float(each) for each in found.values()] == pytest.approx(numbers, rel=1e-10)
    weights = recipe_of(name).loss.weight
    total = math.sumprod(weights, expected["loss"]) if hasattr(math, "sumprod") else None
    total = total or sum(w * e for w, e in zip(weights, expected["loss"], strict=True))
    assert float(losses.total) == pytest.approx(total, rel=1e-10)


@pytest.mark.parametrize("name", STAGES)
@pytest.mark.parametrize("epoch", [0, 10])
def test_gradients_of_a_step_are_those_of_a_plain_one(name, epoch, small, formula_batch):
    recipe, stage, model = recipe_of(name), find_stage(name), small(name)
    batch = formula_batch(cells_of(name))
    found = {}
    for kind in ("ours", "plain"):
        # Statistics move with each pass; what is computed does not depend on them in training.
        stage.enter(model, stage.phase(epoch, recipe))
        if kind == "ours":
            losses = stage.losses(model, batch, recipe)
            terms, total = list(losses.terms.values()), losses.total
        else:
            total, terms = plain_losses(name, model, batch, recipe.loss.weight)
        found[kind] = ([each.item() for each in terms], gradients(model, total))
    assert found["ours"][0] == pytest.approx(found["plain"][0], rel=1e-12)
    ours, plain = found["ours"][1], found["plain"][1]
    assert set(ours) == set(plain) == trained(model)
    scale = max(each.abs().max().item() for each in plain.values())
    for each, gradient in ours.items():
        torch.testing.assert_close(gradient, plain[each], rtol=1e-9, atol=1e-13 * scale)
        assert gradient.any(), each


@pytest.mark.parametrize("name", ["base", "sharp"])
def test_a_batch_without_masks_has_no_mask_loss_but_a_graph(name, small, formula_batch):
    recipe, stage, model = recipe_of(name), find_stage(name), small(name)
    batch = formula_batch(cells_of(name), batch=1)
    batch["label_mask_weight"] = torch.zeros_like(batch["label_mask_weight"])
    stage.enter(model, stage.phase(0, recipe))
    losses = stage.losses(model, batch, recipe)
    assert float(losses.terms["rpn_mask_loss"]) == 0
    assert [float(each) for each in losses.metrics.values()] == [0, 0, 0]
    found = gradients(model, losses.total)
    # Every parameter has one, as training in several processes needs.
    assert set(found) == trained(model)
    masks = [each for name, each in found.items() if name.startswith(("mask", "refine"))]
    assert masks and not any(each.any() for each in masks)


@pytest.mark.parametrize("name", ["rpn", "base"])
def test_half_frozen(name):
    recipe, stage, model = recipe_of(name), find_stage(name), build(name)
    heads = {"rpn": ["rpn_model"], "base": ["rpn_model", "mask_model"]}[name]
    phases = [stage.phase(epoch, recipe) for epoch in range(20)]
    assert phases == [phases[0]] * 10 + [phases[10]] * 10
    stage.enter(model, phases[0])
    assert count(model, "features") == 262_656
    first, adjusted = normalizing(model), "features.downsample.downsample.1"
    assert {each.split(".")[0] for each in first if each != adjusted} == set(heads)
    stage.enter(model, phases[10])
    assert count(model, "features") == 13_823_488
    assert normalizing(model) == first, "the backbone normalizes as it has learnt"
    assert count(model, "features.features.layer1") == count(model, "features.features.conv1") == 0
    for each in heads:
        assert count(model, each) == sum(p.numel() for p in model.get_submodule(each).parameters())


def test_refinement_trains_nothing_else():
    recipe, stage, model = recipe_of("sharp"), find_stage("sharp"), build("sharp")
    stage.enter(model, stage.phase(0, recipe))
    parts = ("mask_model.mask.conv_kernel", "mask_model.mask.conv_search", "refine_model")
    assert all(each.startswith(parts) for each in trained(model))
    assert count(model, "refine_model") == 2_665_317
    assert {each.rsplit(".", 1)[0] for each in normalizing(model)} == set(parts[:2])
    groups = stage.groups(model, stage.phase(0, recipe), recipe)
    assert [(group["name"], len(group["params"])) for group in groups] == [
        ("mask", 6),
        ("refine", 32),
    ]


def test_refinement_gets_a_new_optimizer_at_each_epoch_unless_told_otherwise():
    stage, recipe = find_stage("sharp"), recipe_of("sharp")
    assert len({stage.phase(epoch, recipe) for epoch in range(20)}) == 20
    kept = recipe.changed(rebuild_optimizer="phase")
    assert len({stage.phase(epoch, kept) for epoch in range(20)}) == 1


@pytest.mark.parametrize("name", STAGES)
def test_the_optimizer_has_what_trains(name):
    recipe, stage, model = recipe_of(name), find_stage(name), build(name)
    for epoch in (0, 10):
        phase = stage.phase(epoch, recipe)
        stage.enter(model, phase)
        groups = stage.groups(model, phase, recipe)
        given = [id(each) for group in groups for each in group["params"]]
        assert len(given) == len(set(given))
        assert set(given) == {id(each) for each in model.parameters() if each.requires_grad}
        scales = {group["name"]: group["lr_scale"] for group in groups}
        assert scales.pop("layers", 0.1) == 0.1
        assert set(scales.values()) == {1.0}


@pytest.mark.parametrize("name", STAGES)
def test_training_leaves_the_frozen_alone(name, small, formula_batch):
    """A step of the optimizer changes neither weights nor statistics of what is frozen."""
    recipe, stage, model = recipe_of(name), find_stage(name), small(name)
    phase = stage.phase(10, recipe)
    stage.enter(model, phase)
    before = {name: each.clone() for name, each in model.state_dict().items()}
    optimizer = torch.optim.SGD(stage.groups(model, phase, recipe), lr=1e-3, momentum=0.9)
    stage.losses(model, formula_batch(cells_of(name)), recipe).total.backward()
    optimizer.step()
    moved = {name for name, each in model.state_dict().items() if not each.equal(before[name])}
    statistics = {
        f"{each}.{kind}" for each in normalizing(model) for kind in ("running_mean", "running_var")
    }
    weights = {each for each in moved if not each.endswith("num_batches_tracked")}
    assert weights == trained(model) | statistics


def bare_resnet():
    """Give the tensors of a pretrained backbone; files of that time have no counters."""
    state = build("rpn").features.features.state_dict()
    return {name: each for name, each in state.items() if "num_batches" not in name}


def test_pretrained_backbone(tmp_path):
    state = bare_resnet()
    last = {f"layer4.{number}": torch.zeros(1) for number in range(50)}
    assert len(state | last) == 265
    torch.save(state | last, tmp_path / "resnet.model")
    for name in ("rpn", "base"):
        start = Start(pretrained=tmp_path / "resnet.model")
        model = find_stage(name).model(recipe_of(name), start)
        loaded = model.features.features.state_dict()
        assert all(torch.equal(loaded[key], each) for key, each in state.items())


def test_from_nothing():
    model = find_stage("base").model(recipe_of("base"), Start())
    assert model.variant.name == "base"


def test_a_pretrained_file_that_is_not_there(tmp_path):
    start = Start(pretrained=tmp_path / "resnet.model")
    with pytest.raises(StageError) as caught:
        find_stage("base").model(recipe_of("base"), start)
    for text in (str(start.pretrained), "265 tensors", "github.com/foolwood/SiamMask", "--pretr"):
        assert text in str(caught.value)


def test_a_backbone_that_does_not_fit(tmp_path):
    state = bare_resnet()
    state["layer2.0.downsample.0.weight"] = state["layer2.0.downsample.0.weight"][:, :, :1, :1]
    torch.save(state, tmp_path / "resnet50.pth")
    with pytest.raises(StageError, match=r"1 of another shape.*torchvision's ResNet-50 does not"):
        find_stage("rpn").model(recipe_of("rpn"), Start(pretrained=tmp_path / "resnet50.pth"))


def test_refinement_starts_from_a_base_checkpoint(tmp_path):
    base = build("base")
    torch.save({"epoch": 12, "state_dict": base.state_dict()}, tmp_path / "checkpoint_e12.pth")
    start = Start(base_checkpoint=tmp_path / "checkpoint_e12.pth")
    model = find_stage("sharp").model(recipe_of("sharp"), start)
    state = model.state_dict()
    assert all(torch.equal(state[key], each) for key, each in base.state_dict().items())


def test_refinement_starts_from_nothing_else(tmp_path):
    stage, recipe = find_stage("sharp"), recipe_of("sharp")
    with pytest.raises(StageError, match=r"no base checkpoint: give one.*checkpoint_e<k>\.pth"):
        stage.model(recipe, Start())
    with pytest.raises(StageError, match=r"e12\.pth: no base checkpoint there"):
        stage.model(recipe, Start(base_checkpoint=tmp_path / "e12.pth"))
    torch.save(bare_resnet(), tmp_path / "resnet.model")
    with pytest.raises(StageError, match="does not start from a bare ResNet"):
        stage.model(recipe, Start(pretrained=tmp_path / "resnet.model"))
    with pytest.raises(StageError, match=r"not the weights of this network.*trainers\.base writes"):
        stage.model(recipe, Start(base_checkpoint=tmp_path / "resnet.model"))


def test_a_base_checkpoint_is_for_refinement(tmp_path):
    with pytest.raises(StageError, match="does not start from a base checkpoint"):
        find_stage("base").model(recipe_of("base"), Start(base_checkpoint=tmp_path / "e.pth"))


def test_two_weights_are_too_few_for_masks():
    recipe = recipe_of("rpn").changed(stage="base")
    with pytest.raises(RecipeError, match=r"loss\.weight=\[1\.0, 1\.0\] \(accepted: 3 weights"):
        find_stage("base").model(recipe, Start())


@pytest.mark.parametrize("name", STAGES)
def test_losses_under_autocast_are_of_single_precision(name, small, formula_batch):
    recipe, stage, model = recipe_of(name), find_stage(name), small(name).float()
    batch = formula_batch(cells_of(name), batch=1)
    batch = {key: each.float() if each.is_floating_point() else each for key, each in batch.items()}
    stage.enter(model, stage.phase(10, recipe))
    full = stage.losses(model, batch, recipe)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        half = stage.losses(model, batch, recipe)
    half.total.backward()
    for term, loss in half.terms.items():
        assert loss.dtype == torch.float32
        assert loss.item() == pytest.approx(full.terms[term].item(), rel=0.05)
    assert all(each.grad.isfinite().all() for each in model.parameters() if each.requires_grad)


def test_training_further_from_all_weights(tmp_path):
    stage, recipe = find_stage("base"), Recipe.named("siammask_tiny")
    trained = build("tiny")
    siammask.save(trained, tmp_path / "mine.safetensors")
    state = stage.model(recipe, Start(weights=tmp_path / "mine.safetensors")).state_dict()
    assert all(torch.equal(state[key], each) for key, each in trained.state_dict().items())
    with pytest.raises(StageError, match=r"other\.pth: no weights there.*siammask_tiny"):
        stage.model(recipe, Start(weights=tmp_path / "other.pth"))
    with pytest.raises(StageError, match=r"not the weights of this network.*siammask_tiny"):
        stage.model(recipe_of("base"), Start(weights=tmp_path / "mine.safetensors"))
