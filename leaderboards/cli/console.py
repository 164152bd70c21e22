"""The terminal as the commands see it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from rich.console import Console

from vot_toolkit.problem import Problem

PLAIN_WIDTH = 80
"""Columns where nothing tells the width: a file or a pipe."""


def terminal() -> Console:
    """Give the console for standard output; colour only on a terminal."""
    console = Console()
    return console if console.is_terminal else Console(width=PLAIN_WIDTH)


def warn(problems: Sequence[Problem]) -> int:
    """Print problems on standard error, so that a board in a pipe stays whole.

    Returns
    -------
    int
        Exit status: 1 when there are some, else 0.
    """
    from vot_toolkit.report.problems import show_problems

    show_problems(problems, Console(stderr=True))
    return 1 if problems else 0


def progress_of(what: str, least: int) -> Callable[[int, int], None] | None:
    """Give what counts on standard error how far something is; None where nobody looks.

    Parameters
    ----------
    what : str
        What is being done.
    least : int
        Steps below which it is not worth a word.
    """
    if not sys.stderr.isatty():
        return None

    def count(done: int, total: int) -> None:
        if total >= least:
            ending = "\n" if done == total else ""
            print(f"\r{what}: {done} of {total}", end=ending, file=sys.stderr, flush=True)

    return count
