"""What the protocol itself costs: `eval` against a bare loop of the same images and calls."""

from __future__ import annotations

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
from vot_toolkit.run.threads import single_threaded
from vot_toolkit.tracker.ncc import NCCTracker

ROUNDS = 8
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
    # In turn, and the least of each: what else the machine does only ever adds.
    bare, whole = [], []
    for _ in range(ROUNDS):
        bare.append(loop(calls))
        whole.append(run())
    benchmark.pedantic(run, rounds=1)
    share = 1 - min(bare) / min(whole)
    report(
        "the protocol's own cost in `eval`, ncc on `synthetic`",
        f"{100 * share:.1f} %",
        "the whole run, storing and scoring included, beside a bare loop of the same calls",
        f"least of {ROUNDS} each: {min(whole):.2f} s and {min(bare):.2f} s",
        "< 5 %",
        share < GOAL,
    )
    assert share < GOAL


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

    # As a run has it: OpenCV with one thread.
    with single_threaded():
        return seconds(work)


def seconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
