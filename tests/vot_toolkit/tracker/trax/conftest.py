"""Sections of a ``trackers.ini`` with the programs of the tests, and trackers of them."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from vot_toolkit.tracker.registry import TrackerSpec

PROGRAMS = Path(__file__).with_name("programs.py")


@pytest.fixture
def registry(tmp_path):
    """Write a ``trackers.ini``: for each section its program's words, or its lines."""

    def write(**sections):
        lines = []
        for name, value in sections.items():
            lines.append(f"[{name}]")
            if isinstance(value, dict):
                lines += [f"{key} = {text}" for key, text in value.items()]
            else:
                words = [sys.executable, str(PROGRAMS), *map(str, value)]
                lines += ["protocol = trax", f"command = {shlex.join(words)}", "timeout = 20"]
        path = tmp_path / "trackers.ini"
        path.write_text("\n".join(lines) + "\n")
        return path

    return write


@pytest.fixture
def tracker(registry):
    """Build the tracker of a program, closed at the end."""
    built = []

    def build(*words, timeout=20):
        path = registry(it=words)
        path.write_text(path.read_text().replace("timeout = 20", f"timeout = {timeout}"))
        built.append(TrackerSpec(f"{path}:it").build())
        return built[-1]

    yield build
    for item in built:
        item.close()


@pytest.fixture
def images(tmp_path):
    """Write the files of four frames, whose first pixel is (blue, green, red) = (n, 20, 30)."""
    folder = tmp_path / "it's a folder"
    folder.mkdir()
    paths = [folder / f"{number:08d}.png" for number in range(1, 5)]
    for number, path in enumerate(paths):
        image = np.zeros((48, 64, 3), dtype=np.uint8)
        image[0, 0] = number, 20, 30
        assert cv2.imwrite(str(path), image)
    return paths
