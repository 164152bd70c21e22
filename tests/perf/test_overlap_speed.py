"""Overlap: pairs per second on one thread, beside shapely's vectorised intersection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from vot_toolkit import Trajectory
from vot_toolkit.region_overlap.backends import kernel, switches
from vot_toolkit.rules import load_rules

Array = NDArray[np.float64]

PAIRS = 20_000
ROUNDS = 9
BOUNDS = np.array([[640.0, 480.0]])


def rotated_boxes(width: float, height: float) -> tuple[Array, Array]:
    """Make pairs of rotated boxes in 640x480 px whose overlap is about 0.8."""
    random = np.random.RandomState(0)
    centre = random.uniform((150, 120), (490, 360), (PAIRS, 2))
    size = np.full((PAIRS, 2), (width, height))
    angle = random.uniform(0, 2 * np.pi, PAIRS)
    first = corners(centre, size, angle)
    centre = centre + random.normal(0, 0.05, (PAIRS, 2)) * size
    size = size * np.exp(random.normal(0, 0.05, (PAIRS, 2)))
    return first, corners(centre, size, angle + random.normal(0, 0.05, PAIRS))


def corners(centre: Array, size: Array, angle: Array) -> Array:
    """Give the corners of rotated boxes, (N, 8)."""
    unit = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    offset = unit[None] * size[:, None]
    cosine, sine = np.cos(angle)[:, None], np.sin(angle)[:, None]
    x = offset[..., 0] * cosine - offset[..., 1] * sine
    y = offset[..., 0] * sine + offset[..., 1] * cosine
    return (np.stack([x, y], axis=-1) + centre[:, None]).reshape(-1, 8)


def count(backend: str, first: Array, second: Array) -> Array:
    """Compute all overlaps with one backend on one thread."""
    a, b = Trajectory.from_table(first), Trajectory.from_table(second)
    out = np.empty(len(a))
    rules = switches(load_rules("vot2018").overlap)
    kernel(backend)(a.values, a.offsets, b.values, b.offsets, BOUNDS, rules, out, np.empty(0))
    return out


def intersect(first: Array, second: Array) -> Array:
    """Compute all overlaps as geometry, by shapely's vectorised functions."""
    p, q = (shapely.polygons(boxes.reshape(-1, 4, 2)) for boxes in (first, second))
    meet = shapely.area(shapely.intersection(p, q))
    quotient: Array = meet / (shapely.area(p) + shapely.area(q) - meet)
    return quotient


@pytest.mark.parametrize(("width", "height", "goal"), [(60, 90, 16), (300, 200, 6)])
def test_kernel_against_shapely(
    benchmark: Any, report: Callable[..., None], in_turn: Any, width: int, height: int, goal: int
) -> None:
    first, second = rotated_boxes(width, height)
    benchmark.pedantic(count, ("cython", first, second), rounds=3, warmup_rounds=1)
    ours, theirs = in_turn(
        lambda: count("cython", first, second), lambda: intersect(first, second), rounds=ROUNDS
    )
    ratio = theirs / ours
    report(
        f"overlap of {width}x{height} px rotated boxes, one thread",
        f"{PAIRS / ours:,.0f} pairs/s",
        f"shapely, vectorised: {PAIRS / theirs:,.0f} pairs/s",
        f"{ratio:.1f}x",
        f"≥ {goal}x",
        ratio >= goal,
    )
    assert ratio >= goal


@pytest.mark.parametrize(("width", "height"), [(60, 90), (300, 200)])
def test_numba_against_cython(
    benchmark: Any, report: Callable[..., None], in_turn: Any, width: int, height: int
) -> None:
    first, second = rotated_boxes(width, height)
    count("numba", first, second)
    benchmark.pedantic(count, ("numba", first, second), rounds=3, warmup_rounds=1)
    compiled, jitted = in_turn(
        lambda: count("cython", first, second), lambda: count("numba", first, second), rounds=ROUNDS
    )
    ratio = jitted / compiled
    report(
        f"numba backend, {width}x{height} px",
        f"{PAIRS / jitted:,.0f} pairs/s",
        f"Cython: {PAIRS / compiled:,.0f} pairs/s",
        f"{ratio:.2f}x the time",
        "≤ 1.5x",
        ratio <= 1.5,
    )
    assert ratio <= 1.5
