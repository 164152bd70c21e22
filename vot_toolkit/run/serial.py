"""The serial engine: one job after the other in this process, for debugging and for one core."""

from __future__ import annotations

import time

from vot_toolkit.run.attempt import Slot, attempt, build_tracker
from vot_toolkit.run.child import Output
from vot_toolkit.run.engine import Fault, Ledger
from vot_toolkit.run.threads import hold_to_one_thread, single_threaded
from vot_toolkit.tracker.registry import TrackerSpec

TICK_S = 0.1


class SerialEngine:
    """Work through jobs in this process; a debugger and a profiler see the tracker."""

    def run(self, spec: TrackerSpec, ledger: Ledger, output: Output | None = None) -> None:
        """Work until the ledger is finished; see `Engine.run`."""
        with single_threaded():
            _work(spec, ledger)


def _work(spec: TrackerSpec, ledger: Ledger) -> None:
    slot = Slot([0.0] * Slot.SIZE)
    beat = _Beat(slot, ledger)
    tracker = None
    while not ledger.finished:
        if tracker is None:
            tracker = build_tracker(spec)
            hold_to_one_thread()
            ledger.built(tracker.deterministic)
        job = ledger.take()
        assert job is not None, "with no job under way one must be ready"
        outcome = attempt(job, tracker, slot, beat)
        if not isinstance(outcome, Fault):
            ledger.done(job, outcome)
            continue
        ledger.failed(job, outcome)
        if outcome.by_tracker:
            tracker = None


class _Beat:
    """Pass on how far a job is, a few times a second."""

    def __init__(self, slot: Slot, ledger: Ledger) -> None:
        self._slot = slot
        self._ledger = ledger
        self._last = 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        if now - self._last >= TICK_S:
            self._last = now
            self._ledger.tick(self._slot.frame, self._slot.failures)
