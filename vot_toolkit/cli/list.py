"""The command ``list``: what is there."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from vot_toolkit.tracker.registry import GROUP, tracker_names


def list_trackers(console: Console) -> None:
    """Print the registered trackers with one line on each.

    Parameters
    ----------
    console : Console
        Where to print.
    """
    names = tracker_names()
    if not names:
        console.print(Text(f"no tracker is registered in the entry-point group {GROUP}"))
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, description in names:
        table.add_row(Text(name, style="bold"), Text(description))
    console.print(table)
    console.print(Text("a class in a file is a tracker too: path/to/file.py:Class", style="dim"))
