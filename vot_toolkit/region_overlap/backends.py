"""Choosing who counts the pixels: the Cython kernel, numba, or NumPy.

``VOT_TOOLKIT_OVERLAP`` names one; otherwise the first that is installed, in this order. The results
are the same to the last bit, the speed is not.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from vot_toolkit.errors import UsageError
from vot_toolkit.region import Array
from vot_toolkit.rules import OverlapRules

BACKENDS = {
    "cython": ("vot_toolkit.region_overlap._kernel", "vot_toolkit.region_overlap._kernel"),
    "numba": ("vot_toolkit.region_overlap.jit", "numba"),
    "numpy": ("vot_toolkit.region_overlap.spans", "numpy"),
}
"""Name of a backend to its module and the module that must be there for it."""

VARIABLE = "VOT_TOOLKIT_OVERLAP"

TOLD = "VOT_TOOLKIT_OVERLAP_TOLD"
"""Set once the user was told of a slow backend: the processes started from here say no more."""

Switches = tuple[bool, bool, bool, bool, bool]
Kernel = Callable[..., None]


def overlap_backend() -> str:
    """Name the backend in use: ``cython``, ``numba`` or ``numpy``.

    Raises
    ------
    UsageError
        If ``VOT_TOOLKIT_OVERLAP`` names none, or one that is not installed.
    """
    return _chosen(os.environ.get(VARIABLE, ""))


@cache
def _chosen(wanted: str) -> str:
    if wanted and wanted not in BACKENDS:
        raise UsageError(f"{VARIABLE}={wanted}", hint=f"accepted: {', '.join(BACKENDS)}")
    installed = [name for name, (_, needed) in BACKENDS.items() if find_spec(needed)]
    if wanted and wanted not in installed:
        raise UsageError(
            f"{VARIABLE}={wanted}: this backend is not installed",
            hint=f"installed: {', '.join(installed)}",
        )
    if not wanted and installed[0] != "cython" and not os.environ.get(TOLD):
        os.environ[TOLD] = "1"
        print(
            f"vot_toolkit: the compiled kernel is absent, overlap is computed by {installed[0]}: "
            "same results, slower (install a C compiler and reinstall, or install numba)",
            file=sys.stderr,
        )
    return wanted or installed[0]


def kernel(name: str | None = None) -> Kernel:
    """Give the function ``overlaps`` of a backend, by default of the one in use."""
    module: Any = import_module(BACKENDS[name or overlap_backend()][0])
    function: Kernel = module.overlaps
    return function


def pair_kernel() -> Callable[[Array, Array, float, float, Switches], float]:
    """Give the function ``overlap_of_pair`` of the backend in use."""
    module: Any = import_module(BACKENDS[overlap_backend()][0])
    function: Callable[[Array, Array, float, float, Switches], float] = module.overlap_of_pair
    return function


def switches(rules: OverlapRules) -> Switches:
    """Give the rules as the kernels take them.

    Returns
    -------
    tuple of bool
        Rectangles end at x+w-1, rounding before the window, filling rule 2020, a thin joint box
        overlaps 1, quotient in float32.
    """
    return (
        rules.rectangle == "x+w-1",
        rules.rounding == "even",
        rules.fill == 2020,
        rules.degenerate == "thin-is-one",
        rules.precision == "float32",
    )
