"""Build the compiled extensions, which the package can do without."""

from __future__ import annotations

import os
import sys

from setuptools import Extension, setup


def extensions() -> list[Extension]:
    """List the extensions; none when VOT_TOOLKIT_NO_EXTENSION is set or Cython is absent."""
    if os.environ.get("VOT_TOOLKIT_NO_EXTENSION"):
        return []
    from Cython.Build import cythonize

    # Contracting a*b+c into one rounding would change bits, and GCC does it by default on ARM.
    flags = ["/O2", "/fp:precise"] if sys.platform == "win32" else ["-O3", "-ffp-contract=off"]
    modules = (
        "vot_toolkit.region_overlap._kernel",
        "vot_toolkit.formats._scanner",
        "trainers.data._kernel",
    )
    found = [
        Extension(name, [name.replace(".", "/") + ".pyx"], extra_compile_args=flags)
        for name in modules
    ]
    made = list(cythonize(found))
    for extension in made:
        extension.optional = True  # which cythonize does not hand on
    return made


setup(ext_modules=extensions())
