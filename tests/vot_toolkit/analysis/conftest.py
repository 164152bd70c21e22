"""A small data set and results on it, sound until a test damages them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from vot_toolkit.analysis import analyze

LENGTHS = {"alpha": 60, "beta": 50, "gamma": 45, "delta": 30}
FAILURES = {("alpha", 1): [20], ("beta", 1): [45], ("gamma", 2): [30], ("delta", 2): [28]}


def truth(name: str) -> np.ndarray:
    """Make polygons that wander, or rectangles in beta."""
    random = np.random.RandomState(len(name) + LENGTHS[name])
    steps = random.normal(0, 1.5, (LENGTHS[name], 2)).cumsum(axis=0)
    left_top = np.clip(np.array([35.0, 25.0]) + steps, 5, 60)
    if name == "beta":
        return np.hstack([left_top, np.full((LENGTHS[name], 2), (25.5, 20.25))])
    corners = np.array([0, 3, 24, 0, 27, 18, 2, 21], dtype=float)
    return np.tile(left_top, 4) + corners


def play(name: str, repetition: int, failures=(), reset: bool = True) -> list[str]:
    """Write a run on a sequence, near to the truth, lost at the failures."""
    random = np.random.RandomState(100 * LENGTHS[name] + repetition)
    regions = truth(name) + random.normal(0, 2, truth(name).shape)
    lines, start = [], 0
    for frame in range(LENGTHS[name]):
        if frame == start:
            lines.append("1")
        elif frame < start:
            lines.append("0")
        elif reset and frame in failures:
            lines.append("2")
            start = frame + 5
        else:
            lines.append(",".join(f"{value:.4f}" for value in regions[frame]))
    return lines


class Place:
    """A small data set and results of tracker `good` on it, to be damaged."""

    lengths = LENGTHS
    play = staticmethod(play)

    def __init__(self, root: Path) -> None:
        self.root = root
        self.results = root / "results"
        self.annotations = {
            name: {
                "gt_rect": truth(name).tolist(),
                "width": 100,
                "height": 80,
                "occlusion": [int(frame % 7 > 4) for frame in range(length)],
                "size_change": [int(12 < frame < 35) for frame in range(length)],
            }
            for name, length in LENGTHS.items()
        }
        self.write_annotations()

    def write_annotations(self, name: str = "VOT2019") -> Path:
        path = self.root / f"{name}.json"
        path.write_text(json.dumps(self.annotations))
        return path

    def file(
        self, name: str, number: int = 1, experiment: str = "baseline", tracker="good"
    ) -> Path:
        return self.results / tracker / experiment / name / f"{name}_{number:03d}.txt"

    def write(self, lines: list[str], *args, **more) -> Path:
        path = self.file(*args, **more)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n" if lines else "")
        return path

    def lines(self, *args, **more) -> list[str]:
        return self.file(*args, **more).read_text().splitlines()

    def analyze(self, rules="vot2018", dataset="VOT2019", **more):
        return analyze(self.results, self.root / f"{dataset}.json", rules=rules, **more)

    def scores(self, rules="vot2018", experiment="baseline", **more):
        return self.analyze(rules, **more).to_dict()["trackers"]["good"][experiment]

    def shorten(self, name: str, frames: int) -> None:
        """Cut both repetitions of a sequence."""
        for number in (1, 2):
            self.write(self.lines(name, number)[:frames], name, number)

    def cut_annotations(self, name: str, frames: int) -> None:
        """Cut the ground truth of a sequence."""
        for key in ("gt_rect", "occlusion", "size_change"):
            del self.annotations[name][key][frames:]
        self.write_annotations()


@pytest.fixture
def place(tmp_path):
    """Sound results: two repetitions of baseline, one of realtime and unsupervised."""
    made = Place(tmp_path)
    for name in LENGTHS:
        for number in (1, 2):
            made.write(play(name, number, FAILURES.get((name, number), ())), name, number)
        made.write(play(name, 3, [25]), name, experiment="realtime")
        made.write(play(name, 4, reset=False), name, experiment="unsupervised")
    return made
