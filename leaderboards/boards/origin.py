"""Origins: where the numbers of a row come from, as a letter or figure with a legend."""

from __future__ import annotations

from string import ascii_lowercase

from leaderboards.entry import Entry

UNKNOWN = "on a machine that is not known"
PUBLISHED = "published, not measured here:"


class Origins:
    """Letters for machines, figures for publications, in the order in which they are met."""

    def __init__(self) -> None:
        self._machines: dict[str, str] = {}
        self._sources: dict[str, str] = {}

    def mark(self, entry: Entry) -> str:
        """Give the letter or figure of an entry."""
        if entry.published:
            return self._sources.setdefault(entry.source, str(len(self._sources) + 1))
        title = str(entry.fact("machine") or UNKNOWN)
        return self._machines.setdefault(title, _letters(len(self._machines)))

    def legend(self) -> list[str]:
        """Say what they stand for, measurements first."""
        measured = [f"{mark} {title}" for title, mark in self._machines.items()]
        published = [f"{mark} {source}" for source, mark in self._sources.items()]
        return measured + ([PUBLISHED, *published] if published else [])


def _letters(index: int) -> str:
    """Count with letters.

    Examples
    --------
    >>> _letters(0), _letters(25), _letters(26)
    ('a', 'z', 'aa')
    """
    rest, last = divmod(index, len(ascii_lowercase))
    return (_letters(rest - 1) if rest else "") + ascii_lowercase[last]
