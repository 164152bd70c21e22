"""``<sequence>_001_<property>.value``: one number a frame, such as the tracker's confidence."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from vot_toolkit.errors import FormatError
from vot_toolkit.formats.text import BLANKS, NUMBER
from vot_toolkit.region import Array

_INFINITY = re.compile(r"[+-]?inf", re.IGNORECASE)


def read_property(path: Path) -> Array:
    """Read a property file.

    Returns
    -------
    float64 array, shape (frames,)
        NaN where the line is empty: the tracker reported nothing; may be infinite.

    Raises
    ------
    FormatError
        If the file cannot be read or a line is neither empty nor a number.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror}", file=path) from None
    lines = data.decode("utf-8", errors="replace").split("\n")
    if not lines[-1].strip(BLANKS):
        lines.pop()
    values = np.full(len(lines), np.nan)
    for index, line in enumerate(lines):
        text = line.strip(BLANKS)
        if NUMBER.fullmatch(text) or _INFINITY.fullmatch(text):
            values[index] = float(text)
        elif text:
            what = f"neither empty nor a number: {text[:60]!r}"
            raise FormatError(what, file=path, line=index + 1)
    return values


def format_property(values: Array) -> str:
    r"""Write one number a line with six decimals, an empty line for NaN.

    Examples
    --------
    >>> format_property(np.array([np.nan, 0.5]))
    '\n0.500000\n'
    """
    return ("%f\n" * len(values) % tuple(values.tolist())).replace("nan", "")
