"""Tables as data: columns, rows of cells, and remarks, for any format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from leaderboards.gap import Gap
from vot_toolkit.measures.description import Measure


@dataclass(frozen=True)
class Column:
    """One column.

    Parameters
    ----------
    key : str
        What ``--columns`` and ``--sort`` call it.
    heading : str
        What stands above it.
    measure : Measure or None
        Its description when it is a number by which rows are compared.
    wraps : bool
        Whether its texts may go on in a second line.
    """

    key: str
    heading: str
    measure: Measure | None = None
    wraps: bool = False

    @property
    def numeric(self) -> bool:
        """Whether it is set flush right."""
        return not self.wraps


@dataclass(frozen=True)
class Cell:
    """One cell.

    Parameters
    ----------
    text : str
        As people read it.
    value : text, number or None
        As programs read it.
    gap : Gap or None
        Why there is no value.
    """

    text: str
    value: str | float | int | None = None
    gap: Gap | None = None


@dataclass(frozen=True)
class Row:
    """One row.

    Parameters
    ----------
    cells : mapping from key of the column to Cell
        One for every column.
    more : mapping from name to value
        For programs only: bounds of intervals, the file.
    published : bool
        Whether it was not measured here.
    """

    cells: Mapping[str, Cell]
    more: Mapping[str, Any] = field(default_factory=dict)
    published: bool = False


@dataclass(frozen=True)
class Table:
    """One table.

    Parameters
    ----------
    title : str
        What it is of.
    columns : tuple of Column
        From left to right.
    rows : tuple of Row
        From top to bottom.
    remarks : tuple of str
        What the marks and letters in it mean.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    remarks: tuple[str, ...] = ()


def gap_cell(gap: Gap) -> Cell:
    """Give the cell of a value that is not there."""
    return Cell(gap.mark, None, gap)


def gap_remarks(rows: Iterable[Row]) -> list[str]:
    """Say once what each mark in some rows means, with the reasons there are."""
    reasons: dict[str, dict[str, None]] = {}
    for row in rows:
        for cell in row.cells.values():
            if cell.gap is not None:
                known = reasons.setdefault(f"{cell.gap.mark} {cell.gap.kind}", {})
                known.setdefault(cell.gap.reason)
    return [_with_reasons(kind, list(filter(None, known))) for kind, known in reasons.items()]


def _with_reasons(kind: str, reasons: list[str]) -> str:
    from vot_toolkit.wording import listed

    return f"{kind}: {listed(reasons, 2)}" if reasons else kind
