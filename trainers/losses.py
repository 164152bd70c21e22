"""What is minimised: of classes, of boxes and of masks.

All shapes follow from the shapes of the inputs, never from their values: nothing has to be read
back from the device to go on, and a compiler for fixed shapes has one shape to compile. A batch
without positive anchors or cells gives 0, with a graph, and so a gradient of 0 for every weight.

What comes in half precision is computed in single.

References
----------
Q. Wang et al., "Fast Online Object Tracking and Segmentation: A Unifying Approach", CVPR 2019,
section 3.1 and 3.2; the losses are those of the released code, which differ: the loss of a box is
plain L1, and that of masks is a mean over windows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn.functional import interpolate, logsigmoid, pad

WINDOW: Final = 127
"""Side in px of what one cell sees of the search image; a template has the same."""

STRIDE: Final = 8
"""Pixels of the search image from cell to cell."""

POSITIVE: Final = 1
NEGATIVE: Final = 0
"""Labels; others are ignored."""


def class_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Compare what was said of each anchor with what it shows: target or background.

    Parameters
    ----------
    logits : float tensor, shape (B, 2 A, S, S)
        Channel = class x anchors + anchor; class 1 is the target.
    labels : int tensor, shape (B, A, S, S)
        1 target, 0 background; others are ignored.

    Returns
    -------
    scalar Tensor
        Half the mean of ``-ln p`` over the targets of the batch, and half that over its background;
        of an empty one, 0.

    Examples
    --------
    >>> logits = torch.tensor([0.0, 0, 0, 0, 0, 0]).reshape(1, 6, 1, 1)
    >>> labels = torch.tensor([1, 0, -1]).reshape(1, 3, 1, 1)
    >>> round(class_loss(logits, labels).item(), 4)
    0.6931
    """
    background, target = _wide(logits).chunk(2, dim=1)
    positive, negative = labels == POSITIVE, labels == NEGATIVE
    margin = target - background
    losses = -logsigmoid(torch.where(positive, margin, -margin))
    return 0.5 * (_mean_of(losses, positive) + _mean_of(losses, negative))


