"""Sprites: figures painted once and then sampled at any pose by integer bilinear interpolation.

A texel is one uint64 holding premultiplied B, G, R and A in 16 bits each, so that one
multiplication weighs all four.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.dataset.synthetic.motion import Pose
from vot_toolkit.dataset.synthetic.outline import Extent, Outline, joint_extent
from vot_toolkit.dataset.synthetic.texture import Coat, Floats, Ints, paint

Texels = NDArray[np.uint64]
Window = tuple[int, int, int, int]  # left, top, right, bottom in pixels, the last two exclusive

OBJECT_ALPHA = 128  # a pixel at least half covered belongs to the object

_HALF = np.uint64(0x0080_0080_0080_0080)
_BYTES = np.uint64(0x00FF_00FF_00FF_00FF)
_FRACTION_BITS = 16


@dataclass(frozen=True)
class Part:
    """One outline with its coat; a figure is painted part by part, the last on top."""

    outline: Outline
    coat: Coat


Figure = tuple[Part, ...]


@dataclass(frozen=True)
class Sprite:
    """A painted figure.

    Parameters
    ----------
    levels
        Texels at full resolution, then each halved.
    pixels_per_unit
        Resolution of the first level.
    bounds
        The painted area in the figure's units; transparent along its border.
    """

    levels: tuple[Texels, ...]
    pixels_per_unit: float
    bounds: Extent


def object_extent(figure: Figure) -> Extent:
    """Tight box of a figure's own parts, without its shadow or glow."""
    solid = [part.outline.extent() for part in figure if part.coat.opacity >= OBJECT_ALPHA]
    return joint_extent(solid)


def paint_sprite(figure: Figure, pixels_per_unit: float, rng: np.random.RandomState) -> Sprite:
    """Paint a figure at a resolution."""
    reach = max(part.coat.soft for part in figure) + 4 / pixels_per_unit
    left, top, right, bottom = joint_extent([part.outline.extent() for part in figure])
    # Whole multiples of 8 pixels can be halved three times.
    width = (math.ceil((right - left + 2 * reach) * pixels_per_unit) + 7) // 8 * 8
    height = (math.ceil((bottom - top + 2 * reach) * pixels_per_unit) + 7) // 8 * 8
    u = (np.arange(width, dtype=np.float64) + 0.5) / pixels_per_unit + (left - reach)
    v = (np.arange(height, dtype=np.float64) + 0.5) / pixels_per_unit + (top - reach)
    image = np.zeros((height, width, 4), np.int32)
    for part in figure:
        _add_part(image, part, u, v, pixels_per_unit, rng)
    bounds = (
        left - reach,
        top - reach,
        left - reach + width / pixels_per_unit,
        top - reach + height / pixels_per_unit,
    )
    return Sprite(tuple(_pack(level) for level in _halved(image, 4)), pixels_per_unit, bounds)


def window_of(sprite: Sprite, poses: list[Pose]) -> Window:
    """Pixels a sprite can touch in any of the poses."""
    points = [point for pose in poses for point in pose.corners(sprite.bounds)]
    xs, ys = zip(*points, strict=True)
    return (
        math.floor(min(xs)),
        math.floor(min(ys)),
        math.ceil(max(xs)) + 1,
        math.ceil(max(ys)) + 1,
    )


def clipped(window: Window, width: int, height: int) -> Window:
    """Part of a window inside an image; empty where right <= left or bottom <= top."""
    left, top, right, bottom = window
    return max(left, 0), max(top, 0), min(right, width), min(bottom, height)


def sample(sprite: Sprite, pose: Pose, window: Window) -> Texels:
    """Sample a sprite at a pose over the pixels of a window; texels of shape (rows, columns)."""
    level = _level_for(sprite, pose)
    texels = sprite.levels[level]
    columns, rows = _coordinates(sprite, pose, window, level)
    height, width = texels.shape
    columns = np.clip(columns, 0, (width - 1 << _FRACTION_BITS) - 1)
    rows = np.clip(rows, 0, (height - 1 << _FRACTION_BITS) - 1)
    first = (rows >> _FRACTION_BITS) * width + (columns >> _FRACTION_BITS)
    # Weights of 4 bits a side: they sum to 256 and a channel never leaves its 16 bits.
    right = (columns >> (_FRACTION_BITS - 4) & 15).astype(np.uint64)
    below = (rows >> (_FRACTION_BITS - 4) & 15).astype(np.uint64)
    flat, sixteen = texels.ravel(), np.uint64(16)
    upper: Texels = flat[first] * (sixteen - right) + flat[first + 1] * right
    first += width
    lower: Texels = flat[first] * (sixteen - right) + flat[first + 1] * right
    both: Texels = upper * (sixteen - below) + lower * below
    return ((both + _HALF) >> np.uint64(8)) & _BYTES


