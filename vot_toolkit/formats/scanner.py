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


def scan_plain_file(path: Path | str) -> Plain | None:
    """Read and scan a file of plain numbers, other threads running meanwhile.

    Returns
    -------
    tuple of arrays or None
        Values and offsets as in `vot_toolkit.trajectory.Trajectory`; None when the file has
        anything but plain regions or cannot be read, or the compiled scanner is absent.
    """
    if _scanner is None:
        return None
    plain: Plain | None = _scanner.scan_file(os.fsencode(path))
    return plain
