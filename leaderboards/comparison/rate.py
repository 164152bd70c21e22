"""Rates: how fast two trainings are to each other, and how much that scatters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from leaderboards.lookup import dig, numbers
from vot_toolkit.records import Record

FEWEST = 8
"""Logged speeds below which their scatter is not told."""


@dataclass(frozen=True)
class Rate:
    """Images/s of the second over those of the first.

    Parameters
    ----------
    ratio : float
        Of the whole runs.
    low, high : float or None
        What the logged speeds leave, each between its 5th and 95th percentile.
    """

    ratio: float
    low: float | None = None
    high: float | None = None


def compare_rates(first: Record, second: Record) -> Rate | None:
    """Give the ratio of two trainings' speeds; None when one has none."""
    one, other = (dig(each.results, "speed", "images_per_s") for each in (first, second))
    if not one or not other:
        return None
    spreads = [_spread(logged_speeds(each)) for each in (first, second)]
    ratio = other / one
    if any(spread is None for spread in spreads):
        return Rate(ratio)
    # Relative scatters of two independent runs add up as squares do.
    below = math.hypot(*(spread[0] for spread in spreads if spread))
    above = math.hypot(*(spread[1] for spread in spreads if spread))
    return Rate(ratio, ratio * math.exp(-below), ratio * math.exp(above))


def logged_speeds(record: Record) -> list[float]:
    """Give the speeds that were logged, without the first: it holds the start of everything."""
    return [
        value for value in numbers(dig(record.results, "lines", "images_per_s"))[1:] if value > 0
    ]


def _spread(speeds: Sequence[float]) -> tuple[float, float] | None:
    """Give how far, in logarithms, slow and fast stretches are from the median."""
    if len(speeds) < FEWEST:
        return None
    cuts = quantiles(speeds, n=20, method="inclusive")
    middle = median(speeds)
    return math.log(middle / cuts[0]), math.log(cuts[-1] / middle)