def exposure(sprite: Sprite, poses: list[Pose], window: Window) -> NDArray[np.uint16]:
    """Mean of a sprite over several poses: premultiplied BGRA, shape (rows, columns, 4)."""
    total = sample(sprite, poses[0], window)
    for pose in poses[1:]:
        total += sample(sprite, pose, window)
    layer = _unpack(total)
    return layer if len(poses) == 1 else (layer + len(poses) // 2) // len(poses)


def object_mask(sprite: Sprite, pose: Pose, window: Window) -> NDArray[np.bool_]:
    """Tell which pixels of a window are at least half covered by the sprite."""
    return _unpack(sample(sprite, pose, window))[:, :, 3] >= OBJECT_ALPHA


def compose(image: NDArray[np.uint8], layer: NDArray[np.uint16], window: Window) -> None:
    """Lay a premultiplied layer over the window of an image, in place."""
    left, top, right, bottom = window
    ground = image[top:bottom, left:right]
    behind: NDArray[np.uint16] = ground * (255 - layer[:, :, 3:])
    behind += np.uint16(128)
    behind += behind >> np.uint16(8)  # with the next shift: an exact, rounded division by 255
    behind >>= np.uint16(8)
    ground[...] = np.minimum(behind + layer[:, :, :3], 255)


def _add_part(
    image: Ints,
    part: Part,
    u: Floats,
    v: Floats,
    pixels_per_unit: float,
    rng: np.random.RandomState,
) -> None:
    """Paint one part over a premultiplied image, in place."""
    coat = part.coat
    away = part.outline.distance(u[np.newaxis, :], v[:, np.newaxis])
    edge = 1.0 / pixels_per_unit + coat.soft
    alpha = np.floor(np.clip(0.5 - away / edge, 0.0, 1.0) * coat.opacity + 0.5).astype(np.int32)
    colour = _shaded(paint(coat, rng, u, v, pixels_per_unit), part, away, u, v)
    alpha = alpha[:, :, np.newaxis]
    image *= 255 - alpha
    image += 127
    image //= 255
    image[:, :, :3] += (colour * alpha + 127) // 255
    image[:, :, 3:] += alpha


def _shaded(colour: Ints, part: Part, away: Floats, u: Floats, v: Floats) -> Ints:
    """Light from the top left and a darker rim, so that a figure looks round."""
    left, top, right, bottom = part.outline.extent()
    slope_u = (u - (left + right) / 2) / (right - left)
    slope_v = (v - (top + bottom) / 2) / (bottom - top)
    rim = np.clip(1.0 + away * (5.0 / min(right - left, bottom - top)), 0.0, 1.0)
    light = -0.6 * slope_u[np.newaxis, :] - 1.0 * slope_v[:, np.newaxis] - 0.8 * rim * rim + 0.15
    gain = np.floor(light * part.coat.shade).astype(np.int32)[:, :, np.newaxis]
    return np.clip(colour + (colour * gain >> 7), 0, 255)


def _halved(image: Ints, count: int) -> list[Ints]:
    levels = [image]
    for _ in range(count - 1):
        fine = levels[-1]
        total = fine[::2, ::2] + fine[1::2, ::2] + fine[::2, 1::2] + fine[1::2, 1::2]
        levels.append((total + 2) >> 2)
    return levels


def _pack(image: Ints) -> Texels:
    # Little endian by name: the same channel order on every machine.
    return np.ascontiguousarray(image.astype("<u2")).view("<u8")[:, :, 0].astype(np.uint64)


def _unpack(texels: Texels) -> NDArray[np.uint16]:
    return texels.astype("<u8")[:, :, np.newaxis].view("<u2").astype(np.uint16)


def _level_for(sprite: Sprite, pose: Pose) -> int:
    """Coarsest level that still has a texel for each pixel."""
    ratio, level = sprite.pixels_per_unit / pose.size, 0
    while ratio >= 2.0 and level < len(sprite.levels) - 1:
        ratio, level = ratio / 2.0, level + 1
    return level


def _coordinates(sprite: Sprite, pose: Pose, window: Window, level: int) -> tuple[Ints, Ints]:
    """Texel coordinates of each pixel's centre, fixed point with 16 bits of fraction."""
    left, top, right, bottom = window
    x = np.arange(right - left, dtype=np.int32)[np.newaxis, :]
    y = np.arange(bottom - top, dtype=np.int32)[:, np.newaxis]
    scale = sprite.pixels_per_unit / (1 << level)
    along, across = scale / (pose.size * pose.stretch), scale / pose.size
    dx, dy = left + 0.5 - pose.x, top + 0.5 - pose.y
    column = (pose.cos * dx + pose.sin * dy) * along - sprite.bounds[0] * scale - 0.5
    row = (pose.cos * dy - pose.sin * dx) * across - sprite.bounds[1] * scale - 0.5
    return (
        _fixed(column) + x * _fixed(pose.cos * along) + y * _fixed(pose.sin * along),
        _fixed(row) - x * _fixed(pose.sin * across) + y * _fixed(pose.cos * across),
    )


def _fixed(value: float) -> np.int32:
    return np.int32(math.floor(value * (1 << _FRACTION_BITS) + 0.5))
