"""The compiled kernel, or None where the package was installed without a compiler.

NumPy and OpenCV do its work then, with the same bits.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

kernel: ModuleType | None
try:
    kernel = import_module("trainers.data._kernel")
except ImportError:  # no compiler when the package was installed
    kernel = None
