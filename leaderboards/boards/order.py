"""Orders: which row comes first, the best by a measure or the first by a fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from leaderboards.boards.measures import describe
from leaderboards.entry import Entry
from leaderboards.gap import Gap

Look = Callable[[Entry, str], object]
"""Gives what an entry has under a key: a number, a text, None or a `Gap`."""


def ordered(entries: Iterable[Entry], key: str, look: Look) -> list[Entry]:
    """Sort entries by a key; what has no value is last, equals stay as they are.

    Parameters
    ----------
    entries : iterable of Entry
        What to sort.
    key : str
        A measure or fact; with a minus before it the order is turned round.
    look : callable
        Gives the values.
    """
    name, turned = key.removeprefix("-"), key.startswith("-")
    described = describe(name)
    higher = described is not None and described.better == "higher"
    known = [(entry, look(entry, name)) for entry in entries]
    rest = [entry for entry, value in known if value is None or isinstance(value, Gap)]
    found = [
        (entry, value) for entry, value in known if not (value is None or isinstance(value, Gap))
    ]
    found.sort(key=lambda pair: _sortable(pair[1]), reverse=higher != turned)
    return [entry for entry, _ in found] + rest


def _sortable(value: object) -> tuple[int, float, str]:
    """Put numbers before texts, and texts of any case in one order."""
    if isinstance(value, (int, float)):
        return 0, float(value), ""
    return 1, 0.0, str(value).casefold()
