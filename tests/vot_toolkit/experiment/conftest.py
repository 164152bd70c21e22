"""Sequences whose ground truth tells the frame, and a tracker that reports by script."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vot_toolkit.challenges import Protocol
from vot_toolkit.dataset.sequence import Sequence
from vot_toolkit.experiment import Initialize, Machine, Report, Request, Run
from vot_toolkit.trajectory import Trajectory


def truth(frame: int) -> np.ndarray:
    """Give the true region of a frame: its x is the frame's number."""
    return np.array([frame, 10.0, 20.0, 20.0])


def build_sequence(num_frames: int, codes: dict[int, int] | None = None, **tags: list[int]):
    """Build a sequence; `codes` replaces regions, and a tag names its frames."""
    regions = [truth(frame) for frame in range(num_frames)]
    for frame, code in (codes or {}).items():
        regions[frame] = np.array([float(code)])
    arrays = {tag: np.isin(np.arange(num_frames), frames) for tag, frames in tags.items()}
    return Sequence("made", Trajectory.from_regions(regions), (100, 80), arrays)


def play_machine(machine: Machine) -> tuple[Run, list[Request]]:
    """Answer every update with the region (frame, 1, 2, 3), frame s and score frame / 10."""
    requests: list[Request] = []
    request = next(machine)
    while True:
        requests.append(request)
        frame = request.frame
        region = np.array([frame, 1.0, 2.0, 3.0])
        is_start = isinstance(request, Initialize)
        report = Report(None, frame) if is_start else Report(region, frame, frame / 10)
        try:
            request = machine.send(report)
        except StopIteration as end:
            return end.value, requests


def scripted_overlap(*failures: int, nan: tuple[int, ...] = ()) -> Callable[..., float]:
    """Give an overlap that is 0 in some frames, NaN in some, 0.5 in all others."""

    def overlap(report: np.ndarray, groundtruth: np.ndarray) -> float:
        assert report[0] == groundtruth[0], "a report belongs to its frame's ground truth"
        frame = int(groundtruth[0])
        return np.nan if frame in nan else 0.0 if frame in failures else 0.5

    return overlap


def written(run: Run) -> str:
    """Show a trajectory as codes, with r for a region."""
    return ",".join("r" if code < 0 else str(code) for code in run.trajectory.codes())


@pytest.fixture(scope="session")
def sequence():
    """Build a sequence of so many frames."""
    return build_sequence


@pytest.fixture
def play():
    """Run a machine to its end."""
    return play_machine


@pytest.fixture
def overlap():
    """Script an overlap."""
    return scripted_overlap


@pytest.fixture
def shown():
    """Show a run in one line."""
    return written


@pytest.fixture
def protocol() -> Protocol:
    """Give the baseline of 2018."""
    return Protocol("supervised", repetitions=15)
