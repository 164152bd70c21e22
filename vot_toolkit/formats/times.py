"""``<sequence>_time.txt``: seconds per frame, one column a repetition."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vot_toolkit.errors import FormatError
from vot_toolkit.region import Array


def read_times(path: Path) -> Array:
    """Read a time file.

    Returns
    -------
    float64 array, shape (frames, repetitions)
        Seconds; NaN where the tracker was not asked, 0 for repetitions that were not run.

    Raises
    ------
    FormatError
        If the file cannot be read, a token is no number, or the rows differ in length.
    """
    try:
        return np.loadtxt(path, delimiter=",", ndmin=2, dtype=np.float64, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise FormatError(
            f"no table of seconds: {error}", file=path, hint="accepted: one row of numbers a frame"
        ) from None


def format_times(times: Array) -> str:
    """Write seconds with five significant digits.

    Examples
    --------
    >>> format_times(np.array([[0.0123456, 0.0], [np.nan, 0.0]]))
    '0.012346,0\\nNaN,0\\n'
    """
    return "".join(",".join(_seconds(value) for value in row) + "\n" for row in times.tolist())


def _seconds(value: float) -> str:
    return "NaN" if value != value else f"{value:.5g}"
