"""Regions and words drawn on an image, to be seen on any background."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from vot_toolkit.region import Array, Mask, Region, bounding_box, corners

Image = NDArray[np.uint8]
"""Shape (height, width, 3): blue, green, red."""

Color = tuple[int, int, int]

SHIFT = 4
"""Bits behind the point in OpenCV's coordinates: sixteenths of a pixel."""

HALO: Color = (16, 16, 16)

FONT = cv2.FONT_HERSHEY_DUPLEX
TEXT_SCALE = 0.45


class View(NamedTuple):
    """Which part of an image is shown, and how large.

    Parameters
    ----------
    left, top : float
        Of the part, in px of the image.
    scale : float
        Shown px for one of the image.
    """

    left: float = 0.0
    top: float = 0.0
    scale: float = 1.0


def color_of(text: str) -> Color:
    """Give a colour ``#rrggbb`` as OpenCV takes it.

    Examples
    --------
    >>> color_of("#ff8000")
    (0, 128, 255)
    """
    red, green, blue = (int(text[place : place + 2], 16) for place in (1, 3, 5))
    return blue, green, red


def draw_region(
    image: Image, region: Region, color: Color, view: View | None = None, *, thickness: int = 2
) -> None:
    """Draw the outline of a region in place, dark around it; a special code draws nothing.

    Parameters
    ----------
    image : uint8 array, shape (height, width, 3)
        As shown.
    region : Region
        In px of the whole image.
    color : tuple of int
        Blue, green, red.
    view : View, optional
        Which part the image shows; all of it by default.
    thickness : int
        Of the line, in px.
    """
    view = view or View()
    for outline in _outlines(region):
        # A pixel's centre is at whole coordinates; shown larger, it moves by half the difference.
        shown = (outline - (view.left, view.top) + 0.5) * view.scale - 0.5
        points = np.round(shown * (1 << SHIFT)).astype(np.int32).reshape(-1, 1, 2)
        for width, ink in ((thickness + 2, HALO), (thickness, color)):
            cv2.polylines(image, [points], True, ink, width, cv2.LINE_AA, SHIFT)


def _outlines(region: Region) -> list[Array]:
    if not isinstance(region, Mask):
        return [] if len(region) == 1 else [corners(region).reshape(-1, 2)]
    found, _ = cv2.findContours(
        region.pixels.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    corner = np.array([region.x, region.y])
    return [each.reshape(-1, 2).astype(np.float64) + corner for each in found]


def box_around(region: Region) -> Array | None:
    """Give x, y, width, height of the box around a region; None for a code or an empty mask."""
    if isinstance(region, Mask):
        left, top, right, bottom = region.box
        size = right - left + 1, bottom - top + 1
        return np.array([left, top, *size], dtype=np.float64) if region.area else None
    return None if len(region) == 1 else bounding_box(region)


def write_text(
    image: Image, text: str, place: tuple[int, int], color: Color = (255, 255, 255)
) -> None:
    """Write in place, on a darkened ground.

    Parameters
    ----------
    image : uint8 array, shape (height, width, 3)
        As shown.
    text : str
        Signs that the font lacks become question marks.
    place : tuple of int
        x and y of the beginning of the base line.
    color : tuple of int
        Blue, green, red.
    """
    plain = text.encode("ascii", "replace").decode()
    (width, height), below = cv2.getTextSize(plain, FONT, TEXT_SCALE, 1)
    left, base = place
    ground = image[max(0, base - height - 3) : base + below, max(0, left - 4) : left + width + 4]
    ground //= 3
    cv2.putText(image, plain, place, FONT, TEXT_SCALE, color, 1, cv2.LINE_AA)
