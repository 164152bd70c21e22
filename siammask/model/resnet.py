"""The backbone: a ResNet without its last stage, of stride 8, that keeps every map.

References
----------
K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition", CVPR 2016.
"""

from __future__ import annotations

import math
from typing import cast

from torch import Tensor, nn

from siammask.model.variant import ResNetShape, Stage

EXPANSION = 4


class Bottleneck(nn.Module):
    """1x1, 3x3 and 1x1 convolution beside a shortcut.

    Parameters
    ----------
    inputs : int
        Channels that come in.
    width : int
        Channels inside; four times as many go out.
    stride, dilation : int
        Of the 3x3 convolution. It pads 2 - stride, a dilated one its dilation: a strided block
        does not pad, unlike in other ResNets.
    shortcut : Module, optional
        What the input passes on its way to the sum; nothing by default.
    """

    def __init__(
        self,
        inputs: int,
        width: int,
        stride: int = 1,
        dilation: int = 1,
        shortcut: nn.Module | None = None,
    ) -> None:
        super().__init__()
        padding = dilation if dilation > 1 else 2 - stride
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding, dilation, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, EXPANSION * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(EXPANSION * width)
        self.relu = nn.ReLU(inplace=True)
        # Named as in the checkpoints; absent, not an identity, in blocks without.
        self.downsample = shortcut

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, inputs, H, W) to (B, 4 width, H', W')."""
        inner = self.relu(self.bn1(self.conv1(x)))
        inner = self.relu(self.bn2(self.conv2(inner)))
        inner = self.bn3(self.conv3(inner))
        inner += x if self.downsample is None else self.downsample(x)
        return cast(Tensor, self.relu(inner))


class ResNet(nn.Module):
    """Maps of an image at strides 2, 4, 8 and 8.

    Parameters
    ----------
    shape : ResNetShape
        Widths and depths.

    Attributes
    ----------
    channels : tuple of int
        Channels of the maps that `forward` gives.
    """

    def __init__(self, shape: ResNetShape) -> None:
        super().__init__()
        # Without padding, so that a cell of a map lies at the same pixels in every image size.
        self.conv1 = nn.Conv2d(3, shape.stem, 7, stride=2, bias=False)
        self.bn1 = nn.BatchNorm2d(shape.stem)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.channels = (shape.stem, *(EXPANSION * stage.width for stage in shape.stages))
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
            After the stem and after each stage; for H = 255 of 125, 63, 31 and 31 rows.
        """
        maps = [self.relu(self.bn1(self.conv1(x)))]
        x = self.maxpool(maps[0])
        for number in range(1, self.num_stages + 1):
            x = self.get_submodule(f"layer{number}")(x)
            maps.append(x)
        return tuple(maps)


def _stage(inputs: int, stage: Stage) -> nn.Sequential:
    outputs = EXPANSION * stage.width
    # The first block of a dilated stage has half the dilation.
    dilation = max(stage.dilation // 2, 1)
    shortcut = _shortcut(inputs, outputs, stage)
    blocks = [Bottleneck(inputs, stage.width, stage.stride, dilation, shortcut)]
    for _ in range(1, stage.blocks):
        blocks.append(Bottleneck(outputs, stage.width, dilation=stage.dilation))
    return nn.Sequential(*blocks)


def _shortcut(inputs: int, outputs: int, stage: Stage) -> nn.Sequential:
    """Make the shortcut of a stage's first block: 3x3 where the others look further, else 1x1."""
    if stage.dilation > 1:
        reach = stage.dilation // 2
        conv = nn.Conv2d(inputs, outputs, 3, stage.stride, reach, reach, bias=False)
    elif stage.stride > 1:
        conv = nn.Conv2d(inputs, outputs, 3, stage.stride, bias=False)
    else:
        conv = nn.Conv2d(inputs, outputs, 1, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs))


def _initialize(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d):
        fan = module.kernel_size[0] * module.kernel_size[1] * module.out_channels
        nn.init.normal_(module.weight, std=math.sqrt(2 / fan))
