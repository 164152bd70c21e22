"""The serial engine: one job after the other in this process, for debugging and for one core."""

from __future__ import annotations

import time
from collections.abc import Sequence

from vot_toolkit.experiment.machine import Run
from vot_toolkit.run.attempt import Slot, attempt, build_tracker
from vot_toolkit.run.child import Output
from vot_toolkit.run.engine import Fault, Ledger
from vot_toolkit.run.jobs import Job
from vot_toolkit.run.lanes import LockStep
from vot_toolkit.run.threads import hold_to_one_thread, single_threaded
from vot_toolkit.tracker.protocol import LaneTracker, Tracker, open_lanes
from vot_toolkit.tracker.registry import TrackerSpec

TICK_S = 0.1


class SerialEngine:
    """Work through jobs in this process; a debugger and a profiler see the tracker.

    Parameters
    ----------
    lanes : int
        Jobs that run side by side; see `vot_toolkit.run.lanes`.
    """

    def __init__(self, lanes: int = 1) -> None:
        self._lanes = lanes

    def run(self, spec: TrackerSpec, ledger: Ledger, output: Output | None = None) -> None:
        """Work until the ledger is finished; see `Engine.run`."""
        with single_threaded():
            if self._lanes == 1:
                _work(spec, ledger)
            else:
                _work_in_lanes(open_lanes(_built(spec, ledger)), ledger, self._lanes)


def _built(spec: TrackerSpec, ledger: Ledger) -> Tracker:
    tracker = build_tracker(spec)
    hold_to_one_thread()
    ledger.built(tracker.deterministic)
    return tracker


def _work(spec: TrackerSpec, ledger: Ledger) -> None:
    slot = Slot([0.0] * Slot.SIZE)
    beat = _Beat([slot], ledger)
    tracker = None
    while not ledger.finished:
        if tracker is None:
            tracker = _built(spec, ledger)
        job = ledger.take()
        assert job is not None, "with no job under way one must be ready"
        outcome = attempt(job, tracker, slot, beat)
        _book(ledger, job, outcome)
        if isinstance(outcome, Fault) and outcome.by_tracker:
            tracker = None


def _work_in_lanes(tracker: LaneTracker, ledger: Ledger, count: int) -> None:
    cells = [0.0] * (Slot.SIZE * count)
    slots = [Slot(cells, lane) for lane in range(count)]
    beat, lanes = _Beat(slots, ledger), LockStep(tracker, slots)
    jobs: dict[int, Job] = {}
    try:
        while not ledger.finished:
            for lane in lanes.free:
                job = ledger.take()
                if job is None:
                    break
                jobs[lane] = job
                fault = lanes.begin(lane, job)
                if fault is not None:
                    _book(ledger, jobs.pop(lane), fault)
            for lane, outcome in lanes.step():
                slots[lane].clear()
                _book(ledger, jobs.pop(lane), outcome)
            beat()
    finally:
        lanes.close()


def _book(ledger: Ledger, job: Job, outcome: Run | Fault) -> None:
    if isinstance(outcome, Fault):
        ledger.failed(job, outcome)
    else:
        ledger.done(job, outcome)


class _Beat:
    """Pass on how far the jobs are, a few times a second."""

    def __init__(self, slots: Sequence[Slot], ledger: Ledger) -> None:
        self._slots = slots
        self._ledger = ledger
        self._last = 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        if now - self._last >= TICK_S:
            self._last = now
            frames = sum(slot.frame for slot in self._slots)
            self._ledger.tick(frames, sum(slot.failures for slot in self._slots))
