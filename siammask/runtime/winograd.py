"""3x3 convolutions with fewer multiplications, for CPUs.

A tile of m x m outputs takes (m + 2)**2 products per pair of channels instead of 9 m**2: 2.25 times
fewer for m = 2, 4 times fewer for m = 4, as matrix products. In 32-bit floats m = 2 rounds no
more than the direct sum does, m = 4 about four times as much.

References
----------
A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

# The matrices of the paper's section 4.1 and 4.2: of the input, of the filter and of the output.
_INPUT: Mapping[int, Sequence[Sequence[float]]] = {
    2: [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]],
    4: [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ],
}
_FILTER: Mapping[int, Sequence[Sequence[float]]] = {
    2: [[1, 0, 0], [1 / 2, 1 / 2, 1 / 2], [1 / 2, -1 / 2, 1 / 2], [0, 0, 1]],
    4: [
        [1 / 4, 0, 0],
        [-1 / 6, -1 / 6, -1 / 6],
        [-1 / 6, 1 / 6, -1 / 6],
        [1 / 24, 1 / 12, 1 / 6],
        [1 / 24, -1 / 12, 1 / 6],
        [0, 0, 1],
    ],
}
_OUTPUT: Mapping[int, Sequence[Sequence[float]]] = {
    2: [[1, 1, 1, 0], [0, 1, -1, -1]],
    4: [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]],
}

PAYS_FROM = {2: 256, 4: 128}
"""Channels, by m, from which the products saved outweigh the passes added (measured, AVX2)."""

TILES = {"exact": 2, "fast": 4}
"""The m for each mode: 2 rounds no more than a direct sum."""


class WinogradConv2d(nn.Module):
    """A 3x3 convolution of stride 1, any padding and dilation; channels-last in and out.

    Parameters
    ----------
    conv : Conv2d
        What it computes; with bias.
    tile : int
        The m of the method, 2 or 4.
    """

    transform: Tensor
    filters: Tensor
    inverse: Tensor
    bias: Tensor

    def __init__(self, conv: nn.Conv2d, tile: int) -> None:
        super().__init__()
        self.tile = tile
        self.dilation = int(conv.dilation[0])
        self.padding = int(conv.padding[0])
        dtype = conv.weight.dtype
        taps = conv.weight.detach().double().flatten(2).permute(2, 1, 0).flatten(1)
        filters = _square(_FILTER[tile]) @ taps
        assert conv.bias is not None, "a folded convolution has a bias"
        self.register_buffer("transform", _square(_INPUT[tile]).to(dtype))
        shape = (-1, conv.in_channels, conv.out_channels)
        self.register_buffer("filters", filters.reshape(shape).to(dtype))
        self.register_buffer("inverse", _square(_OUTPUT[tile]).to(dtype))
        self.register_buffer("bias", conv.bias.detach())

    def forward(self, x: Tensor) -> Tensor:
        """Convolve (B, C, H, W) to (B, K, H', W')."""
        batch, _, height, width = x.shape
        reach = 2 * (self.padding - self.dilation)
        rows, cols = height + reach, width + reach
        tiles = self._tiles(x, self.count(rows), self.count(cols))
        return self._untile(self._products(tiles), batch, rows, cols)

    def count(self, cells: int) -> int:
        """Give the tiles in a row of outputs; a dilated convolution is several interleaved ones."""
        return -(-cells // (self.dilation * self.tile))

    def _tiles(self, x: Tensor, down: int, across: int) -> Tensor:
        """View the input as overlapping tiles: (t, t, B, d, d, down, across, C), t = m + 2."""
        batch, channels, height, width = x.shape
        step, side, apart = self.tile, self.tile + 2, self.dilation
        full_height, full_width = ((count * step + 2) * apart for count in (down, across))
        border = self.padding
        margins = (border, full_width - width - border, border, full_height - height - border)
        padded = pad(x, margins).permute(0, 2, 3, 1).contiguous()
        row, cell = full_width * channels * apart, channels * apart
        sizes = (side, side, batch, apart, apart, down, across, channels)
        phases = (row // apart, channels)
        strides = (row, cell, full_height * row // apart, *phases, step * row, step * cell, 1)
        return padded.as_strided(sizes, strides)

    def _products(self, tiles: Tensor) -> Tensor:
        """Transform, multiply and transform back: (m * m, B, d, d, down, across, K)."""
        points = tiles.shape[0] * tiles.shape[1]
        flat = tiles.reshape(points, -1)
        transformed = (self.transform @ flat).reshape(points, -1, tiles.shape[-1])
        products = torch.bmm(transformed, self.filters)
        back = self.inverse @ products.reshape(points, -1)
        return back.reshape(-1, *tiles.shape[2:-1], products.shape[-1])

    def _untile(self, back: Tensor, batch: int, rows: int, cols: int) -> Tensor:
        """Put tiles side by side and cut what is too much: (B, K, rows, cols)."""
        step, apart = self.tile, self.dilation
        down, across, outputs = back.shape[4:]
        cells = back.reshape(step, step, batch, apart, apart, down, across, outputs)
        placed = cells.permute(2, 5, 0, 3, 6, 1, 4, 7)
        placed = placed.reshape(batch, down * step * apart, across * step * apart, outputs)
        return placed[:, :rows, :cols].permute(0, 3, 1, 2) + self.bias[:, None, None]


def accelerate(module: nn.Module, tile: int) -> None:
    """Replace the convolutions for which it pays, in place.

    Parameters
    ----------
    module : Module
        Folded, on the CPU.
    tile : int
        The m of the method: 2 for what is as exact as direct sums, 4 for what is faster.
    """
    for name, child in module.named_children():
        if isinstance(child, nn.Conv2d) and _pays(child, tile):
            setattr(module, name, WinogradConv2d(child, tile))
        else:
            accelerate(child, tile)


def _pays(conv: nn.Conv2d, tile: int) -> bool:
    fits = conv.kernel_size == (3, 3) and conv.stride == (1, 1) and conv.groups == 1
    return fits and min(conv.in_channels, conv.out_channels) >= PAYS_FROM[tile]


def _square(matrix: Sequence[Sequence[float]]) -> Tensor:
    """Make of a transform of rows one of whole tiles."""
    single = torch.tensor(matrix, dtype=torch.float64)
    return torch.kron(single, single)
