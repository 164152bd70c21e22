"""Files that are whole or absent, whenever the program that writes them is stopped."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from siammask.errors import OutputError

SUFFIX = ".part"
"""Ending of a file that is still being written."""


def write_whole(path: Path, data: bytes | str) -> None:
    """Write a file so that no reader ever sees a part of it.

    It goes to a temporary name in the same folder and is renamed over `path`. Missing folders are
    made.

    Parameters
    ----------
    path : Path
        The file; replaced when it exists.
    data : bytes or str
        The whole content; text is stored as UTF-8.

    Raises
    ------
    OutputError
        If the file or its folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{SUFFIX}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data.encode() if isinstance(data, str) else data)
        temporary.replace(path)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):
            raise OutputError(f"cannot be written: {error.strerror}", file=path) from None
        raise  # Ctrl-C included