def box_loss(deltas: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Compare deltas with those that lead to the target.

    Parameters
    ----------
    deltas : float tensor, shape (B, 4 A, S, S)
        Channel = coordinate x anchors + anchor.
    targets : float tensor, shape (B, 4, A, S, S)
        Likewise.
    weights : float tensor, shape (B, A, S, S)
        Of anchors; 0 where there is nothing to learn.

    Returns
    -------
    scalar Tensor
        Weighted sum of absolute differences, over the number of samples.

    Examples
    --------
    >>> deltas, weights = torch.tensor([1.0, 2, 3, 4]), torch.tensor(0.5)
    >>> zeros = torch.zeros(1, 4, 1, 1, 1)
    >>> box_loss(deltas.reshape(1, 4, 1, 1), zeros, weights.reshape(1, 1, 1, 1)).item()
    5.0
    """
    differences = (_wide(deltas).reshape(targets.shape) - targets).abs().sum(dim=1)
    total: Tensor = (differences * weights).sum()
    return total / len(deltas)


def mask_loss(logits: Tensor, windows: Tensor, chosen: Tensor) -> Tensor:
    """Compare the masks of cells with what is in their windows.

    Parameters
    ----------
    logits : float tensor, shape (B, K, W, W)
        Of the size of the windows; see `enlarged`.
    windows : float tensor, shape (B, K, W, W)
        1 on the target, -1 beside it, 0 outside the search image.
    chosen : bool tensor, shape (B, K)
        Whether a cell counts.

    Returns
    -------
    scalar Tensor
        Mean of ``ln(1 + exp(-y m))`` over the pixels of the cells that count; 0 without any.
        Finite, with a finite gradient, for every finite logit.

    Notes
    -----
    A pixel outside the image costs ln 2 whatever its logit is, as in the released code.

    Examples
    --------
    >>> logits, windows = torch.tensor([[[[-200.0]], [[7.0]]]]), torch.ones(1, 2, 1, 1)
    >>> mask_loss(logits, windows, torch.tensor([[True, False]])).item()
    200.0
    >>> mask_loss(logits, windows, torch.tensor([[False, False]])).item()
    0.0
    """
    # What does not count may be infinite; times 0 that would be no number.
    counted = torch.where(chosen[:, :, None, None], _wide(logits), 0)
    losses = -logsigmoid(counted * windows).mean(dim=(2, 3))
    return _mean_of(losses, chosen)


def weighted(terms: tuple[Tensor, ...], weights: tuple[float, ...]) -> Tensor:
    """Add up the losses, each times its weight.

    One of weight 0 is left out: if it were infinite, its product with 0 would be no number.

    Examples
    --------
    >>> weighted((torch.tensor(torch.inf), torch.tensor(2.0)), (0, 36)).item()
    72.0
    """
    parts = [term * weight for term, weight in zip(terms, weights, strict=True) if weight]
    return torch.stack(parts).sum()


@dataclass(frozen=True, eq=False)
class Cells:
    """K cells of each sample's response, so many that all that count are among them.

    Parameters
    ----------
    index : int64 tensor, shape (B, K)
        ``row * S + column``.
    chosen : bool tensor, shape (B, K)
        Whether a cell counts.
    """

    index: Tensor
    chosen: Tensor

    def of(self, maps: Tensor) -> Tensor:
        """Take the cells of maps, (B, C, S, S): gives (B, C, K)."""
        index = self.index[:, None].expand(-1, maps.shape[1], -1)
        return maps.flatten(2).gather(2, index)


def choose_cells(weights: Tensor, most: int) -> Cells:
    """Find the cells at which a mask is learnt.

    Parameters
    ----------
    weights : tensor, shape (B, 1, S, S)
        1 where one is learnt.
    most : int
        Cells of one sample that count, at most: as many as a sample has positive anchors at most.

    Returns
    -------
    Cells
        ``min(most, S * S)`` of each sample: first those that count, row by row, then others.

    Examples
    --------
    >>> cells = choose_cells(torch.tensor([-1, 1, 0, 1]).reshape(1, 1, 2, 2), most=3)
    >>> cells.index.tolist(), cells.chosen.tolist()
    ([[1, 3, 0]], [[True, True, False]])
    """
    count = weights[0].numel()
    positive = (weights == POSITIVE).flatten(1)
    # No two keys are equal, so that the order is the same on every device.
    keys = torch.arange(count, 0, -1, device=weights.device, dtype=torch.float32)
    index = (keys + count * positive).topk(min(most, count), dim=1).indices
    return Cells(index, positive.gather(1, index))


def all_cells(weights: Tensor) -> Cells:
    """Take every cell, row by row; those of weight 1 count."""
    positive = (weights == POSITIVE).flatten(1)
    index = torch.arange(positive.shape[1], device=weights.device)
    return Cells(index.expand_as(positive), positive)


def cut_windows(masks: Tensor, cells: Cells, size: int) -> Tensor:
    """Cut from search masks what the cells see; outside the image is 0.

    Parameters
    ----------
    masks : float tensor, shape (B, 1, N, N)
        1 on the target, -1 elsewhere.
    cells : Cells
        Which cells.
    size : int
        S, cells in a row of the response: 25 for 255 px, whose first windows begin 32 px outside;
        3 for 143 px, whose windows are all inside.

    Returns
    -------
    float tensor, shape (B, K, 127, 127)
        The window of row r and column c begins at ``8 r - margin``, ``8 c - margin``.
    """
    margin = (WINDOW + STRIDE * (size - 1) - masks.shape[3]) // 2
    windows = pad(masks[:, 0], (margin,) * 4).unfold(1, WINDOW, STRIDE).unfold(2, WINDOW, STRIDE)
    samples = torch.arange(len(masks), device=masks.device)[:, None]
    rows, columns = cells.index // size, cells.index % size
    return windows[samples, rows, columns]


def enlarged(logits: Tensor) -> Tensor:
    """Bring masks to the size of windows: bilinear, the corners' centres on each other.

    Parameters
    ----------
    logits : float tensor, shape (B, K, n, n)
        Of any size.

    Returns
    -------
    float tensor, shape (B, K, 127, 127)
    """
    return interpolate(_wide(logits), size=(WINDOW, WINDOW), mode="bilinear", align_corners=True)


def _mean_of(losses: Tensor, counted: Tensor) -> Tensor:
    """Give the mean of those that count, 0 without any."""
    number = counted.sum().clamp(min=1)
    return torch.where(counted, losses, 0).sum() / number


def _wide(values: Tensor) -> Tensor:
    return values if values.dtype == torch.float64 else values.float()
