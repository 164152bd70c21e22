"""The table of failures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vot_toolkit.failure import count_by_attribute
from vot_toolkit.report.grid import Cell, Column, Grid, number_cell
from vot_toolkit.wording import counted

if TYPE_CHECKING:
    from vot_toolkit.failure import Failure

COLUMNS = (
    Column("sequence", kind="text"),
    Column("rep.", digits=0),
    Column("frame", digits=0),
    Column("tracked", digits=0),
    Column("overlap before"),
    Column("attributes", kind="text"),
)

MEANING = (
    "frame: from 1, as the line of the result file; tracked: frames since the initialisation; "
    "overlap before: in the frame before, – where that is a code"
)


def failure_grid(title: str, failures: Sequence[Failure]) -> Grid:
    """Give one row a failure, and how many carry each attribute."""
    rows = tuple(
        (
            Cell(each.sequence),
            number_cell(each.repetition, 0),
            number_cell(each.frame, 0),
            number_cell(each.tracked, 0),
            number_cell(each.overlap_before),
            Cell(", ".join(name.replace("_", " ") for name in each.attributes)),
        )
        for each in failures
    )
    total = counted(len(failures), "failure")
    counts = ", ".join(
        f"{name.replace('_', ' ')} {count}" for name, count in count_by_attribute(failures).items()
    )
    notes = (f"{total}; frames with {counts}", MEANING) if failures else (f"{title}: {total}",)
    return Grid(title, COLUMNS, rows, notes)
