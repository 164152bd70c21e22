"""The EAO interval: the published one from the lengths, and the density written out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vot_toolkit.challenges import known_interval
from vot_toolkit.measures.interval import (
    Interval,
    bandwidth,
    estimate_interval,
    length_density,
)


def slow_deviation(lengths) -> float:
    """Compute the kernel's standard deviation by the sums of spec 4.4."""
    n = len(lengths)
    mean = sum(lengths) / n
    sigma = math.sqrt(sum((x - mean) ** 2 for x in lengths) / n)
    a = 1 / (4 / (3 * n)) ** (2 / 5)
    total = 0.0
    for x in lengths:
        for y in lengths:
            m = ((x - y) / sigma) ** 2 * a
            f = (2 * math.pi) ** -0.5 * math.sqrt(a) * math.exp(-m / 2)
            total += f * (2 * a**2 * (1 - 2 * m) + a**2 * (1 - m) ** 2)
    roughness = total / n**2
    return sigma * (1 / (n * math.sqrt(4 * math.pi) * roughness)) ** (1 / 5)


def slow_density(lengths) -> list[float]:
    deviation = slow_deviation(lengths)
    grid = range(1, max(lengths) + 1)
    heights = [sum(math.exp(-0.5 * ((g - x) / deviation) ** 2) for x in lengths) for g in grid]
    return [height / sum(heights) for height in heights]


def slow_interval(density) -> Interval:
    low = high = peak = int(np.argmax(density))
    while sum(density[low : high + 1]) < 0.5:
        at_left, at_right = low == 0, high == len(density) - 1
        if at_right or (not at_left and density[low - 1] > density[high + 1]):
            low -= 1
        else:
            high += 1
    return Interval(low + 1, high + 1, peak + 1)


@pytest.fixture
def vot2018_lengths(golden) -> list[int]:
    lines = (golden / "vot" / "vot2018_lengths.txt").read_text(encoding="utf-8").splitlines()
    return [int(line.split()[1]) for line in lines]


def test_the_lengths_of_vot2018_give_the_published_interval(vot2018_lengths):
    assert len(vot2018_lengths) == 60
    assert sum(vot2018_lengths) == 21356
    assert estimate_interval(vot2018_lengths) == Interval(low=100, high=356, peak=160)


def test_the_kernel_of_vot2018_is_as_wide_as_computed_elsewhere(vot2018_lengths):
    lengths = np.array(vot2018_lengths, dtype=float)
    width = bandwidth((lengths - lengths.mean()) / lengths.std()) * lengths.std()
    assert width == pytest.approx(77.471138, abs=5e-7)


def test_the_order_of_the_sequences_does_not_matter(vot2018_lengths):
    assert estimate_interval(vot2018_lengths[::-1]) == Interval(100, 356, 160)


@pytest.mark.parametrize(
    ("name", "interval"),
    [
        ("VOT2015", (108, 371)),
        ("VOT2016", (108, 371)),
        ("VOT2017", (100, 356)),
        ("VOT2018", (100, 356)),
        ("vot2018", (100, 356)),
        ("VOT2019", (46, 291)),
        ("VOT2018-subset", None),
        ("", None),
    ],
)
def test_known_intervals(name, interval):
    assert known_interval(name) == interval


@pytest.mark.parametrize("lengths", [[], [1], [100], [100] * 60])
def test_fewer_than_two_distinct_lengths_have_no_interval(lengths):
    assert estimate_interval(lengths) is None


lengths_of_a_set = st.lists(st.integers(1, 300), min_size=2, max_size=12).filter(
    lambda lengths: len(set(lengths)) > 1
)


@settings(deadline=None, max_examples=30)
@given(lengths_of_a_set)
def test_density_by_its_definition(lengths):
    density = length_density(np.array(lengths, dtype=float))
    np.testing.assert_allclose(density, slow_density(lengths), rtol=1e-9, atol=1e-300)
    assert density.sum() == pytest.approx(1, rel=1e-12)


@settings(deadline=None, max_examples=30)
@given(lengths_of_a_set)
def test_interval_grows_from_the_peak_to_the_denser_side_until_it_holds_half(lengths):
    density = length_density(np.array(lengths, dtype=float))
    assert estimate_interval(lengths) == slow_interval(density.tolist())


def test_two_lengths():
    """Two far lengths: the peak is the first of the two equal ones, and half is reached there."""
    found = estimate_interval([50, 1000])
    assert found == slow_interval(slow_density([50, 1000]))
    assert found.low <= 50 <= found.high
