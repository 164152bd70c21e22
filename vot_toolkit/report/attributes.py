"""Tables of attributes: one a measure, and the reason where there is no value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from vot_toolkit.report.cells import SUPERVISED, UNDEFINED, number, supervised, unsupervised

if TYPE_CHECKING:
    from vot_toolkit.analysis import Analysis
    from vot_toolkit.scores import ExperimentScores

Row = tuple[str, list[float | None]]

DEFINED = {
    "accuracy-failures-eao": ("accuracy", "failures", "eao", "overlap"),
    "eao": ("eao",),
    "none": (),
}
"""Which measures of an attribute a rule set defines, by its switch."""

NOT_DEFINED = "these rules do not define it"
NO_FRAME = "no scored frame has the attribute"


def attribute_tables(analysis: Analysis) -> Iterator[Table | str]:
    """Give one table a measure, attributes in columns; a line where there is none or a gap."""
    tags = (*analysis.dataset.tags, "empty")
    if len(tags) == 1:
        yield f"{UNDEFINED} attributes: the data set has none"
        return
    for experiment in SUPERVISED:
        found: Sequence[tuple[str, ExperimentScores]] = supervised(analysis, experiment)
        yield from _tables(found, tags, experiment, "eao", "EAO ↑", 3)
        yield from _tables(found, tags, experiment, "accuracy", "A ↑", 3)
        yield from _tables(found, tags, experiment, "failures", "failures ↓", 1)
    yield from _tables(unsupervised(analysis), tags, "unsupervised", "overlap", "AO ↑", 3)


def _tables(
    found: Sequence[tuple[str, Any]],
    tags: Sequence[str],
    experiment: str,
    key: str,
    heading: str,
    digits: int,
) -> Iterator[Table | str]:
    if not found:
        return
    title = f"{experiment} · {heading} by attribute"
    rows = [(tracker, [scores.by_attribute[tag][key] for tag in tags]) for tracker, scores in found]
    if any(value is not None for _, values in rows for value in values):
        yield _table(title, tags, rows, digits)
    for reason in dict.fromkeys(_reasons(found, rows, key)):
        yield f"{UNDEFINED} {title}: {reason}"


def _reasons(found: Sequence[tuple[str, Any]], rows: Sequence[Row], key: str) -> Iterator[str]:
    for (_, scores), (_, values) in zip(found, rows, strict=True):
        if None not in values:
            continue
        if key not in DEFINED[scores.rules.attributes]:
            yield NOT_DEFINED
        else:
            yield scores.undefined.get(key, NO_FRAME)


def _table(title: str, tags: Sequence[str], rows: Sequence[Row], digits: int) -> Table:
    table = Table(title=title)
    table.add_column("tracker", overflow="fold")
    for tag in tags:
        table.add_column(Text(tag.replace("_", " ")), justify="right")
    for tracker, values in rows:
        table.add_row(Text(tracker), *(number(value, digits) for value in values))
    return table
