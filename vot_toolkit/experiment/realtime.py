"""The realtime experiment: the camera does not wait for a tracker that is slow.

While the tracker works, frames go by, and each is answered by the region it reported before. Time
comes from the reports, so that the same reports give the same run anywhere.

References
----------
M. Kristan et al., "The Visual Object Tracking VOT2017 challenge results", ICCV Workshops, 2017
(realtime experiment); the numbers are those of the 2018 challenge.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import NamedTuple

from vot_toolkit.challenges import Protocol
from vot_toolkit.dataset.sequence import Sequence
from vot_toolkit.experiment.machine import (
    Initialize,
    Machine,
    Overlap,
    Recording,
    Report,
    Request,
    Update,
    code_region,
    first_start,
    next_start,
    reported,
)
from vot_toolkit.region import Code, Region


def realtime(sequence: Sequence, protocol: Protocol, overlap: Overlap) -> Machine:
    """Run with resets while the camera takes `protocol.fps` frames a second.

    The tracker is given the frame after the one that the camera shows when it reports. Its report
    answers the frame shown then; the frames that went by since its image was taken are answered by
    the report before. Every answer is tested: an overlap of at most `protocol.failure_overlap` is a
    failure, written ``2``, and the tracker starts again `protocol.skip_initialize` frames after the
    one the camera shows. Frames that nothing answers stay ``0``. When both the report before and
    the one that comes late lose the target, the later frame is the failure; when only the former
    does, the late report is still written, behind the ``2``. A NaN overlap is no failure.

    The first `protocol.grace` reports after a start, the one of the start included, are taken to be
    in time however long they took. So a tracker that is never late gives the run of ``supervised``.

    A report's time stands at the frame whose image it was given, its score at every frame that it
    answers.

    Parameters, result and errors are those of `vot_toolkit.experiment.start`.
    """
    run = _Realtime(sequence, protocol, overlap)
    start: int | None = first_start(sequence)
    while start is not None:
        shown = yield from run.until_failure(start)
        if shown is None:
            break
        start = next_start(sequence, shown + protocol.skip_initialize, protocol.skip_tags)
    return run.recording.run()


class Camera:
    """Which frame is shown, by the time that the tracker has used since a start.

    Parameters
    ----------
    start : int
        Frame, from 0, on which the tracker is started.
    fps : float
        Frames a second.
    grace : int
        Reports that count as in time.

    Examples
    --------
    >>> camera = Camera(start=10, fps=20, grace=2)
    >>> [camera.advance(seconds) for seconds in (3.0, 3.0, 0.01, 0.12)]
    [10, 11, 12, 14]
    """

    def __init__(self, start: int, fps: float, grace: int) -> None:
        self._start, self._fps, self._grace = start, fps, grace
        self._elapsed_ms = 0.0

    def advance(self, seconds: float) -> int:
        """Take in that the next report took so long; give the frame shown then, from 0.

        A report is never earlier than the next frame. The time is rounded to the nearest frame.
        """
        interval_ms = 1000 / self._fps
        if self._grace > 0:
            self._grace -= 1
            self._elapsed_ms += interval_ms
        else:
            self._elapsed_ms += max(interval_ms, 1000 * seconds)
        # As the challenge's toolkit rounds: down to thousandths of a frame, then half up.
        num_frames = math.floor(self._elapsed_ms * self._fps) / 1000
        return self._start + math.floor(num_frames + 0.5) - 1


class _Answer(NamedTuple):
    """A region with which frames are answered."""

    region: Region
    score: float | None = None


class _Realtime:
    """The run as far as it has come, and the rules by which frames are answered."""

    def __init__(self, sequence: Sequence, protocol: Protocol, overlap: Overlap) -> None:
        self.recording = Recording(len(sequence))
        self._groundtruth = tuple(sequence.groundtruth)
        self._protocol = protocol
        self._overlap = overlap

    def until_failure(self, start: int) -> Generator[Request, Report, int | None]:
        """Track from one start; give the frame shown at the failure, None at the end."""
        fps, grace = self._protocol.fps, self._protocol.grace
        assert fps is not None and grace is not None, "a realtime protocol has both"
        camera = Camera(start, fps, grace)
        report = yield Initialize(start, self._groundtruth[start])
        self.recording.write(start, code_region(Code.INITIALISATION), report)
        held = _Answer(self._groundtruth[start])
        shown = camera.advance(report.seconds)
        while shown + 1 < len(self._groundtruth):
            given = shown + 1
            report = yield Update(given)
            self.recording.measure(given, report)
            shown = camera.advance(report.seconds)
            new = _Answer(reported(report), report.score)
            if self._answer(given, shown, held, new):
                return shown
            held = new
        return None

    def _answer(self, given: int, shown: int, held: _Answer, new: _Answer) -> bool:
        """Answer the frames that went by with the old region, the one shown with the new one.

        Returns
        -------
        bool
            Whether the target was lost.
        """
        end = len(self._groundtruth)
        went_by = range(given, min(end, shown))
        lost = next((frame for frame in went_by if not self._holds(frame, held)), None)
        if shown < end and not self._holds(shown, new):
            lost = shown
        if lost is not None:
            score = new.score if lost == shown else held.score
            self.recording.place(lost, code_region(Code.FAILURE), score)
        return lost is not None

    def _holds(self, frame: int, answer: _Answer) -> bool:
        """Test a region in a frame, and write it there unless it lost the target."""
        # NaN <= 0 is false: a special code is written as it came and is no failure.
        overlap = self._overlap(answer.region, self._groundtruth[frame])
        if overlap <= self._protocol.failure_overlap:
            return False
        self.recording.place(frame, *answer)
        return True
