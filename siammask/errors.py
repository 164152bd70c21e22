"""Errors that a user can cause and mend.

Every child of `UserError` says what was wrong, with the value; where, as file and line; and what is
accepted or what to do. Commands print the message without a traceback.
"""

from __future__ import annotations

from pathlib import Path


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


class ModelError(UserError):
    """A variant that does not exist, or a call that the variant cannot answer."""


class CheckpointError(UserError):
    """A file of weights that cannot be read, or does not fit the model."""


class DeviceError(UserError):
    """A device that does not exist, or is not there."""


class RuntimeUnavailableError(UserError):
    """A program to compute the network with that does not exist, or is not installed."""


class ExportError(UserError):
    """A model that cannot be written in another program's format."""


class SettingsError(UserError):
    """A setting of the tracker that does not exist, or has a value that cannot be used."""


class ImageError(UserError):
    """A frame that is no image, or not one a tracker can go on with."""

    exit_status = 1  # the command was right


class RegionError(UserError):
    """A region that no target can be started on."""


class SourceError(UserError):
    """Frames that cannot be had: no such folder or camera, or a file that is no video."""


class OutputError(UserError):
    """A place that cannot be written to, or holds what must not be overwritten."""


class DatasetError(UserError):
    """A folder of video object segmentation that lacks something, or contradicts itself."""


class UsageError(UserError):
    """Options that do not go together, or a value that is not accepted."""
