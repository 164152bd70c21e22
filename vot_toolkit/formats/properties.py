"""``<sequence>_001_<property>.value``: one number a frame, such as the tracker's confidence."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vot_toolkit.errors import FormatError
from vot_toolkit.region import Array


def read_property(path: Path) -> Array:
    """Read a property file.

    Returns
    -------
    float64 array, shape (frames,)
        NaN where the line is empty: the tracker reported nothing.

    Raises
    ------
    FormatError
        If the file cannot be read or a line is neither empty nor a number.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"cannot be read: {error}", file=path) from None
    values = np.full(len(lines), np.nan)
    for index, line in enumerate(lines):
        try:
            values[index] = float(line) if line.strip() else np.nan
        except ValueError:
            raise FormatError(
                f"neither empty nor a number: {line[:60]!r}", file=path, line=index + 1
            ) from None
    return values


def format_property(values: Array) -> str:
    """Write one number a line with six decimals, an empty line for NaN.

    Examples
    --------
    >>> format_property(np.array([np.nan, 0.5]))
    '\\n0.500000\\n'
    """
    return "".join("\n" if value != value else f"{value:f}\n" for value in values.tolist())
