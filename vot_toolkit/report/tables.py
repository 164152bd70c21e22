"""Tables on the terminal: ranking, attributes, sequences, and everything that was wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from vot_toolkit.report.attributes import attribute_grids
from vot_toolkit.report.grid import Cell, Column, Grid
from vot_toolkit.report.problems import show_problems
from vot_toolkit.report.rankings import rankings
from vot_toolkit.report.sequences import sequence_grids

if TYPE_CHECKING:
    from vot_toolkit.analysis import Analysis


def show(
    analysis: Analysis,
    console: Console,
    *,
    per_sequence: bool = False,
    attributes: bool = False,
    ci: bool = False,
) -> None:
    """Print an analysis.

    Parameters
    ----------
    analysis : Analysis
        What is to be shown.
    console : rich.console.Console
        Where to.
    per_sequence : bool
        Also the scores of each sequence.
    attributes : bool
        Also the scores of each attribute.
    ci : bool
        Also the intervals of the scores.
    """
    show_grids(rankings(analysis, ci=ci), console)
    if attributes:
        show_grids(attribute_grids(analysis), console)
    if per_sequence:
        show_grids(sequence_grids(analysis), console)
    show_problems(analysis.problems, console)


def show_grids(grids: Iterable[Grid], console: Console) -> None:
    """Print tables, each below its title, which may be wider than the table, and remarks."""
    for grid in grids:
        if grid.rows:
            console.print(grid.title, style="bold", markup=False, highlight=False)
            console.print(table(grid))
        for note in grid.notes:
            console.print(Text(f"  {note}", style="dim"), soft_wrap=True)


def table(grid: Grid) -> Table:
    """Draw a grid, without its title and remarks."""
    drawn = Table()
    for column in grid.columns:
        _add(drawn, column)
    for row in grid.rows:
        drawn.add_row(*map(_text, row))
    return drawn


def _add(drawn: Table, column: Column) -> None:
    drawn.add_column(
        Text(column.heading),
        justify="left" if column.kind == "text" else "right",
        style="dim" if column.kind == "rank" else None,
        overflow="fold" if column.kind == "text" else "ellipsis",
    )


def _text(cell: Cell) -> Text:
    text = Text(cell.text)
    if cell.interval:
        text.append(f" {cell.interval}", style="dim")
    return text
