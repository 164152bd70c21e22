"""The command ``compare``: two records, and what their difference is worth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from leaderboards.cli.console import progress_of, terminal, warn
from leaderboards.comparison.obstacle import check_kinds
from leaderboards.entry import Entry
from leaderboards.published import published_entries
from leaderboards.render.duel import show_trackers
from leaderboards.render.race import show_trainings
from leaderboards.store import Store, find_entry
from vot_toolkit.records import Record


def compare_command(first: str, second: str, *, anyway: bool, store: Path | None) -> int:
    """Compare, and say which and why where that may not be.

    Returns
    -------
    int
        Exit status: 0; 1 when there are problems in the store, or when the two may not be
        compared and `anyway` was not asked for.

    Raises
    ------
    UserError
        If there is no such record.
    """
    place = Store(store)
    entries, problems = place.entries(progress_of("reading new records", least=100))
    published = [*published_entries("evaluation"), *published_entries("training")]
    one = find_entry(first, [*entries, *published])
    other = find_entry(second, [*entries, *published], beside=one)
    check_kinds(one, other)
    show: Callable[..., bool] = show_trackers if one.kind == "evaluation" else show_trainings
    pair = (_opened(one, place), _opened(other, place))
    console = terminal()
    _print_names(one, other, console)
    done = show(pair[0], pair[1], console, anyway=anyway)
    return max(warn(problems), 0 if done else 1)


def _opened(entry: Entry, store: Store) -> tuple[Entry, Record | None]:
    """Read the record of an entry; a published row has none."""
    return entry, None if entry.published else store.read(entry)


def _print_names(first: Entry, second: Entry, console: Console) -> None:
    for letter, entry in (("A", first), ("B", second)):
        place = entry.file or f"published: {entry.source}"
        console.print(
            f"{letter}  {entry.label}  {place}", markup=False, highlight=False, soft_wrap=True
        )
