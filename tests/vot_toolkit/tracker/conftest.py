"""Trackers as they are registered, whether or not this package is installed."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from vot_toolkit.tracker import registry

BUILT_IN = {
    "identity": "vot_toolkit.tracker.identity:build",
    "ncc": "vot_toolkit.tracker.ncc:build",
    **{
        name: f"vot_toolkit.tracker.opencv:{name}"
        for name in ("csrt", "kcf", "mil", "mosse", "medianflow")
    },
}


def entry_points(**values: str) -> tuple[EntryPoint, ...]:
    """Make entry points of the trackers' group."""
    return tuple(EntryPoint(name, value, registry.GROUP) for name, value in values.items())


@pytest.fixture
def registered(monkeypatch):
    """Register trackers for one test, by keyword; without any, those of this package."""

    def register(**values: str) -> None:
        found = entry_points(**(values or BUILT_IN))
        monkeypatch.setattr(registry, "_find_entry_points", lambda: found)

    return register


@pytest.fixture
def write_tracker(tmp_path):
    """Write a file with a tracker, and give its path."""

    def write(text: str, name: str = "mine.py"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
