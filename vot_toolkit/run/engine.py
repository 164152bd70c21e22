"""Engines: they build the tracker, take jobs from a ledger, and book what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from vot_toolkit.experiment.machine import Run
from vot_toolkit.run.child import Output
from vot_toolkit.run.jobs import Job
from vot_toolkit.tracker.registry import TrackerSpec


@dataclass(frozen=True)
class Fault:
    """Why a job could not be done.

    Parameters
    ----------
    what : str
        For the user; names the frame where there is one.
    file : Path, optional
        The file at fault, an image that cannot be read.
    by_tracker : bool
        Whether the tracker is at fault and must be built anew before it is used again.
    """

    what: str
    file: Path | None = None
    by_tracker: bool = True


class Ledger(Protocol):
    """Where an engine takes its jobs and books their outcome; called from one thread only."""

    def built(self, deterministic: bool) -> None:
        """Note that a tracker stands ready, and its word on whether its answers vary."""

    def take(self) -> Job | None:
        """Give the next job; None when none may start now."""

    @property
    def ready(self) -> int:
        """Number of jobs that may start now."""

    @property
    def finished(self) -> bool:
        """Whether every job is over."""

    def done(self, job: Job, run: Run) -> None:
        """Store the result of a job."""

    def failed(self, job: Job, fault: Fault) -> None:
        """Note that a job could not be done."""

    def tick(self, frames: int, failures: int) -> None:
        """Note the frames and tracking failures of all jobs under way, for display."""


class Engine(Protocol):
    """A way to work through jobs."""

    def run(self, spec: TrackerSpec, ledger: Ledger, output: Output | None = None) -> None:
        """Work until the ledger is finished.

        Parameters
        ----------
        spec : TrackerSpec
            Which tracker.
        ledger : Ledger
            Its jobs.
        output : Output, optional
            Takes what the tracker prints, where that is in another process.

        Raises
        ------
        TrackerError
            If the tracker cannot be built.
        """
