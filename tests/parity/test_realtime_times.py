"""The camera of the realtime experiment, against published results with the times they took.

A tracker's times say which frames it was given; the rule has to predict each of them from the times
before, every restart, and which frames have a region that was held.
"""

from __future__ import annotations

import numpy as np
import pytest

from vot_toolkit.challenges import load_challenge
from vot_toolkit.experiment.realtime import Camera
from vot_toolkit.formats.text import read_trajectory
from vot_toolkit.formats.times import read_times
from vot_toolkit.region import Code
from vot_toolkit.trajectory import NO_CODE

pytestmark = pytest.mark.real_data


@pytest.fixture
def sequences(real_data):
    """Give, of a tracker, the trajectory and the times of each sequence."""

    def read(tracker):
        folder = real_data / "vot2018" / "results" / tracker / "realtime"
        return [
            (
                read_trajectory(place / f"{place.name}_001.txt"),
                read_times(place / f"{place.name}_time.txt")[:, 0],
            )
            for place in sorted(folder.iterdir())
        ]

    return read


def replay(run, times, start, stop):
    """Follow one stretch; give the frames seen late, those held, and what the camera shows last."""
    protocol = load_challenge("VOT2018").experiments["realtime"]
    camera = Camera(start, protocol.fps, protocol.grace)
    given = [frame for frame in range(start, stop) if not np.isnan(times[frame])]
    shown, num_late, num_held = camera.advance(times[start]), 0, 0
    for frame in given[1:]:
        assert frame == shown + 1
        shown = camera.advance(times[frame])
        num_late += shown > frame
        if frame != given[-1]:  # the last report may be the one that lost the target
            for passed in range(frame, shown):
                held = run[passed], run[frame - 1]
                assert np.array_equal(*held) or len(held[1]) == 1
                num_held += run.codes()[passed] == NO_CODE
    return num_late, num_held, shown


@pytest.mark.parametrize(
    ("tracker", "late", "restarts"), [("KCF", 294, 163), ("SiamFC", 48, 127), ("LADCF", 572, 257)]
)
def test_every_frame_and_restart_is_predicted(sequences, tracker, late, restarts):
    num_late = num_restarts = num_held = 0
    for run, times in sequences(tracker):
        starts = np.flatnonzero(run.codes() == Code.INITIALISATION).tolist()
        for start, stop in zip(starts, [*starts[1:], None], strict=True):
            end = len(run) if stop is None else stop
            found, held, shown = replay(run, times, start, end)
            num_late, num_held = num_late + found, num_held + held
            if stop is not None:
                assert stop == shown + 5
                num_restarts += 1
    assert (num_late, num_restarts) == (late, restarts)
    assert num_held > 40
