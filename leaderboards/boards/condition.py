"""Conditions: which entries a board is of, as ``--where KEY=VALUE`` says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from leaderboards.entry import Entry
from vot_toolkit.errors import UsageError
from vot_toolkit.wording import guess, listed

LABELS = ("tracker", "run", "label")
"""What users call the name of an entry."""


@dataclass(frozen=True)
class Condition:
    """A fact that must have a value.

    Parameters
    ----------
    key : str
        Name of a fact; ``tracker`` or ``run`` for the label.
    value : str
        In any case; ``*`` stands for any text. Empty: the fact must not be known.
    """

    key: str
    value: str

    def holds(self, entry: Entry) -> bool:
        """Tell whether an entry has it."""
        found = entry.label if self.key in LABELS else entry.fact(self.key)
        known = "" if found is None else str(found)
        return fnmatchcase(known.casefold(), self.value.casefold())


def parse_condition(text: str) -> Condition:
    """Parse ``KEY=VALUE``.

    Raises
    ------
    UsageError
        If there is no ``=``, or nothing before it.

    Examples
    --------
    >>> parse_condition("rules=pysot")
    Condition(key='rules', value='pysot')
    """
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise UsageError(f"--where {text!r}", hint="accepted: KEY=VALUE, such as rules=vot2018")
    return Condition(key.strip(), value.strip())


def select(entries: Iterable[Entry], conditions: Sequence[Condition]) -> list[Entry]:
    """Give the entries for which all conditions hold.

    Raises
    ------
    UsageError
        If no entry knows a key: it is misspelt.
    """
    known = list(entries)
    keys = {key for entry in known for key in entry.facts}
    for condition in conditions:
        if known and condition.key not in keys and condition.key not in LABELS:
            hint = guess(condition.key, sorted(keys)) + f"accepted: {listed(sorted(keys), 40)}"
            raise UsageError(f"--where {condition.key}={condition.value}: no such key", hint=hint)
    return [entry for entry in known if all(each.holds(entry) for each in conditions)]
