"""A small data set with results, for whole commands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

FRAMES = {"alpha": 40, "beta": 30}


def box(index: int, shift: float = 0.0) -> list[float]:
    """Give a rectangle that moves by a pixel a frame."""
    return [10.0 + index + shift, 20.0, 30.0, 24.0]


def run_lines(frames: int, shift: float, failures: Sequence[int] = ()) -> list[str]:
    """Write a run under the reset protocol: off by `shift` px, lost at the failures."""
    lines, start = [], 0
    for index in range(frames):
        if index == start:
            lines.append("1")
        elif index < start:
            lines.append("0")
        elif index in failures:
            lines.append("2")
            start = index + 5
        else:
            lines.append(",".join(f"{value:.4f}" for value in box(index, shift)))
    return lines


def write_run(folder: Path, sequence: str, lines: Sequence[str], number: int = 1) -> None:
    """Write one repetition in the official layout."""
    place = folder / sequence
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{sequence}_{number:03d}.txt").write_text("\n".join(lines) + "\n")


@pytest.fixture
def small_results(tmp_path: Path) -> Path:
    """Make a folder with ``set.json`` and ``results`` of two trackers."""
    annotations = {
        name: {
            "gt_rect": [box(index) for index in range(frames)],
            "img_names": [f"{name}/color/{index + 1:08d}.jpg" for index in range(frames)],
            "width": 160,
            "height": 120,
            "occlusion": [int(10 <= index < 20) for index in range(frames)],
        }
        for name, frames in FRAMES.items()
    }
    (tmp_path / "set.json").write_text(json.dumps(annotations))
    for tracker, shift, failures in (("good", 1.0, ()), ("poor", 8.0, (15,))):
        for name, frames in FRAMES.items():
            lines = run_lines(frames, shift, failures)
            write_run(tmp_path / "results" / tracker / "baseline", name, lines)
    return tmp_path
