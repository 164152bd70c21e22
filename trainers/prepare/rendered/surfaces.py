"""Drawn surfaces: clouds of a random spectrum, mosaics, and fallen shapes.

References
----------
G. Matheron, "Modèle séquentiel de partition aléatoire", 1968 (the dead leaves model); D. J. Field,
"Relations between the statistics of natural images and the response properties of cortical cells",
JOSA A 1987 (spectra of images fall with frequency).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from trainers.prepare.window import Image

Floats = NDArray[np.float32]


def surface(random: Generator, height: int, width: int) -> Image:
    """Draw a surface of a random kind.

    Parameters
    ----------
    random : numpy.random.Generator
        Source of chance.
    height, width : int
        In px.

    Returns
    -------
    uint8 array, shape (height, width, 3)
    """
    kind = _KINDS[int(random.integers(len(_KINDS)))]
    return kind(random, height, width)


def colour(random: Generator) -> tuple[float, float, float]:
    """Draw a colour: any hue, more or less of it, 10 to 250."""
    hue, saturation = random.random() * 180, 255 * random.random() ** 0.7
    pixel = np.array([[[hue, saturation, random.uniform(40, 255)]]]).astype(np.uint8)
    blue, green, red = cv2.cvtColor(pixel, cv2.COLOR_HSV2BGR)[0, 0].tolist()
    return blue, green, red


def clouds(random: Generator, height: int, width: int) -> Image:
    """Mix colours by noise whose spectrum falls with a random power of the frequency."""
    size = 128
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None])
    frequency[0, 0] = 1
    power = random.uniform(0.8, 2.0)
    phases = np.exp(2j * np.pi * random.random(frequency.shape))
    field = np.fft.irfft2(phases / frequency**power, s=(size, size)).astype(np.float32)
    share = np.clip(0.5 + field / (4 * field.std() + 1e-9), 0, 1)
    share = cv2.resize(share, (width, height), interpolation=cv2.INTER_CUBIC)[..., None]
    first, second = (np.array(colour(random), np.float32) for _ in range(2))
    mixed: Image = np.clip(first * share + second * (1 - share), 0, 255).astype(np.uint8)
    return mixed


def mosaic(random: Generator, height: int, width: int) -> Image:
    """Give each pixel the colour of the nearest of some random points."""
    count = int(random.integers(8, 90))
    points = random.random((count, 2)) * (48, 64)
    rows, columns = np.mgrid[:48, :64]
    distances = (rows[..., None] - points[:, 0]) ** 2 + (columns[..., None] - points[:, 1]) ** 2
    colours = _near_colours(random, count)
    pixels = colours[distances.argmin(axis=2)]
    smooth = cv2.INTER_NEAREST if random.random() < 0.5 else cv2.INTER_LINEAR
    image: Image = cv2.resize(pixels, (width, height), interpolation=smooth)
    return image


def leaves(random: Generator, height: int, width: int) -> Image:
    """Drop ellipses and rectangles of all sizes on each other."""
    image = np.empty((height, width, 3), np.uint8)
    image[:] = colour(random)
    colours = _near_colours(random, 120)
    for each in colours.tolist():
        centre = random.random(2) * (width, height)
        # Sizes fall as 1 / r**3, as the model has them, down to a few pixels.
        radius = min(4 / np.sqrt(random.random() + 1e-4), max(height, width) / 3)
        box = (centre.tolist(), (2 * radius, 2 * radius * random.uniform(0.3, 1)), _angle(random))
        if random.random() < 0.5:
            cv2.ellipse(image, box, each, -1, cv2.LINE_AA)
        else:
            corners = np.rint(cv2.boxPoints(box)).astype(np.int32)
            cv2.fillConvexPoly(image, corners, each, cv2.LINE_AA)
    return image


def ramp(random: Generator, height: int, width: int) -> Image:
    """Go from one colour to another in a random direction, with a little noise."""
    angle = np.radians(_angle(random))
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    share = np.cos(angle) * columns / width + np.sin(angle) * rows / height
    share = ((share - share.min()) / (np.ptp(share) + 1e-9))[..., None]
    first, second = (np.array(colour(random), np.float32) for _ in range(2))
    noise = random.normal(0, random.uniform(0, 6), (height, width, 1))
    mixed = first * share + second * (1 - share) + noise
    noisy: Image = np.clip(mixed, 0, 255).astype(np.uint8)
    return noisy


def grating(random: Generator, height: int, width: int) -> Image:
    """Wave between two colours, in one direction or in two that beat."""
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    share = np.full((height, width), 0.5, np.float32)
    for _ in range(int(random.integers(1, 4))):
        angle, period = np.radians(_angle(random)), random.uniform(5, 60)
        wave = np.cos(angle) * columns + np.sin(angle) * rows
        share += 0.35 * np.sin(2 * np.pi * wave / period + 6 * random.random())
    share = np.clip(share, 0, 1)[..., None]
    first, second = (np.array(colour(random), np.float32) for _ in range(2))
    mixed: Image = (first * share + second * (1 - share)).astype(np.uint8)
    return mixed


_KINDS = (clouds, mosaic, leaves, ramp, grating)


def _near_colours(random: Generator, count: int) -> Image:
    """Draw colours around one: how far they spread is drawn too."""
    spread = random.uniform(8, 70)
    drawn = random.normal(colour(random), spread, (count, 3))
    near: Image = np.clip(drawn, 0, 255).astype(np.uint8)
    return near


def _angle(random: Generator) -> float:
    return float(random.uniform(0, 360))
