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
    table = _sound_table(lines)
    if table is None:
        table = _parse_rows(lines, path)
    wrong = np.flatnonzero(((table < 0) | (table > LONGEST)).any(axis=1))
    if len(wrong):
        raise FormatError(
            f"a time below 0 or above {LONGEST:g} s", file=path, line=int(wrong[0]) + 1
        )
    return table


def _sound_table(lines: list[str]) -> Array | None:
    """Parse sound rows at once; None when they must be looked at one by one."""
    text, width = ",".join(lines), lines[0].count(",") + 1
    if not _PLAIN.fullmatch(text) or {line.count(",") + 1 for line in lines} != {width}:
        return None
    try:
        return np.array([float(token) for token in text.split(",")]).reshape(-1, width)
    except ValueError:
        return None


def _parse_rows(lines: list[str], path: Path) -> Array:
    rows = [_parse_row(line, path, number) for number, line in enumerate(lines, start=1)]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            what = f"{len(row)} columns, {len(rows[0])} in the first row"
            raise FormatError(what, file=path, line=number, hint=ACCEPTED)
    return np.array(rows)


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
    # One template for all numbers: a call for each would take most of the time.
    row = ",".join(["%.5g"] * times.shape[1]) + "\n"
    return (row * len(times) % tuple(times.ravel().tolist())).replace("nan", "NaN")
