"""Boxes only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from trainers import parameters
from trainers.config import Recipe
from trainers.parameters import BOXES
from trainers.stages.protocol import Group, Losses, Phase, Start
from trainers.stages.siamese import box_losses, check_weights, compare, total
from trainers.stages.weights import from_backbone


class RPN:
    """SiamRPN with ResNet-50: boxes without masks."""

    name = "rpn"

    def model(self, recipe: Recipe, start: Start) -> nn.Module:
        """Build it on a pretrained backbone, or from nothing."""
        check_weights(recipe, 2)
        return from_backbone("rpn", start)

    def phase(self, epoch: int, recipe: Recipe) -> Phase:
        """Train the heads; in the second half of the epochs the backbone's last stages too."""
        return parameters.half_frozen(epoch, recipe, [Group("rpn", (BOXES,), "rpn")])

    def enter(self, model: nn.Module, phase: Phase) -> None:
        """Let the parts of the phase train, and nothing else."""
        parameters.enter(model, phase)

    def groups(self, model: nn.Module, phase: Phase, recipe: Recipe) -> list[dict[str, Any]]:
        """Give the optimizer's groups."""
        return parameters.groups(model, phase, recipe)

    def losses(self, model: nn.Module, batch: Mapping[str, Tensor], recipe: Recipe) -> Losses:
        """Compute the losses of classes and boxes."""
        return total(box_losses(compare(model, batch), batch), recipe)
