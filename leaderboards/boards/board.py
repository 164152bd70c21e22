"""What both boards have: columns chosen by name, cells, and rows cut to what is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leaderboards.boards.condition import Condition
from leaderboards.boards.measures import describe
from leaderboards.boards.table import Cell, Column, gap_cell
from leaderboards.entry import Entry, Fact
from leaderboards.gap import Gap
from vot_toolkit.errors import UsageError
from vot_toolkit.measures.description import Measure
from vot_toolkit.wording import guess, listed

RANK, LABEL, WHERE = "rank", "label", "on"

HALF = 1e-9
"""What tells a number from one that ends in a 5 may be rounding."""


@dataclass(frozen=True)
class View:
    """How a board is to be looked at.

    Parameters
    ----------
    conditions : tuple of Condition
        Which entries.
    sort : str or None
        By which measure or fact; None for the board's own.
    columns : tuple of str or None
        Which; None for the board's own.
    top : int or None
        Most rows of a table; None for all.
    published : bool
        Whether published rows stand beside those measured.
    """

    conditions: tuple[Condition, ...] = ()
    sort: str | None = None
    columns: tuple[str, ...] | None = None
    top: int | None = None
    published: bool = True


def find_columns(
    names: Sequence[str],
    special: Mapping[str, Column],
    measures: Mapping[str, Measure],
    entries: Sequence[Entry],
) -> tuple[Column, ...]:
    """Give columns by their names: the board's own, measures, and any fact of the entries.

    Raises
    ------
    UsageError
        If there is nothing of a name.
    """
    facts = {key for entry in entries for key in entry.facts}
    return tuple(_column(name, special, measures, facts) for name in names)


def _column(
    name: str, special: Mapping[str, Column], measures: Mapping[str, Measure], facts: set[str]
) -> Column:
    if name in special:
        return special[name]
    if name in measures:
        return Column(name, measures[name].heading, measures[name])
    if name in facts:
        return Column(name, name, wraps=True)
    names = list(dict.fromkeys([*special, *measures, *sorted(facts)]))
    raise UsageError(
        f"no column {name!r}", hint=guess(name, names) + f"accepted: {listed(names, 60)}"
    )


def check_sort(key: str, measures: Mapping[str, Measure], entries: Sequence[Entry]) -> None:
    """Raise unless rows can be sorted by a key.

    Raises
    ------
    UsageError
        If it is neither a measure nor a fact of an entry.
    """
    name = key.removeprefix("-")
    names = [LABEL, *measures, *sorted({key for entry in entries for key in entry.facts})]
    if entries and name not in names:
        hint = guess(name, names) + f"accepted: {listed(names, 60)}"
        raise UsageError(f"--sort {key}: no such measure or fact", hint=hint)


def look(entry: Entry, key: str) -> Fact | Gap:
    """Give a measure, fact or the label of an entry, or why it is not there."""
    if key == LABEL:
        return entry.label
    if key in entry.facts or describe(key) is None:
        return entry.fact(key)
    return entry.value(key)


def value_cell(value: Fact | Gap, measure: Measure | None, *, published: bool = False) -> Cell:
    """Give the cell of a measure or fact; empty where a fact is not known.

    A published number that ends in a 5 behind the decimals shown is shown as it is: it was rounded
    once already, and to which side it would go is not known.
    """
    if isinstance(value, Gap):
        return gap_cell(value)
    if measure is not None and isinstance(value, (int, float)):
        text = measure.shown(value)
        halved = published and abs(abs(value - float(text)) - 0.5 * 10**-measure.digits) < HALF
        return Cell(f"{value:.{measure.digits + 1}f}" if halved else text, value)
    return Cell("" if value is None else str(value), value)


def cut(entries: list[Entry], top: int | None) -> tuple[list[Entry], list[str]]:
    """Give the first entries, and a remark on how many there are more."""
    if top is None or len(entries) <= top:
        return entries, []
    return entries[:top], [f"… and {len(entries) - top} more: --top {len(entries)} shows all"]
