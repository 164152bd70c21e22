"""The process engine: workers on all cores, each with a tracker of its own."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from typing import Any

from vot_toolkit.cores import usable_cores
from vot_toolkit.errors import TrackerError, UserError
from vot_toolkit.experiment.machine import Run
from vot_toolkit.run.attempt import Slot
from vot_toolkit.run.child import Output, cause_of_death, end, interrupts_held_back
from vot_toolkit.run.engine import Fault, Ledger
from vot_toolkit.run.jobs import Job
from vot_toolkit.run.threads import single_threaded_children
from vot_toolkit.run.worker import Built, Pipe, serve
from vot_toolkit.tracker.registry import TrackerSpec

TICK_S = 0.1
EXIT_GRACE_S = 5.0
"""How long a process whose pipe is closed may take to end by itself."""


class ProcessEngine:
    """Work through jobs with several processes.

    Parameters
    ----------
    workers : int, optional
        Most processes at a time; all usable cores by default. Never more than there are jobs.
    timeout_s : float, optional
        Time one call of the tracker may take, in s. A worker that takes longer is ended, its job
        has failed, and a new worker goes on.
    """

    def __init__(self, workers: int | None = None, timeout_s: float | None = None) -> None:
        self._limit = workers or usable_cores()
        self._timeout_s = timeout_s

    def run(self, spec: TrackerSpec, ledger: Ledger, output: Output | None = None) -> None:
        """Work until the ledger is finished; see `Engine.run`."""
        crew = _Crew(spec, ledger, self._limit, self._timeout_s, output)
        # On an error or Ctrl-C nobody is waited for: a tracker may well be hanging.
        grace_s = 0.0
        try:
            while not ledger.finished:
                crew.step()
            grace_s = EXIT_GRACE_S
        finally:
            crew.dismiss(grace_s)


class _Crew:
    """The workers of one run; all methods run in the driver."""

    def __init__(
        self,
        spec: TrackerSpec,
        ledger: Ledger,
        limit: int,
        timeout_s: float | None,
        output: Output | None,
    ) -> None:
        self._spec = spec
        self._ledger = ledger
        self._limit = limit
        self._timeout_s = timeout_s
        self._output = output
        self._tick_s = min(TICK_S, timeout_s / 4) if timeout_s else TICK_S
        self._context = multiprocessing.get_context("spawn")
        self._cells = self._context.RawArray("d", Slot.SIZE * limit)
        self._workers: dict[int, _Worker] = {}

    def step(self) -> None:
        """Hand out what is ready, wait for a moment, and deal with what happened."""
        self._hand_out()
        self._hire()
        for worker in self._with_news():
            if not worker.has_message():
                self._bury(worker)
                continue
            try:
                message = worker.pipe.recv()
            except (EOFError, ConnectionResetError):
                self._bury(worker)
            else:
                self._take_in(worker, message)
        self._end_overdue()
        busy = [worker.slot for worker in self._workers.values() if worker.job]
        self._ledger.tick(sum(s.frame for s in busy), sum(s.failures for s in busy))

    def dismiss(self, grace_s: float) -> None:
        """End all workers; they own nothing that could be left half done."""
        for worker in self._workers.values():
            worker.pipe.close()
        for worker in self._workers.values():
            worker.end(grace_s)
        self._workers.clear()

    def _hand_out(self) -> None:
        for worker in list(self._workers.values()):
            if worker.idle:
                job = self._ledger.take()
                if job is None:
                    return
                worker.give(job)

    def _hire(self) -> None:
        """Start workers for the jobs that those who are free or on their way cannot take."""
        free = sum(worker.job is None for worker in self._workers.values())
        places = [index for index in range(self._limit) if index not in self._workers]
        for index in places[: max(0, self._ledger.ready - free)]:
            slot = Slot(self._cells, index)
            slot.clear()
            ours, theirs = self._context.Pipe()
            process = self._context.Process(
                target=serve, args=(theirs, self._spec, self._cells, index, self._output)
            )
            with single_threaded_children(), interrupts_held_back():
                process.start()
            theirs.close()
            self._workers[index] = _Worker(index, process, ours, slot)

    def _with_news(self) -> list[_Worker]:
        # A pipe that a tracker's own child holds open does not tell of a death; the process does.
        handles: dict[Any, _Worker] = {}
        for worker in self._workers.values():
            handles[worker.pipe] = handles[worker.process.sentinel] = worker
        news = wait(list(handles), self._tick_s)
        return list({handles[handle].index: handles[handle] for handle in news}.values())

    def _take_in(self, worker: _Worker, message: object) -> None:
        if isinstance(message, Built):
            worker.built = True
            self._ledger.built(message.deterministic)
        elif isinstance(message, UserError):
            raise message
        else:
            job, worker.job = worker.job, None
            assert job is not None, "a worker reports on the job it was given"
            if isinstance(message, Fault):
                worker.built = not message.by_tracker
                self._ledger.failed(job, message)
            else:
                assert isinstance(message, Run)
                self._ledger.done(job, message)

    def _end_overdue(self) -> None:
        if self._timeout_s is None:
            return
        for worker in list(self._workers.values()):
            if worker.job is not None and worker.slot.waiting_s > self._timeout_s:
                frame = worker.slot.frame
                self._remove(worker)
                self._lose(worker, f"frame {frame}: no answer within {self._timeout_s:g} s")

    def _bury(self, worker: _Worker) -> None:
        """Deal with a worker whose process is gone, or will be in a moment."""
        cause = cause_of_death(self._remove(worker, EXIT_GRACE_S))
        if not worker.built and worker.job is None:
            raise TrackerError(
                f"tracker {self._spec.target!r}: the process that builds it {cause}",
                hint="--engine serial shows what happens; a script that calls evaluate() must "
                'do so under `if __name__ == "__main__":`',
            )
        self._lose(worker, f"frame {worker.slot.frame}: the tracker's process {cause}")

    def _remove(self, worker: _Worker, grace_s: float = 0.0) -> int | None:
        del self._workers[worker.index]
        return worker.end(grace_s)

    def _lose(self, worker: _Worker, what: str) -> None:
        # A worker that dies while it has nothing to do takes no job with it.
        if worker.job is not None:
            self._ledger.failed(worker.job, Fault(what))


class _Worker:
    """One worker as the driver sees it."""

    def __init__(self, index: int, process: SpawnProcess, pipe: Pipe, slot: Slot) -> None:
        self.index = index
        self.process = process
        self.pipe = pipe
        self.slot = slot
        self.built = False
        self.job: Job | None = None

    @property
    def idle(self) -> bool:
        return self.built and self.job is None

    def give(self, job: Job) -> None:
        self.slot.clear()
        self.job = job
        try:
            self.pipe.send(job)
        except (BrokenPipeError, ConnectionResetError):
            # Its death is dealt with, job and all, when the process's end is noticed.
            return

    def has_message(self) -> bool:
        try:
            return self.pipe.poll()
        except (BrokenPipeError, ConnectionResetError):
            return False

    def end(self, grace_s: float) -> int | None:
        """End the process with all that its tracker started; give its exit code."""
        code = end(self.process, grace_s)
        self.pipe.close()
        return code
