"""Gaps: why a number is not on a board. Three reasons that are not the same, with three marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["failed", "not run", "not comparable"]

MARKS: dict[str, str] = {"failed": "×", "not run": "–", "not comparable": "≠"}
"""What stands in a cell of a table; files have the words."""


@dataclass(frozen=True)
class Gap:
    """A value that is not there.

    Parameters
    ----------
    kind : str
        ``failed``: it was tried. ``not run``: nobody tried. ``not comparable``: there is one, which
        does not belong beside the others.
    reason : str
        In words; empty when there is nothing to add.
    """

    kind: Kind
    reason: str = ""

    @property
    def mark(self) -> str:
        """One character that tells the three apart."""
        return MARKS[self.kind]


NOT_RUN = Gap("not run")
