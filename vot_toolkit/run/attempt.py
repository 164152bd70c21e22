"""One attempt at a job: a tracker driven through one experiment, watched from outside."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from vot_toolkit.dataset.sequence import Sequence
from vot_toolkit.errors import DatasetError, TrackerError, UserError
from vot_toolkit.experiment import (
    Initialize,
    Report,
    Request,
    Run,
    bounded,
    drive,
    start,
)
from vot_toolkit.experiment.drive import Image
from vot_toolkit.region_overlap import overlap_within
from vot_toolkit.run.engine import Fault
from vot_toolkit.run.jobs import Job
from vot_toolkit.run.seeds import BASE_SEED, job_seed, seed_generators
from vot_toolkit.tracker.protocol import Tracker, takes_files
from vot_toolkit.tracker.registry import TrackerSpec
from vot_toolkit.wording import counted, shortened


class Cells(Protocol):
    """Numbers that can be read and set by index: a list, or memory shared between processes."""

    def __getitem__(self, index: int, /) -> Any:
        """Give one number."""

    def __setitem__(self, index: int, value: float, /) -> None:
        """Set one number."""


class Slot:
    """Where one worker shows how far it is, without sending messages.

    Parameters
    ----------
    cells : list or shared array
        `SIZE` numbers for each worker.
    index : int
        Which worker's, from 0.
    """

    SIZE = 3

    def __init__(self, cells: Cells, index: int = 0) -> None:
        self._cells = cells
        self._first = index * self.SIZE

    def clear(self) -> None:
        """Start a job at its first frame."""
        for offset in range(self.SIZE):
            self._cells[self._first + offset] = 0.0

    def enter(self, frame: int) -> None:
        """Note that the tracker is given a frame now."""
        self._cells[self._first + 1] = frame
        # The clock is set last: a reader that finds it set finds the frame that belongs to it.
        self._cells[self._first] = time.monotonic()

    def leave(self) -> None:
        """Note that the tracker has answered."""
        self._cells[self._first] = 0.0

    def count_failure(self) -> None:
        """Note that the tracker was initialised again."""
        self._cells[self._first + 2] += 1

    @property
    def waiting_s(self) -> float:
        """For how long the tracker has not answered, in s; 0 when nothing is asked of it."""
        since = float(self._cells[self._first])
        return time.monotonic() - since if since else 0.0

    @property
    def frame(self) -> int:
        """The frame the tracker was given last, from 0."""
        return int(self._cells[self._first + 1])

    @property
    def failures(self) -> int:
        """Failures of the job under way."""
        return int(self._cells[self._first + 2])


def build_tracker(spec: TrackerSpec) -> Tracker:
    """Build a tracker, with random states that do not depend on what ran before.

    Raises
    ------
    TrackerError
        If it cannot be built, for whatever reason.
    """
    seed_generators(BASE_SEED)
    try:
        return spec.build()
    except UserError:
        raise
    except (Exception, SystemExit) as error:
        raise TrackerError(f"tracker {spec.target!r} cannot be built: {_named(error)}") from error


def attempt(
    job: Job, tracker: Tracker, slot: Slot, beat: Callable[[], None] | None = None
) -> Run | Fault:
    """Run a tracker through one job.

    Parameters
    ----------
    job : Job
        What to run.
    tracker : Tracker
        Built; initialised here.
    slot : Slot
        Is kept up to date on every frame.
    beat : callable, optional
        Called after every frame.

    Returns
    -------
    Run or Fault
        What was tracked; or why that was not possible. Whatever a tracker raises ends its job
        only.
    """
    slot.clear()
    seed_generators(job_seed(job.sequence.name, job.repetition))
    try:
        return _drive(job, tracker, slot, beat)
    except (Exception, SystemExit) as error:
        return fault_of(error, slot.frame)
    finally:
        slot.leave()


def fault_of(error: BaseException, frame: int) -> Fault:
    """Make a job's fault of what was raised while it ran, at a frame from 0."""
    if isinstance(error, DatasetError):
        return Fault(_advice(error), error.file, by_tracker=False)
    if isinstance(error, TrackerError):
        return Fault(_advice(error), error.file)
    return Fault(f"frame {frame}: {_named(error)}")


def _drive(job: Job, tracker: Tracker, slot: Slot, beat: Callable[[], None] | None) -> Run:
    check_images(job.sequence)
    read = job.sequence.file if takes_files(tracker) else job.sequence.image
    first = True

    def read_image(frame: int) -> Image:
        image = read(frame)
        slot.enter(frame)
        return image

    def watch(request: Request, _report: Report) -> None:
        nonlocal first
        slot.leave()
        if isinstance(request, Initialize) and not first:
            slot.count_failure()
        first = False
        if beat is not None:
            beat()

    machine = start(job.sequence, job.protocol, bounded(overlap_within, job.sequence))
    return drive(machine, tracker, read_image, time.perf_counter, watch)


def check_images(sequence: Sequence) -> None:
    """Find out at the start, not after minutes, that images are missing.

    Raises
    ------
    DatasetError
        If there are fewer images than frames.
    """
    if len(sequence.images) < len(sequence):
        raise DatasetError(
            f"sequence {sequence.name!r} has {counted(len(sequence.images), 'image')} for "
            f"{counted(len(sequence), 'annotated frame')}",
            hint="running a tracker needs one each",
        )


def _advice(error: UserError) -> str:
    return error.what if error.hint is None else f"{error.what} ({error.hint})"


def _named(error: BaseException) -> str:
    text = shortened(str(error))
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
