"""Tables on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from leaderboards.boards.table import Cell, Row, Table

WIDEST = 1000
"""Columns that no table needs."""

STYLES = {"failed": "red", "not run": "dim", "not comparable": "yellow"}
"""Colours of marks, which say the same without."""


def print_tables(tables: Sequence[Table], console: Console) -> None:
    """Print tables, each with its remarks below; fits 80 columns."""
    for table in tables:
        console.print(Text(table.title, style="bold"), soft_wrap=True)
        wide = _table(table, gap=2)
        wanted = console.measure(wide, options=console.options.update(max_width=WIDEST)).maximum
        fits = wanted <= console.width
        console.print(wide if fits else _table(table, gap=1))
        print_remarks(table.remarks, console)


def print_remarks(remarks: Iterable[str], console: Console) -> None:
    """Print remarks, long ones with a hanging indent."""
    from rich.padding import Padding

    for remark in remarks:
        console.print(Padding(Text(remark, style="dim"), (0, 0, 0, 2)))


def _table(table: Table, gap: int) -> RichTable:
    """Make a table with so many blanks between its columns, one of which the box draws."""
    padding = (0, gap - 1, 0, 0)
    shown = RichTable(box=SIMPLE_HEAD, padding=padding, pad_edge=False, show_edge=False)
    for column in table.columns:
        shown.add_column(
            Text(column.heading),
            justify="right" if column.numeric else "left",
            no_wrap=column.numeric,
            overflow="fold",
        )
    for row in table.rows:
        cells = (_cell(row.cells[column.key]) for column in table.columns)
        shown.add_row(*cells, style=_style(row))
    return shown


def _style(row: Row) -> str | None:
    return "dim" if row.published else None


def _cell(cell: Cell) -> Text:
    return Text(cell.text, style="" if cell.gap is None else STYLES[cell.gap.kind])
