"""How things move: curves over time, and the pose of a figure at one instant."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from vot_toolkit.dataset.synthetic.sine import cosine, sine

Point = tuple[float, float]


@dataclass(frozen=True)
class Wave:
    """A sine added to a curve; a ``bounce`` is its absolute value, turned upwards in the image.

    Parameters
    ----------
    amplitude
        Height of the wave, in the unit of the curve.
    period
        Frames of one full oscillation.
    phase
        Where in the oscillation frame 0 lies, in turns.
    bounce
        Whether to use ``-abs(sine)``: the path of a ball that hits the ground twice a period.
    """

    amplitude: float
    period: float
    phase: float = 0.0
    bounce: bool = False

    def at(self, time: float) -> float:
        """Value of the wave at a (fractional) frame number."""
        value = self.amplitude * sine(time / self.period + self.phase)
        return -abs(value) if self.bounce else value


@dataclass(frozen=True)
class Curve:
    """A number that changes over time: a line through knots, plus waves.

    Parameters
    ----------
    knots
        ``(frame, value)`` pairs in order of time; constant before the first and after the last.
    waves
        Oscillations added to it.
    smooth
        Whether the line is a cubic Hermite one; otherwise straight with kinks at the knots.
    """

    knots: tuple[Point, ...]
    waves: tuple[Wave, ...] = ()
    smooth: bool = True

    def at(self, time: float) -> float:
        """Value of the curve at a (fractional) frame number."""
        total = self._line(time)
        for wave in self.waves:
            total += wave.at(time)
        return total

    def _line(self, time: float) -> float:
        if time <= self.knots[0][0]:
            return self.knots[0][1]
        for index in range(len(self.knots) - 1):
            if time < self.knots[index + 1][0]:
                return self._between(index, time)
        return self.knots[-1][1]

    def _between(self, index: int, time: float) -> float:
        (t0, v0), (t1, v1) = self.knots[index], self.knots[index + 1]
        s = (time - t0) / (t1 - t0)
        if not self.smooth:
            return v0 + (v1 - v0) * s
        m0, m1 = self._slope(index) * (t1 - t0), self._slope(index + 1) * (t1 - t0)
        cubic = (m0 + m1 - 2 * (v1 - v0)) * s + (3 * (v1 - v0) - 2 * m0 - m1)
        return v0 + s * (m0 + s * cubic)

    def _slope(self, index: int) -> float:
        before = self.knots[max(index - 1, 0)]
        after = self.knots[min(index + 1, len(self.knots) - 1)]
        return (after[1] - before[1]) / (after[0] - before[0])


def still(value: float, *waves: Wave) -> Curve:
    """Give a curve that stays at one value but for its waves."""
    return Curve(((0, value),), waves)


def through(*knots: Point, waves: tuple[Wave, ...] = ()) -> Curve:
    """Give a smooth curve through ``(frame, value)`` knots."""
    return Curve(knots, waves)


def kinked(*knots: Point, waves: tuple[Wave, ...] = ()) -> Curve:
    """Give straight lines between ``(frame, value)`` knots: speed changes abruptly at each."""
    return Curve(knots, waves, smooth=False)


@dataclass(frozen=True)
class Pose:
    """Where a figure is at one instant.

    Parameters
    ----------
    x, y
        Its origin in pixels; a pixel's centre lies at half-integers.
    size
        Pixels per unit of the figure.
    stretch
        Factor along the figure's own first axis.
    cos, sin
        Of its rotation, clockwise as seen in the image.
    """

    x: float
    y: float
    size: float
    stretch: float
    cos: float
    sin: float

    def place(self, u: float, v: float) -> Point:
        """Give the image coordinates of a point of the figure."""
        along, across = u * self.size * self.stretch, v * self.size
        return (
            self.x + self.cos * along - self.sin * across,
            self.y + self.sin * along + self.cos * across,
        )

    def corners(self, extent: tuple[float, float, float, float]) -> tuple[Point, ...]:
        """Give the four image corners of a box ``(left, top, right, bottom)`` of the figure."""
        left, top, right, bottom = extent
        box = ((left, top), (right, top), (right, bottom), (left, bottom))
        return tuple(self.place(u, v) for u, v in box)


@dataclass(frozen=True)
class Motion:
    """The path of a figure through the world, all curves over the frame number.

    Parameters
    ----------
    x, y
        Position in world pixels; the world and the image coincide where the camera is at (0, 0).
    size
        Pixels per unit of the figure.
    turn
        Rotation in full turns, clockwise as seen in the image.
    stretch
        Factor along the figure's own first axis: turning away, flapping.
    """

    x: Curve
    y: Curve
    size: Curve
    turn: Curve = field(default=still(0))
    stretch: Curve = field(default=still(1))

    def pose(self, time: float, view: Point) -> Pose:
        """Give the pose in the image of a camera whose top left corner is at ``view``."""
        turn = self.turn.at(time)
        return Pose(
            x=self.x.at(time) - view[0],
            y=self.y.at(time) - view[1],
            size=self.size.at(time),
            stretch=self.stretch.at(time),
            cos=cosine(turn),
            sin=sine(turn),
        )


@dataclass(frozen=True)
class Camera:
    """The path of the view's top left corner through the world, in pixels."""

    x: Curve = field(default=still(0))
    y: Curve = field(default=still(0))

    def view(self, time: float) -> Point:
        """Give the view's top left corner at a (fractional) frame number."""
        return self.x.at(time), self.y.at(time)


def distance(a: Point, b: Point) -> float:
    """Euclidean distance of two points."""
    return math.sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]))
