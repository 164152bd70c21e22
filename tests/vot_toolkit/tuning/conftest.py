"""A tiny data set, and tuning on it with one call."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from rich.console import Console

from vot_toolkit.cli.tune import tune_command
from vot_toolkit.dataset import open_dataset
from vot_toolkit.tuning.plan import prepare
from vot_toolkit.tuning.study import run_study

LENGTHS = {"ant": 12, "bee": 15, "cat": 18, "dog": 21}
SHIFTED = f"{Path(__file__).with_name('shifted.py')}:Shifted"


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Give a VOT folder of four short sequences whose target moves half a pixel a frame."""
    root = tmp_path_factory.mktemp("data") / "tiny"
    for number, (name, length) in enumerate(LENGTHS.items()):
        (root / name / "color").mkdir(parents=True)
        rows = [f"{8 + 0.5 * frame:.2f},10,16,12\n" for frame in range(length)]
        (root / name / "groundtruth.txt").write_text("".join(rows))
        image = np.zeros((40, 60, 3), dtype=np.uint8)
        image[0, 0] = number
        for frame in range(length):
            assert cv2.imwrite(str(root / name / "color" / f"{frame + 1:08d}.png"), image)
    return root


@pytest.fixture(scope="session")
def dataset(folder):
    """Give the tiny data set."""
    return open_dataset(folder)


@pytest.fixture
def tune(dataset, tmp_path):
    """Tune the tracker `Shifted` into the folder ``tuning`` of the test."""

    def start(*space, top=3, out="tuning", progress=None, **settings):
        values = {"engine": "serial", "holdout": 0.0, **settings}
        plan, sampler = prepare(SHIFTED, dataset, tmp_path / out, space=space, **values)
        return run_study(plan, sampler, top, progress)

    return start


@pytest.fixture
def command(folder, tmp_path, monkeypatch):
    """Run the command ``tune``; give its exit status and what it printed."""
    monkeypatch.chdir(tmp_path)

    def start(**settings):
        console = Console(file=io.StringIO(), width=100, color_system=None)
        values = {"dataset": str(folder), "engine": "serial", **settings}
        status = tune_command(SHIFTED, console, **values)
        return status, console.file.getvalue()

    return start
