"""Claims: who is at work on something that several programs may share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: there programs do not share
    fcntl = None  # type: ignore[assignment]


@contextmanager
def claimed(folder: Path, name: str, *, wait: bool = False) -> Iterator[bool]:
    """Claim something by a name; the system frees it when this program ends, however it ends.

    Parameters
    ----------
    folder : Path
        Where claims are kept; made when missing.
    name : str
        What is claimed.
    wait : bool
        Whether to wait until no other program holds it.

    Yields
    ------
    bool
        False when another program holds it.
    """
    if fcntl is None:
        yield True
        return
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        yield _lock(handle, wait)
    finally:
        os.close(handle)


def _lock(handle: int, wait: bool) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
