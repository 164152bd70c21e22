"""Grids as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vot_toolkit.report.grid import Grid


def markdown(grids: Iterable[Grid]) -> str:
    r"""Write tables as GitHub reads them, the best values bold.

    Parameters
    ----------
    grids : iterable of Grid
        One below the other, each with its title and remarks.

    Returns
    -------
    str
        Text that ends with a line break.

    Examples
    --------
    >>> from vot_toolkit.report.grid import Column, number_cell, text_cells
    >>> columns = Column("tracker", kind="text"), Column("EAO", "higher")
    >>> rows = tuple((*text_cells([name]), number_cell(value)) for name, value in [("a|b", 0.5)])
    >>> print(markdown([Grid("ranking", columns, rows)]), end="")
    **ranking**
    <BLANKLINE>
    | tracker | EAO ↑ |
    | :-- | --: |
    | a\|b | 0.500 |
    """
    return "\n\n".join("\n\n".join(_parts(grid)) for grid in grids) + "\n"


def _parts(grid: Grid) -> Iterator[str]:
    if grid.rows:
        yield f"**{_escaped(grid.title)}**"
        yield "\n".join(_lines(grid))
    if grid.notes:
        yield "\n".join(f"- {_escaped(note)}" for note in grid.notes)


def _lines(grid: Grid) -> Iterator[str]:
    yield _line(_escaped(column.heading) for column in grid.columns)
    yield _line(":--" if column.kind == "text" else "--:" for column in grid.columns)
    best = [grid.best(index) for index in range(len(grid.columns))]
    for row in grid.rows:
        marked = (
            f"**{_escaped(cell.text)}** {cell.interval}".rstrip()
            if value is not None and cell.value == value
            else _escaped(str(cell))
            for cell, value in zip(row, best, strict=True)
        )
        yield _line(marked)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Keep signs of Markdown as they are; a bar would end the cell."""
    text = " ".join(text.split())
    for sign in "\\|*_<>[]`":
        text = text.replace(sign, f"\\{sign}")
    return text
