"""A worker: a process that keeps one tracker and works on the jobs it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeAlias

from vot_toolkit.errors import UserError
from vot_toolkit.experiment.machine import Run
from vot_toolkit.run.attempt import Cells, Slot, attempt, build_tracker
from vot_toolkit.run.child import Output, begin
from vot_toolkit.run.engine import Fault
from vot_toolkit.run.jobs import Job
from vot_toolkit.run.lanes import LockStep
from vot_toolkit.run.threads import Share, hold_to_one_thread
from vot_toolkit.tracker.protocol import LaneTracker, Tracker, open_lanes
from vot_toolkit.tracker.registry import TrackerSpec

Pipe: TypeAlias = "Connection[Any, Any]"


@dataclass(frozen=True)
class Built:
    """A worker's first message, and its message after every new tracker: it waits for a job."""

    deterministic: bool


@dataclass(frozen=True)
class Outcome:
    """A worker's message after a job: in which lane that was, and what came of it."""

    lane: int
    result: Run | Fault


Message = Built | UserError | Outcome
"""What a worker sends: its tracker stands, or cannot be built; a job is over."""


@dataclass(frozen=True)
class Post:
    """What a worker is told when it starts.

    Parameters
    ----------
    spec : TrackerSpec
        What to build.
    cells : shared array
        Where it shows how far it is.
    index : int
        Which of the workers it is, from 0.
    output : Output or None
        Where it prints to.
    lanes : int
        Jobs it works on side by side.
    readers : int
        Threads that decode images ahead, with more than one lane.
    workers : int
        How many there are that share the cores.
    """

    spec: TrackerSpec
    cells: Cells
    index: int
    output: Output | None = None
    lanes: int = 1
    readers: int = 1
    workers: int = 1

    @property
    def slots(self) -> list[Slot]:
        """Its part of the cells, one for each lane."""
        first = self.index * self.lanes
        return [Slot(self.cells, first + lane) for lane in range(self.lanes)]


def serve(pipe: Pipe, post: Post) -> None:
    """Build the tracker, then answer each job with its outcome until the pipe is closed."""
    begin(post.output)
    hold_to_one_thread()
    share = Share(post.index, post.workers)
    try:
        while _serve_with_one_tracker(pipe, post, share):
            pass
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _serve_with_one_tracker(pipe: Pipe, post: Post, share: Share) -> bool:
    """Work until the tracker is at fault; False when it cannot be built."""
    try:
        with share.building():
            tracker = build_tracker(post.spec)
            lanes = open_lanes(tracker) if post.lanes > 1 else None
    except UserError as error:
        pipe.send(error)
        return False
    hold_to_one_thread()
    pipe.send(Built(tracker.deterministic))
    if lanes is None:
        _work_one_by_one(pipe, tracker, post.slots[0], share)
    else:
        _work_in_lanes(pipe, lanes, post, share)
    return True


def _work_one_by_one(pipe: Pipe, tracker: Tracker, slot: Slot, share: Share) -> None:
    while True:
        lane, job = pipe.recv()
        outcome = attempt(job, tracker, slot, share.watch)
        pipe.send(Outcome(lane, outcome))
        if isinstance(outcome, Fault) and outcome.by_tracker:
            return


def _work_in_lanes(pipe: Pipe, tracker: LaneTracker, post: Post, share: Share) -> None:
    inbox, lanes = _Inbox(pipe), LockStep(tracker, post.slots, post.readers)
    share.allow(1 + post.readers)
    try:
        while True:
            while order := inbox.take(wait=not lanes.busy):
                fault = lanes.begin(*order)
                if fault is not None:
                    pipe.send(Outcome(order[0], fault))
            share.watch()
            for lane, result in lanes.step():
                pipe.send(Outcome(lane, result))
    finally:
        lanes.close()


class _Inbox:
    """Orders that have come in, a lane and a job each.

    A thread takes them in at once: were driver and worker to wait for each other to read, with
    full pipes both ways, they would wait for ever.
    """

    def __init__(self, pipe: Pipe) -> None:
        self._orders: SimpleQueue[tuple[int, Job] | None] = SimpleQueue()
        Thread(target=self._listen, args=(pipe,), daemon=True).start()

    def take(self, *, wait: bool) -> tuple[int, Job] | None:
        """Give the next order; None when there is none and nobody is to wait for it.

        Raises
        ------
        EOFError
            If the driver has closed the pipe.
        """
        try:
            order = self._orders.get(block=wait)
        except Empty:
            return None
        if order is None:
            raise EOFError
        return order

    def _listen(self, pipe: Pipe) -> None:
        try:
            while True:
                self._orders.put(pipe.recv())
        except (EOFError, OSError):
            self._orders.put(None)
