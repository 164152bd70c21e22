"""A few trackers on a made-up set, for whole reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vot_toolkit.analysis import Analysis, analyze

NAMES = ("good", "poor", "<b>odd & 車")
LENGTHS = {"ants": 60, "bag": 50, "car": 40, "dove": 30, "egg": 45, "fish": 35}


def box(index: int, shift: float = 0.0) -> list[float]:
    """Give a rectangle that moves by a pixel a frame."""
    return [10.0 + index + shift, 20.0, 30.0, 24.0]


def _run(frames: int, shift: float, failures: tuple[int, ...]) -> list[str]:
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
            lines.append(",".join(f"{value:.4f}" for value in box(index, shift + index % 3)))
    return lines


@pytest.fixture(scope="session")
def report_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with ``set.json`` and ``results`` of three trackers in two experiments."""
    root = tmp_path_factory.mktemp("report")
    annotations = {
        name: {
            "gt_rect": [box(index) for index in range(frames)],
            "img_names": [f"{name}/{index + 1:08d}.jpg" for index in range(frames)],
            "width": 160,
            "height": 120,
            "occlusion": [int(10 <= index < 20) for index in range(frames)],
            "size_change": [int(index >= 15) for index in range(frames)],
        }
        for name, frames in LENGTHS.items()
    }
    (root / "set.json").write_text(json.dumps(annotations))
    for place, tracker in enumerate(NAMES):
        for number, (name, frames) in enumerate(LENGTHS.items()):
            failures = (12, 25)[:place] if number % 2 else ()
            for experiment, lost in (("baseline", failures), ("unsupervised", ())):
                folder = root / "results" / tracker / experiment / name
                folder.mkdir(parents=True)
                lines = _run(frames, 2.0 + 4 * place, lost)
                (folder / f"{name}_001.txt").write_text("\n".join(lines) + "\n")
            times = root / "results" / tracker / "baseline" / name / f"{name}_time.txt"
            times.write_text(f"{0.01 * (place + 1)}\n" * frames)
    return root


@pytest.fixture(scope="session")
def analysis(report_set: Path) -> Analysis:
    """Score them."""
    return analyze(report_set / "results", report_set / "set.json", workers=1)
