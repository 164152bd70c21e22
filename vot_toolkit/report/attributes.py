"""Tables of attributes: one a measure, and the reason where there is no value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from vot_toolkit.report.grid import UNDEFINED, Cell, Column, Grid, number_cell
from vot_toolkit.report.selection import SUPERVISED, supervised, unsupervised

if TYPE_CHECKING:
    from vot_toolkit.analysis import Analysis

Row = tuple[str, list[float | None]]

DEFINED = {
    "accuracy-failures-eao": ("accuracy", "failures", "eao", "overlap"),
    "eao": ("eao",),
    "none": (),
}
"""Which measures of an attribute a rule set defines, by its switch."""

MEASURES = {
    "eao": Column("EAO", "higher"),
    "accuracy": Column("A", "higher"),
    "failures": Column("failures", "lower", digits=1),
    "overlap": Column("AO", "higher"),
}

NOT_DEFINED = "these rules do not define it"
NO_FRAME = "no scored frame has the attribute"


def attribute_grids(analysis: Analysis) -> Iterator[Grid]:
    """Give one table a measure, attributes in columns; only a remark where there is none."""
    tags = (*analysis.dataset.tags, "empty")
    if len(tags) == 1:
        yield Grid("", (), (), (f"{UNDEFINED} attributes: the data set has none",))
        return
    for experiment in SUPERVISED:
        found = supervised(analysis, experiment)
        for key in ("eao", "accuracy", "failures"):
            yield from _grids(found, tags, experiment, key)
    yield from _grids(unsupervised(analysis), tags, "unsupervised", "overlap")


def _grids(
    found: Sequence[tuple[str, Any]], tags: Sequence[str], experiment: str, key: str
) -> Iterator[Grid]:
    if not found:
        return
    title = f"{experiment} · {MEASURES[key].heading} by attribute"
    rows = [(tracker, [scores.by_attribute[tag][key] for tag in tags]) for tracker, scores in found]
    reasons = dict.fromkeys(_reasons(found, rows, key))
    notes = tuple(f"{UNDEFINED} {title}: {reason}" for reason in reasons)
    defined = any(value is not None for _, values in rows for value in values)
    yield _grid(title, key, tags, rows if defined else (), notes)


def _reasons(found: Sequence[tuple[str, Any]], rows: Sequence[Row], key: str) -> Iterator[str]:
    for (_, scores), (_, values) in zip(found, rows, strict=True):
        if None not in values:
            continue
        if key not in DEFINED[scores.rules.attributes]:
            yield NOT_DEFINED
        else:
            yield scores.undefined.get(key, NO_FRAME)


def _grid(
    title: str, key: str, tags: Sequence[str], rows: Sequence[Row], notes: tuple[str, ...]
) -> Grid:
    measure = MEASURES[key]
    names = [tag.replace("_", " ") for tag in tags]
    columns = (
        Column("tracker", kind="text"),
        *(Column(name, measure.better, measure.digits) for name in names),
    )
    cells = tuple(
        (Cell(tracker), *(number_cell(value, measure.digits) for value in values))
        for tracker, values in rows
    )
    return Grid(title, columns, cells, notes)
