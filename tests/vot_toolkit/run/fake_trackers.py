"""Trackers for tests of the engines. The test images tell the sequence and the frame they are.

Loaded from this file by path, in the test's process and in workers.
"""

from __future__ import annotations

import os
import random
import subprocess
import time

import numpy as np


class Steady:
    """Drifts off slowly, so that it is lost now and then; the same every time."""

    deterministic = True

    def initialize(self, image, region):
        self._region = np.array(region)
        self._steps = 0

    def update(self, image):
        self._steps += 1
        self.meet(*image[0, 0, :2].tolist())
        # The mean makes the answer depend on every pixel.
        return self._region + 0.07 * self._steps**2 + image.mean() / 1000

    def meet(self, sequence, frame):
        """Take note of where the test images say it is."""


class Sure(Steady):
    """Says how sure it is."""

    def update(self, image):
        self.score = 1 / (2 + self._steps)
        self.region = super().update(image)
        return self


class Unsaid(Steady):
    """Gives the same every time, without having said so."""

    deterministic = False


class Weighted(Steady):
    """Takes a checkpoint and a device."""

    def __init__(self, checkpoint: str = "", device: str = "cpu"):
        self.checkpoint = checkpoint


class Slow(Unsaid):
    """Takes long enough to be stopped in the middle."""

    def meet(self, sequence, frame):
        time.sleep(0.004)


class Stuck(Steady):
    """Never comes back from the second sequence."""

    def meet(self, sequence, frame):
        if sequence == 1:
            time.sleep(60)


class Random(Steady):
    """Gives something else every time, from the process-wide generators."""

    deterministic = False

    def __init__(self, shift: float = 1.0):
        self._shift = shift

    def update(self, image):
        return super().update(image) + self._shift * (random.random() + np.random.rand())


class Noted(Steady):
    """Takes an option and does nothing with it."""

    def __init__(self, note: str = ""):
        self.note = note


class Troubled(Steady):
    """Gets into trouble in one frame of one sequence."""

    def __init__(self, trouble: str, sequence: int = 1, frame: int = 7):
        self._trouble = getattr(self, trouble)
        self._where = sequence, frame

    def meet(self, sequence, frame):
        if (sequence, frame) == self._where:
            self._trouble()

    def raising(self):
        raise ValueError("the target is gone")

    def ranting(self):
        raise ValueError("the target\n is gone, " + "far " * 9999 + "away")

    def hanging(self):
        subprocess.run(["sleep", "61"], check=True)

    def exiting(self):
        os._exit(3)

    def crashing(self):
        os.abort()


class Wavering(Troubled):
    """In trouble, and not deterministic."""

    deterministic = False


class Chatty(Steady):
    """Prints, and so does what it starts."""

    def initialize(self, image, region):
        print("started")
        os.system("echo by a child >&2")
        super().initialize(image, region)


class Unbuildable:
    """Cannot be built."""

    def __init__(self):
        raise OSError("no weights")


class Deadly:
    """Takes its process with it when it is built."""

    def __init__(self):
        print("no\nlicence")
        os._exit(4)
