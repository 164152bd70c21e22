"""What a sequence is made of, as data."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from vot_toolkit.dataset.synthetic.backdrop import Backdrop
from vot_toolkit.dataset.synthetic.motion import Camera, Curve, Motion, Wave, still
from vot_toolkit.dataset.synthetic.sprite import Figure


@dataclass(frozen=True)
class Actor:
    """A figure and its path."""

    figure: Figure
    motion: Motion


@dataclass(frozen=True)
class Crowd:
    """Distractors: ``count`` figures on random, gently waving paths.

    Parameters
    ----------
    figure
        What they look like.
    count
        How many there are.
    size
        Smallest and largest size, in pixels per unit of the figure.
    area
        World box (left, top, right, bottom) in which they are half-way through the sequence.
    velocity
        Mean horizontal and vertical speed in pixels per frame; each has 0.4 to 1.6 times that.
    spin
        Largest rotation speed, turns per frame; 0 keeps them upright.
    """

    figure: Figure
    count: int
    size: tuple[float, float]
    area: tuple[int, int, int, int]
    velocity: tuple[float, float] = (0.0, 0.0)
    spin: float = 0.0

    def actors(self, length: int, rng: np.random.RandomState) -> list[Actor]:
        """Draw the paths for a sequence of ``length`` frames."""
        return [self._actor(length, rng.random_sample(8).tolist()) for _ in range(self.count)]

    def _actor(self, length: int, chance: list[float]) -> Actor:
        left, top, right, bottom = self.area
        x = left + chance[0] * (right - left)
        y = top + chance[1] * (bottom - top)
        size = self.size[0] + chance[2] * (self.size[1] - self.size[0])
        run = (0.4 + 1.2 * chance[3]) * length / 2
        start, spin = (chance[4] if self.spin else 0.0), (2 * chance[5] - 1) * self.spin
        sway = Wave(0.2 * size, 35 + 40 * chance[6], chance[7])
        motion = Motion(
            x=_ramp(x, run * self.velocity[0], length),
            y=_ramp(y, run * self.velocity[1], length, sway),
            size=still(size),
            turn=_ramp(start, spin * length / 2, length),
        )
        return Actor(self.figure, motion)


@dataclass(frozen=True)
class Scene:
    """One sequence.

    Parameters
    ----------
    name
        Name of the sequence.
    happens
        What is to be seen, in a line.
    size
        Width and height of the image.
    length
        Number of frames.
    seed
        Start of every random draw of the scene.
    backdrop
        The world.
    target
        What is to be tracked.
    camera, light
        Path of the view, and brightness (1 is normal).
    behind, front
        Distractors passed in front of, and occluders.
    crowds
        Random distractors, behind the target.
    shutter
        Part of a frame's time during which light is collected: motion blur.
    """

    name: str
    happens: str
    size: tuple[int, int]
    length: int
    seed: int
    backdrop: Backdrop
    target: Actor
    camera: Camera = field(default=Camera())
    light: Curve = field(default=still(1))
    behind: tuple[Actor, ...] = ()
    front: tuple[Actor, ...] = ()
    crowds: tuple[Crowd, ...] = ()
    shutter: float = 0.5


def _ramp(middle: float, run: float, length: int, *waves: Wave) -> Curve:
    """Straight through ``middle`` half-way, from ``-run`` to ``+run``."""
    return Curve(((0, middle - run), (length, middle + run)), waves, smooth=False)
