"""The terminal as the commands see it: notes that stay, and a bar while something runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

PLAIN_WIDTH = 120
"""Columns where nothing tells the width: a file or a pipe."""

Advance = Callable[[], None]


def terminal() -> Console:
    """Give the console for standard output; colour only on a terminal."""
    console = Console()
    if not console.is_terminal:
        return Console(width=PLAIN_WIDTH)
    return console


def note(console: Console, text: str) -> None:
    """Print a line, with nothing in it taken for markup."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def bar(console: Console, label: str, total: int | None, unit: str = "frames") -> Iterator[Advance]:
    """Show how far something is and the time left, on a terminal only.

    Parameters
    ----------
    console : Console
        Where to show it.
    label : str
        What runs.
    total : int or None
        How much there is to do; None when nobody knows.
    unit : str
        Of what.

    Yields
    ------
    callable
        To be called after each.
    """
    if not console.is_terminal:
        yield lambda: None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        _Speed(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda: progress.advance(task)


class _Speed(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:.1f}/s")
