"""A tiny sequence made in memory: a textured square that moves over a textured background."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.dataset.sequence import Sequence
from vot_toolkit.region import Array, corners
from vot_toolkit.trajectory import Trajectory

Image = NDArray[np.uint8]

HEIGHT, WIDTH = 120, 160
NUM_FRAMES = 16
SIDE = 32
START = (20, 16)
STEP = (4, 3)
# A cell of a few pixels has both edges for a gradient and areas for a colour model to hold on to.
CELL = 4


@dataclass(frozen=True, eq=False)
class Scene:
    """A sequence with its images.

    Parameters
    ----------
    sequence : Sequence
        Names no files.
    images : list of uint8 array, shape (120, 160, 3)
        BGR.
    """

    sequence: Sequence
    images: list[Image]

    def copied(self, writable: bool) -> Scene:
        """Give the same scene with images of its own, which can be written to or not."""
        images = [image.copy() for image in self.images]
        for image in images:
            image.flags.writeable = writable
        return Scene(self.sequence, images)


def moving_square(first: int = 0, polygon: bool = False) -> Scene:
    """Draw the scene.

    Parameters
    ----------
    first : int
        Leaves out the frames before, so that the sequence starts with the square elsewhere.
    polygon : bool
        Whether the ground truth has the square's four corners instead of x, y, width, height.

    Returns
    -------
    Scene
        Of ``16 - first`` frames; always the same.
    """
    generator = np.random.default_rng(0)
    background = _texture(generator, HEIGHT, WIDTH)
    square = _texture(generator, SIDE, SIDE)
    boxes = [_box(frame) for frame in range(first, NUM_FRAMES)]
    regions = [corners(box) for box in boxes] if polygon else boxes
    truth = Trajectory.from_regions(regions)
    sequence = Sequence("moving square", truth, size=(WIDTH, HEIGHT))
    return Scene(sequence, [_drawn(background, square, box) for box in boxes])


def _box(frame: int) -> Array:
    x, y = (start + step * frame for start, step in zip(START, STEP, strict=True))
    # Columns x … x + side - 1: by the 2018 rule that is a width of side - 1.
    return np.array([x, y, SIDE - 1, SIDE - 1], dtype=np.float64)


def _texture(generator: np.random.Generator, height: int, width: int) -> Image:
    cells = generator.integers(0, 256, (height // CELL, width // CELL, 3), dtype=np.uint8)
    return cells.repeat(CELL, axis=0).repeat(CELL, axis=1)


def _drawn(background: Image, square: Image, box: Array) -> Image:
    image = background.copy()
    x, y = int(box[0]), int(box[1])
    image[y : y + SIDE, x : x + SIDE] = square
    return image
