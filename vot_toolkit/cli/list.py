"""The command ``list``: what is there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from vot_toolkit.tracker.registry import GROUP, tracker_names
from vot_toolkit.tracker.trax.description import tracker_sections


def list_trackers(console: Console, registry: Path | None = None) -> None:
    """Print the registered trackers with one line on each.

    Parameters
    ----------
    console : Console
        Where to print.
    registry : Path, optional
        A ``trackers.ini``; its sections are printed too.
    """
    names = tracker_names() + ([] if registry is None else tracker_sections(registry))
    if not names:
        console.print(Text(f"no tracker is registered in the entry-point group {GROUP}"))
    _print_pairs(names, console)
    console.print(Text("a class in a file is a tracker too: path/to/file.py:Class", style="dim"))


def list_datasets(console: Console) -> None:
    """Print the data sets known by name."""
    from vot_toolkit.dataset.source import dataset_names

    _print_pairs(dataset_names().items(), console)
    console.print(Text("a VOT folder or a VOT2018.json is a data set too", style="dim"))


def list_rules(console: Console) -> None:
    """Print the rule sets with one line on each."""
    from vot_toolkit.rules import load_rules, rule_names

    _print_pairs(((name, load_rules(name).title) for name in rule_names()), console)


def _print_pairs(pairs: Iterable[tuple[str, str]], console: Console) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, description in pairs:
        table.add_row(Text(name, style="bold"), Text(description))
    console.print(table)
