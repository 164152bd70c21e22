"""The fast way through plain text: numbers separated by commas, nothing else.

The compiled scanner reads files of plain decimal numbers and declines all others by giving None;
then `vot_toolkit.formats.text` reads them line by line. So every error has one origin.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Plain = tuple[NDArray[np.float64], NDArray[np.int64]]

_scan: Callable[[bytes], Plain | None] | None
try:
    from vot_toolkit.formats import _scanner
except ImportError:  # no compiler when the package was installed
    _scan = None
else:
    _scan = _scanner.scan


def scan_plain(data: bytes) -> Plain | None:
    r"""Scan a file of plain numbers.

    Parameters
    ----------
    data : bytes
        Content of the file.

    Returns
    -------
    tuple of arrays or None
        Values and offsets as in `vot_toolkit.trajectory.Trajectory`; None when the file has
        anything but plain regions, or the compiled scanner is absent.

    Examples
    --------
    >>> scan_plain(b"1\n10,20,30,x\n") is None
    True
    """
    return None if _scan is None else _scan(data)
