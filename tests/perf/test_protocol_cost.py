"""What the protocol itself costs: `eval` against a bare loop of the same images and calls."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from vot_toolkit import evaluate, open_dataset
from vot_toolkit.dataset.sequence import Dataset, Sequence
from vot_toolkit.region import Array
from vot_toolkit.tracker.ncc import NCCTracker

ROUNDS = 9
GOAL = 0.05


class Call(NamedTuple):
    """One call of the tracker, on a frame from 0; a region starts it."""

    sequence: Sequence
    frame: int
    region: Array | None


def test_cost_of_the_protocol(
    benchmark: Any, report: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = open_dataset("synthetic")
    calls = calls_of(dataset, tmp_path / "calls", monkeypatch)
    folders = (tmp_path / str(number) for number in range(ROUNDS + 2))

    def run() -> float:
        return seconds(lambda: evaluate("ncc", dataset, engine="serial", results=next(folders)))

    run()
    # Loops before and after each run: what else the machine does weighs on both alike.
    bare, shares = [loop(calls)], []
    for _ in range(ROUNDS):
        whole = run()
        bare.append(loop(calls))
        shares.append(1 - (bare[-2] + bare[-1]) / 2 / whole)
    benchmark.pedantic(run, rounds=1)
    median = statistics.median(shares)
    report(
        "the protocol's own cost in `eval`, ncc on `synthetic`",
        f"{100 * median:.1f} %",
        "the whole run, storing and scoring included, beside a bare loop of the same calls",
        f"{100 * min(shares):.1f} to {100 * max(shares):.1f} %",
        "< 5 %",
        median < GOAL,
    )
    assert median < GOAL


def calls_of(dataset: Dataset, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """Note all calls of the tracker in one run."""
    calls: list[Call] = []
    image, initialize, update = Sequence.image, NCCTracker.initialize, NCCTracker.update
    last: list[tuple[Sequence, int]] = []

    def read(sequence: Sequence, frame: int) -> NDArray[np.uint8]:
        last[:] = [(sequence, frame)]
        return image(sequence, frame)

    def start(tracker: NCCTracker, pixels: NDArray[np.uint8], region: Array) -> None:
        calls.append(Call(*last[0], region.copy()))
        initialize(tracker, pixels, region)

    def follow(tracker: NCCTracker, pixels: NDArray[np.uint8]) -> object:
        calls.append(Call(*last[0], None))
        return update(tracker, pixels)

    with monkeypatch.context() as patch:
        patch.setattr(Sequence, "image", read)
        patch.setattr(NCCTracker, "initialize", start)
        patch.setattr(NCCTracker, "update", follow)
        evaluate("ncc", dataset, engine="serial", results=folder)
    return calls


def loop(calls: list[Call]) -> float:
    """Read the images and call the tracker, and nothing else."""
    tracker = NCCTracker()

    def work() -> None:
        for sequence, frame, region in calls:
            pixels = sequence.image(frame)
            if region is None:
                tracker.update(pixels)
            else:
                tracker.initialize(pixels, region)

    return seconds(work)


def seconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
