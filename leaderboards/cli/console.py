"""The terminal as the commands see it."""

from __future__ import annotations

from collections.abc import Sequence

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
