"""Overlap: pairs per second on one thread, beside shapely's vectorised intersection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vot_toolkit import Trajectory
from vot_toolkit.region_overlap.backends import kernel, switches
from vot_toolkit.rules import load_rules

Array = NDArray[np.float64]

ROUNDS = 9
BOUNDS = np.array([[640.0, 480.0]])


def count(backend: str, first: Array, second: Array) -> Array:
    """Compute all overlaps with one backend on one thread."""
    a, b = Trajectory.from_table(first), Trajectory.from_table(second)
    out = np.empty(len(a))
    rules = switches(load_rules("vot2018").overlap)
    kernel(backend)(a.values, a.offsets, b.values, b.offsets, BOUNDS, rules, out, np.empty(0))
    return out


@pytest.mark.parametrize(("width", "height", "goal"), [(60, 90, 16), (300, 200, 6)])
def test_kernel_against_shapely(
    benchmark: Any,
    report: Callable[..., None],
    in_turn: Any,
    boxes: Any,
    yardstick: Any,
    width: int,
    height: int,
    goal: int,
) -> None:
    first, second = boxes(width, height)
    benchmark.pedantic(count, ("cython", first, second), rounds=3, warmup_rounds=1)
    ours, theirs = in_turn(
        lambda: count("cython", first, second), lambda: yardstick(first, second), rounds=ROUNDS
    )
    ratio = theirs / ours
    report(
        f"overlap of {width}x{height} px rotated boxes, one thread",
        f"{len(first) / ours:,.0f} pairs/s",
        f"shapely, vectorised: {len(first) / theirs:,.0f} pairs/s",
        f"{ratio:.1f}x",
        f"≥ {goal}x",
        ratio >= goal,
    )
    assert ratio >= goal


@pytest.mark.parametrize(("width", "height"), [(60, 90), (300, 200)])
def test_numba_against_cython(
    benchmark: Any, report: Callable[..., None], in_turn: Any, boxes: Any, width: int, height: int
) -> None:
    first, second = boxes(width, height)
    count("numba", first, second)
    benchmark.pedantic(count, ("numba", first, second), rounds=3, warmup_rounds=1)
    compiled, jitted = in_turn(
        lambda: count("cython", first, second), lambda: count("numba", first, second), rounds=ROUNDS
    )
    ratio = jitted / compiled
    report(
        f"numba backend, {width}x{height} px",
        f"{len(first) / jitted:,.0f} pairs/s",
        f"Cython: {len(first) / compiled:,.0f} pairs/s",
        f"{ratio:.2f}x the time",
        "≤ 1.5x",
        ratio <= 1.5,
    )
    assert ratio <= 1.5
