"""Jobs: one repetition of one sequence in one experiment; and the repetitions still to be run."""

from __future__ import annotations

from dataclasses import dataclass, field

from vot_toolkit.challenges import Challenge, Protocol, challenge_names, load_challenge
from vot_toolkit.dataset.sequence import Sequence

DEFAULT_CHALLENGE = "VOT2018"


def challenge(dataset: str = DEFAULT_CHALLENGE) -> Challenge:
    """Give the challenge whose protocol trackers are run by, whatever rules score them.

    Parameters
    ----------
    dataset : str
        Name of the data set; one that is no challenge's is run by the protocol of 2018.

    Examples
    --------
    >>> challenge("VOT2016").name, challenge("synthetic").name
    ('VOT2016', 'VOT2018')
    """
    known = dataset.upper() in challenge_names()
    return load_challenge(dataset if known else DEFAULT_CHALLENGE)


@dataclass(frozen=True, eq=False)
class Job:
    """One repetition of one sequence in one experiment.

    Parameters
    ----------
    experiment : str
        Name of the experiment, ``baseline``.
    sequence : Sequence
        With its images.
    protocol : Protocol
        How the experiment is run.
    repetition : int
        From 1.
    """

    experiment: str
    sequence: Sequence
    protocol: Protocol
    repetition: int


@dataclass(eq=False)
class Course:
    """The repetitions of one sequence in one experiment, and how far they are.

    Parameters
    ----------
    experiment, sequence, protocol
        As in `Job`.
    limit : int or None
        Repetitions asked for; None for the protocol's count.
    stored, failed, running : set of int
        Repetitions that are done, that could not be done, and that are under way.
    stopped : bool or None
        Whether the repetitions after the test of determinism are left out; None before the test.
    """

    experiment: str
    sequence: Sequence
    protocol: Protocol
    limit: int | None = None
    stored: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)
    running: set[int] = field(default_factory=set)
    stopped: bool | None = None

    @property
    def count(self) -> int:
        """Repetitions of a tracker whose answers may vary, before any test."""
        return self.limit or self.protocol.repetitions

    @property
    def probe(self) -> range:
        """Repetitions that must agree for the rest to be left out."""
        return range(1, min(self.count, self.protocol.deterministic_after) + 1)

    @property
    def tested(self) -> list[int]:
        """Repetitions that can be compared, in order."""
        return [number for number in self.probe if number in self.stored]

    @property
    def settled(self) -> set[int]:
        """Repetitions that are over, well or not."""
        return self.stored | self.failed

    def planned(self, deterministic: bool | None) -> range:
        """Repetitions to have in the end, as far as is known by now."""
        if deterministic is not False:
            return range(1, 2)
        return self.probe if self.stopped else range(1, self.count + 1)

    def ready(self, deterministic: bool | None) -> list[int]:
        """Repetitions that may start now."""
        allowed = self.planned(deterministic)
        if deterministic is False and self.stopped is None:
            allowed = self.probe
        begun = self.stored | self.failed | self.running
        return [number for number in allowed if number not in begun]

    def missing(self, deterministic: bool | None) -> int:
        """Count the repetitions that are not over, running ones included."""
        return len(set(self.planned(deterministic)) - self.settled)

    def can_be_tested(self) -> bool:
        """Tell whether the test of determinism is due: all its repetitions are over."""
        due = self.stopped is None and self.count > len(self.probe)
        return due and self.settled >= set(self.probe)

    def job(self, repetition: int) -> Job:
        """Give one repetition as a job."""
        return Job(self.experiment, self.sequence, self.protocol, repetition)
