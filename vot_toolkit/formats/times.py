"""``<sequence>_time.txt``: seconds per frame, one column a repetition."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from vot_toolkit.errors import FormatError
from vot_toolkit.formats.text import split_lines
from vot_toolkit.region import Array

ACCEPTED = "accepted: one row of seconds a frame, as many in each"

LONGEST = 1e9
"""Most seconds that a frame can take."""

_PLAIN = re.compile(r"[0-9+\-.eEnNaA, \t\r]*")
"""Characters of numbers and NaN; Python's float accepts more, such as ``1_000``."""


def read_times(path: Path) -> Array:
    """Read a time file.

    Returns
    -------
    float64 array, shape (frames, repetitions)
        Seconds; NaN where the tracker was not asked, 0 for repetitions that were not run.

    Raises
    ------
    FormatError
        If the file cannot be read or is empty, a token is no time, or the rows differ in length;
        with file and line.
    """
    try:
        lines = split_lines(path.read_bytes())
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror}", file=path) from None
    if not lines:
        raise FormatError("no seconds in this file", file=path, hint=ACCEPTED)
    rows = _parse_all(lines) or [
        _parse_row(line, path, number) for number, line in enumerate(lines, start=1)
    ]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            what = f"{len(row)} columns, {len(rows[0])} in the first row"
            raise FormatError(what, file=path, line=number, hint=ACCEPTED)
    table = np.array(rows)
    wrong = np.flatnonzero(((table < 0) | (table > LONGEST)).any(axis=1))
    if len(wrong):
        raise FormatError(
            f"a time below 0 or above {LONGEST:g} s", file=path, line=int(wrong[0]) + 1
        )
    return table


def _parse_all(lines: list[str]) -> list[list[float]] | None:
    """Parse sound rows at once; None when a row must be looked at by itself."""
    if not _PLAIN.fullmatch(",".join(lines)):
        return None
    try:
        return [[float(token) for token in line.split(",")] for line in lines]
    except ValueError:
        return None


def _parse_row(line: str, file: Path, number: int) -> list[float]:
    try:
        if _PLAIN.fullmatch(line):
            return [float(token) for token in line.split(",")]
    except ValueError:
        pass
    raise FormatError(f"not a row of seconds: {line[:60]!r}", file=file, line=number, hint=ACCEPTED)


def format_times(times: Array) -> str:
    r"""Write seconds with five significant digits.

    Examples
    --------
    >>> format_times(np.array([[0.0123456, 0.0], [np.nan, 0.0]]))
    '0.012346,0\nNaN,0\n'
    """
    return "".join(",".join(_seconds(value) for value in row) + "\n" for row in times.tolist())


def _seconds(value: float) -> str:
    return "NaN" if value != value else f"{value:.5g}"
