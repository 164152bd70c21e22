"""Refined masks, on a network that has learnt boxes and coarse ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from torch import Tensor, nn

from siammask.model import SiamMask
from trainers import parameters
from trainers.config import Recipe
from trainers.losses import WINDOW, all_cells, cut_windows, mask_loss
from trainers.metrics import mask_metrics
from trainers.parameters import CORRELATION, REFINEMENT
from trainers.stages.protocol import Group, Losses, Phase, Start
from trainers.stages.siamese import box_losses, check_weights, compare, total
from trainers.stages.weights import from_base


class Sharp:
    """SiamMask-sharp: refined masks of 127 x 127 logits, from a checkpoint of base."""

    name = "sharp"

    def model(self, recipe: Recipe, start: Start) -> nn.Module:
        """Build it on a checkpoint of the stage base."""
        check_weights(recipe, 3)
        return from_base(start)

    def phase(self, epoch: int, recipe: Recipe) -> Phase:
        """Train the refinement, and of the mask head what it uses, in every epoch.

        The head's own, coarse masks are not computed and stay as they are.
        """
        groups = [
            Group("mask", CORRELATION, "mask"),
            # The original has no multiplier for it alone.
            Group("refine", (REFINEMENT,), "mask"),
        ]
        return parameters.all_along(epoch, recipe, "refinement", groups)

    def enter(self, model: nn.Module, phase: Phase) -> None:
        """Let the parts of the phase train, and nothing else."""
        parameters.enter(model, phase)

    def groups(self, model: nn.Module, phase: Phase, recipe: Recipe) -> list[dict[str, Any]]:
        """Give the optimizer's groups."""
        return parameters.groups(model, phase, recipe)

    def losses(self, model: nn.Module, batch: Mapping[str, Tensor], recipe: Recipe) -> Losses:
        """Compute the loss of refined masks; those of classes and boxes are only looked at."""
        out = compare(model, batch)
        weights = batch["label_mask_weight"]
        cells = all_cells(weights)
        refined = cast(SiamMask, model).refine_everywhere(out)
        logits = refined.reshape(*cells.index.shape, WINDOW, WINDOW)
        windows = cut_windows(batch["label_mask"], cells, weights.shape[3])
        terms = box_losses(out, batch)
        terms["rpn_mask_loss"] = mask_loss(logits, windows, cells.chosen)
        return total(terms, recipe, mask_metrics(logits, windows, cells.chosen))
