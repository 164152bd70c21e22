"""The network in the package: its card is true, and the README's first command runs."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from siammask import load, save, zoo

SHARE = 0.8
"""Of the card's figure that must be reached: other processors round differently."""


@pytest.fixture(scope="module")
def scores() -> dict[str, Any]:
    """Give the figures of the card."""
    found: dict[str, Any] = zoo.card(zoo.DEFAULT)["scores"]
    return found


def run(folder: Path, *command: object) -> tuple[str, dict[str, Any]]:
    """Run a module's command that writes ``scores.json``; give what it printed, and that."""
    done = subprocess.run(
        (sys.executable, "-m", *map(str, command), "--json", "scores.json"),
        cwd=folder,
        env={name: each for name, each in os.environ.items() if name != "VOT_DATASET"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads((folder / "scores.json").read_text())


def test_the_first_command(scores: dict[str, Any], tmp_path: Path) -> None:
    """No checkpoint, no data set: the whole chain, by the command that the README shows."""
    printed, found = run(tmp_path, "vot_toolkit", "eval", "--tracker", "siammask")
    assert "it uses the weights that come with it, siammask_tiny" in printed
    measured = found["trackers"]["siammask"]["baseline"]
    assert measured["eao"] >= SHARE * scores["synthetic"]["eao"]
    assert measured["accuracy"] >= SHARE * scores["synthetic"]["accuracy"]


@pytest.mark.real_data
def test_a_real_sequence(scores: dict[str, Any], tmp_path: Path, real_data: Path) -> None:
    command = ("vot_toolkit", "eval", "--tracker", "siammask", "--dataset")
    _, found = run(tmp_path, *command, real_data / "sequences")
    measured = found["trackers"]["siammask"]["baseline"]
    assert measured["accuracy"] >= SHARE * scores["bag"]["accuracy"]
    assert measured["failures"] <= scores["bag"]["failures"] + 1


@pytest.mark.real_data
def test_real_masks(scores: dict[str, Any], tmp_path: Path, real_data: Path) -> None:
    _, found = run(tmp_path, "siammask", "vos", "--dataset", real_data / "davis", "--out", "masks")
    assert found["J"]["mean"] >= SHARE * scores["car-shadow"]["J"]


def test_the_same_weights_are_the_same_bytes(tmp_path: Path) -> None:
    """So that a training done again can be compared by the card's SHA-256."""
    digests = set()
    for number in range(6):
        path = tmp_path / f"{number}.safetensors"
        save(load(zoo.find(zoo.DEFAULT)), path, half=True)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert digests == {zoo.card(zoo.DEFAULT)["sha256"]}
