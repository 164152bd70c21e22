"""What is loaded when: quick starts, and no accelerator library for scoring."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"torch", "cv2", "numba", "shapely", "pydantic"}


def loaded_by(code: str, *arguments: str) -> set[str]:
    """Give the top-level modules that a fresh interpreter has loaded at the end of some code."""
    script = f"import sys, atexit\natexit.register(lambda: print('\\n', *sys.modules))\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}


@pytest.mark.parametrize("package", ["vot_toolkit", "siammask", "trainers", "leaderboards"])
def test_importing_a_package_loads_nothing_heavy(package: str) -> None:
    assert not loaded_by(f"import {package}") & HEAVY


def test_help_loads_nothing_heavy() -> None:
    code = "from vot_toolkit.cli import main; main()"
    assert not loaded_by(code, "--help") & (HEAVY | {"numpy"})


def test_analyze_loads_neither_torch_nor_cv2_nor_numba(small_results: Path) -> None:
    code = "from vot_toolkit.cli import main; main()"
    dataset = str(small_results / "set.json")
    loaded = loaded_by(code, "analyze", str(small_results / "results"), "--dataset", dataset)
    assert "numpy" in loaded
    expected = {"torch", "cv2"} if "numba" in loaded else HEAVY
    assert not loaded & expected


def test_public_names_are_all_there() -> None:
    import vot_toolkit

    for name in vot_toolkit.__all__:
        assert getattr(vot_toolkit, name) is not None
    assert set(dir(vot_toolkit)) == set(vot_toolkit.__all__)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = vot_toolkit.no_such_name


def test_the_version_is_that_of_the_distribution() -> None:
    import vot_toolkit
    from vot_toolkit.version import toolkit_version

    assert vot_toolkit.__version__ == toolkit_version()


def test_overlap_stays_a_function_whatever_was_imported_before() -> None:
    code = (
        "import vot_toolkit.analysis, vot_toolkit as vot; vot.overlaps;"
        "assert vot.overlap([0, 0, 4, 4], [0, 0, 4, 4]) == 1.0"
    )
    assert "numpy" in loaded_by(code)
