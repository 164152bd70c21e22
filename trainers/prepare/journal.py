"""The journal of a preparation: one line for each part that is done."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from trainers.errors import PreparationError
from trainers.prepare.dropped import Dropped, Reason
from trainers.prepare.outcome import Outcome
from trainers.prepare.part import Part


class Journal:
    """Outcomes on disk, appended while a preparation runs.

    A part's line is written when all its crops are in place. A killed run may leave a line cut
    off at the end, which is taken away when the journal is opened; the last line of a part counts.
    Only places in the file are kept in memory, since the boxes of a large set would fill it.

    Parameters
    ----------
    path : Path
        Made with its folder when absent.

    Raises
    ------
    PreparationError
        If it cannot be opened to write.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = path.open("a+b")
        except OSError as error:
            raise PreparationError(f"cannot be opened: {error.strerror}", file=path) from None
        self._places: dict[str, int] = {}
        self._sound: dict[str, str] = {}
        self._read_back()

    def __enter__(self) -> Journal:
        """Give itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    def has(self, part: Part) -> bool:
        """Tell whether a part is done, from the annotation it has now, with nothing amiss."""
        return part.key in self._sound and self._sound[part.key] == part.fingerprint

    def append(self, outcome: Outcome) -> None:
        """Note that a part is done.

        Raises
        ------
        PreparationError
            If it cannot be written.
        """
        self._file.seek(0, os.SEEK_END)
        self._note(outcome, self._file.tell())
        try:
            self._file.write(outcome.to_line().encode())
            self._file.flush()
        except OSError as error:
            what = f"cannot be written: {error.strerror}"
            raise PreparationError(what, file=self._file.name) from None

    def forget(self, keys: Iterable[str], split: str) -> None:
        """Note that parts are to be done again, since crops of them are broken."""
        for key in keys:
            self.append(Outcome(key, split, "", 0, dropped=[Dropped(Reason.BROKEN_CROP, key)]))

    def outcomes(self, parts: Iterable[Part]) -> Iterator[Outcome]:
        """Read the outcomes of parts that are done, in the order asked for."""
        for part in parts:
            self._file.seek(self._places[part.key])
            yield Outcome.from_line(self._file.readline())

    def _read_back(self) -> None:
        self._file.seek(0)
        end = 0
        for line in self._file:
            try:
                outcome = Outcome.from_line(line)
            except (ValueError, TypeError, KeyError):
                break  # what follows a torn line cannot be trusted; those parts are done again
            if not line.endswith(b"\n"):
                break
            self._note(outcome, end)
            end += len(line)
        self._file.truncate(end)

    def _note(self, outcome: Outcome, place: int) -> None:
        self._places[outcome.key] = place
        self._sound.pop(outcome.key, None)
        if outcome.is_sound:
            self._sound[outcome.key] = outcome.fingerprint
