"""Surfaces: multi-octave value noise, colour ramps and patterns, all in exact steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Coat:
    """What a surface looks like. Lengths are in the units of the figure, or pixels for a backdrop.

    Parameters
    ----------
    colours
        Two or more RGB colours from dark to light; noise chooses between them.
    cell
        Width and height of the coarsest noise cell.
    octaves
        How many times the noise is refined by half.
    pattern
        ``plain``, ``stripes`` (across the first axis), ``bars`` (across the second), ``checks``,
        ``spots`` or ``bricks``.
    ink
        RGB colour of the pattern.
    spacing
        Period of the pattern.
    share
        Part of the period that is inked, 0 to 1.
    wobble
        How far noise bends the pattern, in periods.
    shade
        Strength of the light from the top left and of the dark rim, 0 to 127; figures only.
    fade
        Brightness added from the top to the bottom of a band, -255 to 255; backdrops only.
    opacity
        255 is opaque; less than 128 (a shadow, a glow) is no part of the object.
    soft
        Width of a soft edge.
    """

    colours: tuple[Colour, ...]
    cell: tuple[float, float] = (0.7, 0.7)
    octaves: int = 4
    pattern: str = "plain"
    ink: Colour = (0, 0, 0)
    spacing: float = 0.5
    share: float = 0.5
    wobble: float = 0.15
    shade: int = 60
    fade: int = 0
    opacity: int = 255
    soft: float = 0.0


def value_noise(rng: np.random.RandomState, shape: tuple[int, int], cell: tuple[int, int]) -> Ints:
    """Smooth noise in 0..65280: random values on a lattice of ``cell`` pixels, eased between."""
    rows, row_weight = _lattice(shape[0], cell[0])
    cols, col_weight = _lattice(shape[1], cell[1])
    size = (int(rows[-1]) + 2, int(cols[-1]) + 2)
    lattice: Ints = rng.randint(0, 256, size=size, dtype=np.int32)
    wide: Ints = lattice[:, cols] * (256 - col_weight) + lattice[:, cols + 1] * col_weight
    weight: Ints = row_weight[:, np.newaxis]
    both: Ints = wide[rows] * (256 - weight) + wide[rows + 1] * weight
    return both >> 8


def fractal(
    rng: np.random.RandomState, shape: tuple[int, int], cell: tuple[int, int], octaves: int
) -> Ints:
    """Sum octaves of value noise, each half as coarse and half as strong, spread over 0..255."""
    total = np.zeros(shape, np.int32)
    for octave in range(octaves):
        fine = max(cell[0] >> octave, 2), max(cell[1] >> octave, 2)
        total += value_noise(rng, shape, fine) >> octave
    low, high = int(total.min()), int(total.max())
    return (total - low) * 255 // max(high - low, 1)


def ramp(colours: tuple[Colour, ...]) -> Ints:
    """Give a table of 256 BGR colours that runs evenly through the RGB ``colours``."""
    stops = np.array(colours, np.int32)[:, ::-1]
    position = np.arange(256, dtype=np.int32) * (len(colours) - 1)
    index = np.minimum(position // 255, len(colours) - 2)
    weight = (position - index * 255)[:, np.newaxis]
    mixed: Ints = stops[index] * (255 - weight) + stops[index + 1] * weight
    return (mixed + 127) // 255


def paint(
    coat: Coat, rng: np.random.RandomState, u: Floats, v: Floats, pixels_per_unit: float
) -> Ints:
    """Paint a surface.

    Parameters
    ----------
    coat
        What it looks like.
    rng
        Source of the noise.
    u, v
        Coordinates of the columns, shape (W,), and of the rows, shape (H,), in the coat's units.
    pixels_per_unit
        Scale of these coordinates.

    Returns
    -------
    ndarray
        BGR values in 0..255, shape (H, W, 3), int32.
    """
    shape = (len(v), len(u))
    cell_width, cell_height = (max(int(c * pixels_per_unit + 0.5), 2) for c in coat.cell)
    noise = fractal(rng, shape, (cell_height, cell_width), coat.octaves)
    surface: Ints = ramp(coat.colours)[noise]
    if coat.pattern != "plain":
        inked = _pattern(coat, rng, u[np.newaxis, :], v[:, np.newaxis], noise)
        ink = np.array(coat.ink[::-1], np.int32) + (noise[:, :, np.newaxis] - 128) // 6
        surface += ((ink - surface) * inked[:, :, np.newaxis]) >> 8
    return np.clip(surface, 0, 255)


def _lattice(length: int, cell: int) -> tuple[Ints, Ints]:
    """Lattice index of each pixel and its eased weight (0..256) of the next one."""
    position = np.arange(length, dtype=np.int32)
    fraction = (position % cell) * 256 // cell
    return position // cell, (fraction * fraction * (768 - 2 * fraction)) >> 16


def _pattern(coat: Coat, rng: np.random.RandomState, u: Floats, v: Floats, noise: Ints) -> Ints:
    """How much ink there is at each pixel, 0..256."""
    bend = (noise - 128) * (coat.wobble / 128)
    p, q = u / coat.spacing + bend, v / coat.spacing + bend
    match coat.pattern:
        case "stripes":
            return _line(p, coat.share)
        case "bars":
            return _line(q, coat.share)
        case "checks":
            a, b = _line(p, 0.5), _line(q, 0.5)
            return a + b - a * b // 128
        case "bricks":
            course = np.floor(q)
            shifted = p / 2 + (course - 2 * np.floor(course / 2)) / 2
            return np.maximum(_line(q, coat.share), _line(shifted, coat.share / 2))
        case "spots":
            return _spots(p, q, coat.share, rng)
    raise ValueError(f"unknown pattern {coat.pattern!r}")


def _line(position: Floats, share: float) -> Ints:
    """Soft lines of width ``share`` at whole numbers."""
    off_centre = np.abs(position - np.floor(position + 0.5))
    return _soft((share / 2 - off_centre) * 8 + 0.5)


def _spots(p: Floats, q: Floats, share: float, rng: np.random.RandomState) -> Ints:
    """Soft discs, one in each unit square, of random place and radius."""
    jitter = rng.random_sample((3, 16, 16))
    column, row = np.floor(p), np.floor(q)
    i = column.astype(np.int64) & 15
    j = row.astype(np.int64) & 15
    dx = p - column - 0.3 - 0.4 * jitter[0][j, i]
    dy = q - row - 0.3 - 0.4 * jitter[1][j, i]
    radius = share * (0.6 + 0.4 * jitter[2][j, i])
    return _soft((radius - np.sqrt(dx * dx + dy * dy)) * 8 + 0.5)


def _soft(level: Floats) -> Ints:
    return np.floor(np.clip(level, 0.0, 1.0) * 256).astype(np.int32)
