"""Places where something is to be written, checked before the work whose result it is."""

from __future__ import annotations

import os
from pathlib import Path

from vot_toolkit.errors import UsageError


def check_file(option: str, path: Path) -> None:
    """Make sure that a file can be written; its folders may be missing.

    Parameters
    ----------
    option : str
        Under which the user gave it, ``--json``.
    path : Path
        The file.

    Raises
    ------
    UsageError
        If it is a folder, or its folder is none or cannot be written to.
    """
    if path.is_dir():
        raise UsageError(f"{option} {path}: this is a folder", hint="name a file")
    if path.exists() and not path.is_file():
        return  # a device or a pipe, which nothing replaces
    _check(option, path, path.absolute().parent)


def check_folder(option: str, path: Path) -> None:
    """Make sure that files can be written to a folder, which need not exist.

    Parameters
    ----------
    option : str
        Under which the user gave it, ``--record``.
    path : Path
        The folder.

    Raises
    ------
    UsageError
        If it is none, or cannot be made or written to.
    """
    _check(option, path, path.absolute())


def _check(option: str, path: Path, folder: Path) -> None:
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    if not nearest.is_dir():
        raise UsageError(f"{option} {path}: cannot be written", hint=f"{nearest} is no folder")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise UsageError(f"{option} {path}: cannot be written", hint=f"{nearest} is protected")
