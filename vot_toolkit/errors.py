"""Errors that a user can cause and mend.

Every child of `UserError` says what was wrong, with the value; where, as file and line; and what is
accepted or what to do. Commands print the message without a traceback.
"""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn


class UserError(Exception):
    """Wrong input, named so that it can be found and mended.

    Parameters
    ----------
    what : str
        What is wrong, with the offending value.
    file : Path, optional
        The file in which it was found.
    line : int, optional
        The line of that file, from 1.
    hint : str, optional
        What is accepted, or what to do.
    """

    exit_status = 2
    """What a command ends with when this is raised."""

    def __init__(
        self,
        what: str,
        *,
        file: Path | str | None = None,
        line: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(what, file, line, hint)
        self.what = what
        self.file = None if file is None else Path(file)
        self.line = line
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the keyword arguments when an error crosses a process boundary."""
        return _rebuild, (type(self), self.what, self.file, self.line, self.hint)

    def __str__(self) -> str:
        """Join place, fault and advice into one line."""
        place = "" if self.file is None else str(self.file)
        if self.line is not None:
            place += f":{self.line}" if place else f"line {self.line}"
        parts = [part for part in (place, self.what) if part]
        message = ": ".join(parts)
        return message if self.hint is None else f"{message} ({self.hint})"


def _rebuild(
    kind: type[UserError], what: str, file: Path | None, line: int | None, hint: str | None
) -> UserError:
    return kind(what, file=file, line=line, hint=hint)


def raise_fault(error: UserError) -> NoReturn:
    """Deal with a fault by raising it: what readers do unless they are to collect faults."""
    raise error


class RegionError(UserError):
    """A region that is none: wrong count of numbers, or a coordinate that is not finite."""


class FormatError(UserError):
    """A file that does not follow its format."""


class DatasetError(UserError):
    """A data set that cannot be found or used."""


class RulesError(UserError):
    """A rule set or challenge that does not exist or does not parse."""


class ResultsError(UserError):
    """A folder of results that cannot be scored, or must not be mixed with another run."""


class TrackerError(UserError):
    """A tracker that cannot be built, or that breaks the contract while it runs."""

    exit_status = 1


class TrackerChoiceError(TrackerError):
    """A tracker that there is not, or options that it does not take."""

    exit_status = 2


class RunError(UserError):
    """A run of which nothing could be done."""

    exit_status = 1


class UsageError(UserError):
    """Options that do not go together."""


class DownloadError(UserError):
    """Something that could not be fetched, or is not what it should be."""

    exit_status = 1
