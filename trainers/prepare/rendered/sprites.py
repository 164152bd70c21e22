"""Things that move: a picture with how much of each pixel they cover.

A third is cut from photographs along their outlines, a third has a drawn outline filled with a part
of a photograph, and a third is put together from drawn parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from trainers.prepare.rendered.photographs import Library
from trainers.prepare.rendered.surfaces import colour, surface
from trainers.prepare.window import Image

SIDE = 144
"""Longer side of a sprite in px, without its margin; figures of a scene are smaller or as large."""

MARGIN = 12
"""Empty px around it, into which it can bend."""

Cover = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Sprite:
    """A thing.

    Parameters
    ----------
    pixels : uint8 array, shape (height, width, 3)
        Its colours.
    cover : float32 array, shape (height, width)
        How much of each pixel it covers, 0 to 1.
    """

    pixels: Image
    cover: Cover

    @property
    def extent(self) -> float:
        """Square root of the area that it covers, in px."""
        return float(np.sqrt(self.cover.sum()))

    def painted(self, random: Generator) -> Sprite:
        """Give one like it, in other colours."""
        hsv = cv2.cvtColor(self.pixels, cv2.COLOR_BGR2HSV).astype(np.int16)
        hsv[..., 0] = (hsv[..., 0] + int(random.integers(15, 165))) % 180
        hsv[..., 1:] = np.clip(hsv[..., 1:] * random.uniform(0.6, 1.4, 2), 0, 255)
        return Sprite(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2BGR), self.cover)


def sprite(random: Generator, library: Library) -> Sprite:
    """Make a sprite of a random kind.

    Parameters
    ----------
    random : numpy.random.Generator
        Source of chance.
    library : Library
        The photographs.
    """
    kind = random.random()
    if kind < 0.45:
        found = _cut(random, library)
    elif kind < 0.65:
        found = _filled(random, library)
    else:
        found = _assembled(random)
    return found.painted(random) if random.random() < 0.25 else found


def _cut(random: Generator, library: Library) -> Sprite:
    """Cut an object out of a photograph."""
    cutout = library.cutouts[int(random.integers(len(library.cutouts)))]
    pixels, mask = cutout.cut()
    if random.random() < 0.5:
        pixels, mask = pixels[:, ::-1], mask[:, ::-1]
    # Outlines drawn by hand run through the background as often as through the object.
    mask = cv2.erode(mask, np.ones((3, 3), np.uint8))
    return _sized(pixels, mask.astype(np.float32))


def _filled(random: Generator, library: Library) -> Sprite:
    """Fill a drawn outline with a part of a photograph."""
    photograph = library.photographs[int(random.integers(len(library.photographs)))].read()
    cover = blob(random, SIDE)
    height, width = photograph.shape[:2]
    side = int(min(height, width) * random.uniform(0.2, 0.7))
    top, left = (int(random.integers(length - side + 1)) for length in (height, width))
    part = photograph[top : top + side, left : left + side]
    return _sized(cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_AREA), cover)


def _assembled(random: Generator) -> Sprite:
    """Put parts on each other: a body, what is fixed to it, and marks on it."""
    pixels = surface(random, SIDE, SIDE) if random.random() < 0.6 else _plain(random)
    cover = blob(random, SIDE, size=random.uniform(0.55, 1))
    for _ in range(int(random.integers(0, 4))):
        part = _placed(blob(random, SIDE), random, 0.2, 0.6)
        _lay(pixels, part, surface(random, SIDE, SIDE) if random.random() < 0.4 else _plain(random))
        cover = np.maximum(cover, part)
    for _ in range(int(random.integers(0, 5))):
        mark = _placed(blob(random, SIDE), random, 0.06, 0.3)
        _lay(pixels, mark, _plain(random))
    if random.random() < 0.5:
        _shade(pixels, cover, random)
    return _sized(pixels, _largest(cover))


def blob(random: Generator, side: int, size: float = 1.0) -> Cover:
    """Draw an outline: an ellipse, a polygon or a star, straight or smooth, more or less narrow.

    Returns
    -------
    float32 array, shape (side, side)
        How much of each pixel is inside.
    """
    count = int(random.integers(3, 14))
    angles = np.sort((np.arange(count) + random.uniform(-0.35, 0.35, count)) * 2 * np.pi / count)
    radii = 1 - random.random() * random.random(count)
    if random.random() < 0.25:
        angles, radii = np.linspace(0, 2 * np.pi, 40)[:-1], np.ones(39)
    points = np.stack([np.cos(angles), np.sin(angles)], 1) * radii[:, None]
    if random.random() < 0.6:
        points = _smooth(points)
    turn = random.uniform(0, 2 * np.pi)
    points[:, 1] *= random.uniform(0.35, 1)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    points = points @ rotation.T
    points = (points - (points.max(0) + points.min(0)) / 2) / np.ptp(points, axis=0).max()
    corners = ((points * (side - 2) * size + side / 2) * 16).astype(np.int32)
    image = np.zeros((side, side), np.uint8)
    cv2.fillPoly(image, [corners], 255, cv2.LINE_AA, 4)
    return image.astype(np.float32) / np.float32(255)


def _smooth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round the corners: cut each off, four times."""
    for _ in range(4):
        after = np.roll(points, -1, 0)
        points = np.stack([0.75 * points + 0.25 * after, 0.25 * points + 0.75 * after], 1)
        points = points.reshape(-1, 2)
    return points


