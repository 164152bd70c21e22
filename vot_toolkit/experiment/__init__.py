"""Experiments of a challenge as state machines, and their driver."""

from vot_toolkit.challenges import Protocol
from vot_toolkit.dataset.sequence import Sequence
from vot_toolkit.experiment.determinism import agree
from vot_toolkit.experiment.drive import answer, drive
from vot_toolkit.experiment.machine import (
    Initialize,
    Machine,
    Overlap,
    Report,
    Request,
    Run,
    Update,
    bounded,
)
from vot_toolkit.experiment.realtime import realtime
from vot_toolkit.experiment.supervised import supervised
from vot_toolkit.experiment.unsupervised import unsupervised

__all__ = [
    "Initialize",
    "Machine",
    "Overlap",
    "Report",
    "Request",
    "Run",
    "Update",
    "agree",
    "answer",
    "bounded",
    "drive",
    "realtime",
    "start",
    "supervised",
    "unsupervised",
]


def start(sequence: Sequence, protocol: Protocol, overlap: Overlap) -> Machine:
    """Give a fresh machine of the protocol's type.

    Parameters
    ----------
    sequence : Sequence
        Gives the ground truth and the tags.
    protocol : Protocol
        Its `type` decides which experiment.
    overlap : callable
        ``overlap(report, groundtruth)``, from `bounded`; the failure test of ``supervised`` and
        ``realtime``.

    Returns
    -------
    Machine
        Yields requests, takes reports, returns the `Run`; to be given to `drive`.

    Raises
    ------
    DatasetError
        At the first request, if no frame has a region.
    """
    if protocol.type == "supervised":
        return supervised(sequence, protocol, overlap)
    if protocol.type == "realtime":
        return realtime(sequence, protocol, overlap)
    return unsupervised(sequence, protocol)
