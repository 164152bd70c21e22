"""The terminal as the commands see it."""

from __future__ import annotations

from rich.console import Console

PLAIN_WIDTH = 120
"""Columns where nothing tells the width: a file or a pipe."""


def terminal() -> Console:
    """Give the console for standard output; colour only on a terminal."""
    console = Console()
    if not console.is_terminal:
        return Console(width=PLAIN_WIDTH)
    return console
