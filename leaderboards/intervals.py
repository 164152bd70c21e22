"""Intervals of EAO, computed when a board shows them, and kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leaderboards.entry import Entry
from leaderboards.lookup import dig
from leaderboards.store import Store
from vot_toolkit.atomic import write_whole
from vot_toolkit.errors import UserError

if TYPE_CHECKING:
    from vot_toolkit.records import Record

FILE = ".intervals.json"

FORMAT = 1
"""To be raised whenever they are computed otherwise."""

KEEP_EVERY = 50
"""Intervals after which what there is is kept: hundreds take minutes, and may be stopped."""

Interval = tuple[float, float]


class Intervals:
    """95 % intervals by hash of the record.

    Parameters
    ----------
    store : Store
        Where the records are, and where the intervals are kept.
    progress : callable, optional
        Told how many of those that are missing have been computed.
    """

    def __init__(self, store: Store, progress: Callable[[int, int], None] | None = None) -> None:
        self._store = store
        self._progress = progress
        self._known = _known(store.folder)

    def of(self, entries: Iterable[Entry]) -> dict[str, Interval]:
        """Give the intervals of some entries; those without evidence have none."""
        wanted = [each for each in entries if each.file and "eao" in each.values]
        fresh = [entry for entry in wanted if entry.digest not in self._known]
        for done, entry in enumerate(fresh, start=1):
            self._known[entry.digest] = self._computed(entry)
            if self._progress is not None:
                self._progress(done, len(fresh))
            if done % KEEP_EVERY == 0 or done == len(fresh):
                self._keep()
        found = {entry.digest: self._known[entry.digest] for entry in wanted}
        return {digest: (pair[0], pair[1]) for digest, pair in found.items() if pair}

    def _computed(self, entry: Entry) -> list[float] | None:
        try:
            found = eao_interval(self._store.read(entry))
        except UserError:  # changed since it was indexed, or evidence of a newer version
            return None
        return None if found is None else list(found)

    def _keep(self) -> None:
        text = json.dumps({"format": FORMAT, "intervals": self._known})
        with suppress(UserError):
            write_whole(self._store.folder / FILE, text, durable=False)


def _known(folder: Path) -> dict[str, Any]:
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return dict(data["intervals"]) if data["format"] == FORMAT else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def eao_interval(record: Record) -> Interval | None:
    """Give the 95 % interval of a record's EAO; None without evidence or with few sequences."""
    # Loaded when an interval is not kept already: NumPy takes longer than the board.
    from vot_toolkit.evidence import unpack
    from vot_toolkit.measures.terms import eao_terms
    from vot_toolkit.measures.uncertainty import estimate
    from vot_toolkit.rules import load_rules

    evidence = dig(record.results, "evidence", "baseline")
    lengths = dig(record.results, "experiments", "baseline", "eao_interval")
    if not evidence or not lengths:
        return None
    rules = load_rules(record.config["rules"]).measures
    low, high = lengths
    found = estimate(eao_terms(unpack(evidence), rules, (low, high)))
    if found is None or found.low is None:
        return None
    cut = found.clipped(0.0, 1.0)
    return None if cut.low is None or cut.high is None else (cut.low, cut.high)
