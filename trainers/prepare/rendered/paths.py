"""Numbers that change smoothly, at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Curve:
    """A sum of two slow waves and a line, over time from 0 to 1.

    Parameters
    ----------
    start, slope : float
        Of the line.
    waves : float array, shape (2, 3)
        Of each wave its amplitude, oscillations and phase.
    """

    start: float
    slope: float
    waves: NDArray[np.float64]

    def at(self, time: float) -> float:
        """Give the value at a time in [0, 1]."""
        amplitude, speed, phase = self.waves.T
        return float(
            self.start
            + self.slope * (time - 0.5)
            + (amplitude * np.sin(2 * np.pi * (speed * time + phase))).sum()
        )


def curve(random: Generator, middle: float, reach: float) -> Curve:
    """Draw a curve.

    Parameters
    ----------
    random : numpy.random.Generator
        Source of chance.
    middle : float
        About its mean.
    reach : float
        How far it goes from there, about; it is seldom exceeded.
    """
    share = random.dirichlet((1, 1, 1)) * reach
    slope = float(2 * share[0] * random.choice((-1, 1)))
    speeds = np.array([random.uniform(0.4, 1.5), random.uniform(1.5, 4)])
    waves = np.stack([share[1:] * (1, 0.6), speeds, random.random(2)], 1)
    return Curve(middle, slope, waves)
