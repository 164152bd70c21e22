"""The command ``check``, as it is printed."""

from __future__ import annotations

import io
from importlib.metadata import EntryPoint

import pytest
from rich.console import Console

from vot_toolkit.cli.check import check
from vot_toolkit.errors import UsageError
from vot_toolkit.tracker import registry


@pytest.fixture
def console(monkeypatch):
    """Give a console of 100 columns; two trackers are registered."""
    found = (
        EntryPoint("identity", "vot_toolkit.tracker.identity:build", registry.GROUP),
        EntryPoint("ncc", "vot_toolkit.tracker.ncc:build", registry.GROUP),
    )
    monkeypatch.setattr(registry, "_find_entry_points", lambda: found)
    return Console(file=io.StringIO(), width=100)


def lines(console: Console) -> list[str]:
    """Give what was printed, without blanks at the ends."""
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_tracker_in_order(console):
    assert check("ncc", ["search=1.5"], console) == 0
    *found, speed, verdict = lines(console)
    assert found == [
        "✓  it is built",
        "✓  its name is 'ncc'",
        "✓  it says deterministic = True",
        "✓  a rectangle: 15 regions of 4 numbers, with scores",
        "✓  four corners, started again on another frame: 11 regions of 4 numbers, with scores",
        "✓  it leaves the images as they are",
        "✓  two runs from one start agree",
        "✓  it is on the target in 15 of 15 frames, mean overlap 1.00",
    ]
    assert speed.startswith("✓  ")
    assert verdict == "ncc keeps the contract"


def test_warning_keeps_the_contract(console):
    assert check("identity", [], console) == 0
    warning = "!  it is on the target in 7 of 15 frames, mean overlap 0.12"
    assert warning in lines(console)


def test_tracker_that_is_not_there(console):
    assert check("ncd", [], console) == 1
    assert lines(console) == [
        "✗  it cannot be built: no tracker 'ncd'",
        "   → did you mean 'ncc'? there are identity, ncc; or give file.py:Class",
        "ncd breaks the contract",
    ]


def test_square_brackets_are_no_markup(console, tmp_path):
    path = tmp_path / "odd.py"
    path.write_text("raise ValueError('[bold]x[/bold]')\n", encoding="utf-8")
    assert check(f"{path}:A", [], console) == 1
    assert "[bold]x[/bold]" in "".join(lines(console))


def test_option_without_a_value(console):
    with pytest.raises(UsageError, match="option 'search'"):
        check("ncc", ["search"], console)
