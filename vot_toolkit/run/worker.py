"""A worker: a process that keeps one tracker and works on the jobs it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeAlias

from vot_toolkit.errors import UserError
from vot_toolkit.experiment.machine import Run
from vot_toolkit.run.attempt import Cells, Slot, attempt, build_tracker
from vot_toolkit.run.child import Output, begin
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


def serve(
    pipe: Pipe, spec: TrackerSpec, cells: Cells, index: int, output: Output | None = None
) -> None:
    """Build the tracker, then answer each job with its outcome until the pipe is closed."""
    begin(output)
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
