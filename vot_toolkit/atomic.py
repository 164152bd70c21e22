"""Files that are whole or absent, whenever the program that writes them is stopped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from vot_toolkit.errors import UserError

SUFFIX = ".part"
"""Ending of a file that is still being written; never ``.txt``, as results have."""


def write_whole(path: Path, text: str | bytes, *, durable: bool = True) -> None:
    r"""Write a file so that no reader ever sees a part of it.

    The content goes to a temporary name in the same folder, is flushed to the disk, and is renamed
    over `path`. Missing folders are made.

    Parameters
    ----------
    path : Path
        The file; replaced when it exists.
    text : str or bytes
        The whole content; text is stored as UTF-8 with ``\n`` as it is.
    durable : bool
        Whether to wait until the text is on the disk, some milliseconds. Without, a killed program
        leaves the file whole too, a power cut may not.

    Raises
    ------
    UserError
        If the file or its folder cannot be written.
    """
    data = text if isinstance(text, bytes) else text.encode()
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # a device or a pipe, which nothing can replace
        else:
            _write(path.resolve() if path.is_symlink() else path, data, durable)
    except OSError as error:
        raise UserError(f"cannot be written: {error.strerror}", file=path) from None


def _write(path: Path, data: bytes, durable: bool) -> None:
    # Names are joined as text: thousands of small files are written, and a Path costs as much as
    # opening one.
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name}.{os.getpid()}{SUFFIX}")  # noqa: PTH118
    try:
        with _opened(temporary, folder) as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(temporary, path)  # noqa: PTH105
    except BaseException:
        # Ctrl-C included. After the rename there is nothing to remove.
        Path(temporary).unlink(missing_ok=True)
        raise


def _opened(path: str, folder: str) -> BinaryIO:
    """Open a new file; its folder, which is nearly always there, is made only when it is not."""
    try:
        return open(path, "wb")  # noqa: PTH123
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        return open(path, "wb")  # noqa: PTH123


def sweep(folder: Path) -> None:
    """Remove what a killed `write_whole` left directly in a folder, which need not exist."""
    for leftover in folder.glob(f".*{SUFFIX}"):
        leftover.unlink(missing_ok=True)
