"""Backdrops: the world behind the figures, painted once and seen through a moving camera."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.dataset.synthetic.motion import Point, Pose
from vot_toolkit.dataset.synthetic.sine import cosine, sine
from vot_toolkit.dataset.synthetic.sprite import (
    Figure,
    clipped,
    compose,
    exposure,
    paint_sprite,
    window_of,
)
from vot_toolkit.dataset.synthetic.texture import Coat, Ints, paint, value_noise

Image = NDArray[np.uint8]
Shorts = NDArray[np.uint16]


@dataclass(frozen=True)
class Band:
    """A layer of the world from some height downwards; later bands cover earlier ones.

    Parameters
    ----------
    coat
        Its surface; lengths in pixels.
    top
        World row of its upper edge; the first band fills the world whatever it says.
    ragged
        How far the edge rises and falls, in pixels.
    """

    coat: Coat
    top: int = 0
    ragged: int = 0


@dataclass(frozen=True)
class Props:
    """Figures that stand still in the backdrop, at random places.

    Parameters
    ----------
    figure
        What they look like.
    count
        How many there are on every 100 columns of the world.
    size
        Smallest and largest size, in pixels per unit of the figure; larger ones stand lower.
    rows
        World rows between which their origins lie.
    upright
        Whether they stand; otherwise they lie at random angles.
    """

    figure: Figure
    count: float
    size: tuple[float, float]
    rows: tuple[int, int]
    upright: bool = True


@dataclass(frozen=True)
class Backdrop:
    """The bands and props of a world."""

    bands: tuple[Band, ...]
    props: tuple[Props, ...] = ()


@dataclass(frozen=True)
class World:
    """A painted backdrop; ``left`` and ``top`` are the world coordinates of its first pixel."""

    image: Image
    left: int
    top: int


def paint_world(
    backdrop: Backdrop, bounds: tuple[int, int, int, int], rng: np.random.RandomState
) -> World:
    """Paint a backdrop over world ``bounds`` (left, top, right, bottom)."""
    left, top, right, bottom = bounds
    image = np.zeros((bottom - top, right - left, 3), np.uint8)
    for index, band in enumerate(backdrop.bands):
        _lay_band(image, band, left, top, index == 0, rng)
    for props in backdrop.props:
        _set_props(image, props, left, top, rng)
    return World(image, left, top)


def look(world: World, views: list[Point], width: int, height: int) -> Image:
    """Show the mean of what a camera sees from its positions (top left corners)."""
    if len(views) == 1:
        return _crop(world, views[0], width, height)
    total = np.zeros((height, width, 3), np.uint16)
    for view in views:
        total += _crop(world, view, width, height)
    mean = (total + np.uint16(len(views) // 2)) // np.uint16(len(views))
    return mean.astype(np.uint8)


def _crop(world: World, view: Point, width: int, height: int) -> Image:
    """Cut out a view with sub-pixel bilinear interpolation (sixteenths of a pixel)."""
    x, y = (math.floor(16 * value + 0.5) for value in (view[0] - world.left, view[1] - world.top))
    (column, right), (row, below) = divmod(x, 16), divmod(y, 16)
    part = world.image[row : row + height + 1, column : column + width + 1]
    if not right and not below:
        return part[:-1, :-1].copy()
    # 255 weighed by sixteenths twice still fits into 16 bits.
    wide = _weighed(part.astype(np.uint16), right, axis=1)
    both = _weighed(wide, below, axis=0)
    return ((both + np.uint16(128)) >> np.uint16(8)).astype(np.uint8)


def _weighed(image: Shorts, sixteenths: int, axis: int) -> Shorts:
    """Sixteen times the values between neighbours along an axis."""
    here, beyond = (image[:-1], image[1:]) if axis == 0 else (image[:, :-1], image[:, 1:])
    between: Shorts = here * np.uint16(16 - sixteenths)
    between += beyond * np.uint16(sixteenths)
    return between


def _lay_band(
    image: Image, band: Band, left: int, top: int, fills: bool, rng: np.random.RandomState
) -> None:
    height, width = image.shape[:2]
    first = 0 if fills else max(band.top - band.ragged - top, 0)
    u = np.arange(width, dtype=np.float64) + (left + 0.5)
    v = np.arange(first, height, dtype=np.float64) + (top + 0.5)
    surface = paint(band.coat, rng, u, v, 1.0)
    surface += _fade(band.coat.fade, height - first)
    cover = np.full((height - first, width), 256, np.int32)
    if not fills:
        cover = _below_edge(band, top + first, cover.shape, rng)
    _blend(image[first:], np.clip(surface, 0, 255), cover[:, :, np.newaxis])


def _fade(amount: int, rows: int) -> Ints:
    row = np.arange(rows, dtype=np.int32)
    return (row * amount // max(rows, 1))[:, np.newaxis, np.newaxis]


def _below_edge(
    band: Band, first_row: int, shape: tuple[int, ...], rng: np.random.RandomState
) -> Ints:
    """How much of each pixel lies below the band's ragged edge, 0..256."""
    coarse = value_noise(rng, (1, shape[1]), (2, 70)) * 3 + value_noise(rng, (1, shape[1]), (2, 11))
    edge = 256 * band.top + (coarse - 2 * 65280) * band.ragged // 510
    row = np.arange(first_row, first_row + shape[0], dtype=np.int32)[:, np.newaxis]
    return np.clip(256 * row + 256 - edge, 0, 256)


def _blend(image: Image, surface: Ints, cover: Ints) -> None:
    ground = image.astype(np.int32)
    image[...] = ground + ((surface - ground) * cover + 128 >> 8)


def _set_props(image: Image, props: Props, left: int, top: int, rng: np.random.RandomState) -> None:
    height, width = image.shape[:2]
    number = max(int(props.count * width / 100), 1)
    # Far ones first; five sprites of a kind are enough variety.
    depths = sorted(rng.random_sample(number).tolist())
    sprites = [paint_sprite(props.figure, props.size[1], rng) for _ in range(min(number, 5))]
    for depth in depths:
        x, turn, tilt = rng.random_sample(3).tolist()
        pose = Pose(
            x=x * width,
            y=props.rows[0] + depth * (props.rows[1] - props.rows[0]) - top,
            size=props.size[0] + depth * (props.size[1] - props.size[0]),
            stretch=1.0,
            cos=1.0 if props.upright else cosine(turn),
            sin=0.0 if props.upright else sine(turn),
        )
        sprite = sprites[int(tilt * len(sprites))]
        window = clipped(window_of(sprite, [pose]), width, height)
        if window[0] < window[2] and window[1] < window[3]:
            compose(image, exposure(sprite, [pose], window), window)
