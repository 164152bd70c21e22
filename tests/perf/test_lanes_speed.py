"""Frames a second with lanes, against the same tracker one job at a time."""

from __future__ import annotations

import os
import runpy
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from vot_toolkit import evaluate, open_dataset
from vot_toolkit.dataset.sequence import Dataset, Sequence
from vot_toolkit.trajectory import Trajectory

FRAMES = 21_356
"""Those of VOT2018."""

GOAL_CPU = 0.8
"""A core that is busy with one frame gains nothing from several; lanes are for accelerators."""

GOAL_GPU = 1000.0


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write weights by the formula of the tests, which take as long as trained ones."""
    pytest.importorskip("torch")
    source = Path(__file__).parents[1] / "siammask" / "formula.py"
    write = runpy.run_path(str(source))["write_checkpoint"]
    path: Path = write(tmp_path_factory.mktemp("checkpoint") / "base.pth", "base")
    return path


def beginning(sequence: Sequence, frames: int) -> Sequence:
    """Cut a sequence after some frames."""
    regions = [sequence.groundtruth[frame] for frame in range(frames)]
    tags = {tag: values[:frames] for tag, values in sequence.tags.items()}
    return replace(
        sequence,
        groundtruth=Trajectory.from_regions(regions),
        tags=tags,
        images=sequence.images[:frames],
    )


def repeated(dataset: Dataset, frames: int) -> Dataset:
    """Go through a set again and again, up to a number of frames."""

    def sequences() -> Iterator[Sequence]:
        missing = frames
        for number in count():
            for sequence in dataset:
                length = min(missing, len(sequence))
                if length < 2:
                    return
                missing -= length
                yield replace(beginning(sequence, length), name=f"{sequence.name}-{number}")

    return Dataset(f"{dataset.name} repeated", tuple(sequences()))


def frames_a_second(folder: Path, dataset: Dataset, checkpoint: Path, **values: Any) -> float:
    """Run the tracker without resets; storing and scoring are included."""
    start = time.perf_counter()
    evaluate(
        "siammask",
        dataset,
        checkpoint=checkpoint,
        experiments="unsupervised",
        results=folder,
        **values,
    )
    return dataset.num_frames / (time.perf_counter() - start)


def test_lanes_on_the_cpu(
    benchmark: Any, report: Callable[..., None], checkpoint: Path, tmp_path: Path
) -> None:
    """In time of the processor, which other programs do not disturb: all runs on one thread."""
    synthetic = open_dataset("synthetic")
    few = tuple(beginning(sequence, 5) for sequence in synthetic.sequences[:4])
    dataset = replace(synthetic, sequences=few)
    values = {"engine": "serial", "device": "cpu"}

    def rate(lanes: int) -> float:
        folder = tmp_path / f"{lanes}" / f"{time.monotonic()}"
        before = time.process_time()
        frames_a_second(folder, dataset, checkpoint, lanes=lanes, **values)
        return dataset.num_frames / (time.process_time() - before)

    rate(4)
    rates = [(rate(1), rate(4)) for _ in range(2)]
    benchmark.pedantic(sum, ([],), rounds=1)
    one, four = (statistics.median(found) for found in zip(*rates, strict=True))
    report(
        "siammask base with 4 lanes, one CPU thread",
        f"{four:.2f} frames per second of the processor",
        f"{one:.2f} one at a time",
        f"{four / one:.2f}x",
        f">= {GOAL_CPU:g}x",
        four >= GOAL_CPU * one,
    )


@pytest.mark.cuda
def test_lanes_on_a_gpu(
    benchmark: Any, report: Callable[..., None], checkpoint: Path, tmp_path: Path
) -> None:
    torch = pytest.importorskip("torch")
    if not torch.cuda.is_available():
        pytest.skip("no CUDA GPU")
    synthetic = open_dataset("synthetic")
    values: dict[str, Any] = {"device": "cuda", "engine": "process"}
    one = frames_a_second(tmp_path / "one", synthetic, checkpoint, workers=1, **values)
    dataset = repeated(synthetic, FRAMES)
    workers = min(8, os.cpu_count() or 1)
    values |= {"workers": workers, "lanes": 16, "options": {"mode": "fast"}}
    many = frames_a_second(tmp_path / "many", dataset, checkpoint, **values)
    benchmark.pedantic(sum, ([],), rounds=1)
    report(
        f"siammask base fast in lanes on a GPU, {workers} workers of 16, {FRAMES} frames",
        f"{many:.0f} frames/s, start and scoring included",
        f"{one:.0f} frames/s one at a time, exact, one worker",
        f"{many / one:.1f}x",
        f">= {GOAL_GPU:.0f} frames/s",
        many >= GOAL_GPU,
    )
