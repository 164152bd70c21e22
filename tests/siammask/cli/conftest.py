"""The command line on a network by a formula."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest

import siammask.cli.network
from siammask.cli import main


def _folders() -> ModuleType:
    """Load the fixtures of the tests of data sets, which are used here too."""
    path = Path(__file__).parents[1] / "vos" / "conftest.py"
    spec = importlib.util.spec_from_file_location("siammask_vos_folders", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


davis2016, davis2017, youtube = (
    getattr(_folders(), name) for name in ("davis2016", "davis2017", "youtube")
)


@pytest.fixture
def network(fake: ModuleType, monkeypatch: pytest.MonkeyPatch) -> object:
    """Stand in for whatever checkpoint the command line names."""
    stand_in = fake.FakeNetwork(127, tint=0.05)
    monkeypatch.setattr(siammask.cli.network, "open_network", lambda options: stand_in)
    return stand_in


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process; give exit status, output and errors."""

    def command(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["siammask", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return int(end.value.code or 0), out, err

    return command


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Give a file that is there."""
    path = tmp_path / "weights.pth"
    path.write_bytes(b"for its hash only")
    return path


@pytest.fixture
def frames(fake: ModuleType, tmp_path: Path) -> Path:
    """Make six frames of 320x240 px."""
    folder = tmp_path / "clip"
    folder.mkdir()
    for number in range(6):
        image = np.roll(fake.frame(), (3 * number, 5 * number), axis=(0, 1))
        cv2.imwrite(str(folder / f"{number:05d}.png"), image)
    return folder
