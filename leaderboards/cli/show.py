"""The command ``show``: a board in one of its formats."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from leaderboards.boards.board import View
from leaderboards.boards.condition import parse_condition
from leaderboards.boards.table import Table
from leaderboards.cli.console import progress_of, terminal, warn
from leaderboards.store import Store
from vot_toolkit.errors import UsageError

TERMINAL_TOP = 40
"""Rows of a table on a terminal when nothing else is asked for: two screens."""


def show_command(
    board: str,
    *,
    where: Sequence[str] = (),
    sort: str | None = None,
    columns: str | None = None,
    format: str = "rich",
    top: int | None = None,
    published: bool = True,
    store: Path | None = None,
) -> int:
    """Show a board.

    Returns
    -------
    int
        Exit status: 0, or 1 when files of the store are no records.
    """
    place = Store(store)
    entries, problems = place.entries(progress_of("reading new records", least=100))
    view = View(
        conditions=tuple(parse_condition(text) for text in where),
        sort=sort,
        columns=column_names(columns),
        top=top or (TERMINAL_TOP if format == "rich" else None),
        published=published,
    )
    if board == "hardware":
        from leaderboards.boards.hardware import hardware_board

        tables = hardware_board(entries, view)
    else:
        from leaderboards.boards.trackers import tracker_board
        from leaderboards.intervals import Intervals

        shown = progress_of("computing intervals", least=5)
        tables = tracker_board(entries, view, Intervals(place, shown).of)
    _write(tables, format, place)
    return warn(problems)


def column_names(text: str | None) -> tuple[str, ...] | None:
    """Take ``--columns`` apart.

    Raises
    ------
    UsageError
        If it names nothing.
    """
    if text is None:
        return None
    names = tuple(filter(None, (name.strip() for name in text.split(","))))
    if not names:
        raise UsageError(f"--columns {text!r}: no name", hint="accepted: eao,accuracy,fps and such")
    return names


def _write(tables: Sequence[Table], format: str, store: Store) -> None:
    if format == "rich":
        from leaderboards.render.terminal import print_tables

        console = terminal()
        print_tables(tables, console)
        if not tables:
            console.print(f"nothing to show: no such row, and none in {store.folder}", markup=False)
        return
    sys.stdout.write(_text(tables, format))


def _text(tables: Sequence[Table], format: str) -> str:
    if format == "markdown":
        from leaderboards.render.markdown import markdown

        return markdown(tables)
    if format == "latex":
        from leaderboards.render.latex import latex

        return latex(tables)
    from leaderboards.render.data import as_csv, as_json

    return as_csv(tables) if format == "csv" else as_json(tables)
