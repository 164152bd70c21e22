"""Trackers for tests of tuning, loaded from this file by path."""

from __future__ import annotations

from pathlib import Path

import numpy as np


class Shifted:
    """Knows how the target moves, and reports it off by as much as `shift` differs from 2 px.

    With `memory` the first frame's brightness decides which shift is the right one, so that what is
    best on one sequence is not on another.
    """

    deterministic = True

    def __init__(
        self,
        shift: float = 5.0,
        mode: str = "steady",
        checkpoint: Path | None = None,
        memory: bool = False,
    ):
        if shift < 0:
            raise ValueError("shift below 0")
        self.shift, self.mode, self.memory = shift, mode, memory
        self.weight = float(checkpoint.read_text()) if checkpoint else 0.0

    def initialize(self, image, region):
        self._region = np.array(region)
        self._off = abs(self.shift - 2) + self.weight
        if self.memory:
            self._off = abs(self.shift - int(image[0, 0, 0]))

    def update(self, image):
        if self.mode == "raising":
            raise RuntimeError("no such mode")
        self._region = self._region + np.array([0.5, 0, 0, 0])
        return self._region + np.array([self._off, 0, 0, 0])


class Unsure(Shifted):
    """Is not deterministic."""

    deterministic = False
