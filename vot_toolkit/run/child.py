"""Child processes in which trackers run: how they begin, how they end, and what they print."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import DupFd
from typing import Any


class Output:
    """What child processes print, in a file without a name, which is gone when nobody has it open.

    It can be handed to a process that is being started.
    """

    def __init__(self) -> None:
        with tempfile.TemporaryFile() as file:
            self._keep(os.dup(file.fileno()))

    def __getstate__(self) -> object:
        return DupFd(self._handle)

    def __setstate__(self, handle: Any) -> None:
        self._keep(handle.detach())

    def _keep(self, handle: int) -> None:
        self._handle = handle
        weakref.finalize(self, os.close, handle)

    def take_over(self) -> None:
        """Send here, from now on, all that this process and its children print."""
        for stream, number in ((sys.stdout, 1), (sys.stderr, 2)):
            os.dup2(self._handle, number)
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(line_buffering=True)  # a crash takes what is in a buffer

    def write(self, text: bytes) -> None:
        """Add what was printed elsewhere."""
        while text:
            text = text[os.write(self._handle, text) :]

    def since(self, position: int, most: int) -> tuple[bytes, int]:
        """Give what was printed behind a position, or the last bytes of it; and the new position.

        Parameters
        ----------
        position : int
            0, or what the last call gave.
        most : int
            Bytes to give.
        """
        size = os.fstat(self._handle).st_size
        first = max(position, size - most)
        return os.pread(self._handle, size - first, first), size

    def read(self, last: int | None = None) -> bytes:
        """Give what was printed, or the last bytes of it; writers are not disturbed."""
        size = os.fstat(self._handle).st_size
        first = 0 if last is None else max(0, size - last)
        return os.pread(self._handle, size - first, first)


def begin(output: Output | None = None) -> None:
    """Begin the life of a child: its own group, no Ctrl-C, an end with its parent.

    Parameters
    ----------
    output : Output, optional
        Where it prints to; by default where its parent does.
    """
    # Ctrl-C reaches every process of a terminal; only the parent acts on it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if output is not None:
        output.take_over()
    # All that a tracker starts is in this group too, to be ended together.
    os.setpgid(0, 0)
    _end_with_parent()


def end(process: BaseProcess, grace_s: float = 0.0) -> int | None:
    """End a child with all that its tracker started.

    Parameters
    ----------
    process : process of multiprocessing
        Started; its target called `begin`.
    grace_s : float
        Time it has to end by itself first, in s.

    Returns
    -------
    int or None
        Its exit code.
    """
    assert process.pid is not None, "only what was started can be ended"
    # It is not joined before the group is ended, since its number could belong to another process
    # from then on.
    wait([process.sentinel], grace_s)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.join()
    return process.exitcode


def cause_of_death(code: int | None) -> str:
    """Say of an exit code how a process ended.

    Examples
    --------
    >>> cause_of_death(3), cause_of_death(-9)
    ('ended with exit code 3', 'was ended by SIGKILL')
    """
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Keep Ctrl-C from a child in its first moments, before it can ignore it by itself."""
    # Starting this helper of multiprocessing unblocks signals, so that it is done before.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """End this group when the parent is gone, even when that was killed and a tracker hangs."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "a child is always started by multiprocessing"

    def watch() -> None:
        wait([parent.sentinel])
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
