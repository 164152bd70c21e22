"""Progress on the screen: a live bar in a terminal, lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from trainers.hooks.protocol import Hook, Line, Run
from trainers.prepare.progress import format_seconds

if TYPE_CHECKING:
    from rich.console import Console

LINE_INTERVAL_S = 10.0
"""Least time between two lines where there is no terminal."""


def progress_for(console: Console) -> LineProgress:
    """Give a live bar when the console is a terminal, else lines."""
    return LiveProgress(console) if console.is_terminal else LineProgress(console)


class LineProgress(Hook):
    """A line for logged steps, at most every few seconds, and one for every epoch.

    Parameters
    ----------
    console : Console
        Where to write.
    interval_s : float
        Least time between two lines, in s.
    clock : callable
        Gives seconds.
    """

    main_only = True

    def __init__(
        self,
        console: Console,
        interval_s: float = LINE_INTERVAL_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console
        self._interval_s = interval_s
        self._clock = clock
        self._last = -float("inf")
        self._begin = clock()
        self._before = 0
        self._latest: Line | None = None

    def note(self, text: str) -> None:
        """Write a line, with nothing in it taken for markup."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def begin(self, run: Run) -> None:
        """Take the time."""
        self._begin, self._before = self._clock(), run.total_steps

    def log(self, run: Run, line: Line) -> None:
        """Write it when the last one is old enough."""
        self._latest = line
        now = self._clock()
        if now - self._last >= self._interval_s:
            self._last = now
            self.note(f"{place(run, line)}: {describe(line)}, {self._left(run)} left")

    def end_epoch(self, run: Run) -> None:
        """Write a line."""
        loss = "" if self._latest is None else f", {describe(self._latest)}"
        self.note(f"epoch {run.progress.epoch}/{run.epochs} done{loss}")

    def _left(self, run: Run) -> str:
        done = run.total_steps - self._before
        seconds = (self._clock() - self._begin) * (run.total - run.total_steps) / max(done, 1)
        return format_seconds(seconds)


class LiveProgress(LineProgress):
    """A bar for the epoch, with the last logged numbers below it."""

    def __init__(self, console: Console) -> None:
        from rich.live import Live
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bars

        super().__init__(console, float("inf"))
        self._last = 0.0
        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}", markup=False),
            console=console,
        )
        self._task = self._bars.add_task("", total=None, left="")
        self._live = Live(console=console, refresh_per_second=4, transient=True)

    def begin(self, run: Run) -> None:
        """Show the bar."""
        super().begin(run)
        self._show()
        self._live.start()

    def begin_epoch(self, run: Run) -> None:
        """Begin the bar anew."""
        self._bars.reset(
            self._task,
            description=f"epoch {run.progress.epoch + 1}/{run.epochs}",
            total=run.steps,
            completed=run.progress.step,
            left="",
        )

    def step(self, run: Run) -> None:
        """Move the bar; the last step of an epoch fills it."""
        self._bars.update(
            self._task, completed=run.progress.step or run.steps, left=f"{self._left(run)} left"
        )

    def log(self, run: Run, line: Line) -> None:
        """Show the numbers."""
        super().log(run, line)
        self._show()

    def _show(self) -> None:
        from rich.console import Group
        from rich.text import Text

        numbers = "" if self._latest is None else describe(self._latest)
        self._live.update(Group(self._bars, Text(numbers)))

    def close(self) -> None:
        """Take the bar away; the lines of epochs remain."""
        self._live.stop()


def place(run: Run, line: Line) -> str:
    """Say which step a line is of."""
    return f"epoch {line.epoch + 1}/{run.epochs} step {line.step}/{run.steps}"


def describe(line: Line) -> str:
    """Say the numbers of a line."""
    terms = ", ".join(f"{_short(name)} {value:.4f}" for name, value in line.terms.items())
    parts = [f"loss {line.loss:.4f}" + (f" ({terms})" if terms else "")]
    if "mask_iou_mean" in line.metrics:
        parts.append(f"mask IoU {line.metrics['mask_iou_mean']:.3f}")
    parts.append(f"lr {max(line.lr.values(), default=0.0):.4g}")
    parts.append(f"{line.images_per_s:.4g} images/s")
    parts.append(f"{line.data_share:.0%} waiting for data")
    if line.skipped:
        parts.append(f"{line.skipped} skipped")
    return ", ".join(parts)


def _short(name: str) -> str:
    """Leave of a loss's name what tells it from the others.

    Examples
    --------
    >>> _short("rpn_mask_loss")
    'mask'
    """
    return name.removeprefix("rpn_").removesuffix("_loss")
