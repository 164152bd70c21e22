"""Tables before they are drawn: what the terminal, HTML, LaTeX and Markdown all start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

UNDEFINED = "–"
"""Stands where there is no value."""

ARROWS = {"higher": " ↑", "lower": " ↓", None: ""}


@dataclass(frozen=True)
class Column:
    """What stands in one column.

    Parameters
    ----------
    name : str
        Its heading, without the arrow.
    better : str or None
        ``higher`` or ``lower``; None where values are not compared.
    digits : int
        Decimals of its numbers.
    kind : str
        ``text``; ``number``, set to the right; or ``rank``, set to the right and dim.
    """

    name: str
    better: Literal["higher", "lower"] | None = None
    digits: int = 3
    kind: Literal["text", "number", "rank"] = "number"

    @property
    def heading(self) -> str:
        """Name and the direction of better values."""
        return self.name + ARROWS[self.better]


@dataclass(frozen=True)
class Cell:
    """One cell.

    Parameters
    ----------
    text : str
        What is read.
    value : float, optional
        By which it is sorted and compared.
    interval : str
        Confidence interval behind the text; empty for none.
    """

    text: str
    value: float | None = None
    interval: str = ""

    def __str__(self) -> str:
        """Give the text with its interval."""
        return f"{self.text} {self.interval}" if self.interval else self.text


@dataclass(frozen=True)
class Grid:
    """One table with its remarks.

    Parameters
    ----------
    title : str
        What stands above it.
    columns : tuple of Column
        From left to right.
    rows : tuple of tuples of Cell
        One cell a column; without rows only the remarks are shown.
    notes : tuple of str
        Remarks that stand below it.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def best(self, column: int) -> float | None:
        """Give the best value of a column; None where values are not compared, or there is one.

        Examples
        --------
        >>> rows = ((number_cell(0.25),), (number_cell(0.5),))
        >>> Grid("", (Column("EAO", "higher"),), rows).best(0)
        0.5
        """
        better = self.columns[column].better
        values = [row[column].value for row in self.rows]
        known = [value for value in values if value is not None]
        if better is None or len(known) < 2:
            return None
        return max(known) if better == "higher" else min(known)


def number(value: float | None, digits: int = 3) -> str:
    """Give a value with its decimals, a dash when it is None.

    Examples
    --------
    >>> number(0.25), number(None)
    ('0.250', '–')
    """
    return UNDEFINED if value is None else f"{value:.{digits}f}"


def number_cell(value: float | None, digits: int = 3) -> Cell:
    """Give the cell of a number."""
    return Cell(number(value, digits), value)


def text_cells(texts: Sequence[str]) -> tuple[Cell, ...]:
    """Give cells without values."""
    return tuple(Cell(text) for text in texts)
