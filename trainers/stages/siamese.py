"""From a batch to losses; what the stages have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from torch import Tensor, nn

from siammask.model import Output, SiamMask
from trainers.config import Recipe
from trainers.errors import RecipeError
from trainers.losses import box_loss, class_loss, weighted
from trainers.stages.protocol import Losses


def box_losses(out: Output, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Compute the losses of classes and boxes, by name."""
    targets, weights = batch["label_loc"], batch["label_loc_weight"]
    return {
        "rpn_cls_loss": class_loss(out.cls, batch["label_cls"]),
        "rpn_loc_loss": box_loss(out.loc, targets, weights),
    }


def compare(model: nn.Module, batch: Mapping[str, Tensor]) -> Output:
    """Compare templates with searches, without any mask; what is frozen leaves no graph."""
    network = cast(SiamMask, model)
    return network.compare(network.template(batch["template"]), batch["search"])


def total(
    terms: Mapping[str, Tensor], recipe: Recipe, metrics: Mapping[str, Tensor] | None = None
) -> Losses:
    """Add up losses by the recipe's weights."""
    weights = check_weights(recipe, len(terms))[: len(terms)]
    return Losses(
        weighted(tuple(terms.values()), weights),
        {name: term.detach() for name, term in terms.items()},
        metrics or {},
    )


def check_weights(recipe: Recipe, count: int) -> tuple[float, ...]:
    """Give the weights of the losses; of three, two are enough for a stage without masks.

    Raises
    ------
    RecipeError
        If there are too few, or none counts.
    """
    weights = recipe.loss.weight
    if len(weights) < count or not any(weights[:count]):
        what = f"loss.weight={list(weights)}"
        hint = f"accepted: {count} weights, of class, box and mask in this order, not all 0"
        raise RecipeError(what, hint=hint)
    return weights
