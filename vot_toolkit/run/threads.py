"""Threads of numerical libraries: one a process, since the cores are shared out by sequence.

BLAS, OpenMP and with it PyTorch, and OpenCV take the number from the environment or are told.
OpenVINO takes as many as there are cores when a network is compiled; so a worker's tracker is built
with a view of one core. Others, onnxruntime among them, ask nobody: a worker that has more threads
than its own is confined to its share of the cores, see `Share`.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "OPENCV_FOR_THREADS_NUM",
)

WATCH_S = 0.1

TASKS = Path("/proc/self/task")
"""Where Linux lists the threads of a process."""


@contextmanager
def single_threaded_children() -> Iterator[None]:
    """Let processes started inside load their libraries with one thread.

    The variables are read once, when a library is loaded, so that they must be there from the
    child's first moment; the own environment is put back.
    """
    before = {name: os.environ.get(name) for name in VARIABLES}
    os.environ.update(dict.fromkeys(VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def single_threaded() -> Iterator[None]:
    """Hold OpenCV, and PyTorch where loaded, to one thread inside, and put their counts back."""
    import cv2

    before = cv2.getNumThreads()
    torch = sys.modules.get("torch")
    torch_before = torch.get_num_threads() if torch else 0
    hold_to_one_thread()
    try:
        yield
    finally:
        cv2.setNumThreads(before)
        if torch:
            torch.set_num_threads(torch_before)


def hold_to_one_thread() -> None:
    """Hold OpenCV, and PyTorch where loaded, to one thread from now on."""
    import cv2

    cv2.setNumThreads(1)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


class Share:
    """The cores that a worker may keep busy; without `sched_setaffinity`, on other systems, all.

    While its tracker is single-threaded a worker runs on any core, since the system knows best
    which one is free. One that is not must not take those of other workers.

    Parameters
    ----------
    index : int
        Which of the workers it is, from 0.
    workers : int
        How many there are.
    """

    def __init__(self, index: int, workers: int) -> None:
        self._all = sorted(os.sched_getaffinity(0)) if TASKS.is_dir() else []
        count = len(self._all)
        first, last = index * count // workers, (index + 1) * count // workers
        self.cores = self._all[first : max(last, first + 1)]
        self._own = 0
        self._last = 0.0

    @contextmanager
    def building(self) -> Iterator[None]:
        """Show one core only to what is built inside."""
        self._own = _count_threads()
        _confine(self.cores[:1])
        try:
            yield
        finally:
            _confine(self._all)
            self.enforce()

    def allow(self, threads: int) -> None:
        """Take threads that are the worker's own into account."""
        self._own += threads

    def watch(self) -> None:
        """Enforce it now and then; may be called on every frame."""
        now = time.monotonic()
        if now - self._last >= WATCH_S:
            self._last = now
            self.enforce()

    def enforce(self) -> None:
        """Confine this process to its share when it has more threads than its own."""
        if self.cores != self._all and _count_threads() > self._own:
            _confine(self.cores)


def _count_threads() -> int:
    return len(os.listdir(TASKS)) if TASKS.is_dir() else 0  # noqa: PTH208


def _confine(cores: list[int]) -> None:
    """Let all threads of this process run on some cores only; those they start inherit that."""
    if not cores:
        return
    for task in os.listdir(TASKS):  # noqa: PTH208
        with suppress(ProcessLookupError):
            os.sched_setaffinity(int(task), cores)
