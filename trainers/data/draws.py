"""All that chance decides about a sample, apart from what is then done with it.

Every sample has a generator of its own, made from the seed and the sample's position in the run. So
no two workers draw alike, the stream does not depend on how many workers or devices share it, and
any position can be reached directly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainers.data.window import Augmentation

LARGEST_BLUR = 45
"""Side that a blur kernel does not exceed, in px."""


@dataclass(frozen=True)
class Blur:
    """A motion blur along the axes.

    Parameters
    ----------
    size : int
        Length of the two strokes in px, odd, at least 3.
    weight : float
        Share of the vertical stroke, in [0, 1]; the horizontal one has the rest.
    """

    size: int
    weight: float


@dataclass(frozen=True)
class CropDraws:
    """What chance decides about one image of a pair.

    Parameters
    ----------
    shift, scale : tuple of float
        For x and y, in [-1, 1]; what 1 means is the augmentation's.
    colour : tuple of float
        Three normal numbers, of which the colour offset is made.
    blur : Blur, optional
        None where nothing is blurred.
    flip : bool
        Whether the image is mirrored.
    """

    shift: tuple[float, float] = (0.0, 0.0)
    scale: tuple[float, float] = (0.0, 0.0)
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
    blur: Blur | None = None
    flip: bool = False


@dataclass(frozen=True, eq=False)
class Draws:
    """What chance decides about a pair, once its crops are chosen.

    Parameters
    ----------
    gray : bool
        Whether both images lose their colour.
    template, search : CropDraws
        Each image's own.
    priorities : uint32 array, shape (anchors * cells * cells,)
        Where there are more anchors than wanted, those with the lowest numbers are taken. The order
        is anchor by anchor, each row by row.
    """

    gray: bool
    template: CropDraws
    search: CropDraws
    priorities: NDArray[np.uint32]


def generator(seed: int, position: int, attempt: int = 0) -> np.random.Generator:
    """Make the generator of one sample.

    Parameters
    ----------
    seed : int
        The run's, from 0.
    position : int
        The sample's place in the run, from 0.
    attempt : int
        How many crops could not be read before at this position.

    Returns
    -------
    numpy.random.Generator
        Philox, whose streams for different arguments do not meet.

    References
    ----------
    J. K. Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
    """
    key = np.array([seed, 0], dtype=np.uint64)
    counter = np.array([0, 0, attempt, position], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


def draw(
    random: np.random.Generator,
    gray: float,
    template: Augmentation,
    search: Augmentation,
    num_anchors: int,
) -> Draws:
    """Make the draws of one pair.

    Parameters
    ----------
    random : numpy.random.Generator
        Goes on by as many numbers as are drawn.
    gray : float
        Probability that both images lose their colour.
    template, search : Augmentation
        What may happen to each image.
    num_anchors : int
        Anchors of the whole response map.

    Returns
    -------
    Draws
        Of one pair.
    """
    return Draws(
        bool(random.random() < gray),
        draw_crop(random, template),
        draw_crop(random, search),
        random.integers(0, 1 << 32, num_anchors, dtype=np.uint32),
    )


def draw_crop(random: np.random.Generator, limits: Augmentation) -> CropDraws:
    """Make the draws of one image."""
    x, y, scale_x, scale_y, blurred, mirrored = random.random(6).tolist()
    red, green, blue = random.standard_normal(3).tolist()
    return CropDraws(
        (2 * x - 1, 2 * y - 1),
        (2 * scale_x - 1, 2 * scale_y - 1),
        (red, green, blue),
        _draw_blur(random) if blurred < limits.blur else None,
        mirrored < limits.flip,
    )


def _draw_blur(random: np.random.Generator) -> Blur | None:
    size = 2 * round(random.standard_normal()) + 1
    wanted, weight = random.random(2).tolist()
    # A size of 1 would leave the image as it is.
    return Blur(min(size, LARGEST_BLUR), weight) if size > 1 and wanted < 0.5 else None
