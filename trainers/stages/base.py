"""Boxes and coarse masks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from torch import Tensor, nn

from siammask.model import Output, SiamMask
from trainers import parameters
from trainers.config import Recipe
from trainers.losses import Cells, choose_cells, cut_windows, enlarged, mask_loss
from trainers.metrics import mask_metrics
from trainers.parameters import BOXES, MASKS
from trainers.stages.protocol import Group, Losses, Phase, Start
from trainers.stages.siamese import box_losses, check_weights, compare, total
from trainers.stages.weights import from_backbone


class Base:
    """SiamMask-base: boxes, and masks of 63 x 63 logits."""

    name = "base"

    def model(self, recipe: Recipe, start: Start) -> nn.Module:
        """Build it on a pretrained backbone, or from nothing."""
        check_weights(recipe, 3)
        return from_backbone(recipe.network.variant or "base", start)

    def phase(self, epoch: int, recipe: Recipe) -> Phase:
        """Train the heads; in the second half of the epochs the backbone's last stages too."""
        heads = [Group("rpn", (BOXES,), "rpn"), Group("mask", (MASKS,), "mask")]
        return parameters.half_frozen(epoch, recipe, heads)

    def enter(self, model: nn.Module, phase: Phase) -> None:
        """Let the parts of the phase train, and nothing else."""
        parameters.enter(model, phase)

    def groups(self, model: nn.Module, phase: Phase, recipe: Recipe) -> list[dict[str, Any]]:
        """Give the optimizer's groups."""
        return parameters.groups(model, phase, recipe)

    def losses(self, model: nn.Module, batch: Mapping[str, Tensor], recipe: Recipe) -> Losses:
        """Compute the losses of classes, boxes and masks."""
        out = compare(model, batch)
        weights = batch["label_mask_weight"]
        cells = choose_cells(weights, recipe.train_datasets.anchor_target.positive)
        logits = enlarged(coarse_masks(model, out, cells))
        windows = cut_windows(batch["label_mask"], cells, weights.shape[3])
        terms = box_losses(out, batch)
        terms["rpn_mask_loss"] = mask_loss(logits, windows, cells.chosen)
        return total(terms, recipe, mask_metrics(logits, windows, cells.chosen))


def coarse_masks(model: nn.Module, out: Output, cells: Cells) -> Tensor:
    """Compute the masks of some cells of each sample.

    The last layer looks at one cell at a time, so it need not see the others: of 625 masks, at most
    16 are learnt. All layers before it do, since batch normalisation looks at all cells.

    Returns
    -------
    Tensor, shape (B, K, 63, 63)
        Logits.
    """
    network = cast(SiamMask, model)
    *inner, last = network.heads["mask"].head
    maps = cast(Tensor, out.correlation)
    for layer in inner:
        maps = layer(maps)
    logits: Tensor = last(cells.of(maps)[..., None])
    side = cast(int, network.variant.coarse_mask)
    return logits.squeeze(3).transpose(1, 2).reshape(*cells.index.shape, side, side)
