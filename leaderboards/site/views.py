"""Views of both boards from one set of options: each board takes what it knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from leaderboards.boards.board import LABEL, View
from leaderboards.boards.condition import LABELS
from leaderboards.boards.hardware import SPECIAL as HARDWARE
from leaderboards.boards.measures import OF_KIND
from leaderboards.boards.trackers import SPECIAL as TRACKERS
from leaderboards.entry import Entry, Kind
from leaderboards.published import published_entries
from vot_toolkit.errors import UsageError
from vot_toolkit.wording import guess, listed

OWN: Mapping[Kind, tuple[str, str]] = {
    "evaluation": ("tracker", "run"),
    "training": ("run", "tracker"),
}
"""What a board calls the name of its rows, and what the other one does."""

SPECIAL = {"evaluation": TRACKERS, "training": HARDWARE}


def views_of(wish: View, entries: Sequence[Entry]) -> dict[Kind, View]:
    """Give the view of each board.

    Parameters
    ----------
    wish : View
        What the user asks for. A condition, sort or column that only one board knows is that one's.
    entries : sequence of Entry
        What was measured.

    Raises
    ------
    UsageError
        If no board knows a name.
    """
    known = {kind: _names(kind, entries) for kind in OF_KIND}
    wanted = {
        "--where": [each.key for each in wish.conditions],
        "--sort": [wish.sort.removeprefix("-")] if wish.sort else [],
        "--columns": wish.columns or (),
    }
    for option, names in wanted.items():
        _check(option, names, known)
    return {kind: _view(wish, names) for kind, names in known.items()}


def _names(kind: Kind, entries: Iterable[Entry]) -> set[str]:
    """Give what rows of a board have: facts, measures, and names for their label."""
    rows = [*(each for each in entries if each.kind == kind), *published_entries(kind)]
    facts = {name for each in rows for name in each.facts}
    own, others = OWN[kind]
    return {*facts, *OF_KIND[kind], *SPECIAL[kind], LABEL, *LABELS, own} - {others}


def _check(option: str, names: Iterable[str], known: Mapping[Kind, set[str]]) -> None:
    for name in names:
        if not any(name in each for each in known.values()):
            every = sorted(set().union(*known.values()))
            hint = guess(name, every) + f"accepted: {listed(every, 60)}"
            raise UsageError(f"{option} {name}: no board knows it", hint=hint)


def _view(wish: View, names: set[str]) -> View:
    columns = tuple(each for each in wish.columns or () if each in names)
    sort = wish.sort if wish.sort and wish.sort.removeprefix("-") in names else None
    conditions = tuple(each for each in wish.conditions if each.key in names)
    return View(conditions, sort, columns or None, wish.top, wish.published)
