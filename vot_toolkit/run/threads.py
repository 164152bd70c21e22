"""Threads of numerical libraries: one a process, since the cores are shared out by sequence."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


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