def _placed(cover: Cover, random: Generator, least: float, most: float) -> Cover:
    """Make it smaller and put it somewhere in the middle."""
    side = cover.shape[0]
    scale = random.uniform(least, most)
    corner = random.uniform(0.1, 0.9, 2) * side - scale * side / 2
    matrix = np.array([[scale, 0, corner[0]], [0, scale, corner[1]]])
    placed: Cover = cv2.warpAffine(cover, matrix, (side, side), flags=cv2.INTER_AREA)
    return placed


def _plain(random: Generator) -> Image:
    pixels = np.empty((SIDE, SIDE, 3), np.uint8)
    pixels[:] = colour(random)
    return pixels


def _lay(pixels: Image, cover: Cover, above: Image) -> None:
    share = cover[..., None]
    pixels[:] = (pixels * (1 - share) + above * share).astype(np.uint8)


def _shade(pixels: Image, cover: Cover, random: Generator) -> None:
    """Light it from one side, as if it were round."""
    depth = cv2.distanceTransform((cover > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    slope_x, slope_y = (cv2.Sobel(cv2.blur(depth, (9, 9)), cv2.CV_32F, *axes) for axes in _AXES)
    angle, strength = random.uniform(0, 2 * np.pi), random.uniform(0.05, 0.15)
    light = 1 + strength * np.clip(np.cos(angle) * slope_x + np.sin(angle) * slope_y, -4, 4)
    pixels[:] = np.clip(pixels * light[..., None], 0, 255).astype(np.uint8)


_AXES: Sequence[Any] = ((1, 0), (0, 1))


def _largest(cover: Cover) -> Cover:
    """Keep what hangs together with the largest part."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((cover > 0.5).astype(np.uint8))
    if count <= 2:
        return cover
    best = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    near = cv2.dilate((labels == best).astype(np.uint8), np.ones((3, 3), np.uint8))
    kept: Cover = cover * near
    return kept


def _sized(pixels: Image, cover: Cover) -> Sprite:
    """Bring the longer side to `SIDE`, soften the edge, and add the margin."""
    scale = SIDE / max(cover.shape)
    size = max(round(cover.shape[1] * scale), 4), max(round(cover.shape[0] * scale), 4)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    cover = cv2.blur(cv2.resize(cover, size, interpolation=way), (3, 3))
    pixels = cv2.resize(pixels, size, interpolation=way)
    sides = (MARGIN,) * 4
    return Sprite(
        cv2.copyMakeBorder(pixels, *sides, cv2.BORDER_REPLICATE),
        cv2.copyMakeBorder(cover, *sides, cv2.BORDER_CONSTANT, value=0),
    )
