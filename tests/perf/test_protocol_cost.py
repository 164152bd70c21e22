"""What the protocol itself costs: the time of `eval` that is not the tracker's and not decoding."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vot_toolkit import evaluate, open_dataset
from vot_toolkit.dataset.sequence import Sequence
from vot_toolkit.tracker.ncc import NCCTracker

ROUNDS = 12
GOAL = 0.05


def test_cost_of_the_protocol(
    benchmark: Any, report: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = open_dataset("synthetic")
    folders = (tmp_path / str(number) for number in range(ROUNDS + 2))

    def run() -> None:
        evaluate("ncc", dataset, engine="serial", results=next(folders))

    run()
    with monkeypatch.context() as patch:
        marks = marked_calls(patch)
        laps = np.array([laps_of(run, marks) for _ in range(ROUNDS)])
    benchmark.pedantic(run, rounds=1)
    # Every run is the same calls, so that each lap has a median of its own. What else the machine
    # does only ever adds to a lap: the least of each is nearest to what it takes.
    usual, least = np.median(laps, axis=0), laps.min(axis=0)
    share = usual[::2].sum() / usual.sum()
    report(
        "the protocol's own cost in `eval`, ncc on `synthetic`",
        f"{100 * share:.1f} %",
        f"the whole run, storing and scoring included: {usual.sum():.2f} s",
        f"{1000 * usual[::2].sum():.0f} ms outside of tracker and images, of {ROUNDS} runs each "
        f"lap's median; {100 * least[::2].sum() / least.sum():.1f} % by the least",
        "< 5 %",
        share < GOAL,
    )
    assert share < GOAL


def marked_calls(patch: pytest.MonkeyPatch) -> list[float]:
    """Note when each call of the tracker and each reading of an image begins and ends."""
    marks: list[float] = []
    now, mark = time.perf_counter, marks.append

    def marked(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            mark(now())
            answer = function(*arguments)
            mark(now())
            return answer

        return call

    for owner, name in (
        (Sequence, "image"),
        (NCCTracker, "initialize"),
        (NCCTracker, "update"),
    ):
        patch.setattr(owner, name, marked(getattr(owner, name)))
    return marks


def laps_of(run: Callable[[], object], marks: list[float]) -> NDArray[np.float64]:
    """Time a run: in turn what lies outside of the marked calls, and what inside."""
    marks[:] = [time.perf_counter()]
    run()
    return np.diff([*marks, time.perf_counter()])
