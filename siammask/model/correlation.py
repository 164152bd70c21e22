"""Heads that compare a search map with a template map, channel by channel.

References
----------
B. Li, W. Wu, Q. Wang, F. Zhang, J. Xing, J. Yan, "SiamRPN++: Evolution of Siamese Visual Tracking
with Very Deep Networks", CVPR 2019, section 3.3 (depth-wise cross-correlation).
"""

from __future__ import annotations

from typing import cast

from torch import Tensor, nn
from torch.nn.functional import conv2d


def correlate(search: Tensor, kernel: Tensor) -> Tensor:
    """Slide each sample's kernel over its own map, each channel by itself.

    Parameters
    ----------
    search : Tensor, shape (B, C, H, W)
        Maps.
    kernel : Tensor, shape (B, C, h, w)
        Kernels; not flipped.

    Returns
    -------
    Tensor, shape (B, C, H - h + 1, W - w + 1)
        Sums of products.

    Examples
    --------
    >>> import torch
    >>> correlate(torch.tensor([[[[1.0, 2, 3]]]]), torch.tensor([[[[10.0, 1]]]])).tolist()
    [[[[12.0, 23.0]]]]
    """
    batch, channels, height, width = kernel.shape
    count = batch * channels
    found = conv2d(
        search.reshape(1, count, *search.shape[2:]),
        kernel.reshape(count, 1, height, width),
        groups=count,
    )
    return found.reshape(batch, channels, *found.shape[2:])


class CorrelationHead(nn.Module):
    """What is asked at each cell of the correlation of two maps.

    Parameters
    ----------
    inputs : int
        Channels of the maps.
    hidden : int
        Channels of the correlation.
    outputs : int
        Channels of the answer.
    """

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.conv_kernel = _branch(inputs, hidden)
        self.conv_search = _branch(inputs, hidden)
        self.head = nn.Sequential(
            nn.Conv2d(hidden, hidden, 1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.ReLU(inplace=True),
            nn.Conv2d(hidden, outputs, 1),
        )

    def kernel(self, template: Tensor) -> Tensor:
        """Map the template, (B, inputs, 7, 7), to what it is correlated with, (B, hidden, 5, 5)."""
        return cast(Tensor, self.conv_kernel(template))

    def correlation(self, kernel: Tensor, search: Tensor) -> Tensor:
        """Correlate: (B, hidden, 5, 5) and (B, inputs, 31, 31) give (B, hidden, 25, 25)."""
        return correlate(self.conv_search(search), kernel)

    def forward(self, kernel: Tensor, search: Tensor) -> Tensor:
        """Correlate, and answer at each cell: (B, outputs, 25, 25)."""
        return cast(Tensor, self.head(self.correlation(kernel, search)))


def _branch(inputs: int, hidden: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, hidden, 3, bias=False),
        nn.BatchNorm2d(hidden),
        nn.ReLU(inplace=True),
    )
