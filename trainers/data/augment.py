"""Draws applied to the pixels of a crop.

The colour offset and the blur are not applied here but on the device (`trainers.data.batches`): in
8 bits an image is a quarter of the bytes to move, and the offset needs more than 8 bits.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from trainers.data.window import Area, Window

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]

COLOUR_BASIS = np.array(
    [
        [-0.55919361, 0.98062831, -0.41940627],
        [1.72091413, 0.19879334, -1.82968581],
        [4.64467907, 4.73710203, 4.88324118],
    ]
)
"""Principal axes of colour of the released training code, each as long as its deviation."""

STEPS = 32
"""Steps of a pixel to which positions are rounded; OpenCV up to 4.10 interpolates so."""


class Patch(NamedTuple):
    """Some of a crop's pixels.

    Parameters
    ----------
    pixels : uint8 array, shape (height, width) or (height, width, 3)
        BGR where there are channels.
    left, top : int
        Where the first pixel lies in the crop.
    """

    pixels: Pixels
    left: int
    top: int

    def part(self, area: Area) -> Patch:
        """Give the pixels of an area of the crop that this patch holds."""
        rows = slice(area.top - self.top, area.bottom - self.top)
        columns = slice(area.left - self.left, area.right - self.left)
        return Patch(self.pixels[rows, columns], area.left, area.top)


def colour_offset(normals: tuple[float, float, float]) -> Floats:
    """Turn three normal numbers into what is subtracted from blue, green and red.

    Returns
    -------
    float32 array, shape (3,)
        In grey levels; the deviation is 5 to 8.

    Examples
    --------
    >>> colour_offset((1, 0, 0)).round(3).tolist()
    [4.644999980926514, 1.7209999561309814, -0.5590000152587891]
    """
    offset: Floats = (COLOUR_BASIS @ np.array(normals))[::-1].astype(np.float32)
    return offset


def cut_image(patch: Patch, window: Window, size: int, *, gray: bool, flip: bool) -> Pixels:
    """Cut an image out of a crop, bilinearly.

    Parameters
    ----------
    patch : Patch
        At least the pixels of ``window.area()``, BGR.
    window : Window
        Where the image lies.
    size : int
        Side of the image in px.
    gray, flip : bool
        Whether it loses its colour, and whether it is mirrored.

    Returns
    -------
    uint8 array, shape (size, size, 3)
        BGR; what lies outside the crop is black.
    """
    pixels = patch.pixels
    if gray:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    columns, rows = _grid(patch, window, size)
    image: Any = _interpolate(pixels, columns, rows)
    if gray:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    return cv2.flip(image, 1) if flip else image  # type: ignore[no-any-return]


def cut_mask(patch: Patch, window: Window, size: int, *, flip: bool) -> Mask:
    """Cut the mask of an image out of a crop.

    Parameters
    ----------
    patch : Patch
        The target's pixels, above 0, and nothing but background outside; may be empty.
    window, size, flip
        As for `cut_image`.

    Returns
    -------
    bool array, shape (size, size)
        Where more than half of the interpolated mask is the target.
    """
    mask = np.zeros((size, size), dtype=bool)
    columns, rows = _grid(patch, window, size)
    across, down = _touched(columns, patch.pixels.shape[1]), _touched(rows, patch.pixels.shape[0])
    if across.start < across.stop and down.start < down.stop:
        target = (patch.pixels > 0).astype(np.float32)
        mask[down, across] = _interpolate(target, columns[across], rows[down]) > 0.5
    return mask[:, ::-1] if flip else mask


def _grid(patch: Patch, window: Window, size: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Give the columns and rows of a patch on which an image's pixels fall, in 1/32 px.

    Up to 4.10, OpenCV inverted the mapping and rounded twice, to 1/1024 px and then to 1/32 px; in
    columns the start and the steps were rounded apart. The same operations in the same order give
    the arrays of that time to the bit, with any OpenCV.
    """
    left, top, right, bottom = window.corners
    zoom_x, zoom_y = (size - 1) / (right - left), (size - 1) / (bottom - top)
    inverse = 1.0 / (zoom_x * zoom_y)
    step_x, step_y = zoom_y * inverse, zoom_x * inverse
    pixel = np.arange(size)
    columns = np.rint(step_x * pixel * 1024) + np.rint(step_x * (zoom_x * left) * 1024)
    rows = np.rint((step_y * pixel + step_y * (zoom_y * top)) * 1024)
    return _thirty_seconds(columns, patch.left), _thirty_seconds(rows, patch.top)


def _thirty_seconds(positions: NDArray[np.float64], origin: int) -> NDArray[np.int32]:
    return ((positions.astype(np.int32) + 16) >> 5) - origin * STEPS


def _touched(positions: NDArray[np.int32], length: int) -> slice:
    """Give those that fall on, or less than one pixel beside, pixels 0 ... length - 1."""
    first, last = np.searchsorted(positions, (-STEPS + 1, length * STEPS)).tolist()
    return slice(first, last)


def _interpolate(
    pixels: NDArray[Any], columns: NDArray[np.int32], rows: NDArray[np.int32]
) -> NDArray[Any]:
    whole = np.empty((len(rows), len(columns), 2), dtype=np.int16)
    whole[..., 0] = columns >> 5
    whole[..., 1] = (rows >> 5)[:, None]
    part = ((rows & 31) << 5).astype(np.uint16)[:, None] + (columns & 31).astype(np.uint16)
    return cv2.remap(pixels, whole, part, cv2.INTER_LINEAR)  # type: ignore[no-any-return]
