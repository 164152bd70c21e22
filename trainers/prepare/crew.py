"""The crew: processes that share out work, each with one thread, and stop when told to."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Event
from typing import Any, TypeVar

from trainers.errors import PreparationError
from vot_toolkit.errors import UserError
from vot_toolkit.run.threads import hold_to_one_thread, single_threaded, single_threaded_children

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[Item, Callable[[], bool]], Result | None]


def work_through(
    work: Work[Item, Result], items: Iterable[Item], workers: int
) -> Generator[Result, None, None]:
    """Do some work on each item.

    Parameters
    ----------
    work : callable
        Called with an item and with a function that tells whether to give up. Picklable.
    items : iterable
        Picklable.
    workers : int
        Processes; 1 for this one.

    Yields
    ------
    result
        As they are finished, in any order. When the generator is closed, work is given up at the
        next moment that it asks.

    Raises
    ------
    PreparationError
        If a process was ended from outside.
    """
    if workers == 1:
        return _alone(work, items)
    return _together(work, items, workers)


def _alone(work: Work[Item, Result], items: Iterable[Item]) -> Generator[Result, None, None]:
    with single_threaded():
        for item in items:
            result = work(item, lambda: False)
            assert result is not None, "work is given up only when stopped"
            yield result


def _together(
    work: Work[Item, Result], items: Iterable[Item], workers: int
) -> Generator[Result, None, None]:
    waiting = iter(items)
    first = list(islice(waiting, workers))
    crew = _Crew(work, len(first))
    try:
        for worker, item in zip(crew.workers, first, strict=True):
            worker.give(item)
        while ready := crew.ready():
            for worker in ready:
                result = worker.take()
                for item in islice(waiting, 1):
                    worker.give(item)
                yield result
    finally:
        crew.dismiss()


class _Crew:
    """The workers, as the driver sees them."""

    def __init__(self, work: Work[Any, Any], count: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._stop = context.Event()
        self.workers: list[_Worker] = []
        with single_threaded_children(), _interrupts_held_back():
            for _ in range(count):
                self.workers.append(_Worker(context, work, self._stop))

    def ready(self) -> list[_Worker]:
        """Wait for workers that have a result; none when all are idle."""
        busy: dict[Any, _Worker] = {w.pipe: w for w in self.workers if w.busy}
        return [busy[pipe] for pipe in wait(list(busy))] if busy else []

    def dismiss(self) -> None:
        """Let all workers end, at the next moment that they ask."""
        self._stop.set()
        for worker in self.workers:
            worker.pipe.close()
        for worker in self.workers:
            worker.process.join()


class _Worker:
    """One process and the pipe to it. It has one item at a time, so that no pipe ever fills."""

    def __init__(
        self, context: multiprocessing.context.SpawnContext, work: Work[Any, Any], stop: Event
    ) -> None:
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, work, stop), daemon=True)
        self.process.start()
        theirs.close()
        self.busy = False

    def give(self, item: object) -> None:
        try:
            self.pipe.send(item)
        except OSError:
            raise self._lost() from None
        self.busy = True

    def take(self) -> Any:
        try:
            answer = self.pipe.recv()
        except (EOFError, OSError):
            raise self._lost() from None
        self.busy = False
        if isinstance(answer, UserError):
            raise answer
        return answer

    def _lost(self) -> PreparationError:
        self.process.join()
        return PreparationError(
            f"a worker ended with exit code {self.process.exitcode}",
            hint="-9 is often want of memory: fewer --workers need less; the same command goes on",
        )


def _serve(pipe: Connection[Any, Any], work: Work[Any, Any], stop: Event) -> None:
    """Work in a process of its own until the driver closes the pipe, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hold_to_one_thread()
    try:
        while True:
            pipe.send(_answer(work, pipe.recv(), stop))
    except (EOFError, OSError):
        return


def _answer(work: Work[Any, Any], item: Any, stop: Event) -> Any:
    try:
        return work(item, stop.is_set)
    except UserError as error:
        return error


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Keep Ctrl-C from a worker in its first moments, before it can ignore it by itself."""
    # Starting this helper of multiprocessing unblocks signals, so that it is done before.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
