"""The supervised experiment (baseline): a tracker that lost the target is started again.

References
----------
M. Kristan et al., "The sixth Visual Object Tracking VOT2018 challenge results", ECCV Workshops,
2018, section 2 (reset-based protocol).
"""

from __future__ import annotations

from collections.abc import Generator

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


def supervised(sequence: Sequence, protocol: Protocol, overlap: Overlap) -> Machine:
    """Run with resets, as the 2018 challenge did.

    The tracker starts with the ground truth, and that frame is written ``1``. A later report whose
    overlap with the ground truth is at most `protocol.failure_overlap` is a failure, written ``2``;
    the tracker starts again `protocol.skip_initialize` frames later, and the frames between stay
    ``0``. Any other report is written as it is. A NaN overlap (the report or the ground truth is a
    special code) is no failure.

    A start moves on to the next frame whose ground truth is a region; a restart moves on past
    `protocol.skip_tags` too. When that is past the end, the run ends.

    Parameters, result and errors are those of `vot_toolkit.experiment.start`.
    """
    recording = Recording(len(sequence))
    groundtruth = tuple(sequence.groundtruth)
    start: int | None = first_start(sequence)
    while start is not None:
        failure = yield from _until_failure(groundtruth, start, protocol, overlap, recording)
        if failure is None:
            break
        start = next_start(sequence, failure + protocol.skip_initialize, protocol.skip_tags)
    return recording.run()


def _until_failure(
    groundtruth: tuple[Region, ...],
    start: int,
    protocol: Protocol,
    overlap: Overlap,
    recording: Recording,
) -> Generator[Request, Report, int | None]:
    """Track from one start; give the frame of the failure, None at the end of the sequence."""
    report = yield Initialize(start, groundtruth[start])
    recording.write(start, code_region(Code.INITIALISATION), report)
    for frame in range(start + 1, len(groundtruth)):
        report = yield Update(frame)
        region = reported(report)
        # NaN <= 0 is false: a special code is written as it came and is no failure.
        if overlap(region, groundtruth[frame]) <= protocol.failure_overlap:
            recording.write(frame, code_region(Code.FAILURE), report)
            return frame
        recording.write(frame, region, report)
    return None
