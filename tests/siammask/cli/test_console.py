"""The bar: on a terminal, and nowhere else."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from siammask.cli.console import bar, note


@pytest.mark.parametrize("total", [3, None])
def test_a_bar_on_a_terminal(total: int | None) -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100, record=True)
    with bar(console, "clip [1]", total) as advance:
        for _ in range(3):
            advance()
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "clip [1]" in shown
    assert f"3/{total or '?'}" in shown
    assert "frames" in shown


def test_no_bar_elsewhere() -> None:
    console = Console(file=io.StringIO(), width=100)
    with bar(console, "clip", 3) as advance:
        advance()
    note(console, "[bold] stays as it is, however long it may be " + "x" * 100)
    assert console.file.getvalue().startswith("[bold] stays")  # type: ignore[attr-defined]
    assert console.file.getvalue().count("\n") == 1  # type: ignore[attr-defined]
