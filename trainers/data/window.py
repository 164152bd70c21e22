"""Where in a crop a training image is cut out.

A crop is 511x511 px with its target in the middle. A window is where the four corners of the image
come to lie in it, in crop pixels, whose centres are integers.

References
----------
B. Li, J. Yan, W. Wu, Z. Zhu, X. Hu, "High Performance Visual Tracking with Siamese Region Proposal
Network", CVPR 2018, section 3.4; the conventions are those of the released SiamMask training code.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

CROP_SIZE = 511
"""Side of a prepared crop in px."""

EXEMPLAR_SIZE = 127
"""Side of the template, which defines the scale of a crop, in px."""

CENTRE = CROP_SIZE // 2
LAST = CROP_SIZE - 1


class Corners(NamedTuple):
    """A box by its corners; width is ``right - left``, with no +1.

    Parameters
    ----------
    left, top, right, bottom : float
        In px.
    """

    left: float
    top: float
    right: float
    bottom: float

    def mirrored(self, size: int) -> Corners:
        """Give the box in the left-right mirror image of ``size`` px."""
        return Corners(size - 1 - self.right, self.top, size - 1 - self.left, self.bottom)


class Area(NamedTuple):
    """Whole pixels of a crop: columns ``left … right - 1``, rows ``top … bottom - 1``."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.bottom - self.top

    def holds(self, other: Area) -> bool:
        """Tell whether all pixels of another area are in this one."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )

    def union(self, other: Area) -> Area:
        """Give the smallest area that holds both."""
        return Area(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


WHOLE = Area(0, 0, CROP_SIZE, CROP_SIZE)
"""All pixels of a crop."""


@dataclass(frozen=True)
class Augmentation:
    """How far chance may change one of the two images; the defaults change nothing.

    Parameters
    ----------
    shift : float
        Largest shift of the window along each axis, in crop px.
    scale : float
        Largest relative change of the window's width, and of its height, in [0, 1).
    blur : float
        Probability of a motion blur being considered; half of these are none.
    flip : float
        Probability of a left-right mirror image.
    """

    shift: float = 0
    scale: float = 0
    blur: float = 0
    flip: float = 0


class Window(NamedTuple):
    """Where the corners of an image lie in its crop, and the scale that led there.

    Parameters
    ----------
    corners : Corners
        In crop px, within 0 … 510.
    scale_x, scale_y : float
        Crop px for one px of the image.
    """

    corners: Corners
    scale_x: float
    scale_y: float

    def area(self) -> Area:
        """Give the pixels of the crop on which bilinear interpolation can fall."""
        left, top, right, bottom = self.corners
        return Area(
            max(math.floor(left), 0),
            max(math.floor(top), 0),
            min(math.floor(right) + 2, CROP_SIZE),
            min(math.floor(bottom) + 2, CROP_SIZE),
        )

    def place(self, box: Corners) -> Corners:
        """Turn a box in the crop into one in the image."""
        left, top = self.corners.left, self.corners.top
        return Corners(
            (box.left - left) / self.scale_x,
            (box.top - top) / self.scale_y,
            (box.right - left) / self.scale_x,
            (box.bottom - top) / self.scale_y,
        )


def draw_window(
    size: int, limits: Augmentation, shift: tuple[float, float], scale: tuple[float, float]
) -> Window:
    """Place the window of an image of ``size`` x ``size`` px by given draws.

    Parameters
    ----------
    size : int
        Side of the image in px.
    limits : Augmentation
        What a draw of 1 means.
    shift, scale : tuple of float
        Draws for x and y, in [-1, 1].

    Returns
    -------
    Window
        Scaled about the middle of the crop, then shifted, then pushed back into the crop.

    Examples
    --------
    >>> draw_window(255, Augmentation(), (0, 0), (0, 0)).corners
    Corners(left=128.0, top=128.0, right=382.0, bottom=382.0)
    >>> draw_window(127, Augmentation(shift=4), (1, -0.5), (0, 0)).corners
    Corners(left=196.0, top=190.0, right=322.0, bottom=316.0)
    """
    scale_x, left, right = _side(size, limits, shift[0], scale[0])
    scale_y, top, bottom = _side(size, limits, shift[1], scale[1])
    return Window(Corners(left, top, right, bottom), scale_x, scale_y)


def _side(
    size: int, limits: Augmentation, shift: float, scale: float
) -> tuple[float, float, float]:
    extent = size - 1
    factor = min(1 + scale * limits.scale, CROP_SIZE / extent)
    low, high = CENTRE - extent * factor / 2, CENTRE + extent * factor / 2
    moved = max(-low, min(LAST - high, shift * limits.shift))
    return factor, low + moved, high + moved


def reach(size: int, limits: Augmentation) -> Area:
    """Give the pixels that any draw can touch.

    Examples
    --------
    >>> reach(127, Augmentation(shift=4, scale=0.05))
    Area(left=184, top=184, right=327, bottom=327)
    """
    ends = [draw_window(size, limits, (sign, sign), (1, 1)).area() for sign in (-1, 1)]
    return Area(ends[0].left, ends[0].top, ends[1].right, ends[1].bottom)


def label_box(width: float, height: float) -> Corners:
    """Give the target's box in its crop.

    Parameters
    ----------
    width, height : float
        Size of the target in the original image, in px, above 0.

    Returns
    -------
    Corners
        In crop px. The middle is the crop's: where the target was in the image does not matter.

    Examples
    --------
    >>> label_box(64, 64)
    Corners(left=223.25, top=223.25, right=286.75, bottom=286.75)
    """
    context = 0.5 * (width + height)
    scale = EXEMPLAR_SIZE / math.sqrt((width + context) * (height + context))
    half_width, half_height = width * scale / 2, height * scale / 2
    return Corners(
        CENTRE - half_width, CENTRE - half_height, CENTRE + half_width, CENTRE + half_height
    )
