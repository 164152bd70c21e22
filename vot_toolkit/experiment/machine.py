"""What an experiment asks of a tracker, frame by frame, and what it makes of the answers.

An experiment is a generator: it yields requests, is sent a report for each, and returns a `Run`. It
has no tracker, no clock and no file inside, so that any engine can drive one, or many side by side.
Frames are counted from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vot_toolkit.dataset.sequence import Sequence
from vot_toolkit.errors import DatasetError
from vot_toolkit.region import Array, Code, Mask, Region
from vot_toolkit.trajectory import Trajectory


class Initialize(NamedTuple):
    """A request to start the tracker.

    Parameters
    ----------
    frame : int
        Frame, from 0.
    region : Region
        The target's true region there, in px.
    """

    frame: int
    region: Region


class Update(NamedTuple):
    """A request to give the tracker the next image.

    Parameters
    ----------
    frame : int
        Frame, from 0.
    """

    frame: int


Request = Initialize | Update


class Report(NamedTuple):
    """The answer to a request.

    Parameters
    ----------
    region : Region or None
        What the tracker reported, in px; None after `Initialize`.
    seconds : float
        Time the tracker took, in s.
    score : float, optional
        The tracker's confidence; None when it has none.
    """

    region: Region | None
    seconds: float
    score: float | None = None


@dataclass(frozen=True, eq=False)
class Run:
    """One repetition of an experiment on one sequence.

    Parameters
    ----------
    trajectory : Trajectory
        One region a frame, codes included: a result file's lines.
    times : float64 array, shape (frames,)
        Seconds a frame; NaN where the tracker was not asked.
    scores : float64 array, shape (frames,)
        The tracker's confidence; NaN where it gave none.
    """

    trajectory: Trajectory
    times: Array
    scores: Array


Machine = Generator[Request, Report, Run]
Overlap = Callable[[Region, Region], float]


class Recording:
    """The run as far as it has come: every frame is unknown until it is written.

    Parameters
    ----------
    num_frames : int
        Length of the sequence.
    """

    def __init__(self, num_frames: int) -> None:
        # Lists, since NumPy is slow with one number at a time.
        self._regions: list[Region] = [code_region(Code.UNKNOWN)] * num_frames
        self._times = [np.nan] * num_frames
        self._scores = [np.nan] * num_frames

    def write(self, frame: int, region: Region, report: Report) -> None:
        """Put down a frame's region, with the time and score of the report it came from."""
        # What `measure` and `place` do: on every frame, two calls fewer.
        self._times[frame] = report.seconds
        self._regions[frame] = region
        if report.score is not None:
            self._scores[frame] = report.score

    def place(self, frame: int, region: Region, score: float | None = None) -> None:
        """Put down a frame's region and score; its time stays."""
        self._regions[frame] = region
        if score is not None:
            self._scores[frame] = score

    def measure(self, frame: int, report: Report) -> None:
        """Put down how long the tracker took with a frame's image; its region stays."""
        self._times[frame] = report.seconds

    def run(self) -> Run:
        """Give what was written."""
        trajectory = Trajectory.from_regions(self._regions)
        times, scores = np.array(self._times, np.float64), np.array(self._scores, np.float64)
        return Run(trajectory, times, scores)


def bounded(within: Callable[[tuple[float, float]], Overlap], sequence: Sequence) -> Overlap:
    """Prepare the overlap under the limits of the 2018 experiments, (width - 1, height - 1).

    Parameters
    ----------
    within : callable
        Makes an overlap for given limits: `vot_toolkit.region_overlap.overlap_within`.
    sequence : Sequence
        Its image size gives the limits, in px.

    Returns
    -------
    callable
        ``overlap(report, groundtruth)``, in [0, 1], NaN where either is a special code.

    Raises
    ------
    DatasetError
        If the image size is unknown.
    """
    width, height = sequence.bounds
    return within((float(width - 1), float(height - 1)))


def code_region(code: int) -> Array:
    """Give a special code as region, float64 of shape (1,)."""
    return np.array([float(code)])


def next_start(sequence: Sequence, frame: int, skip_tags: Iterable[str] = ()) -> int | None:
    """Find the first frame, from `frame` on, that a tracker can be started on.

    That is a frame with a region (not a special code, not an empty mask) that carries none of the
    tags. A tag without data counts as not set.

    Returns
    -------
    int or None
        The frame, from 0; None when there is none up to the end.
    """
    tags = [sequence.tags[tag] for tag in skip_tags if tag in sequence.tags]
    for start in range(frame, len(sequence)):
        if _is_target(sequence.groundtruth[start]) and not any(tag[start] for tag in tags):
            return start
    return None


def first_start(sequence: Sequence) -> int:
    """Find the first frame that a tracker can be started on; it is 0 in a proper sequence.

    Raises
    ------
    DatasetError
        If no frame has a region.
    """
    start = next_start(sequence, 0)
    if start is None:
        raise DatasetError(
            f"sequence {sequence.name!r}: no frame to start a tracker on",
            hint="the ground truth needs at least one region that is no special code",
        )
    return start


def reported(report: Report) -> Region:
    """Give the region of the report that follows an `Update`."""
    assert report.region is not None, "the driver answers an update with a region"
    return report.region


def _is_target(region: Region) -> bool:
    return region.area > 0 if isinstance(region, Mask) else len(region) > 1
