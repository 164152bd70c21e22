"""Names of what charts show: short, and each of one record alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from leaderboards.entry import Entry

DIGITS = 6
"""Of a hash behind a label that several records have."""


def unique_names(entries: Sequence[Entry]) -> dict[str, str]:
    """Give each record a name, by its file: the label, with its hash where others have that too."""
    counts = Counter(entry.label for entry in entries)
    return {
        entry.file: entry.label
        if counts[entry.label] == 1
        else f"{entry.label} · {entry.digest[:DIGITS]}"
        for entry in entries
    }
