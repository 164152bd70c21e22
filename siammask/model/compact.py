"""A backbone of plain 3x3 convolutions, for a CPU: of stride 8, as the ResNet.

A cell of its maps lies at the same pixels as one of the ResNet's: no convolution of stride 2 pads,
so that cell i of the last map is centred at pixel 8 i + 7, in a template and in a search.

References
----------
K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, figure 5
(left): the block of two 3x3 convolutions.
"""

from __future__ import annotations

import math
from typing import cast

from torch import Tensor, nn

from siammask.model.variant import CompactShape, CompactStage


class Block(nn.Module):
    """Two 3x3 convolutions beside what comes in.

    Parameters
    ----------
    width : int
        Channels.
    dilation : int
        Of both convolutions, and their padding.
    """

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, 1, dilation, dilation, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, dilation, dilation, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, width, H, W) to the same shape."""
        inner = self.relu(self.bn1(self.conv1(x)))
        inner = self.bn2(self.conv2(inner))
        inner += x
        return cast(Tensor, self.relu(inner))


class Compact(nn.Module):
    """Maps of an image at strides 2, 4, 8 and 8.

    Parameters
    ----------
    shape : CompactShape
        Widths and depths.

    Attributes
    ----------
    channels : tuple of int
        Channels of the maps that `forward` gives.
    """

    def __init__(self, shape: CompactShape) -> None:
        super().__init__()
        self.stem = _entrance(3, shape.stem, stride=2)
        self.channels = (shape.stem, *(stage.width for stage in shape.stages))
        self.num_stages = len(shape.stages)
        for number, stage in enumerate(shape.stages, start=1):
            self.add_module(f"layer{number}", _stage(self.channels[number - 1], stage))
        self.apply(_initialize)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Compute all maps.

        Parameters
        ----------
        x : float tensor, shape (B, 3, H, W)
            BGR, 0 ... 255.

        Returns
        -------
        tuple of Tensor
            After the stem and after each stage; for H = 255 of 127, 63, 31 and 31 rows.
        """
        maps = [self.stem(x)]
        for number in range(1, self.num_stages + 1):
            maps.append(self.get_submodule(f"layer{number}")(maps[-1]))
        return tuple(maps)


def _stage(inputs: int, stage: CompactStage) -> nn.Sequential:
    blocks = (Block(stage.width, stage.dilation) for _ in range(stage.blocks))
    return nn.Sequential(_entrance(inputs, stage.width, stage.stride), *blocks)


def _entrance(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    padding = 2 - stride
    conv = nn.Conv2d(inputs, outputs, 3, stride, padding, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


def _initialize(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d):
        fan = module.kernel_size[0] * module.kernel_size[1] * module.out_channels
        nn.init.normal_(module.weight, std=math.sqrt(2 / fan))
