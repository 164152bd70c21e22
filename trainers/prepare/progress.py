"""Progress of long work: a bar with the time left in a terminal, a few lines elsewhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.console import Console

LINE_INTERVAL_S = 10.0
"""Least time between two lines where there is no terminal."""


class Progress(Protocol):
    """Who is told how far the work is."""

    def note(self, text: str) -> None:
        """Say something that stays on the screen."""

    def start(self, label: str, total: int, done: int = 0) -> None:
        """Begin; `done` of `total` images were done by a run before."""

    def advance(self, images: int, crops: int) -> None:
        """Add images that are done, and the crops made of them."""

    def stop(self) -> None:
        """End, also after an error."""


def progress_for(console: Console) -> Progress:
    """Give a live bar when the console is a terminal, else lines."""
    return LiveProgress(console) if console.is_terminal else LineProgress(console)


class LineProgress:
    """A line every few seconds, and one at the end.

    Parameters
    ----------
    console : Console
        Where to write.
    interval_s : float
        Least time between two lines, in s.
    """

    def __init__(self, console: Console, interval_s: float = LINE_INTERVAL_S) -> None:
        self._console = console
        self._interval_s = interval_s
        self._label = ""
        self._total = self._before = self._images = self._crops = 0
        self._begin = self._last = time.monotonic()

    def note(self, text: str) -> None:
        """Write a line, with nothing in it taken for markup."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def start(self, label: str, total: int, done: int = 0) -> None:
        """Take the time, and say what is there already."""
        self._label, self._total, self._before = label, total, done
        self._images = self._crops = 0
        self._begin = self._last = time.monotonic()
        if done:
            self.note(f"{label}: {done} of {total} images are there from a run before")

    def advance(self, images: int, crops: int) -> None:
        """Write a line when the last one is old enough."""
        self._images += images
        self._crops += crops
        now = time.monotonic()
        if now - self._last >= self._interval_s:
            self._last = now
            self._show(now)

    def _show(self, now: float) -> None:
        done = self._before + self._images
        rate = self._rate(now)
        left = format_seconds((self._total - done) / rate)
        self.note(
            f"{self._label}: {done} of {self._total} images, {rate:.0f} images/s, {left} left"
        )

    def stop(self) -> None:
        """Write the closing line, unless nothing was done."""
        if self._images:
            now = time.monotonic()
            self.note(
                f"{self._label}: {self._images} images, {self._crops} crops in "
                f"{format_seconds(now - self._begin)}, {self._rate(now):.1f} images/s"
            )

    def _rate(self, now: float) -> float:
        return max(self._images, 1) / max(now - self._begin, 1e-6)


class LiveProgress(LineProgress):
    """A bar with images, images a second and the time left; the closing line remains."""

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        super().__init__(console, float("inf"))
        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("images {task.fields[rate]}"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task = self._bars.add_task("", total=None, rate="", visible=False)

    def start(self, label: str, total: int, done: int = 0) -> None:
        """Show the bar."""
        super().start(label, total, done)
        self._bars.reset(
            self._task, description=label, total=total, completed=done, rate="", visible=True
        )
        self._bars.start()

    def advance(self, images: int, crops: int) -> None:
        """Move the bar."""
        super().advance(images, crops)
        rate = f"{self._rate(time.monotonic()):.0f} images/s"
        self._bars.update(self._task, advance=images, rate=rate)

    def stop(self) -> None:
        """Replace the bar by the closing line."""
        self._bars.stop()
        super().stop()


def format_seconds(seconds: float) -> str:
    """Write a time as people say it.

    Examples
    --------
    >>> format_seconds(3.94), format_seconds(100), format_seconds(7300)
    ('3.9 s', '1 min 40 s', '2 h 1 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
