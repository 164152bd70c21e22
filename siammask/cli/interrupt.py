"""Ctrl-C as a request, so that a program can stop between two frames."""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Any

INTERRUPTED = 128 + signal.SIGINT
"""Exit status of a program ended by Ctrl-C, as shells give it."""


class Interrupt:
    """While it is entered, the first Ctrl-C or SIGTERM is noted; the second ends at once.

    Only the main thread may enter it.
    """

    def __init__(self) -> None:
        self.number = 0
        self._before: dict[int, Any] = {}

    @property
    def requested(self) -> bool:
        """Whether somebody wants the program to end."""
        return self.number != 0

    @property
    def exit_status(self) -> int:
        """What a shell is told: 128 and the signal's number; 0 without one."""
        return 128 + self.number if self.requested else 0

    def __enter__(self) -> Interrupt:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self.number = number
