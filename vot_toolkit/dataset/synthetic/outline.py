"""Outlines of which figures are made: signed distances and tight boxes, in the figure's own units.

A distance is negative inside. It is exact near the edge, where anti-aliasing uses it, and rough
elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.dataset.synthetic.sine import cosine, sine

Floats = NDArray[np.float64]
Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class Ellipse:
    """An ellipse around (``x``, ``y``) with half axes ``a`` and ``b``, turned by ``turn`` turns."""

    a: float
    b: float
    x: float = 0.0
    y: float = 0.0
    turn: float = 0.0

    def distance(self, u: Floats, v: Floats) -> Floats:
        """Signed distance of the points, first order exact at the edge."""
        p, q = _rotated(u - self.x, v - self.y, self.turn)
        p, q = p / self.a, q / self.b
        level = np.sqrt(p * p + q * q)
        slope = np.sqrt((p / self.a) * (p / self.a) + (q / self.b) * (q / self.b))
        return level * (level - 1.0) / np.maximum(slope, 1e-9)

    def extent(self) -> Extent:
        """Tight box (left, top, right, bottom)."""
        c, s = cosine(self.turn), sine(self.turn)
        width = math.sqrt(self.a * self.a * c * c + self.b * self.b * s * s)
        height = math.sqrt(self.a * self.a * s * s + self.b * self.b * c * c)
        return self.x - width, self.y - height, self.x + width, self.y + height


@dataclass(frozen=True)
class Box:
    """A box with half sides ``a`` and ``b`` and rounded corners, rotated by ``turn`` turns."""

    a: float
    b: float
    x: float = 0.0
    y: float = 0.0
    corner: float = 0.1
    turn: float = 0.0

    def distance(self, u: Floats, v: Floats) -> Floats:
        """Signed distance of the points."""
        p, q = _rotated(u - self.x, v - self.y, self.turn)
        p = np.abs(p) - (self.a - self.corner)
        q = np.abs(q) - (self.b - self.corner)
        outside_p, outside_q = np.maximum(p, 0.0), np.maximum(q, 0.0)
        outside: Floats = np.sqrt(outside_p * outside_p + outside_q * outside_q)
        return outside + np.minimum(np.maximum(p, q), 0.0) - self.corner

    def extent(self) -> Extent:
        """Tight box (left, top, right, bottom)."""
        c, s = abs(cosine(self.turn)), abs(sine(self.turn))
        a, b = self.a - self.corner, self.b - self.corner
        width, height = c * a + s * b + self.corner, s * a + c * b + self.corner
        return self.x - width, self.y - height, self.x + width, self.y + height


@dataclass(frozen=True)
class Petals:
    """A star with ``count`` rounded arms of length ``radius``; ``depth`` 0 makes it a circle."""

    radius: float
    count: int
    depth: float
    x: float = 0.0
    y: float = 0.0

    def distance(self, u: Floats, v: Floats) -> Floats:
        """Radial distance of the points, shortened where the edge runs along the radius."""
        p, q = u - self.x, v - self.y
        r = np.maximum(np.sqrt(p * p + q * q), 1e-9)
        return (r - self._reach(_chebyshev(p / r, self.count))) / (1.0 + self.depth)

    def extent(self) -> Extent:
        """Tight box (left, top, right, bottom), from 180 points of the edge."""
        points = [self._point(index / 180) for index in range(180)]
        xs, ys = zip(*points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def _point(self, turn: float) -> tuple[float, float]:
        wave = cosine(self.count * turn)
        reach = self.radius * (1.0 + self.depth * wave) / (1.0 + self.depth)
        return self.x + reach * cosine(turn), self.y + reach * sine(turn)

    def _reach(self, wave: Floats) -> Floats:
        return (1.0 + self.depth * wave) * (self.radius / (1.0 + self.depth))


@dataclass(frozen=True)
class Convex:
    """A convex polygon; ``points`` go clockwise as seen in the image."""

    points: tuple[tuple[float, float], ...]

    def distance(self, u: Floats, v: Floats) -> Floats:
        """Signed distance of the points to the nearest side's line."""
        result: Floats = np.full(np.broadcast(u, v).shape, -np.inf)
        for (x0, y0), (x1, y1) in zip(self.points, self.points[1:] + self.points[:1], strict=True):
            length = math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0))
            normal_x, normal_y = (y1 - y0) / length, (x0 - x1) / length
            result = np.maximum(result, (u - x0) * normal_x + (v - y0) * normal_y)
        return result

    def extent(self) -> Extent:
        """Tight box (left, top, right, bottom)."""
        xs, ys = zip(*self.points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)


Outline = Ellipse | Box | Petals | Convex


def joint_extent(extents: list[Extent]) -> Extent:
    """Tight box of several boxes."""
    left, top, right, bottom = zip(*extents, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _rotated(u: Floats, v: Floats, turn: float) -> tuple[Floats, Floats]:
    c, s = cosine(turn), sine(turn)
    return u * c + v * s, v * c - u * s


def _chebyshev(cos: Floats, count: int) -> Floats:
    """cos(n t) from cos(t), without an angle: T_n = 2 cos T_(n-1) - T_(n-2)."""
    before, here = np.ones_like(cos), cos
    for _ in range(count - 1):
        before, here = here, 2.0 * cos * here - before
    return here
