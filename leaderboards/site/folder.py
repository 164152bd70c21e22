"""The folder of a site, of which publishing replaces what it wrote and nothing else.

Pages of records come first and the index last, then what is no longer needed goes: whenever a
publication is killed, every link of the index that is there leads to a whole page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from vot_toolkit.atomic import sweep, write_whole
from vot_toolkit.errors import UsageError, UserError
from vot_toolkit.places import check_folder

MARKER = ".leaderboards.json"
"""Says that a folder is a site, and which of its files were published."""

FORMAT = 1
LAST = "index.html"

File = tuple[str, bytes]
"""Name within the site, with ``/``, and content."""


class SiteFolder:
    """A folder to publish to.

    Parameters
    ----------
    folder : Path
        Need not exist.

    Raises
    ------
    UsageError
        If it is a file, cannot be written to, or has content and is no site.
    """

    def __init__(self, folder: Path) -> None:
        check_folder("--out", folder)
        self._folder = folder
        self._published = _published(folder)

    def publish(self, names: Iterable[str], files: Iterable[File]) -> tuple[int, int]:
        """Replace the site.

        Parameters
        ----------
        names : iterable of str
            Of all its files, `LAST` among them.
        files : iterable of (str, bytes)
            Those, made one after the other; `LAST` is written last wherever it comes.

        Returns
        -------
        tuple of int
            How many files the site has, and how many of them changed.

        Raises
        ------
        UserError
            If a file cannot be written, or is there and was not published.
        """
        wanted = set(names)
        self._claim(wanted - self._published)
        changed, index = 0, b""
        for name, content in files:
            if name == LAST:
                index = content
            else:
                changed += self._write(name, content)
        changed += self._write(LAST, index)
        self._remove(self._published - wanted)
        self._note(wanted)
        return len(wanted), changed

    def _claim(self, names: Iterable[str]) -> None:
        """Say what will be the site's before it is written: a killed publication knows it."""
        for name in sorted(names):
            path = self._folder / name
            if path.exists():
                hint = "move it away, or publish to another folder"
                raise UserError("is there and was not published", file=path, hint=hint)
        self._published.update(names)
        self._note(self._published)

    def _write(self, name: str, content: bytes) -> bool:
        """Write a file unless it is there as it should be; tell whether it was written."""
        path = self._folder / name
        with suppress(OSError):
            if path.read_bytes() == content:
                return False
        write_whole(path, content, durable=name == LAST)
        return True

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            path = self._folder / name
            path.unlink(missing_ok=True)
            with suppress(OSError):  # others' files are in it
                path.parent.rmdir()
        for folder in {self._folder, *(self._folder / name for name in _folders(self._published))}:
            sweep(folder)

    def _note(self, names: Iterable[str]) -> None:
        text = json.dumps({"format": FORMAT, "files": sorted(names)}, indent=1) + "\n"
        self._write(MARKER, text.encode())


def _folders(names: Iterable[str]) -> set[str]:
    return {name.rpartition("/")[0] for name in names if "/" in name}


def _published(folder: Path) -> set[str]:
    """Give the names that were published to a folder."""
    try:
        data = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        names = set(data["files"])
    except FileNotFoundError:
        names = None
    except (OSError, ValueError, KeyError, TypeError):
        fault, hint = "is damaged", "remove the folder, or publish to another"
        raise UserError(fault, file=folder / MARKER, hint=hint) from None
    if names is not None:
        return {name for name in names if _is_inside(name)}
    if folder.is_dir() and any(not each.name.startswith(f".{MARKER}") for each in folder.iterdir()):
        hint = "name a folder that is empty or does not exist, or a site published before"
        raise UsageError(f"--out {folder}: has files and is no site", hint=hint)
    return set()


def _is_inside(name: object) -> bool:
    """Tell whether a name stays in the folder, whoever wrote it."""
    return isinstance(name, str) and ".." not in name.split("/") and not name.startswith("/")
