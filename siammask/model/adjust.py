"""From the backbone's map to the map that is compared: fewer channels, and a border cut off."""

from __future__ import annotations

from typing import cast

from torch import Tensor, nn

NARROW = 20
"""Maps narrower than this lose their border."""

BORDER = 4
"""Cells that are cut from every side: those that see padding of the backbone."""


class Adjust(nn.Module):
    """1x1 convolution and normalisation, without ReLU; the border of a narrow map is cut.

    A search map of 143 px, 17 cells wide, is cut too: refinement was trained so.

    Parameters
    ----------
    inputs, outputs : int
        Channels.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        conv = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.downsample = nn.Sequential(conv, nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, inputs, N, N) to (B, outputs, N, N), or (B, outputs, N - 8, N - 8) for N < 20."""
        x = self.downsample(x)
        if x.shape[3] < NARROW:
            x = x[:, :, BORDER:-BORDER, BORDER:-BORDER]
        return x


class Features(nn.Module):
    """A backbone and the layer that adjusts its last map.

    Parameters
    ----------
    backbone : Module
        Gives a tuple of maps; its `channels` are their channels.
    hidden : int
        Channels of the adjusted map.
    """

    def __init__(self, backbone: nn.Module, hidden: int) -> None:
        super().__init__()
        self.features = backbone
        channels = cast("tuple[int, ...]", backbone.channels)
        self.downsample = Adjust(channels[-1], hidden)

    def forward(self, x: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Give the adjusted map, and all maps of the backbone but the last."""
        *maps, last = self.features(x)
        return self.downsample(last), tuple(maps)
