"""The fast way through plain text: numbers separated by commas, nothing else.

The compiled scanner reads files of plain decimal numbers and declines all others by giving None;
then `vot_toolkit.formats.text` reads them line by line. So every error has one origin.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

Plain = tuple[NDArray[np.float64], NDArray[np.int64]]

_scanner: ModuleType | None
try:
    _scanner = import_module("vot_toolkit.formats._scanner")
except ImportError:  # no compiler when the package was installed
    _scanner = None


def scan_plain(data: bytes) -> Plain | None:
    r"""Scan the content of a file of plain numbers.

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
    if _scanner is None:
        return None
    plain: Plain | None = _scanner.scan(data)
    return plain


def scan_plain_file(path: Path | str) -> Plain | None:
    """Read and scan a file of plain numbers, other threads running meanwhile.

    Returns
    -------
    tuple of arrays or None
        As `scan_plain`; None also when the file cannot be read.
    """
    if _scanner is None:
        return None
    plain: Plain | None = _scanner.scan_file(os.fsencode(path))
    return plain
