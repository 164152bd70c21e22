"""Progress of a download: bytes, speed and the time left."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

from vot_toolkit.wording import counted

if TYPE_CHECKING:
    from rich.console import Console

LINE_INTERVAL_S = 5.0
"""Least time between two lines where there is no terminal."""

UNITS = ("bytes", "kB", "MB", "GB", "TB")


class DownloadProgress(Protocol):
    """Who is told how far a download is; from several threads."""

    def note(self, text: str) -> None:
        """Say something that stays on the screen."""

    def start(self, num_sequences: int, num_bytes: int | None) -> None:
        """Begin; the bytes are those still to come, None when nobody knows."""

    def advance(self, num_bytes: int) -> None:
        """Note bytes that came; below 0 for those that have to come again."""

    def finish(self, sequence: str) -> None:
        """Note that a sequence is whole."""

    def stop(self) -> None:
        """End, also after an error."""


class SilentDownload:
    """Tell nobody."""

    def note(self, text: str) -> None:
        """Drop it."""

    def start(self, num_sequences: int, num_bytes: int | None) -> None:
        """Drop it."""

    def advance(self, num_bytes: int) -> None:
        """Drop it."""

    def finish(self, sequence: str) -> None:
        """Drop it."""

    def stop(self) -> None:
        """Drop it."""


def download_progress_for(console: Console) -> DownloadProgress:
    """Give a live bar when the console is a terminal, else lines."""
    return LiveDownload(console) if console.is_terminal else LineDownload(console)


class LineDownload:
    """A line when a sequence is whole, at most every few seconds, and one at the end.

    Parameters
    ----------
    console : Console
        Where to write.
    interval_s : float
        Least time between two lines.
    """

    def __init__(self, console: Console, interval_s: float = LINE_INTERVAL_S) -> None:
        self._console, self._interval_s = console, interval_s
        self._lock = threading.Lock()
        self._num_sequences = self._num_done = self._num_bytes = 0
        self._total: int | None = None
        self._begin = self._last = time.monotonic()

    def note(self, text: str) -> None:
        """Write a line, with nothing in it taken for markup."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def start(self, num_sequences: int, num_bytes: int | None) -> None:
        """Take the time."""
        self._num_sequences, self._total = num_sequences, num_bytes
        self._begin = self._last = time.monotonic()

    def advance(self, num_bytes: int) -> None:
        """Add the bytes up."""
        with self._lock:
            self._num_bytes += num_bytes

    def finish(self, sequence: str) -> None:
        """Write a line when the last one is old enough."""
        with self._lock:
            self._num_done += 1
            now = time.monotonic()
            due = now - self._last >= self._interval_s
            self._last = now if due else self._last
        if due:
            done = f"{self._num_done} of {counted(self._num_sequences, 'sequence')}"
            self.note(f"{sequence} done, {done}, {self._amount()}{self._time_left()}")

    def stop(self) -> None:
        """Write the closing line, unless nothing came."""
        if self._num_bytes > 0:
            seconds = time.monotonic() - self._begin
            rate = size_text(self._num_bytes / max(seconds, 1e-6))
            self.note(f"{size_text(self._num_bytes)} in {seconds:.1f} s, {rate}/s")

    def _amount(self) -> str:
        total = "" if self._total is None else f" of {size_text(self._total)}"
        return f"{size_text(self._num_bytes)}{total}"

    def _time_left(self) -> str:
        if not self._total or self._num_bytes <= 0:
            return ""
        seconds = (time.monotonic() - self._begin) * (self._total / self._num_bytes - 1)
        return f", {max(0.0, seconds):.0f} s left"


class LiveDownload(LineDownload):
    """A bar with bytes, speed and the time left; a closing line remains."""

    def __init__(self, console: Console) -> None:
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )

        super().__init__(console)
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task = self._bars.add_task("", total=None, visible=False)

    def start(self, num_sequences: int, num_bytes: int | None) -> None:
        """Show the bar."""
        super().start(num_sequences, num_bytes)
        self._bars.reset(self._task, total=num_bytes, description=self._count(), visible=True)
        self._bars.start()

    def advance(self, num_bytes: int) -> None:
        """Move the bar."""
        super().advance(num_bytes)
        self._bars.update(self._task, completed=self._num_bytes)

    def finish(self, sequence: str) -> None:
        """Count in the bar's description."""
        with self._lock:
            self._num_done += 1
        self._bars.update(self._task, description=self._count())

    def stop(self) -> None:
        """Replace the bar by the closing line."""
        self._bars.stop()
        super().stop()

    def _count(self) -> str:
        return f"{self._num_done}/{counted(self._num_sequences, 'sequence')}"


def size_text(num_bytes: float) -> str:
    """Give a size in the unit that suits it, thousands as the SI has them.

    Examples
    --------
    >>> size_text(999), size_text(1_234_000), size_text(2.5e9)
    ('999 bytes', '1.2 MB', '2.5 GB')
    """
    unit = 0
    while num_bytes >= 1000 and unit < len(UNITS) - 1:
        num_bytes /= 1000
        unit += 1
    return f"{num_bytes:.0f} {UNITS[unit]}" if unit == 0 else f"{num_bytes:.1f} {UNITS[unit]}"
