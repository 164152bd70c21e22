"""The unsupervised experiment: one start, no reset."""

from __future__ import annotations

from vot_toolkit.challenges import Protocol
from vot_toolkit.dataset.sequence import Sequence
from vot_toolkit.experiment.machine import (
    Initialize,
    Machine,
    Recording,
    Update,
    code_region,
    first_start,
    reported,
)
from vot_toolkit.region import Code


def unsupervised(sequence: Sequence, protocol: Protocol) -> Machine:
    """Run once through the sequence, whatever the tracker reports.

    The first frame is written ``1``, every later one as reported. Frames before the first region
    of the ground truth, if there are any, stay ``0``. None of the protocol's numbers matters here.

    Parameters, result and errors are those of `vot_toolkit.experiment.start`.
    """
    recording = Recording(len(sequence))
    start = first_start(sequence)
    report = yield Initialize(start, sequence.groundtruth[start])
    recording.write(start, code_region(Code.INITIALISATION), report)
    for frame in range(start + 1, len(sequence)):
        report = yield Update(frame)
        recording.write(frame, reported(report), report)
    return recording.run()
