"""Results of made-up trackers on a set with the lengths of VOT2018, to check and to time a scorer.

The recipe (numbers, streams of random numbers, rounding) is that of the set on which pysot-toolkit
and vot-toolkit 0.9.0 printed the scores in `EXPECTED`: 60 sequences of 640x480 px, rotated boxes of
about 60x90 px that wander, 15 repetitions whose failures come at random and are reset by the
protocol.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

SIZE = (640, 480)
TAGS = ("camera_motion", "illum_change", "motion_change", "size_change", "occlusion")
EXPECTED = {
    "pysot": {
        "accuracy": 0.8710525288865713,
        "robustness": 0.22444902291315474,
        "failures": 47.93333333333333,
        "eao": 0.609871638540164,
    },
    "vot-toolkit": {
        "accuracy": 0.8707224727948911,
        "robustness": 1.301485921208716,
        "failures": 47.93333333333333,
        "eao": 0.6073378492034806,
    },
}
"""Scores of the first tracker, T00, by rule set, with 15 repetitions."""

LENGTHS = Path(__file__).with_name("vot2018_lengths.txt")
RESTART = 5
FAILURES_A_FRAME = 1 / 400


def write_synthetic_results(folder: Path, trackers: int = 1, repetitions: int = 15) -> None:
    """Write ``folder/VOT2018.json`` and ``folder/results/T00/baseline/…``, 24 MB a tracker."""
    annotations = {}
    for index, line in enumerate(LENGTHS.read_text(encoding="utf-8").splitlines()):
        name, frames = line.split()[0], int(line.split()[1])
        track = _Track(index, frames)
        annotations[name] = track.annotation(name)
        for tracker in range(trackers):
            place = folder / "results" / f"T{tracker:02d}" / "baseline" / name
            place.mkdir(parents=True, exist_ok=True)
            for repetition in range(repetitions):
                text = "".join(track.run(tracker, repetition))
                (place / f"{name}_{repetition + 1:03d}.txt").write_text(text)
    (folder / "VOT2018.json").write_text(json.dumps(annotations))


class _Track:
    """The true boxes of one sequence: centres, sides, angles."""

    def __init__(self, index: int, frames: int) -> None:
        random = np.random.RandomState(index)
        self.index, self.frames = index, frames
        steps = {key: random.normal(0, scale, frames).cumsum() for key, scale in _STEPS}
        self.x = np.clip(SIZE[0] / 2 + steps["x"], 20, SIZE[0] - 20)
        self.y = np.clip(SIZE[1] / 2 + steps["y"], 20, SIZE[1] - 20)
        self.width = 60 * np.exp(np.clip(steps["width"], -0.5, 0.5))
        self.height = 90 * np.exp(np.clip(steps["height"], -0.5, 0.5))
        self.angle = steps["angle"]
        self.tags = {tag: (random.rand(frames) < 0.15).astype(int).tolist() for tag in TAGS}

    def annotation(self, name: str) -> dict[str, Any]:
        """Give the entry of the JSON; there are no images."""
        corners = _corners(self.x, self.y, self.width, self.height, self.angle)
        regions = np.round(corners, 2).tolist()
        size = {"width": SIZE[0], "height": SIZE[1]}
        return {"video_dir": name, "init_rect": regions[0], "gt_rect": regions, **size, **self.tags}

    def run(self, tracker: int, repetition: int) -> Iterator[str]:
        """Give the lines of one run; a tracker is the worse the higher its number."""
        random = np.random.RandomState(self.index * 1000 + tracker * 100 + repetition)
        error = 0.03 + 0.01 * tracker
        x = self.x + random.normal(0, error, self.frames) * self.width
        y = self.y + random.normal(0, error, self.frames) * self.height
        width = self.width * np.exp(random.normal(0, error, self.frames))
        height = self.height * np.exp(random.normal(0, error, self.frames))
        angle = self.angle + random.normal(0, 0.1, self.frames)
        regions = np.round(_corners(x, y, width, height, angle), 4).tolist()
        lost = (random.rand(self.frames) < FAILURES_A_FRAME).tolist()
        start = 0
        for frame in range(self.frames):
            if frame == start:
                yield "1\n"
            elif frame < start:
                yield "0\n"
            elif lost[frame]:
                yield "2\n"
                start = frame + RESTART
            else:
                yield _LINE % tuple(regions[frame])


_STEPS = (("x", 3), ("y", 2), ("width", 0.01), ("height", 0.01), ("angle", 0.02))
_LINE = ",".join(["%.4f"] * 8) + "\n"


def _corners(x: Any, y: Any, width: Any, height: Any, angle: Any) -> Any:
    """Give the corners of boxes around centres, clockwise from the top left; shape (frames, 8)."""
    cosine, sine = np.cos(angle), np.sin(angle)
    columns = []
    for right, down in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)):
        columns.append(x + right * width * cosine - down * height * sine)
        columns.append(y + right * width * sine + down * height * cosine)
    return np.stack(columns, axis=1)
