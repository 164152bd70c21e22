"""Loss curves in one line of text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

BARS = "▁▂▃▄▅▆▇█"
WIDTH = 40


def binned(values: Sequence[float], width: int = WIDTH) -> list[float]:
    """Give means of equal stretches, so that at most so many values remain.

    Examples
    --------
    >>> binned([1, 2, 3, 4], 2), binned([1, 2], 5)
    ([1.5, 3.5], [1, 2])
    """
    number = len(values)
    if number <= width:
        return list(values)
    edges = [index * number // width for index in range(width + 1)]
    stretches = [values[start:stop] for start, stop in pairwise(edges)]
    return [sum(stretch) / len(stretch) for stretch in stretches]


def sparkline(values: Sequence[float], low: float, high: float) -> str:
    """Draw values as bars of eight heights between two bounds.

    Examples
    --------
    >>> sparkline([0, 1, 2, 7], 0, 7)
    '▁▂▃█'
    >>> sparkline([3, 3], 3, 3)
    '▁▁'
    """
    span = high - low
    steps = len(BARS) - 1
    heights = ((value - low) / span if span > 0 else 0.0 for value in values)
    return "".join(BARS[round(min(max(height, 0.0), 1.0) * steps)] for height in heights)
