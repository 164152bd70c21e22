"""The network as it is computed when tracking: folded, and with heads that search together."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import cast

import torch
from torch import Tensor, nn

from siammask.model import Output, SiamMask
from siammask.model.correlation import CorrelationHead, correlate
from siammask.runtime.folding import fold


class Correlation(nn.Module):
    """The correlation as a module, which what writes graphs can tell from its parts."""

    def forward(self, search: Tensor, kernels: Tensor) -> Tensor:
        """Correlate (B, C, H, W) with (B, C, h, w), each channel by itself."""
        return correlate(search, kernels)


class Prepared(nn.Module):
    """A network whose normalisations are folded and whose heads share their convolutions.

    Parameters
    ----------
    model : SiamMask
        Copied to the CPU, float32; stays as it is.

    Attributes
    ----------
    model : SiamMask
        The copy: its features, the ends of its heads and its refinement.
    """

    def __init__(self, model: SiamMask) -> None:
        super().__init__()
        # On the CPU: folding computes in 64 bits, which not every device does.
        self.model = deepcopy(model).cpu().eval().requires_grad_(False).float()
        fold(self.model)
        self.correlation = Correlation()
        heads = self.model.heads
        self.names = list(heads)
        self.kernel_branch = _merged([head.conv_kernel for head in heads.values()])
        self.search_branch = _merged([head.conv_search for head in heads.values()])
        for head in heads.values():
            del head.conv_kernel, head.conv_search

    def kernels(self, z: Tensor) -> Tensor:
        """Give what templates, (B, 3, 127, 127), are correlated as: (B, heads * hidden, 5, 5)."""
        adjusted, _ = self.model.features(z)
        return cast(Tensor, self.kernel_branch(adjusted))

    def compare(self, kernels: Tensor, x: Tensor) -> Output:
        """Compare searches, (B, 3, 255, 255), with kernels; without any mask."""
        search, maps = self.model.features(x)
        found = self.correlation(self.search_branch(search), kernels)
        width = self.model.variant.hidden
        parts = {
            name: found[:, number * width : (number + 1) * width]
            for number, name in enumerate(self.names)
        }
        heads: dict[str, CorrelationHead] = self.model.heads
        cls, loc = (heads[name].head(parts[name]) for name in ("cls", "loc"))
        return Output(cls, loc, None, parts.get("mask"), maps)


def _merged(branches: Sequence[nn.Module]) -> nn.Sequential:
    """Make one branch of several folded ones that see the same map."""
    convs = [cast(nn.Conv2d, cast(nn.Sequential, branch)[0]) for branch in branches]
    first = convs[0]
    outputs = sum(conv.out_channels for conv in convs)
    merged = nn.Conv2d(first.in_channels, outputs, first.kernel_size[0]).requires_grad_(False)
    merged.weight.copy_(torch.cat([conv.weight for conv in convs]))
    assert merged.bias is not None
    merged.bias.copy_(torch.cat([cast(Tensor, conv.bias) for conv in convs]))
    return nn.Sequential(merged, nn.ReLU(inplace=True))
