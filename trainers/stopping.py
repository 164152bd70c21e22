"""Stopping a run by Ctrl-C, or as a cluster does it, so that it saves first."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopRequest:
    """Takes the first signal as a wish, the second Ctrl-C as an order.

    Parameters
    ----------
    note : callable
        Is told of the wish.
    patient : bool
        Whether more signals are wishes too: a launcher hands on what the terminal sent already.
    """

    def __init__(self, note: Callable[[str], None], *, patient: bool = False) -> None:
        self._note = note
        self._patient = patient
        self._owner = os.getpid()
        self._before: dict[int, Any] = {}
        self.wished = False
        self._at_once = False

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Let a signal interrupt what is inside, which saves nothing and may take hours."""
        self._at_once = True
        try:
            yield
        finally:
            self._at_once = False

    def __enter__(self) -> StopRequest:
        for each in SIGNALS:
            self._before[each] = signal.signal(each, self._take)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def __call__(self) -> bool:
        """Tell whether to stop."""
        return self.wished

    def _take(self, number: int, frame: FrameType | None) -> None:
        # A process that makes samples inherits this; it ends when this one lets it.
        if os.getpid() != self._owner:
            if number == signal.SIGTERM:
                os._exit(128 + number)
            return
        if self._at_once or (self.wished and not self._patient):
            self.wished = True
            raise KeyboardInterrupt
        if not self.wished:
            self.wished = True
            self._note("stopping after this step, and saving")
