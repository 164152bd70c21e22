"""From a record to its entry."""

from __future__ import annotations

from leaderboards.entry import Entry
from leaderboards.evaluations import evaluation_entry
from leaderboards.trainings import training_entry
from vot_toolkit.records import Record

_MAKERS = {"evaluation": evaluation_entry, "training": training_entry}


def entry_of(record: Record, file: str) -> Entry:
    """Make the entry of a record of any kind.

    Parameters
    ----------
    record : Record
        As read.
    file : str
        Its name in the store.
    """
    return _MAKERS[record.kind](record, file)
