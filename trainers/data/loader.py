"""Batches, made in other processes while the device computes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import BaseContext
from typing import Any

import cv2
from torch.utils.data import DataLoader, Dataset, Sampler

from trainers.data.batches import Batch
from trainers.data.plan import Plan, Position
from trainers.data.samples import Samples
from trainers.errors import CropsError
from vot_toolkit.errors import UserError

Places = list[tuple[int, int]]

TOLERANCE = 100
"""Unreadable crops that a run goes on with; the released sets have 2 million crops."""

SIGNALS = (signal.SIGINT, signal.SIGTERM)

PREFETCH = 4
"""Batches that each process makes ahead."""


class Loader:
    """The batches of one epoch after the other, for one device.

    Any position can be reached directly, and what comes from there depends neither on how it was
    reached nor on the number of processes.

    Parameters
    ----------
    samples : Samples
        Makes them.
    plan : Plan
        Says which.
    workers : int
        Processes; 0 makes the batches in this one.
    pin_memory : bool
        Whether batches lie in memory from which a device copies by itself.
    tolerance : int
        Different crops that may be unreadable before the run ends.
    prefetch : int
        Batches that each process makes ahead.

    Notes
    -----
    Processes are not forked from this one: OpenCV's threads, and those of devices and collectives,
    do not survive that, and what waits for them then waits forever. They start from a server that
    has imported this module and nothing else.

    Terminals and launchers signal all processes of a group. These are in groups of their own: the
    one that trains ends its step, for which it may need a batch, and saves; then it ends them.

    Attributes
    ----------
    position : Position
        What is next: all batches before it were given out by the iteration.
    skipped : dict of str to str
        Crops that could not be read, and why.
    """

    def __init__(
        self,
        samples: Samples,
        plan: Plan,
        *,
        workers: int = 0,
        pin_memory: bool = False,
        tolerance: int = TOLERANCE,
        prefetch: int = PREFETCH,
    ) -> None:
        self.plan = plan
        self.tolerance = tolerance
        self.position = Position()
        self.skipped: dict[str, str] = {}
        self._steps = _Steps(plan)
        self._batches: DataLoader[Any] = DataLoader(
            _Made(samples),
            batch_sampler=self._steps,
            collate_fn=_as_made,
            num_workers=workers,
            pin_memory=pin_memory,
            worker_init_fn=_start_worker,
            prefetch_factor=prefetch if workers else None,
            persistent_workers=workers > 0,
            multiprocessing_context=_server() if workers else None,
        )

    def set_position(self, position: Position) -> None:
        """Go to a step of an epoch; the next iteration begins there."""
        self.position = position

    def set_epoch(self, epoch: int) -> None:
        """Go to the beginning of an epoch."""
        self.set_position(Position(epoch))

    def __len__(self) -> int:
        """Count the batches that are left of the epoch."""
        return self.plan.steps - self.position.step

    def __iter__(self) -> Iterator[Batch]:
        """Give the batches that are left of the epoch.

        Raises
        ------
        CropsError
            If more crops are unreadable than are tolerated.
        """
        self._steps.start = self.position
        for made in self._batches:
            if isinstance(made, UserError):
                raise made
            self._note(made)
            self.position = Position(self.position.epoch, self.position.step + 1)
            yield made

    def _note(self, batch: Batch) -> None:
        self.skipped.update(batch.faults)
        if len(self.skipped) > self.tolerance:
            file, reason = batch.faults[-1]
            raise CropsError(
                f"{reason}; {len(self.skipped)} crops cannot be used, {self.tolerance} tolerated",
                file=file,
                hint="trainers.prepare --check lists them; prepare the data set again",
            )


def _server() -> BaseContext:
    methods = multiprocessing.get_all_start_methods()
    if "forkserver" not in methods:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    # First what the server starts itself, which lets signals through again.
    resource_tracker.ensure_running()
    with _blocked_signals():
        forkserver.ensure_running()
    return context


@contextmanager
def _blocked_signals() -> Iterator[None]:
    """Start a process inside that does not see the signals; this one sees them afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Steps(Sampler[Places]):
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.start = Position()

    def __iter__(self) -> Iterator[Places]:
        return self.plan.remaining(self.start)

    def __len__(self) -> int:
        return self.plan.steps - self.start.step


class _Made(Dataset[Any]):
    """Makes whole batches; an error is handed over as it is, not as a text with a traceback."""

    def __init__(self, samples: Samples) -> None:
        self.samples = samples

    def __getitems__(self, places: Places) -> Batch | UserError:
        try:
            return Batch.of(self.samples.batch(places))
        except UserError as error:
            return error


def _as_made(made: Any) -> Any:
    return made


def _start_worker(_: int) -> None:
    """Keep each process to one core, and out of the group that terminals and launchers signal."""
    cv2.setNumThreads(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)
        # Whatever came before is forgotten; from now on only this program can mean it.
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end_with_parent() -> None:
    """End when the process that trains was killed: torch looks only whether the server is there."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "runs in a process that was started"
    parent.join()
    os._exit(1)
