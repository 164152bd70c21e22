"""The process engine: workers on all cores, each with a tracker of its own."""

from __future__ import annotations

import multiprocessing
from math import ceil
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from typing import Any

from vot_toolkit.cores import usable_cores
from vot_toolkit.errors import TrackerError, UserError
from vot_toolkit.run.attempt import Slot
from vot_toolkit.run.child import Output, cause_of_death, end, interrupts_held_back
from vot_toolkit.run.engine import Fault, Ledger
from vot_toolkit.run.jobs import Job
from vot_toolkit.run.threads import single_threaded_children
from vot_toolkit.run.worker import Built, Outcome, Pipe, Post, serve
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
    lanes : int
        Jobs that each worker runs side by side; see `vot_toolkit.run.lanes`. Those of a worker
        that is lost are run again by halves, until the one at fault is alone.
    """

    def __init__(
        self, workers: int | None = None, timeout_s: float | None = None, lanes: int = 1
    ) -> None:
        self._limit = workers or usable_cores()
        self._timeout_s = timeout_s
        self._lanes = lanes

    def run(self, spec: TrackerSpec, ledger: Ledger, output: Output | None = None) -> None:
        """Work until the ledger is finished; see `Engine.run`."""
        crew = Crew(spec, ledger, self._limit, self._timeout_s, output, self._lanes)
        # On an error or Ctrl-C nobody is waited for: a tracker may well be hanging.
        grace_s = 0.0
        try:
            while not ledger.finished:
                crew.step()
            grace_s = EXIT_GRACE_S
        finally:
            crew.dismiss(grace_s)


class Crew:
    """The workers of one run; all methods run in the driver.

    Parameters
    ----------
    spec : TrackerSpec
        What each of them builds.
    ledger : Ledger
        Where their jobs come from, and where the outcomes go.
    limit, timeout_s, lanes
        As for `ProcessEngine`.
    output : Output or None
        Where they print to.
    readers : int, optional
        Threads of each that decode images ahead, with more than one lane; by default its share of
        the cores.
    """

    def __init__(
        self,
        spec: TrackerSpec,
        ledger: Ledger,
        limit: int,
        timeout_s: float | None,
        output: Output | None,
        lanes: int = 1,
        readers: int | None = None,
    ) -> None:
        self._spec = spec
        self._ledger = ledger
        self._limit = limit
        self._timeout_s = timeout_s
        self._output = output
        self._lanes = lanes
        self._readers = readers or max(1, usable_cores() // limit)
        self._tick_s = min(TICK_S, timeout_s / 4) if timeout_s else TICK_S
        self._context = multiprocessing.get_context("spawn")
        self._cells = self._context.RawArray("d", Slot.SIZE * limit * lanes)
        self._workers: dict[int, _Worker] = {}
        self._suspects: list[list[Job]] = []

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
        busy = [slot for worker in self._workers.values() for slot in worker.busy_slots]
        self._ledger.tick(sum(s.frame for s in busy), sum(s.failures for s in busy))

    def dismiss(self, grace_s: float) -> None:
        """End all workers; they own nothing that could be left half done."""
        for worker in self._workers.values():
            worker.pipe.close()
        for worker in self._workers.values():
            worker.end(grace_s)
        self._workers.clear()

    def _hand_out(self) -> None:
        built = [worker for worker in self._workers.values() if worker.built]
        for worker in built:
            if self._suspects and not worker.jobs:
                worker.give_apart(self._suspects.pop())
        takers = [worker for worker in built if not worker.apart]
        while takers:
            worker = min(takers, key=lambda worker: len(worker.jobs))
            job = self._ledger.take() if len(worker.jobs) < self._fair_share else None
            if job is None:
                return
            worker.give(job)

    @property
    def _fair_share(self) -> int:
        """Jobs a worker may have, so that the first one ready does not take those of all."""
        under_way = sum(len(worker.jobs) for worker in self._workers.values())
        return min(self._lanes, ceil((under_way + self._ledger.ready) / len(self._workers)))

    def _hire(self) -> None:
        """Start workers for the jobs that those who are free or on their way cannot take."""
        free = sum(not worker.jobs for worker in self._workers.values())
        places = [index for index in range(self._limit) if index not in self._workers]
        wanted = self._ledger.ready + len(self._suspects) - free
        for index in places[: max(0, wanted)]:
            post = Post(
                self._spec,
                self._cells,
                index,
                self._output,
                self._lanes,
                self._readers,
                self._limit,
            )
            for slot in post.slots:
                slot.clear()
            ours, theirs = self._context.Pipe()
            process = self._context.Process(target=serve, args=(theirs, post))
            with single_threaded_children(), interrupts_held_back():
                process.start()
            theirs.close()
            self._workers[index] = _Worker(index, process, ours, post.slots)

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
            assert isinstance(message, Outcome)
            job, result = worker.jobs.pop(message.lane), message.result
            if isinstance(result, Fault):
                worker.built = not result.by_tracker
                self._ledger.failed(job, result)
            else:
                self._ledger.done(job, result)

    def _end_overdue(self) -> None:
        if self._timeout_s is None:
            return
        for worker in list(self._workers.values()):
            if any(slot.waiting_s > self._timeout_s for slot in worker.busy_slots):
                self._remove(worker)
                self._lose(worker, f"no answer within {self._timeout_s:g} s")

    def _bury(self, worker: _Worker) -> None:
        """Deal with a worker whose process is gone, or will be in a moment."""
        cause = cause_of_death(self._remove(worker, EXIT_GRACE_S))
        if not worker.built and not worker.jobs:
            raise TrackerError(
                f"tracker {self._spec.target!r}: the process that builds it {cause}",
                hint="--engine serial shows what happens; a script that calls evaluate() must "
                'do so under `if __name__ == "__main__":`',
            )
        self._lose(worker, f"the tracker's process {cause}")

    def _remove(self, worker: _Worker, grace_s: float = 0.0) -> int | None:
        del self._workers[worker.index]
        return worker.end(grace_s)

    def _lose(self, worker: _Worker, what: str) -> None:
        """Book the job of a lost worker; of several any may be at fault: halves of them try again.

        A worker that is lost while it has nothing to do takes no job with it.
        """
        jobs = list(worker.jobs.values())
        if len(jobs) == 1:
            frame = worker.busy_slots[0].frame
            self._ledger.failed(jobs[0], Fault(f"frame {frame}: {what}"))
            return
        half = len(jobs) // 2
        self._suspects += [part for part in (jobs[:half], jobs[half:]) if part]


class _Worker:
    """One worker as the driver sees it."""

    def __init__(self, index: int, process: SpawnProcess, pipe: Pipe, slots: list[Slot]) -> None:
        self.index = index
        self.process = process
        self.pipe = pipe
        self.slots = slots
        self.built = False
        self.jobs: dict[int, Job] = {}
        self._apart = False

    @property
    def busy_slots(self) -> list[Slot]:
        return [self.slots[lane] for lane in self.jobs]

    @property
    def apart(self) -> bool:
        """Whether it is on suspects, and must not take anything else."""
        return self._apart and bool(self.jobs)

    def give_apart(self, jobs: list[Job]) -> None:
        for job in jobs:
            self.give(job)
        self._apart = True

    def give(self, job: Job) -> None:
        lane = next(lane for lane in range(len(self.slots)) if lane not in self.jobs)
        self.slots[lane].clear()
        self.jobs[lane] = job
        self._apart = False
        try:
            self.pipe.send((lane, job))
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
