"""The board of trackers: one table for each data set, the best by EAO first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from leaderboards.boards.board import (
    LABEL,
    RANK,
    WHERE,
    View,
    check_sort,
    cut,
    find_columns,
    look,
    value_cell,
)
from leaderboards.boards.condition import select
from leaderboards.boards.order import ordered
from leaderboards.boards.origin import Origins
from leaderboards.boards.table import Cell, Column, Row, Table, gap_remarks
from leaderboards.entry import Entry, Fact
from leaderboards.gap import Gap
from leaderboards.published import published_entries
from vot_toolkit.measures.description import MEASURES

COLUMNS = (
    RANK, LABEL, "checkpoint", "accuracy", "robustness", "eao", "realtime_eao", "overlap", "fps",
    WHERE,
)  # fmt: skip
SORT = "eao"
RULED = ("eao", "accuracy", "robustness", "failures", "realtime_eao", "overlap")
"""Measures that another rule set would give otherwise."""

INCOMPLETE = "*"
"""Marks a tracker with damaged or missing results, as `vot_toolkit.report` does."""

SPECIAL = {
    RANK: Column(RANK, "#"),
    LABEL: Column(LABEL, "tracker", wraps=True),
    "checkpoint": Column("checkpoint", "weights", wraps=True),
    "eao": Column("eao", "EAO ↑ 95 %", MEASURES["eao"]),
    WHERE: Column(WHERE, "on"),
}

Interval = tuple[float, float]
FindIntervals = Callable[[Iterable[Entry]], Mapping[str, Interval]]
Key = tuple[object, ...]


def tracker_board(measured: Sequence[Entry], view: View, intervals: FindIntervals) -> list[Table]:
    """Make the tables of trackers.

    Parameters
    ----------
    measured : sequence of Entry
        Those of evaluations are taken.
    view : View
        What to show.
    intervals : callable
        Gives the intervals of EAO of the entries that are shown, by hash.

    Returns
    -------
    list of Table
        Data sets with measurements first.
    """
    entries = [entry for entry in measured if entry.kind == "evaluation"]
    reference = published_entries("evaluation") if view.published else []
    check_sort(view.sort or SORT, MEASURES, [*entries, *reference])
    chosen = select([*entries, *reference], view.conditions)
    return [_table(group, view, intervals) for group in _by_dataset(chosen)]


def _by_dataset(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Put together what was measured on the same annotations; published rows go by the name."""
    groups: dict[Key, list[Entry]] = {}
    for entry in entries:
        if not entry.published:
            groups.setdefault(_dataset(entry), []).append(entry)
    for entry in entries:
        if entry.published:
            fitting = (key for key in groups if _fits(entry, key))
            key = next(fitting, _dataset(entry))
            groups.setdefault(key, []).append(entry)
    # What was only published comes last, the largest table first.
    return sorted(groups.values(), key=lambda group: group[0].published * (1 + 1 / len(group)))


def _dataset(entry: Entry) -> Key:
    names = ("dataset", "sequences", "frames", "partial", "dataset_digest")
    return tuple(entry.fact(name) for name in names)


def _fits(published: Entry, key: Key) -> bool:
    """Tell whether a publication is about a data set: of that name and, if told, as large."""
    pairs = zip(_dataset(published)[:4], key, strict=False)
    return all(own in (None, other) for own, other in pairs)


def _table(group: list[Entry], view: View, intervals: FindIntervals) -> Table:
    rules = _usual_rules(group)
    see = partial(_look, rules=rules)
    names = view.columns or COLUMNS
    columns = find_columns(names, SPECIAL, MEASURES, group)
    shown, remarks = cut(ordered(group, view.sort or SORT, see), view.top)
    found = intervals(shown) if "eao" in names else {}
    origins = Origins()
    rows = tuple(
        _row(entry, rank, columns, rules, found.get(entry.digest), origins)
        for rank, entry in enumerate(shown, start=1)
    )
    remarks = [*remarks, *gap_remarks(rows), *_notes(shown)]
    legend = origins.legend() if WHERE in names else []
    return Table(_title(group, rules), columns, rows, (*remarks, *legend))


def _usual_rules(group: Sequence[Entry]) -> str | None:
    """Give the rule set of most measurements: others' numbers do not belong beside theirs."""
    counts = Counter(str(each.fact("rules")) for each in group if not each.published)
    if not counts:
        return None
    return max(counts, key=lambda rules: (counts[rules], rules == "vot2018"))


def _look(entry: Entry, key: str, rules: str | None) -> Fact | Gap:
    other = not entry.published and rules is not None and entry.fact("rules") != rules
    if other and key in RULED and key in entry.values:
        return Gap(
            "not comparable", f"scored by rules {entry.fact('rules')}, the others by {rules}"
        )
    return look(entry, key)


def _row(
    entry: Entry,
    rank: int,
    columns: Sequence[Column],
    rules: str | None,
    interval: Interval | None,
    origins: Origins,
) -> Row:
    cells = {each.key: _cell(entry, each, rules, rank, interval, origins) for each in columns}
    low, high = interval or (None, None)
    more = {
        "eao_low": low,
        "eao_high": high,
        "file": entry.file or None,
        "source": entry.source or None,
        "link": entry.link or None,
    }
    return Row(cells, {**more, "machine": entry.fact("machine")}, entry.published)


def _cell(
    entry: Entry,
    column: Column,
    rules: str | None,
    rank: int,
    interval: Interval | None,
    origins: Origins,
) -> Cell:
    if column.key == RANK:
        ranked = not isinstance(_look(entry, SORT, rules), Gap)
        return Cell(str(rank), rank) if ranked else Cell("", None)
    if column.key == LABEL:
        return Cell(f"{entry.label} {INCOMPLETE}" if entry.notes else entry.label, entry.label)
    if column.key == WHERE:
        mark = origins.mark(entry)
        return Cell(mark, entry.source or entry.fact("machine"))
    value = _look(entry, column.key, rules)
    cell = value_cell(value, column.measure, published=entry.published)
    with_interval = column.key == "eao" and interval is not None and cell.gap is None
    return (
        Cell(f"{cell.text} {_reach(interval, cell.value)}", cell.value)
        if with_interval
        else _padded(cell, column)
    )


def _reach(interval: Interval | None, value: Fact) -> str:
    """Give half the width of an interval without the leading zero; its ends are cut to 0 and 1."""
    low, high = interval or (0.0, 0.0)
    middle = float(value or 0.0)
    return f"±{max(high - middle, middle - low):.3f}".replace("±0.", "±.")


def _padded(cell: Cell, column: Column) -> Cell:
    """Leave room for an interval, so that EAOs with and without one stand below each other."""
    return Cell(f"{cell.text}      ", cell.value, cell.gap) if column.key == "eao" else cell


def _notes(entries: Iterable[Entry]) -> list[str]:
    """Give what is to be said of the trackers with a mark."""
    return [f"{INCOMPLETE} {entry.label}: {note}" for entry in entries for note in entry.notes]


def _title(group: Sequence[Entry], rules: str | None) -> str:
    first = group[0]
    name, digest = first.fact("dataset"), first.fact("dataset_digest")
    part = f" (part: {first.fact('sequences')} sequences)" if first.fact("partial") == "yes" else ""
    version = f" · {digest}" if digest else ""
    return f"{name}{part}{version}" + (f" · rules {rules}" if rules else "")
