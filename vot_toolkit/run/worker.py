"""A worker: a process that keeps one tracker and works on the jobs it is sent."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, TypeAlias

from vot_toolkit.errors import UserError
from vot_toolkit.experiment.machine import Run
from vot_toolkit.run.attempt import Cells, Slot, attempt, build_tracker
from vot_toolkit.run.engine import Fault
from vot_toolkit.run.threads import hold_to_one_thread
from vot_toolkit.tracker.registry import TrackerSpec

Pipe: TypeAlias = "Connection[Any, Any]"


@dataclass(frozen=True)
class Built:
    """A worker's first message, and its message after every new tracker: it waits for a job."""

    deterministic: bool


Message = Built | UserError | Run | Fault
"""What a worker sends: its tracker stands, or cannot be built; a job's result, or its fault."""


def serve(pipe: Pipe, spec: TrackerSpec, cells: Cells, index: int) -> None:
    """Build the tracker, then answer each job with its outcome until the pipe is closed."""
    # Ctrl-C reaches every process of a terminal; only the driver acts on it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _lead_own_group()
    _end_with_driver()
    hold_to_one_thread()
    slot = Slot(cells, index)
    try:
        while _serve_with_one_tracker(pipe, spec, slot):
            pass
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _serve_with_one_tracker(pipe: Pipe, spec: TrackerSpec, slot: Slot) -> bool:
    """Work until the tracker is at fault; False when it cannot be built."""
    try:
        tracker = build_tracker(spec)
    except UserError as error:
        pipe.send(error)
        return False
    hold_to_one_thread()
    pipe.send(Built(tracker.deterministic))
    while True:
        outcome = attempt(pipe.recv(), tracker, slot)
        pipe.send(outcome)
        if isinstance(outcome, Fault) and outcome.by_tracker:
            return True


def _lead_own_group() -> None:
    """Make this process and all that a tracker starts one group, to be ended together."""
    os.setpgid(0, 0)


def _end_with_driver() -> None:
    """End this group when the driver is gone, even when that was killed and a tracker hangs."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "a worker is always started by a driver"

    def end() -> None:
        wait([parent.sentinel])
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=end, daemon=True).start()
