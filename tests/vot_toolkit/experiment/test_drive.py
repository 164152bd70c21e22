"""Driving an experiment: what is measured, what is passed on, and what is a fault."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from vot_toolkit.errors import TrackerError
from vot_toolkit.experiment import (
    Initialize,
    Update,
    answer,
    bounded,
    drive,
    supervised,
    unsupervised,
)
from vot_toolkit.region_overlap import overlap_within


class Clock:
    """A clock that stands still unless it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


class Scripted:
    """Reports by script, and moves the clock while it works."""

    name, deterministic = "scripted", True

    def __init__(self, script, clock: Clock) -> None:
        self.script, self.clock = script, clock
        self.starts: list[list[float]] = []

    def initialize(self, image, region) -> None:
        """Take half a second."""
        self.starts.append(region.tolist())
        region[:] = -1
        self.clock.now += 0.5

    def update(self, image):
        """Take a quarter of a second and give what the script says of the image's frame."""
        self.clock.now += 0.25
        value = self.script(int(image[0, 0, 0]))
        if isinstance(value, BaseException):
            raise value
        return value


def run_script(sequence, protocol, script, experiment=supervised, watch=None, overlap=None):
    """Drive a scripted tracker; reading an image takes 7 s."""
    clock = Clock()
    tracker = Scripted(script, clock)

    def read_image(frame: int) -> np.ndarray:
        clock.now += 7
        return np.full((80, 100, 3), frame, dtype=np.uint8)

    overlap = overlap or bounded(overlap_within, sequence)
    machine = experiment(sequence, protocol, *([overlap] if experiment is supervised else []))
    return drive(machine, tracker, read_image, clock, watch), tracker


def box(frame: int) -> list[float]:
    """Give the true region of `conftest.truth`."""
    return [frame, 10, 20, 20]


def test_time_is_that_of_the_tracker_alone(sequence, protocol):
    run, tracker = run_script(
        sequence(8), protocol, lambda frame: [70, 60, 9, 9] if frame == 1 else box(frame)
    )
    nan = np.nan
    np.testing.assert_array_equal(run.times, [0.5, 0.25, nan, nan, nan, nan, 0.5, 0.25])
    assert tracker.starts == [box(0), box(6)]


def test_tracker_cannot_change_the_ground_truth(sequence, protocol):
    made = sequence(3)
    run_script(made, protocol, box)
    assert made.groundtruth[0].tolist() == box(0)


def test_scores_are_kept(sequence, protocol):
    run, _ = run_script(
        sequence(3), protocol, lambda f: SimpleNamespace(region=box(f), score=f / 4)
    )
    np.testing.assert_array_equal(run.scores, [np.nan, 0.25, 0.5])


def test_region_is_tested_as_it_was_given(sequence, protocol):
    seen = []
    third = [1 / 3, 10, 20, 20]
    run, _ = run_script(
        sequence(2), protocol, lambda f: third, overlap=lambda a, b: seen.append(a.tolist()) or 1.0
    )
    assert seen == [third]
    assert run.trajectory[1].tolist() == third


def test_array_that_a_tracker_uses_again_is_copied(sequence, protocol):
    held = np.zeros(4)

    def script(frame):
        held[:] = box(frame)
        return held

    run, _ = run_script(sequence(3), protocol, script, unsupervised)
    assert [run.trajectory[frame].tolist() for frame in (1, 2)] == [box(1), box(2)]


def test_watch_is_told_of_every_step(sequence, protocol):
    seen = []
    run_script(sequence(2), protocol, box, watch=lambda *step: seen.append(step))
    (first, start), (second, update) = seen
    assert isinstance(first, Initialize)
    assert (start.region, start.seconds) == (None, 0.5)
    assert isinstance(second, Update)
    assert (update.region.tolist(), update.seconds) == (box(1), 0.25)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("no  such\nthing"), "frame 2: update raised ValueError: no such thing"),
        (StopIteration(), "frame 2: update raised StopIteration"),
        (SystemExit(3), "frame 2: update raised SystemExit: 3"),
    ],
)
def test_what_a_tracker_raises_names_the_frame(sequence, protocol, error, text):
    with pytest.raises(TrackerError) as caught:
        run_script(sequence(4), protocol, lambda f: error if f == 2 else box(f))
    assert caught.value.what == text
    assert caught.value.__cause__ is error
    assert "test_drive.py" in caught.value.hint
    assert caught.value.hint.endswith("in update")


def test_call_that_does_not_reach_the_tracker(sequence, protocol):
    machine = unsupervised(sequence(3), protocol)
    odd = SimpleNamespace(initialize=lambda image: None, update=None)
    with pytest.raises(TrackerError, match="frame 0: initialize raised TypeError") as caught:
        drive(machine, odd, lambda frame: np.zeros((2, 2, 3), np.uint8), Clock())
    assert caught.value.hint is None


def test_interrupt_passes_through(sequence, protocol):
    with pytest.raises(KeyboardInterrupt):
        run_script(sequence(4), protocol, lambda f: KeyboardInterrupt())


def test_what_is_no_region_names_frame_and_value(sequence, protocol):
    with pytest.raises(TrackerError) as caught:
        run_script(sequence(4), protocol, lambda f: [1, 2, 3] if f == 3 else box(f))
    assert caught.value.what == "frame 3: update returned 3 numbers: [1, 2, 3]"
    assert "accepted" in caught.value.hint


def test_fault_of_the_reader_is_not_the_trackers(sequence, protocol):
    def missing(frame: int) -> np.ndarray:
        raise FileNotFoundError("00000001.jpg")

    tracker = Scripted(box, Clock())
    with pytest.raises(FileNotFoundError):
        drive(unsupervised(sequence(3), protocol), tracker, missing, Clock())


def test_polygon_of_six_numbers_starts_with_its_box():
    clock = Clock()
    tracker = Scripted(box, clock)
    image = np.zeros((8, 8, 3), np.uint8)
    region = np.array([0.0, 0, 4, 0, 2, 3])
    report = answer(Initialize(0, region), tracker, image, clock)
    assert (report.region, report.seconds) == (None, 0.5)
    assert tracker.starts == [[0, 0, 4, 3]]
