"""Tables of sequences: what each tracker reached in each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vot_toolkit.report.grid import UNDEFINED, Cell, Column, Grid, number, number_cell
from vot_toolkit.report.selection import SUPERVISED, supervised, unsupervised

if TYPE_CHECKING:
    from vot_toolkit.analysis import Analysis


def sequence_grids(analysis: Analysis) -> Iterator[Grid]:
    """Give one table an experiment: accuracy and failures, or overlap, of each sequence."""
    for experiment in SUPERVISED:
        found = supervised(analysis, experiment)
        if found:
            yield _grid(analysis, f"{experiment} · A ↑ and failures ↓", found)
    overlaps = unsupervised(analysis)
    if overlaps:
        yield _grid(analysis, "unsupervised · AO ↑", overlaps)


def _grid(analysis: Analysis, title: str, found: Sequence[tuple[str, Any]]) -> Grid:
    columns = (Column("sequence", kind="text"), *(Column(tracker) for tracker, _ in found))
    names = [sequence.name for sequence in analysis.dataset]
    rows = tuple(
        (Cell(name), *(_cell(scores.by_sequence.get(name, {})) for _, scores in found))
        for name in names
    )
    return Grid(title, columns, rows)


def _cell(values: Mapping[str, Any]) -> Cell:
    if not values:
        return Cell(UNDEFINED)
    if "overlap" in values:
        return number_cell(values["overlap"])
    accuracy = values.get("accuracy")
    return Cell(f"{number(accuracy)} {number(values.get('failures'), 1):>5}", accuracy)
