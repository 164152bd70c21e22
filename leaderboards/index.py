"""The index of a store: entries kept between commands, so that no record is read twice.

It is a cache and nothing else: removed or damaged, it is made anew; a store that cannot be written
to works without.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from leaderboards.entry import Entry, entry_from
from vot_toolkit.atomic import write_whole
from vot_toolkit.errors import FormatError, UserError
from vot_toolkit.problem import Problem
from vot_toolkit.version import toolkit_version

FILE = ".index.json"

FORMAT = 4
"""To be raised whenever entries hold something else."""

Line = dict[str, Any]
"""Of a file: its ``stamp``, and its ``entry`` or ``problem``."""


def read_entries(
    folder: Path, progress: Callable[[int, int], None] | None = None
) -> tuple[list[Entry], list[Problem]]:
    """Give the entry of every record in a folder, and what is wrong with the other files.

    Parameters
    ----------
    folder : Path
        Need not exist. Only ``*.json`` directly in it count.
    progress : callable, optional
        Told how many of the records that are new have been read.

    Returns
    -------
    tuple of list of Entry and list of Problem
        Sorted by name of the file. Content that is there twice is taken once.
    """
    files = _files(folder)
    known = _known(folder)
    fresh = [name for name, stamp in files.items() if known.get(name, {}).get("stamp") != stamp]
    for done, name in enumerate(fresh, start=1):
        known[name] = {"stamp": files[name], **_read(folder / name)}
        if progress is not None:
            progress(done, len(fresh))
    lines = {name: known[name] for name in sorted(files)}
    if fresh or len(lines) < len(known):
        _keep(folder, lines)
    return _sorted_out(lines)


def _files(folder: Path) -> dict[str, list[int]]:
    """List the files that may be records, each with what changes when it is written."""
    if not folder.is_dir():
        return {}
    with os.scandir(folder) as entries:
        found = [each for each in entries if each.name.endswith(".json") and each.name[0] != "."]
    return {each.name: [each.stat().st_mtime_ns, each.stat().st_size] for each in found}


def _known(folder: Path) -> dict[str, Line]:
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return dict(data["files"]) if data["made_by"] == _maker() else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _maker() -> list[object]:
    return [FORMAT, toolkit_version()]


def _keep(folder: Path, lines: Mapping[str, Line]) -> None:
    text = json.dumps({"made_by": _maker(), "files": lines}, separators=(",", ":"))
    with suppress(UserError):  # a store that is protected is read each time
        write_whole(folder / FILE, text, durable=False)


def _read(path: Path) -> Line:
    # Most commands find nothing new, and need none of what reads records.
    from leaderboards.entries import entry_of
    from vot_toolkit.records import read_record

    try:
        return {"entry": entry_of(read_record(path), path.name).to_dict()}
    except FormatError as error:
        what = error.what if error.hint is None else f"{error.what} ({error.hint})"
        return {"problem": asdict(Problem("store", None, str(path), error.line, what))}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        what = f"a record whose content cannot be used: {type(error).__name__}: {error}"
        return {"problem": asdict(Problem("store", None, str(path), None, what))}


def _sorted_out(lines: Mapping[str, Line]) -> tuple[list[Entry], list[Problem]]:
    """Turn lines into entries, each content once, and problems."""
    entries: dict[str, Entry] = {}
    problems = []
    for name, line in lines.items():
        if "problem" in line:
            problems.append(Problem(**line["problem"]))
            continue
        entry = entry_from(line["entry"])
        first = entries.setdefault(entry.digest, entry)
        if first is not entry:
            what = f"the same record as {first.file}: taken once"
            problems.append(Problem("store", None, name, None, what))
    return list(entries.values()), problems
