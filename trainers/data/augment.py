"""Draws applied to the pixels of a crop.

The colour offset and the blur are not applied here but on the device (`trainers.data.batches`): in
8 bits an image is a quarter of the bytes to move, and the offset needs more than 8 bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from trainers.data import compiled
from trainers.data.window import Area, Window

Pixels = NDArray[np.uint8]
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


def colour_offsets(normals: Sequence[tuple[float, float, float]]) -> Floats:
    """Turn normal numbers, three for each image, into what is subtracted from its channels.

    Returns
    -------
    float32 array, shape (images, 3)
        For blue, green and red, in grey levels; their deviations are 8.2, 2.5 and 1.2.

    Examples
    --------
    >>> colour_offsets([(1, 0, 0)]).round(3).tolist()
    [[4.644999980926514, 1.7209999561309814, -0.5590000152587891]]
    """
    offsets: Floats = (np.array(normals) @ COLOUR_BASIS[::-1].T).astype(np.float32)
    return offsets


class Cutter:
    """Cuts images of one size out of crops, bilinearly.

    Parameters
    ----------
    size : int
        Side of the images in px.

    Notes
    -----
    It keeps its maps from one image to the next: to allocate them costs as much as to fill them.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._pixel = np.arange(size, dtype=np.float64)
        self._whole = np.empty((size, size), dtype=np.uint32)
        self._part = np.empty((size, size), dtype=np.uint16)

    def image(
        self, patch: Patch, window: Window, out: Pixels, *, gray: bool = False, flip: bool = False
    ) -> None:
        """Cut an image out of a crop.

        Parameters
        ----------
        patch : Patch
            At least the pixels of ``window.area()``, BGR.
        window : Window
            Where the image lies.
        out : uint8 array, shape (size, size, 3)
            Becomes the image, BGR; what lies outside the crop is black.
        gray, flip : bool
            Whether it loses its colour, and whether it is mirrored.
        """
        columns, rows = self._grid(patch, window)
        if gray:
            luma = cv2.cvtColor(patch.pixels, cv2.COLOR_BGR2GRAY)
            found = self._interpolate(luma, columns, rows, np.empty(out.shape[:2], np.uint8))
            cv2.cvtColor(found, cv2.COLOR_GRAY2BGR, dst=out)
        else:
            self._interpolate(patch.pixels, columns, rows, out)
        if flip:
            out[:] = out[:, ::-1].copy()

    def mask(self, patch: Patch, window: Window, out: Pixels, *, flip: bool = False) -> None:
        """Cut the mask of an image out of a crop.

        Parameters
        ----------
        patch : Patch
            The target's pixels, above 0, and nothing but background outside; may be empty.
        window : Window
            Where the image lies.
        out : uint8 array, shape (size, size)
            Becomes 1 where more than half of the interpolated mask is the target, else 0.
        flip : bool
            Whether it is mirrored.
        """
        if not patch.pixels.size:
            out[:] = 0
            return
        columns, rows = self._grid(patch, window)
        if compiled.kernel is None:
            self._cover(patch.pixels, columns, rows, out)
        else:
            compiled.kernel.covered(patch.pixels, columns, rows, out)
        if flip:
            out[:] = out[:, ::-1].copy()

    def grid(self, patch: Patch, window: Window) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Give the columns and rows of a patch on which an image's pixels fall, in 1/32 px.

        Up to 4.10, OpenCV inverted the mapping and rounded twice, to 1/1024 px and then to 1/32 px;
        in columns the start and the steps were rounded apart. The same operations in the same order
        give the arrays of that time to the bit, with any OpenCV.
        """
        left, top, right, bottom = window.corners
        last = self.size - 1
        zoom_x, zoom_y = last / (right - left), last / (bottom - top)
        inverse = 1.0 / (zoom_x * zoom_y)
        step_x, step_y = zoom_y * inverse, zoom_x * inverse
        columns = np.rint(step_x * self._pixel * 1024) + round(step_x * (zoom_x * left) * 1024)
        rows = np.rint((step_y * self._pixel + step_y * (zoom_y * top)) * 1024)
        return _thirty_seconds(columns, patch.left), _thirty_seconds(rows, patch.top)

    def _grid(self, patch: Patch, window: Window) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        if compiled.kernel is None:
            return self.grid(patch, window)
        columns = np.empty(self.size, dtype=np.int32)
        rows = np.empty(self.size, dtype=np.int32)
        compiled.kernel.grid(*window.corners, patch.left, patch.top, columns, rows)
        return columns, rows

    def _cover(
        self, pixels: Pixels, columns: NDArray[np.int32], rows: NDArray[np.int32], out: Pixels
    ) -> None:
        """Set to 1 what more than half of the four pixels cover, by their weights."""
        out[:] = 0
        height, width = pixels.shape
        across, down = _touched(columns, width), _touched(rows, height)
        if across.start < across.stop and down.start < down.stop:
            target = (pixels > 0).astype(np.float32)
            out[down, across] = self._remap(target, columns[across], rows[down]) > 0.5

    def _interpolate(
        self, pixels: Pixels, columns: NDArray[np.int32], rows: NDArray[np.int32], out: Pixels
    ) -> Pixels:
        if compiled.kernel is None:
            return self._remap(pixels, columns, rows, out)
        channels = 1 if pixels.ndim == 2 else pixels.shape[2]
        compiled.kernel.interpolate(
            pixels.reshape(*pixels.shape[:2], channels),
            columns,
            rows,
            out.reshape(*out.shape[:2], channels),
        )
        return out

    def _remap(
        self,
        pixels: NDArray[Any],
        columns: NDArray[np.int32],
        rows: NDArray[np.int32],
        out: Pixels | None = None,
    ) -> NDArray[Any]:
        whole = self._whole[: len(rows), : len(columns)]
        part = self._part[: len(rows), : len(columns)]
        # Two 16-bit numbers at once: the column, and after it in memory the row.
        across = (columns >> 5).astype(np.uint16).astype(np.uint32)
        np.add(((rows >> 5) << 16).view(np.uint32)[:, None], across, out=whole)
        fraction = (columns & 31).astype(np.uint16)
        np.add(((rows & 31) << 5).astype(np.uint16)[:, None], fraction, out=part)
        pairs = whole.view(np.int16).reshape(len(rows), len(columns), 2)
        found: NDArray[Any] = cv2.remap(pixels, pairs, part, cv2.INTER_LINEAR, dst=out)
        return found


def _thirty_seconds(positions: NDArray[np.float64], origin: int) -> NDArray[np.int32]:
    return ((positions.astype(np.int32) + 16) >> 5) - origin * STEPS


def _touched(positions: NDArray[np.int32], length: int) -> slice:
    """Give those that fall on, or less than one pixel beside, pixels 0 ... length - 1."""
    first, last = np.searchsorted(positions, (-STEPS + 1, length * STEPS)).tolist()
    return slice(first, last)
