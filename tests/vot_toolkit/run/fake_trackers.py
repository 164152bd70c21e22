"""Trackers for tests of the engines. The test images tell the sequence and the frame they are.

Loaded from this file by path, in the test's process and in workers.
"""

from __future__ import annotations

import copy
import hashlib
import os
import random
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from vot_toolkit.tracker.isolated import IsolatedTracker
from vot_toolkit.tracker.registry import TrackerSpec


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


class Late(Steady):
    """Takes the same long time for every frame but the first."""

    def __init__(self, seconds: float = 0.1):
        self._seconds = seconds

    def meet(self, sequence, frame):
        time.sleep(self._seconds)


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

    def orphaning(self):
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)


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


class Several:
    """Follows several targets, each with a tracker of its own."""

    def __init__(self, build):
        self._build = build
        self._targets = {}
        self._count = 0
        self.most = 0

    def add(self, image, region):
        tracker = self._build()
        tracker.initialize(image, region)
        self._count += 1
        self._targets[f"target {self._count}"] = tracker
        return f"target {self._count}"

    def restart(self, target, image, region):
        self._targets[target].initialize(image, region)

    def remove(self, target):
        del self._targets[target]

    def update_many(self, images):
        # One that raises must leave all as they were.
        trackers = {target: copy.deepcopy(self._targets[target]) for target in images}
        found = {target: tracker.update(images[target]) for target, tracker in trackers.items()}
        self._targets.update(trackers)
        return found


class SteadyLanes(Steady):
    """Steady, and several at once."""

    def lanes(self):
        return Several(Sure)


class RandomLanes(Steady):
    """Random from the process-wide generator; as one of several, from one that starts as that."""

    deterministic = False
    draw = staticmethod(random.random)

    def update(self, image):
        return super().update(image) + self.draw()

    def lanes(self):
        return Several(_random_apart)


def _random_apart():
    generator, tracker = random.Random(), RandomLanes()
    generator.setstate(random.getstate())
    tracker.draw = generator.random
    return tracker


class TroubledLanes(Troubled):
    """In trouble, among others or alone."""

    def lanes(self):
        return Several(lambda: Troubled(self._trouble.__name__))


class SlowLanes(Slow):
    """Slow, and several at once."""

    def lanes(self):
        return Several(Slow)


class Calm(Slow):
    """Stays where it is."""

    def update(self, image):
        super().update(image)
        return self._region


def apart():
    """Build a slow tracker that has a process of its own."""
    spec = TrackerSpec(f"{__file__}:Calm")
    return IsolatedTracker("apart", spec.build, deterministic=False)


class Halfway(Steady):
    """Says that it has lanes, and has not."""

    def lanes(self):
        return self


class Busy(Steady):
    """Computes with numerical libraries, and notes in a file what its process is doing.

    A line for each later frame: of each thread the time it has used, and the cores it may use.
    """

    def __init__(self, notes: str, libraries: str = "numpy"):
        self._notes = Path(notes)
        self._work = [getattr(self, name)() for name in libraries.split("+")]

    def update(self, image):
        for work in self._work:
            work()
        return super().update(image)

    def meet(self, sequence, frame):
        if frame > 10:
            with self._notes.open("a") as file:
                file.write(f"{os.getpid()} {sorted(_threads(), reverse=True)}\n")

    def numpy(self):
        table = np.ones((500, 500))
        return lambda: table @ table

    def cv2(self):
        import cv2

        table = np.ones((1000, 1000), np.float32)
        return lambda: cv2.GaussianBlur(table, (31, 31), 5)

    def torch(self):
        import torch

        table = torch.ones((500, 500))
        return lambda: table @ table

    def openvino(self):
        import openvino
        from openvino import opset13

        data = opset13.parameter([1, 64, 48, 48], np.float32)
        kernels = opset13.constant(np.ones((64, 64, 3, 3), np.float32))
        layer = opset13.convolution(data, kernels, [1, 1], [0, 0], [0, 0], [1, 1])
        network = openvino.compile_model(openvino.Model([layer], [data]), "CPU")
        return lambda: network([np.ones((1, 64, 48, 48), np.float32)])

    def crowd(self):
        pool = ThreadPoolExecutor(3)
        block = bytes(2**20)
        # Enough for a job to last longer than what lies between two looks at the threads.
        return lambda: list(pool.map(hashlib.sha256, [block] * 24))


def _threads():
    for task in Path("/proc/self/task").iterdir():
        fields = (task / "stat").read_text().rpartition(")")[2].split()
        yield int(fields[11]) + int(fields[12]), sorted(os.sched_getaffinity(int(task.name)))
