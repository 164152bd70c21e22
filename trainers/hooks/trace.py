"""A line of JSON for each logged step, with all digits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from siammask.atomic import write_whole
from trainers.hooks.protocol import Hook, Line, Run
from vot_toolkit.records import to_json

FILE = "trace.jsonl"

TIMES = ("images_per_s", "data_share")
"""What differs from run to run, kept apart under ``speed``."""


class Trace(Hook):
    """Writes `FILE` in the run's folder; goes on in it without what a killed run did in vain."""

    main_only = True

    def __init__(self) -> None:
        self._file: IO[str] | None = None

    def begin(self, run: Run) -> None:
        """Leave out lines of steps that are to be done again."""
        path = run.folder / FILE
        kept = read_trace(path, until=run.total_steps)
        write_whole(path, "".join(_text(line) for line in kept))
        self._file = path.open("a", encoding="utf-8")

    def log(self, run: Run, line: Line) -> None:
        """Write it at once: what was logged survives whatever comes."""
        assert self._file is not None, "begin opens it"
        values = asdict(line)
        values["speed"] = {name: values.pop(name) for name in TIMES}
        self._file.write(_text(values))
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()


def read_trace(path: Path, until: int | None = None) -> list[dict[str, Any]]:
    """Read a trace; its last line may be cut off.

    Parameters
    ----------
    path : Path
        The file; nothing is read when it does not exist.
    until : int, optional
        Last step, of the whole run, that is wanted.
    """
    if not path.exists():
        return []
    lines = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            break
        if until is None or line["total_steps"] <= until:
            lines.append(line)
    return lines


def thinned(lines: Sequence[Mapping[str, Any]], most: int = 500) -> dict[str, list[float]]:
    """Give the curves of a trace for a record, at most so many points evenly over the run.

    Parameters
    ----------
    lines : sequence of mapping
        As `read_trace` gives them.
    most : int
        Points kept; the first and the last are among them.

    Returns
    -------
    dict
        ``step``, ``loss``, ``images_per_s`` and ``data_share``, lists of one length; empty without
        lines.

    Examples
    --------
    >>> speed = {"images_per_s": 8.0, "data_share": 0.1}
    >>> lines = [{"total_steps": n, "loss": 1.0 / n, "speed": speed} for n in range(1, 10)]
    >>> thinned(lines, most=3)["step"]
    [1, 5, 9]
    """
    if len(lines) > most:
        last = len(lines) - 1
        lines = [lines[round(k * last / (most - 1))] for k in range(most)]
    if not lines:
        return {}
    return {
        "step": [line["total_steps"] for line in lines],
        "loss": [line["loss"] for line in lines],
        **{name: [line["speed"][name] for line in lines] for name in TIMES},
    }


def _text(line: object) -> str:
    return json.dumps(to_json(line), allow_nan=False) + "\n"
