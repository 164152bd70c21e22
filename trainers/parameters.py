"""What of a network trains: its parameters, in groups, and how it normalizes.

What a phase does not name is frozen altogether: it gets no gradient, and its batch normalisation
uses what it has learnt. The original leaves the gradients on of some parts that it does not train;
they add up from step to step, and take part in the norm by which all gradients are cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from trainers.stages.protocol import Group, Phase

if TYPE_CHECKING:
    from torch import nn

    from trainers.config import Recipe

ADJUST = "features.downsample"
UNFROZEN = ("features.features.layer2", "features.features.layer3")
BACKBONE = "features.features"
BOXES = "rpn_model"
MASKS = "mask_model"
CORRELATION = ("mask_model.mask.conv_kernel", "mask_model.mask.conv_search")
"""What of the mask head the refinement uses."""
REFINEMENT = "refine_model"


def half_frozen(epoch: int, recipe: Recipe, heads: Sequence[Group]) -> Phase:
    """Give the phase of a stage that trains heads, and later the last stages of the backbone.

    Parameters
    ----------
    epoch : int
        From 0.
    recipe : Recipe
        Says when (``unfreeze``), and how fast (``unfrozen_lr``).
    heads : sequence of Group
        What trains from the beginning, beside the layer that adjusts the backbone's maps.

    Notes
    -----
    The batch normalisation of the backbone goes on using what it learnt on ImageNet, though its
    scales and offsets train: so did the original in a run without interruption. In one that was
    resumed in the second half it used the batch; here a resumed run is as any other.

    A backbone that begins from nothing trains as a whole from the first epoch on, and its batch
    normalisation learns too.
    """
    training = recipe.training
    adjust = Group("adjust", (ADJUST,), "feature")
    if training.backbone == "fresh":
        backbone = Group("backbone", (BACKBONE,), "feature")
        return all_along(epoch, recipe, "all", (backbone, adjust, *heads))
    if epoch < training.unfreeze * training.epochs:
        return Phase("heads", (adjust, *heads), _generation(epoch, recipe))
    layers = Group("layers", UNFROZEN, "feature", training.unfrozen_lr, normalizes=False)
    return Phase("layers", (adjust, layers, *heads), _generation(epoch, recipe))


def all_along(epoch: int, recipe: Recipe, name: str, groups: Sequence[Group]) -> Phase:
    """Give the phase of a stage that trains the same parts in every epoch."""
    return Phase(name, tuple(groups), _generation(epoch, recipe))


def _generation(epoch: int, recipe: Recipe) -> int:
    return epoch if recipe.training.rebuild_optimizer == "epoch" else 0


def enter(model: nn.Module, phase: Phase) -> None:
    """Let the parts of a phase train, and nothing else."""
    model.eval()
    model.requires_grad_(False)
    for group in phase.groups:
        for part in group.parts:
            module = model.get_submodule(part)
            module.requires_grad_(True)
            module.train(group.normalizes)


def groups(model: nn.Module, phase: Phase, recipe: Recipe) -> list[dict[str, Any]]:
    """Give the optimizer's groups, in the order of the phase's.

    Returns
    -------
    list of dict
        ``params``, ``name``, and ``lr_scale``, by which the epoch's learning rate is multiplied.
    """
    return [
        {
            "params": parameters(model, group),
            "name": group.name,
            "lr_scale": group.scale * recipe.lr.multiplier(group.multiplier),
        }
        for group in phase.groups
    ]


def parameters(model: nn.Module, group: Group) -> list[nn.Parameter]:
    """List the parameters of a group."""
    return [each for part in group.parts for each in model.get_submodule(part).parameters()]


def clip_groups(
    model: nn.Module, phase: Phase, recipe: Recipe
) -> list[tuple[list[nn.Parameter], float]]:
    """Give what is clipped together, and the largest norm of its gradient.

    Returns
    -------
    list of (list of Parameter, float)
        One for all that trains, or, where the recipe tells parts apart, one for each that trains.
    """
    norms = recipe.clip.parts
    found: dict[str, list[nn.Parameter]] = {part: [] for part in norms}
    for group in phase.groups:
        part = group.multiplier if group.multiplier in norms else ""
        found[part] += parameters(model, group)
    return [(found[part], norm) for part, norm in norms.items() if found[part]]
