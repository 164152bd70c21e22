"""The store: a folder of records, one file each, never edited."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from leaderboards.entry import Entry
from leaderboards.index import read_entries
from vot_toolkit.errors import UsageError
from vot_toolkit.problem import Problem
from vot_toolkit.wording import guess, listed

if TYPE_CHECKING:
    from vot_toolkit.records import Record

VARIABLE = "LEADERBOARDS_STORE"
"""Names the store where ``--store`` does not."""

DEFAULT = Path("records")
"""Beside ``results``, where ``python -m vot_toolkit eval`` puts what trackers reported."""


class Store:
    """Records in a folder.

    Parameters
    ----------
    folder : Path or None
        By default that of the environment's `VARIABLE`, else `DEFAULT`. Made when it is needed.

    Raises
    ------
    UsageError
        If it is a file.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(os.environ.get(VARIABLE) or DEFAULT)
        if self.folder.exists() and not self.folder.is_dir():
            hint = "--store names the folder of records"
            raise UsageError(f"the store {self.folder} is no folder", hint=hint)

    def add(self, record: Record) -> tuple[Path, bool]:
        """Write a record.

        Returns
        -------
        tuple of Path and bool
            Its file, and whether it is new: what is there already is left alone.
        """
        from vot_toolkit.records import write_record

        known = self._with_digest(record.digest)
        if known:
            return known[0], False
        return write_record(record, self.folder), True

    def _with_digest(self, digest: str) -> list[Path]:
        return sorted(self.folder.glob(f"*-{digest}.json"))

    def entries(
        self, progress: Callable[[int, int], None] | None = None
    ) -> tuple[list[Entry], list[Problem]]:
        """Give the entries of all records, and what is wrong with files that are none."""
        return read_entries(self.folder, progress)

    def read(self, entry: Entry) -> Record:
        """Read the whole record of an entry."""
        from vot_toolkit.records import read_record

        return read_record(self.folder / entry.file)


def find_entry(wanted: str, entries: Iterable[Entry], beside: Entry | None = None) -> Entry:
    """Find what a user means: the beginning of a hash, a file's name, or a label.

    Parameters
    ----------
    wanted : str
        As typed. Of a label the newest record is meant; what was measured goes before what was
        published.
    entries : iterable of Entry
        Those to choose from.
    beside : Entry, optional
        What it is to be compared with: of a label, one on the same data set is taken first.

    Raises
    ------
    UsageError
        If there is none, or a beginning fits several.
    """
    known = list(entries)
    name = Path(wanted).name
    by_file = [entry for entry in known if entry.file and entry.file in (name, f"{name}.json")]
    by_label = [entry for entry in known if entry.label.casefold() == wanted.casefold()]
    by_hash = [entry for entry in known if len(wanted) >= 4 and entry.digest.startswith(wanted)]
    found = by_file or by_label or by_hash
    if not found:
        labels = list(dict.fromkeys(entry.label for entry in known))
        hint = guess(wanted, labels) + f"there are {listed(labels, 8)}"
        raise UsageError(f"no record {wanted!r}", hint=hint if labels else "the store is empty")
    if not by_label and len(found) > 1:
        hint = f"it fits {listed((entry.file for entry in found), 4)}"
        raise UsageError(f"{wanted!r} is more than one record", hint=hint)

    def liking(entry: Entry) -> tuple[bool, bool, str]:
        fits = beside is None or entry.fact("dataset") == beside.fact("dataset")
        return fits, not entry.published, str(entry.fact("created"))

    return max(found, key=liking)
