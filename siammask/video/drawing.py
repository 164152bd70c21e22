"""Drawing what a tracker says onto a frame: mask, box and score, one colour a target."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from siammask.video.sources import Image

Colour = tuple[int, int, int]

COLOURS: tuple[Colour, ...] = (
    (240, 228, 66),
    (86, 180, 233),
    (213, 94, 0),
    (0, 158, 115),
    (204, 121, 167),
    (230, 159, 0),
    (0, 114, 178),
)
"""RGB; distinct for colour-blind eyes too: M. Okabe and K. Ito, Color Universal Design, 2008.

The brightest first: with a dark rim it shows on nearly any ground.
"""

GOLDEN_ANGLE = 0.381966
"""Share of the colour circle between hues of which any number stays well spread."""

OPACITY = 0.45
FRACTION_BITS = 4
BLACK, WHITE = (0, 0, 0), (255, 255, 255)


@dataclass(frozen=True, eq=False)
class Mark:
    """What is to be drawn of one target.

    Parameters
    ----------
    index : int
        Which target it is, from 0: its colour.
    region : float array, shape (4,) or (2n,), optional
        x, y, w, h, or corners; px. One that is not finite is not drawn.
    mask : bool array, shape (height, width), optional
        Its pixels.
    score : float, optional
        From 0 to 1.
    """

    index: int
    region: NDArray[np.floating] | None = None
    mask: NDArray[np.bool_] | None = None
    score: float | None = None


def colour_of(index: int) -> Colour:
    """Give a target's colour, BGR as OpenCV draws.

    Examples
    --------
    >>> colour_of(0), colour_of(7) != colour_of(0)
    ((66, 228, 240), True)
    """
    if index < len(COLOURS):
        return COLOURS[index][::-1]
    hue = (index * GOLDEN_ANGLE) % 1
    red, green, blue = (round(255 * part) for part in colorsys.hsv_to_rgb(hue, 0.75, 0.95))
    return blue, green, red


def corners(region: NDArray[np.floating]) -> NDArray[np.float64]:
    """Give the corners of a region in order.

    Examples
    --------
    >>> corners(np.array([10.0, 20.0, 4.0, 2.0])).tolist()
    [[10.0, 20.0], [14.0, 20.0], [14.0, 22.0], [10.0, 22.0]]
    """
    if len(region) != 4:
        return np.asarray(region, dtype=float).reshape(-1, 2)
    x, y, w, h = map(float, region)
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]])


def annotate(image: Image, marks: Sequence[Mark]) -> Image:
    """Draw marks onto a copy of a frame: masks first, then boxes, then scores.

    Parameters
    ----------
    image : uint8 array, shape (height, width, 3)
        BGR.
    marks : sequence of Mark
        One a target.

    Returns
    -------
    uint8 array, shape (height, width, 3)
        The frame with the marks.
    """
    canvas = image.copy()
    width = max(1, round(min(image.shape[:2]) / 240))
    for mark in marks:
        if mark.mask is not None:
            _draw_mask(canvas, mark.mask, colour_of(mark.index), width)
    boxed = [
        (mark, corners(mark.region))
        for mark in marks
        if mark.region is not None and np.isfinite(mark.region).all()
    ]
    for mark, points in boxed:
        _draw_box(canvas, points, colour_of(mark.index), width)
    for mark, points in boxed:
        if mark.score is not None:
            _draw_score(canvas, points, mark.score, colour_of(mark.index))
    return canvas


def _draw_mask(canvas: Image, mask: NDArray[np.bool_], colour: Colour, width: int) -> None:
    x, y, w, h = cv2.boundingRect(mask.astype(np.uint8))
    if not w:
        return
    part, inside = canvas[y : y + h, x : x + w], mask[y : y + h, x : x + w]
    blend = (1 - OPACITY) * part[inside] + OPACITY * np.array(colour)
    part[inside] = np.rint(blend).astype(np.uint8)
    outline, _ = cv2.findContours(
        inside.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE, offset=(x, y)
    )
    cv2.drawContours(canvas, outline, -1, colour, max(1, width // 2), cv2.LINE_AA)


def _draw_box(canvas: Image, points: NDArray[np.float64], colour: Colour, width: int) -> None:
    """Draw a closed line with a dark rim, which shows on any ground."""
    line = [_fixed(points, canvas)]
    for ink, thickness in ((BLACK, width + 2), (colour, width)):
        cv2.polylines(canvas, line, True, ink, thickness, cv2.LINE_AA, shift=FRACTION_BITS)


def _fixed(points: NDArray[np.float64], canvas: Image) -> NDArray[np.int32]:
    """Give points as OpenCV draws fractions of a pixel, kept where its integers suffice."""
    reach = 4.0 * max(canvas.shape[:2])
    kept = np.clip(points, -reach, reach)
    # A coordinate of 0 is the left rim of pixel 0 to us, its middle to OpenCV.
    return np.asarray(np.rint((kept - 0.5) * 2**FRACTION_BITS), dtype=np.int32)


def _draw_score(canvas: Image, points: NDArray[np.float64], score: float, colour: Colour) -> None:
    """Write the score on a plate of the target's colour, above the highest corner if it fits."""
    height, width = canvas.shape[:2]
    text, font = f"{score:.2f}", cv2.FONT_HERSHEY_SIMPLEX
    scale = max(0.35, min(height, width) / 900)
    (text_width, text_height), below = cv2.getTextSize(text, font, scale, 1)
    pad = below // 2 + 1
    plate_width, plate_height = text_width + 2 * pad, text_height + 2 * pad
    x, y = points[points[:, 1].argmin()]
    left = int(np.clip(x - plate_width / 2, 0, max(0, width - plate_width)))
    top = int(np.clip(y - plate_height - 3, 0, max(0, height - plate_height)))
    cv2.rectangle(canvas, (left, top), (left + plate_width, top + plate_height), colour, cv2.FILLED)
    blue, green, red = colour
    ink = BLACK if 0.299 * red + 0.587 * green + 0.114 * blue > 110 else WHITE
    place = (left + pad, top + pad + text_height)
    cv2.putText(canvas, text, place, font, scale, ink, 1, cv2.LINE_AA)
