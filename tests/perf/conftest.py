"""Benchmarks: medians beside a yardstick of the same run, and a table of them at the end."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

# A waiting thread that spins takes the core that is being measured.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

Array = NDArray[np.float64]

PAIRS = 20_000

ROWS = pytest.StashKey[list["Row"]]()


@dataclass(frozen=True)
class Row:
    """One line of the closing table."""

    what: str
    ours: str
    yardstick: str
    result: str
    goal: str
    met: bool | None
    """None where the goal does not apply, or there is none."""


def median_seconds(*works: Callable[[], object], rounds: int) -> list[float]:
    """Time several pieces of work in turn, so that a change of the machine's speed meets all."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]


def rotated_boxes(width: float, height: float, pairs: int = PAIRS) -> tuple[Array, Array]:
    """Make pairs of rotated boxes in 640x480 px whose overlap is about 0.8."""
    random = np.random.RandomState(0)
    centre = random.uniform((150, 120), (490, 360), (pairs, 2))
    size = np.full((pairs, 2), (width, height))
    angle = random.uniform(0, 2 * np.pi, pairs)
    first = corners(centre, size, angle)
    centre = centre + random.normal(0, 0.05, (pairs, 2)) * size
    size = size * np.exp(random.normal(0, 0.05, (pairs, 2)))
    return first, corners(centre, size, angle + random.normal(0, 0.05, pairs))


def corners(centre: Array, size: Array, angle: Array) -> Array:
    """Give the corners of rotated boxes, (N, 8)."""
    unit = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    offset = unit[None] * size[:, None]
    cosine, sine = np.cos(angle)[:, None], np.sin(angle)[:, None]
    x = offset[..., 0] * cosine - offset[..., 1] * sine
    y = offset[..., 0] * sine + offset[..., 1] * cosine
    return (np.stack([x, y], axis=-1) + centre[:, None]).reshape(-1, 8)


def intersect(first: Array, second: Array) -> Array:
    """Compute all overlaps as geometry, by shapely's vectorised functions."""
    p, q = (shapely.polygons(boxes.reshape(-1, 4, 2)) for boxes in (first, second))
    meet = shapely.area(shapely.intersection(p, q))
    quotient: Array = meet / (shapely.area(p) + shapely.area(q) - meet)
    return quotient


@pytest.fixture
def boxes() -> Callable[..., tuple[Array, Array]]:
    """Give `rotated_boxes`."""
    return rotated_boxes


@pytest.fixture
def yardstick() -> Callable[[Array, Array], Array]:
    """Give `intersect`, the overlap that everybody can run."""
    return intersect


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Give the function that adds a line to the closing table; its arguments are `Row`'s."""
    rows = request.config.stash.setdefault(ROWS, [])
    return lambda *values: rows.append(Row(*values))


@pytest.fixture
def in_turn() -> Callable[..., list[float]]:
    """Give `median_seconds`."""
    return median_seconds


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print what was measured as a Markdown table."""
    rows = config.stash.get(ROWS, [])
    if not rows:
        return
    terminalreporter.section("measured")
    terminalreporter.write_line("| what | ours | yardstick | result | goal | |")
    terminalreporter.write_line("|---|---|---|---|---|---|")
    for row in rows:
        mark = {True: "met", False: "missed", None: "–"}[row.met]
        terminalreporter.write_line(
            f"| {row.what} | {row.ours} | {row.yardstick} | {row.result} | {row.goal} | {mark} |"
        )
