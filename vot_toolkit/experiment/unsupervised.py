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
    of the ground truth, if there are any, stay ``0``.

    Parameters
    ----------
    sequence : Sequence
        Gives the ground truth to start with.
    protocol : Protocol
        Of type ``unsupervised``; none of its numbers matters here.

    Returns
    -------
    Machine
        Yields requests, takes reports, returns the `Run`.

    Raises
    ------
    DatasetError
        At the first request, if no frame has a region.
    """
    recording = Recording(len(sequence))
    start = first_start(sequence)
    report = yield Initialize(start, sequence.groundtruth[start])
    recording.write(start, code_region(Code.INITIALISATION), report)
    for frame in range(start + 1, len(sequence)):
        report = yield Update(frame)
        recording.write(frame, reported(report), report)
    return recording.run()
