"""Refinement: a 127 x 127 mask from one cell of the correlation and the backbone's early maps.

References
----------
P. O. Pinheiro, T.-Y. Lin, R. Collobert, P. Dollár, "Learning to Refine Object Segments", ECCV 2016.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, pad

SIDES = (61, 31, 15)
"""Rows of a 127-px window in the maps of stride 2, 4 and 8; each is that window's template map."""

STRIDES = (4, 2, 1)
"""Cells between the windows of neighbouring positions; a position is 8 px."""

WIDTHS = (4, 16, 32)
"""Channels to which the three maps are brought."""


class Refine(nn.Module):
    """Builds a mask from coarse to fine; no activation at the end.

    Parameters
    ----------
    hidden : int
        Channels of the correlation.
    channels : tuple of three int
        Channels of the maps of stride 2, 4 and 8.
    size : int
        Side of the mask.
    """

    def __init__(self, hidden: int, channels: Sequence[int], size: int) -> None:
        super().__init__()
        fine, middle, coarse = WIDTHS
        self.sizes = (SIDES[1], SIDES[0], size)
        # The order of the original, which an optimizer's state goes by.
        self.v0 = _pair(channels[0], channels[0] // 4, fine)
        self.v1 = _pair(channels[1], channels[1] // 4, middle)
        self.v2 = _pair(channels[2], channels[2] // 4, coarse)
        self.h2 = _pair(coarse, coarse, coarse)
        self.h1 = _pair(middle, middle, middle)
        self.h0 = _pair(fine, fine, fine)
        self.deconv = nn.ConvTranspose2d(hidden, coarse, SIDES[2], SIDES[2])
        self.post0 = _conv(coarse, middle)
        self.post1 = _conv(middle, fine)
        self.post2 = _conv(fine, 1)
        self.apply(_initialize)

    def forward(self, windows: Sequence[Tensor], correlation: Tensor) -> Tensor:
        """Build P masks.

        Parameters
        ----------
        windows : three Tensors, shapes (P, C0, 61, 61), (P, C1, 31, 31), (P, C2, 15, 15)
            The maps behind each position's window of the image.
        correlation : Tensor, shape (P, hidden, 1, 1)
            The correlation at each position.

        Returns
        -------
        Tensor, shape (P, size ** 2)
            Logits, row by row.
        """
        first, second, third = self.sizes
        x = self.deconv(correlation)
        x = self.post0(_enlarge(self.h2(x) + self.v2(windows[2]), first))
        x = self.post1(_enlarge(self.h1(x) + self.v1(windows[1]), second))
        logits: Tensor = self.post2(_enlarge(self.h0(x) + self.v0(windows[0]), third))
        return logits.flatten(1)


def cut_windows(
    maps: Sequence[Tensor], cells: Sequence[tuple[int, int, int]], grid: int
) -> list[Tensor]:
    """Cut the windows of some cells from the three early maps; outside a map is zero.

    Parameters
    ----------
    maps : three Tensors, each (B, C, N, N)
        The maps of stride 2, 4 and 8.
    cells : sequence of P (sample, row, col)
        Whose map, and which cell.
    grid : int
        Cells in a row of the grid: 25 for a search of 255 px, 3 for one of 143.

    Returns
    -------
    list of three Tensors, (P, C, 61, 61), (P, C, 31, 31), (P, C, 15, 15)
        For `Refine`.
    """
    windows = []
    for each, side, stride in zip(maps, SIDES, STRIDES, strict=True):
        margin = _margin(each, side, stride, grid)
        windows.append(torch.cat([_cut(each, cell, side, stride, margin) for cell in cells]))
    return windows


def all_windows(maps: Sequence[Tensor], grid: int) -> list[Tensor]:
    """Cut the windows of all cells: sample by sample, then by rows, then by columns.

    Parameters
    ----------
    maps : three Tensors, each (B, C, N, N)
        The maps of stride 2, 4 and 8.
    grid : int
        Cells in a row of the grid.

    Returns
    -------
    list of three Tensors, (B grid ** 2, C, side, side)
        For `Refine`.
    """
    return [
        _slide(each, side, stride, _margin(each, side, stride, grid))
        for each, side, stride in zip(maps, SIDES, STRIDES, strict=True)
    ]


def _margin(each: Tensor, side: int, stride: int, grid: int) -> int:
    """Zeros that a map needs on each side: 16, 8, 4 for a search of 255 px, none for 143."""
    return (side + (grid - 1) * stride - each.shape[3]) // 2


def _cut(each: Tensor, cell: tuple[int, int, int], side: int, stride: int, margin: int) -> Tensor:
    sample, row, col = cell
    height, width = each.shape[2:]
    top, left = row * stride - margin, col * stride - margin
    # Negative padding cuts, so that one operation does both.
    return pad(each[sample : sample + 1], (-left, left + side - width, -top, top + side - height))


def _slide(each: Tensor, side: int, stride: int, margin: int) -> Tensor:
    padded = pad(each, (margin,) * 4)
    windows = padded.unfold(2, side, stride).unfold(3, side, stride)
    return windows.permute(0, 2, 3, 1, 4, 5).flatten(0, 2)


def _pair(inputs: int, inner: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        _conv(inputs, inner), nn.ReLU(inplace=True), _conv(inner, outputs), nn.ReLU(inplace=True)
    )


def _conv(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, padding=1)


def _enlarge(x: Tensor, size: int) -> Tensor:
    """Repeat cells: the source of cell i is floor(i * in / size)."""
    return interpolate(x, size=(size, size), mode="nearest")


def _initialize(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_uniform_(module.weight, a=1)
