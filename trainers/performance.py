"""How fast a training is, by the formula of the Ascend port.

Images/s are batch / (seconds of an iteration) x devices, where the first 100 iterations of every
epoch are left out and everything in the loop counts: loading, computing, logging. An image is a
pair of template and search image.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

WARM_UP = 100
"""Iterations left out at the beginning of every epoch."""


@dataclass(frozen=True)
class Speed:
    """How fast it was.

    Parameters
    ----------
    images_per_s : float
        On all devices together.
    iteration_s : float
        Mean time of an iteration.
    iterations : int
        How many were measured.
    left_out : int
        How many at the beginning of each epoch were not: 100, or fewer when fewer ran.
    """

    images_per_s: float
    iteration_s: float
    iterations: int
    left_out: int

    @property
    def note(self) -> str | None:
        """What is to be said beside the number when it is not the reference's."""
        if self.left_out == WARM_UP:
            return None
        what = f"the first {self.left_out}" if self.left_out else "none"
        return (
            f"no epoch had more than {WARM_UP} iterations: {what} of each left out, the mean is "
            f"over {self.iterations}"
        )


class Window:
    """Time of the iterations of each epoch behind the first ones.

    Parameters
    ----------
    left_out : int
        How many those are.
    """

    def __init__(self, left_out: int) -> None:
        self.left_out = left_out
        self.seconds = 0.0
        self.iterations = 0
        self._begin = 0.0

    def speed(self, images: int) -> Speed | None:
        """Give the speed of iterations of so many images; None when there was none."""
        if not self.iterations:
            return None
        iteration_s = self.seconds / self.iterations
        return Speed(images / iteration_s, iteration_s, self.iterations, self.left_out)


class Stopwatch:
    """Measures iterations; asks the device to be done only where a measurement begins or ends.

    Parameters
    ----------
    images : int
        Of an iteration, on all devices.
    synchronize : callable
        Waits for the device.
    clock : callable
        Gives seconds.
    """

    def __init__(
        self,
        images: int,
        synchronize: Callable[[], None],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._images = images
        self._synchronize = synchronize
        self._clock = clock
        self._phases: dict[str, dict[int, Window]] = {}
        self._windows: dict[int, Window] = {}
        self._all = _windows()
        self._index = 0

    def begin_epoch(self, phase: str) -> None:
        """Begin to count; a phase's name keeps its speed apart."""
        self._windows = self._phases.setdefault(phase, _windows())
        self._index = 0
        self._pass()

    def step(self) -> None:
        """Note that an iteration is over."""
        self._index += 1
        self._pass()

    def _pass(self) -> None:
        if self._index not in self._windows:
            return
        self._synchronize()
        self._windows[self._index]._begin = self._clock()

    def end_epoch(self) -> None:
        """Add up; checkpoints and scores that follow do not count."""
        if not self._index:
            return
        self._synchronize()
        now = self._clock()
        for left_out, window in self._windows.items():
            if self._index > left_out:
                for each in (window, self._all[left_out]):
                    each.seconds += now - window._begin
                    each.iterations += self._index - left_out
        self._index = 0

    @property
    def speed(self) -> Speed | None:
        """The speed of the whole run; None when no iteration ran."""
        return _best(self._all, self._images)

    @property
    def phases(self) -> dict[str, Speed]:
        """The speed of each phase, by its name."""
        found = {name: _best(each, self._images) for name, each in self._phases.items()}
        return {name: speed for name, speed in found.items() if speed is not None}


def _windows() -> dict[int, Window]:
    # The reference's; without the first iteration, which prepares everything; all.
    return {left_out: Window(left_out) for left_out in (WARM_UP, 1, 0)}


def _best(windows: dict[int, Window], images: int) -> Speed | None:
    speeds = (window.speed(images) for window in windows.values())
    return next((speed for speed in speeds if speed is not None), None)
