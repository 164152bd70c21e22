"""Progress of a run: a live bar in a terminal, a few lines elsewhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from vot_toolkit.wording import counted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import ProgressColumn, Task
    from rich.text import Text

LINE_INTERVAL_S = 5.0
"""Least time between two lines where there is no terminal."""


class Progress(Protocol):
    """Who is told how far a run is."""

    def note(self, text: str) -> None:
        """Say something that stays on the screen."""

    def start(self, label: str, total: int) -> None:
        """Begin with a tracker; `total` frames are to be done."""

    def update(self, frames: int, total: int, failures: int) -> None:
        """Give the frames done, those in all (which may shrink), and the target's losses so far."""

    def finish_sequence(self, experiment: str, sequence: str) -> None:
        """Note that all repetitions of a sequence are done."""

    def stop(self) -> None:
        """End with the tracker, also after an error."""


class Silence:
    """Tell nobody."""

    def note(self, text: str) -> None:
        """Drop it."""

    def start(self, label: str, total: int) -> None:
        """Drop it."""

    def update(self, frames: int, total: int, failures: int) -> None:
        """Drop it."""

    def finish_sequence(self, experiment: str, sequence: str) -> None:
        """Drop it."""

    def stop(self) -> None:
        """Drop it."""


def progress_for(console: Console) -> Progress:
    """Give a live bar when the console is a terminal, else lines."""
    return LiveProgress(console) if console.is_terminal else LineProgress(console)


class LineProgress:
    """A line when a sequence is over, at most every few seconds, and one at the end.

    Parameters
    ----------
    console : Console
        Where to write.
    interval_s : float
        Least time between two lines.
    """

    def __init__(self, console: Console, interval_s: float = LINE_INTERVAL_S) -> None:
        self._console = console
        self._interval_s = interval_s
        self._label = ""
        self._frames = self._total = self._failures = 0
        self._begin = self._last = time.monotonic()

    def note(self, text: str) -> None:
        """Write a line, with nothing in it taken for markup."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def start(self, label: str, total: int) -> None:
        """Take the time."""
        self._label, self._total = label, total
        self._frames = self._failures = 0
        self._begin = self._last = time.monotonic()

    def update(self, frames: int, total: int, failures: int) -> None:
        """Remember the numbers for the next line."""
        self._frames, self._total, self._failures = frames, total, failures

    def finish_sequence(self, experiment: str, sequence: str) -> None:
        """Write a line when the last one is old enough."""
        now = time.monotonic()
        if now - self._last >= self._interval_s:
            self._last = now
            self.note(
                f"{self._label}: {experiment}/{sequence} done, {self._frames} of {self._total} "
                f"frames, {self._rate():.0f} frames/s, {counted(self._failures, 'failure')}"
            )

    def stop(self) -> None:
        """Write the closing line, unless nothing was done."""
        if not self._frames:
            return
        seconds = time.monotonic() - self._begin
        self.note(
            f"{self._label}: {counted(self._frames, 'frame')} in {seconds:.1f} s, "
            f"{self._rate():.0f} frames/s, {counted(self._failures, 'failure')}"
        )

    def _rate(self) -> float:
        return self._frames / max(time.monotonic() - self._begin, 1e-6)


class LiveProgress(LineProgress):
    """A bar with frames, frames a second, failures and the time left; a closing line remains."""

    def __init__(self, console: Console) -> None:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as Bars

        super().__init__(console)
        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("frames"),
            _speed_column(),
            TextColumn("{task.fields[failures]}"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task = self._bars.add_task("", total=None, failures="", visible=False)

    def start(self, label: str, total: int) -> None:
        """Show the bar."""
        super().start(label, total)
        self._bars.reset(
            self._task, total=total, description=label, failures=counted(0, "failure"), visible=True
        )
        self._bars.start()

    def update(self, frames: int, total: int, failures: int) -> None:
        """Move the bar."""
        super().update(frames, total, failures)
        self._bars.update(
            self._task, completed=frames, total=total, failures=counted(failures, "failure")
        )

    def finish_sequence(self, experiment: str, sequence: str) -> None:
        """Leave it to the bar."""

    def stop(self) -> None:
        """Replace the bar by the closing line."""
        self._bars.stop()
        super().stop()


def _speed_column() -> ProgressColumn:
    from rich.progress import ProgressColumn
    from rich.text import Text

    class Speed(ProgressColumn):
        """Frames a second over the last half minute."""

        def render(self, task: Task) -> Text:
            return Text("" if task.speed is None else f"{task.speed:.0f} frames/s")

    return Speed()
