"""Normalisation folded into the convolution before it: the same function with fewer passes."""

from __future__ import annotations

from itertools import pairwise

from torch import nn
from torch.nn.utils import fuse_conv_bn_eval


def fold(module: nn.Module) -> None:
    """Fold every batch normalisation that is registered right after its convolution, in place.

    Parameters
    ----------
    module : Module
        In evaluation mode; folded normalisations become identities.
    """
    children = list(module.named_children())
    for (name, first), (next_name, second) in pairwise(children):
        if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d):
            # In double precision, so that rounding happens once, at the end.
            dtype = first.weight.dtype
            folded = fuse_conv_bn_eval(first.double(), second.double()).to(dtype)
            setattr(module, name, folded)
            setattr(module, next_name, nn.Identity())
    for _, child in module.named_children():
        fold(child)
