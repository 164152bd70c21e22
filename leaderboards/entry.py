"""Entries: of each record what boards show, light enough to keep thousands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from leaderboards.gap import NOT_RUN, Gap

Kind = Literal["evaluation", "training"]
Fact = str | int | float | None


@dataclass(frozen=True)
class Entry:
    """A line of a board.

    Parameters
    ----------
    kind : str
        ``evaluation`` or ``training``.
    label : str
        Of the tracker or run.
    values : mapping from measure to float
        Those there are.
    gaps : mapping from measure to (kind, reason)
        Why others are not; what is in neither was not run.
    facts : mapping from name to text or number
        What was run, where and by what; what ``--where`` asks for.
    file : str
        Name in the store; empty for published rows.
    source : str
        Who published it; empty for what was measured.
    link : str
        Where that was, as URL; empty where it is not on the web, and for what was measured.
    notes : tuple of str
        What is to be said beside it.
    """

    kind: Kind
    label: str
    values: Mapping[str, float]
    gaps: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    file: str = ""
    source: str = ""
    link: str = ""
    notes: tuple[str, ...] = ()

    @property
    def published(self) -> bool:
        """Whether it was published elsewhere and not measured here."""
        return bool(self.source)

    @property
    def digest(self) -> str:
        """The hash in the name of its file; empty for published rows."""
        return self.file.removesuffix(".json").rpartition("-")[2]

    def value(self, measure: str) -> float | Gap:
        """Give a value, or why there is none."""
        if measure in self.values:
            return self.values[measure]
        kind, reason = self.gaps.get(measure, ("not run", ""))
        return Gap(kind, reason) if reason or kind != "not run" else NOT_RUN  # type: ignore[arg-type]

    def fact(self, name: str) -> Fact:
        """Give a fact; None where it is not known."""
        return self.facts.get(name)

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as JSON object."""
        return dict(vars(self))


def entry_from(data: Mapping[str, Any]) -> Entry:
    """Build an entry from what `Entry.to_dict` gave."""
    return Entry(**{**data, "notes": tuple(data["notes"])})
