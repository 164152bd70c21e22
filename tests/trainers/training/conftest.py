"""Fixtures of the tests of whole trainings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def tiny() -> Iterator[Any]:
    """Give the module `tiny.py` beside this file."""
    pytest.importorskip("torch")
    sys.path.insert(0, str(HERE))
    try:
        import tiny

        yield tiny
    finally:
        sys.path.remove(str(HERE))


@pytest.fixture(scope="session")
def config(tiny: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a config of two epochs of eight steps, with its data; not to be changed."""
    return tiny.write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture
def start(config: Path, tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Give the function that starts a training in a process of its own."""

    def begin(out: str = "out", **options: Any) -> subprocess.Popen[str]:
        given = {"config": str(config), "out": str(tmp_path / out), **options}
        path = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
        return subprocess.Popen(
            [sys.executable, "-m", "tiny", json.dumps(given)],
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": path},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return begin


@pytest.fixture
def train(start: Callable[..., subprocess.Popen[str]]) -> Callable[..., str]:
    """Give the function that trains in a process of its own, and gives what it printed."""

    def run(out: str = "out", *, status: int = 0, **options: Any) -> str:
        process = start(out, **options)
        text, _ = process.communicate(timeout=240)
        assert process.returncode == status, text
        return text

    return run


@pytest.fixture
def run_script(tmp_path: Path) -> Callable[..., str]:
    """Give the function that runs a script with this folder as its first argument."""

    def run(script: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", script, str(HERE), *arguments],
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run
