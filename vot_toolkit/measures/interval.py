"""The interval of sequence lengths over which the expected overlap is averaged.

References
----------
Kristan et al., "The Visual Object Tracking VOT2015 challenge results", section 3.1: the densest
half of the lengths by a kernel density estimate; Kristan, Leonardis, Skočaj, "Multivariate online
kernel density estimation", for the bandwidth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vot_toolkit.region import Array

COVERED = 0.5
"""Share of the probability that the interval holds."""


@dataclass(frozen=True)
class Interval:
    """Lengths low … high (in frames, both included) around the most frequent one."""

    low: int
    high: int
    peak: int


def estimate_interval(lengths: Sequence[int]) -> Interval | None:
    """Estimate the interval of a set from its sequence lengths.

    Parameters
    ----------
    lengths : sequence of int
        Frames of each sequence.

    Returns
    -------
    Interval or None
        None with fewer than two distinct lengths: their density is not defined.

    Examples
    --------
    >>> estimate_interval([100, 100]) is None
    True
    >>> estimate_interval([50, 100, 120, 130, 400])
    Interval(low=54, high=151, peak=104)
    """
    if len(set(lengths)) < 2:
        return None
    density = length_density(np.asarray(lengths, dtype=np.float64))
    low = high = peak = int(density.argmax())
    covered = density[peak]
    while covered < COVERED:
        if _left_is_denser(density, low, high):
            low -= 1
            covered += density[low]
        else:
            high += 1
            covered += density[high]
    return Interval(low + 1, high + 1, peak + 1)


def _left_is_denser(density: Array, low: int, high: int) -> bool:
    if low == 0:
        return False
    return high == len(density) - 1 or bool(density[low - 1] > density[high + 1])


def length_density(lengths: Array) -> Array:
    """Density of sequence lengths 1, 2, …, longest; sums to 1.

    Parameters
    ----------
    lengths : float64 array, shape (n,)
        At least two distinct lengths in frames.

    Returns
    -------
    float64 array, shape (longest,)
    """
    deviation = lengths.std()
    width = bandwidth((lengths - lengths.mean()) / deviation) * deviation
    grid = np.arange(1, int(lengths.max()) + 1)
    distances = (grid[:, None] - lengths[None, :]) / width
    density: Array = np.exp(-0.5 * distances**2).sum(axis=1)
    density /= density.sum()
    return density


def bandwidth(standardised: Array) -> float:
    """Plug-in bandwidth of a Gaussian kernel for data of unit deviation."""
    n = len(standardised)
    pilot = (4 / (3 * n)) ** (2 / 5)
    a = 1 / pilot
    m = np.subtract.outer(standardised, standardised) ** 2 * a
    f = (2 * np.pi) ** -0.5 * a**0.5 * np.exp(-0.5 * m)
    c = 2 * a**2 * (1 - 2 * m) + a**2 * (1 - m) ** 2
    roughness = (f * c).sum() / n**2
    return float((1 / (n * np.sqrt(4 * np.pi) * roughness)) ** 0.2)
