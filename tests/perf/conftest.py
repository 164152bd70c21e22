"""Benchmarks: medians beside a yardstick of the same run, and a table of them at the end."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

# A waiting thread that spins takes the core that is being measured.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

ROWS = pytest.StashKey[list["Row"]]()


@dataclass(frozen=True)
class Row:
    """One line of the closing table."""

    what: str
    ours: str
    yardstick: str
    result: str
    goal: str
    met: bool


def median_seconds(*works: Callable[[], object], rounds: int) -> list[float]:
    """Time several pieces of work in turn, so that a change of the machine's speed meets all."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]


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
        mark = "met" if row.met else "missed"
        terminalreporter.write_line(
            f"| {row.what} | {row.ours} | {row.yardstick} | {row.result} | {row.goal} | {mark} |"
        )
