"""The variants of the network, as data.

A variant says what is built; the modules take its numbers, so that a smaller network is another
entry here and no other code.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from siammask.errors import ModelError

NUM_ANCHORS = 5
STRIDE = 8
EXEMPLAR_SIZE = 127


@dataclass(frozen=True)
class Stage:
    """One stage of bottleneck blocks.

    Parameters
    ----------
    blocks : int
        How many.
    width : int
        Channels inside a block; it gives four times as many.
    stride : int
        Of the first block.
    dilation : int
        Of all blocks but the first, which has half of it, at least 1.
    """

    blocks: int
    width: int
    stride: int = 1
    dilation: int = 1


@dataclass(frozen=True)
class ResNetShape:
    """Widths and depths of a residual backbone of stride 8.

    Parameters
    ----------
    stem : int
        Channels of the first convolution.
    stages : tuple of Stage
        From the pooled stem on; strides 1, 2, 1 keep the stride at 8.
    """

    stem: int
    stages: tuple[Stage, ...]


RESNET50 = ResNetShape(
    stem=64, stages=(Stage(3, 64), Stage(4, 128, stride=2), Stage(6, 256, dilation=2))
)


@dataclass(frozen=True)
class CompactStage:
    """One stage of a compact backbone: a 3x3 convolution, then blocks of two.

    Parameters
    ----------
    blocks : int
        How many; none is fine.
    width : int
        Channels.
    stride : int
        Of the first convolution; a strided one does not pad.
    dilation : int
        Of the blocks.
    """

    blocks: int
    width: int
    stride: int = 1
    dilation: int = 1


@dataclass(frozen=True)
class CompactShape:
    """Widths and depths of a backbone of plain 3x3 convolutions, of stride 8.

    Parameters
    ----------
    stem : int
        Channels of the first convolution, of stride 2.
    stages : tuple of CompactStage
        From the stem on; strides 2, 2, 1 give a stride of 8.
    """

    stem: int
    stages: tuple[CompactStage, ...]


TINY = CompactShape(
    stem=16,
    stages=(
        CompactStage(0, 32, stride=2),
        CompactStage(1, 48, stride=2),
        CompactStage(1, 64, 1, 2),
    ),
)
"""Measured, not derived: 3x3 convolutions of few channels are what a CPU computes fastest."""


@dataclass(frozen=True)
class Variant:
    """What a network consists of.

    Parameters
    ----------
    name : str
        What it is called.
    backbone : ResNetShape or CompactShape
        The features' network.
    hidden : int
        Channels of the adjusted map, of the correlation and inside the heads.
    coarse_mask : int or None
        Side of the mask that the mask head gives at each cell; None without mask head.
    refined_mask : int or None
        Side of the refined mask; None without refinement, which needs a mask head.

    Examples
    --------
    >>> [(name, variant.mask_size) for name, variant in VARIANTS.items()]
    [('rpn', None), ('base', 63), ('sharp', 127), ('tiny', 63)]
    """

    name: str
    backbone: ResNetShape | CompactShape = RESNET50
    hidden: int = 256
    coarse_mask: int | None = None
    refined_mask: int | None = None

    @property
    def mask_size(self) -> int | None:
        """Side of the masks that a tracker gets; None without."""
        return self.refined_mask or self.coarse_mask


VARIANTS = {
    variant.name: variant
    for variant in (
        Variant("rpn"),
        Variant("base", coarse_mask=63),
        Variant("sharp", coarse_mask=63, refined_mask=127),
        Variant("tiny", TINY, hidden=48, coarse_mask=63),
    )
}


def find_variant(name: str) -> Variant:
    """Look a variant up.

    Raises
    ------
    ModelError
        If there is none of that name.

    Examples
    --------
    >>> find_variant("base").mask_size
    63
    """
    if name not in VARIANTS:
        near = difflib.get_close_matches(name, VARIANTS, n=1)
        guess = f"did you mean {near[0]!r}? " if near else ""
        raise ModelError(f"no variant {name!r}", hint=f"{guess}there are {', '.join(VARIANTS)}")
    return VARIANTS[name]
