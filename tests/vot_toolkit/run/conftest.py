"""A tiny data set, trackers to run on it, and a run with one call."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from vot_toolkit.dataset import open_dataset
from vot_toolkit.run.config import engine_for, run_config
from vot_toolkit.run.runner import run_tracker
from vot_toolkit.tracker.registry import TrackerSpec

LENGTHS = {"ball": 20, "cup": 30, "dove": 25}
FAKES = Path(__file__).with_name("fake_trackers.py")


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Give a VOT folder of three short sequences of 64x48 px; the first is not the longest."""
    root = tmp_path_factory.mktemp("data") / "tiny"
    noise = np.random.default_rng(0)
    for number, (name, length) in enumerate(LENGTHS.items()):
        (root / name / "color").mkdir(parents=True)
        left = 10 + np.arange(length) * 0.3
        rows = [f"{x:.2f},12.00,14.00,11.00\n" for x in left]
        (root / name / "groundtruth.txt").write_text("".join(rows))
        for frame in range(length):
            image = noise.integers(0, 256, (48, 64, 3), dtype=np.uint8)
            image[0, 0] = number, frame, 0
            assert cv2.imwrite(str(root / name / "color" / f"{frame + 1:08d}.png"), image)
    (root / "list.txt").write_text("\n".join(LENGTHS) + "\n")
    return root


@pytest.fixture(scope="session")
def dataset(folder):
    """Give the tiny data set."""
    return open_dataset(folder)


@pytest.fixture
def spec():
    """Give the spec of a fake tracker by its class name."""

    def make(name, **options):
        texts = tuple((key, str(value)) for key, value in options.items())
        return TrackerSpec(f"{FAKES}:{name}", texts)

    return make


@pytest.fixture
def run(dataset, spec, tmp_path):
    """Run a fake tracker into the folder ``results`` of the test."""
    tiny = dataset

    def start(name, results="results", options=None, progress=None, dataset=tiny, **values):
        experiments = values.pop("experiments", "baseline")
        config = run_config(experiments, dataset, **{"engine": "serial", **values})
        return run_tracker(
            spec(name, **(options or {})),
            dataset,
            config,
            label="fake",
            results=tmp_path / results,
            engine=engine_for(config),
            progress=progress,
        )

    return start


@pytest.fixture
def contents():
    """Read all files of a results folder that must not depend on how they were made."""

    def read(folder):
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.endswith("_time.txt")
        }

    return read
