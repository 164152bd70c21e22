"""Regions: where a target is, in the pixels of an image.

Coordinate convention
---------------------
x runs right and y runs down. The centre of the top-left pixel is (0, 0), so that pixel (c, r) is
the square of side 1 around (c, r), and an image of width W spans columns 0 … W-1. A region is

* a **rectangle**: 4 numbers ``x, y, width, height``; how far it reaches (``x + width`` or
  ``x + width - 1``) is a matter of the rule set that compares it, never of the region;
* a **polygon**: an even count of at least 6 numbers ``x1, y1, x2, y2, …``, its vertices in order;
* a **special code**: 1 number, see `Code`;
* a **mask**: a `Mask`, the set of its pixels.

Regions other than masks are plain float64 arrays; their kind is told from their length.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.errors import RegionError

Array = NDArray[np.float64]

ACCEPTED = (
    "accepted: 4 numbers x,y,width,height; 6, 8, … numbers x1,y1,x2,y2,…; 1 special code, 0, 1 or 2"
)


class Code:
    """Meaning of a line with one number in a trajectory (VOT2013 and later)."""

    UNKNOWN: Final = 0
    INITIALISATION: Final = 1
    FAILURE: Final = 2
    ALL: Final = (UNKNOWN, INITIALISATION, FAILURE)


@dataclass(frozen=True, eq=False)
class Mask:
    """A set of pixels inside a box.

    Parameters
    ----------
    x, y : int
        Column and row of the box's top-left pixel in the image, in px; may be negative.
    pixels : bool array, shape (height, width)
        True where the target is. An empty mask has shape (0, 0).

    Examples
    --------
    >>> Mask(3, 5, np.ones((2, 4), dtype=bool)).box
    (3, 5, 6, 6)
    """

    x: int
    y: int
    pixels: NDArray[np.bool_]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """First and last column and row: left, top, right, bottom, all inclusive, in px."""
        height, width = self.pixels.shape
        return self.x, self.y, self.x + width - 1, self.y + height - 1

    @property
    def area(self) -> int:
        """Number of pixels set."""
        return int(np.count_nonzero(self.pixels))

    def cropped(self) -> Mask:
        """Give the same set of pixels in its tight box; an empty set is 0x0 at (0, 0)."""
        rows = np.flatnonzero(self.pixels.any(axis=1))
        columns = np.flatnonzero(self.pixels.any(axis=0))
        if not len(rows):
            return Mask(0, 0, np.zeros((0, 0), dtype=bool))
        top, bottom = int(rows[0]), int(rows[-1])
        left, right = int(columns[0]), int(columns[-1])
        inside = self.pixels[top : bottom + 1, left : right + 1]
        return Mask(self.x + left, self.y + top, inside)

    def __eq__(self, other: object) -> bool:
        """Compare sets of pixels, whatever their boxes."""
        if not isinstance(other, Mask):
            return NotImplemented
        a, b = self.cropped(), other.cropped()
        return (a.x, a.y) == (b.x, b.y) and np.array_equal(a.pixels, b.pixels)

    def __hash__(self) -> int:
        """Agree with equality."""
        tight = self.cropped()
        return hash((tight.x, tight.y, tight.pixels.shape, tight.pixels.tobytes()))


Region = Array | Mask
"""A region in memory: float64 array of 1, 4 or 2n >= 6 numbers, or a mask."""


def as_region(value: Sequence[float] | Array | Mask | float) -> Region:
    """Check a region and give it as float64 array, or as the `Mask` it is.

    Parameters
    ----------
    value : sequence of numbers, array, Mask or number
        1 number (special code 0, 1 or 2), 4 (rectangle) or 2n >= 6 (polygon); a number alone is a
        code.

    Returns
    -------
    Region
        A float64 array of shape (1,), (4,) or (2n,), in px; a mask as it is.

    Raises
    ------
    RegionError
        If the count of numbers is none of these, a number is NaN or infinite, or a number alone is
        no code.

    Examples
    --------
    >>> as_region([10, 20, 30, 40])
    array([10., 20., 30., 40.])
    >>> as_region([1, 2, 3])
    Traceback (most recent call last):
    vot_toolkit.errors.RegionError: a region of 3 numbers [1, 2, 3] (accepted: 4 numbers ...
    """
    if isinstance(value, Mask):
        return value
    try:
        array = np.ascontiguousarray(value, dtype=np.float64)
        array = array if array.ndim == 1 else array.ravel()
    except (TypeError, ValueError):
        raise RegionError(f"not a region: {value!r}", hint=ACCEPTED) from None
    if not is_region_size(len(array)):
        raise RegionError(f"a region of {len(array)} numbers {_shown(value)}", hint=ACCEPTED)
    if not all(map(math.isfinite, array.tolist())):
        raise RegionError(
            f"a region with a number that is not finite: {_shown(value)}",
            hint="every coordinate must be a finite number",
        )
    if len(array) == 1 and array[0] not in Code.ALL:
        raise RegionError(f"{array[0]:g} is no special code", hint=ACCEPTED)
    return array


def is_region_size(count: int) -> bool:
    """Tell whether a region can have this count of numbers.

    Examples
    --------
    >>> [count for count in range(10) if is_region_size(count)]
    [1, 4, 6, 8]
    """
    return count in (1, 4) or (count >= 6 and count % 2 == 0)


def bounding_box(region: Array) -> Array:
    """Give the upright rectangle around a region.

    Parameters
    ----------
    region : float64 array, shape (4,) or (2n,)
        A rectangle (returned as a copy) or a polygon, in px.

    Returns
    -------
    float64 array, shape (4,)
        x, y, width, height in px; width and height are differences of coordinates.

    Examples
    --------
    >>> bounding_box(np.array([10.0, 0.0, 20.0, 5.0, 10.0, 10.0, 0.0, 5.0]))
    array([ 0.,  0., 20., 10.])
    """
    if len(region) == 4:
        return region.copy()
    x, y = region[0::2], region[1::2]
    left, top = x.min(), y.min()
    return np.array([left, top, x.max() - left, y.max() - top])


def corners(region: Array) -> Array:
    """Give a region as polygon: the corners of a rectangle, clockwise from the top left.

    Parameters
    ----------
    region : float64 array, shape (4,) or (2n,)
        A rectangle or a polygon (returned as a copy), in px.

    Returns
    -------
    float64 array, shape (8,) or (2n,)
        x1, y1, x2, y2, … in px. A rectangle reaches to x + width and y + height.

    Examples
    --------
    >>> corners(np.array([1.0, 2.0, 3.0, 4.0]))
    array([1., 2., 4., 2., 4., 6., 1., 6.])
    """
    if len(region) != 4:
        return region.copy()
    x, y, width, height = region
    return np.array([x, y, x + width, y, x + width, y + height, x, y + height])


def _shown(value: object) -> str:
    """Show a value in an error without flooding the terminal."""
    text = repr(value.tolist() if isinstance(value, np.ndarray) else value)
    return text if len(text) <= 120 else text[:117] + "..."
