"""The command ``list trackers``, as it is printed."""

from __future__ import annotations

import io
from importlib.metadata import EntryPoint

from rich.console import Console

from vot_toolkit.cli.list import list_trackers
from vot_toolkit.tracker import registry


def printed(monkeypatch, **values: str) -> list[str]:
    """Print the list of these trackers at 100 columns."""
    found = tuple(EntryPoint(name, value, registry.GROUP) for name, value in values.items())
    monkeypatch.setattr(registry, "_find_entry_points", lambda: found)
    console = Console(file=io.StringIO(), width=100)
    list_trackers(console)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_every_tracker_has_a_line(monkeypatch):
    opencv = "vot_toolkit.tracker.opencv"
    assert printed(monkeypatch, kcf=f"{opencv}:kcf", broken="no_such_module_at_all:build") == [
        "broken  cannot be loaded: ModuleNotFoundError: No module named 'no_such_module_at_all'",
        "kcf     Track by OpenCV's KCF, a kernelised correlation filter; keeps the target's size.",
        "a class in a file is a tracker too: path/to/file.py:Class",
    ]


def test_nothing_registered(monkeypatch):
    assert printed(monkeypatch) == [
        "no tracker is registered in the entry-point group vot_toolkit.trackers",
        "a class in a file is a tracker too: path/to/file.py:Class",
    ]
