"""Crops: the square patches that the network sees, and where they lie in the frame.

Sides and places are rounded to whole pixels as the original rounds them, half to even, since the
released checkpoints were scored so.

References
----------
L. Bertinetto, J. Valmadre, J. F. Henriques, A. Vedaldi, P. H. S. Torr, "Fully-Convolutional Siamese
Networks for Object Tracking", ECCV Workshops 2016, section 3.1 (the context around a target).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from siammask.errors import ImageError
from siammask.settings import EXEMPLAR_SIZE

Image = NDArray[np.uint8]
Array = NDArray[np.float64]

CONTEXT_AMOUNT = 0.5
"""How much of the sum of width and height is added to either, as context."""

_ACCEPTED = "accepted: uint8 of shape (height, width, 3), BGR"


@dataclass(frozen=True)
class SearchWindow:
    """The square of a frame that a target is looked for in.

    Parameters
    ----------
    left, top : float
        Where the square starts in the original's reckoning of masks, ``centre - side / 2``, in px.
    side : int
        Its side, in px of the frame.
    column, row : int
        First column and row that are really cut out, which differ from `left` and `top` by up to a
        pixel.

    Examples
    --------
    >>> around(np.array([305.0, 200.5]), 637)
    SearchWindow(left=-13.5, top=-118.0, side=637, column=-14, row=-118)
    """

    left: float
    top: float
    side: int
    column: int
    row: int


def context_side(size: Array) -> float:
    """Give the side of the square that holds a target with its context.

    Parameters
    ----------
    size : float64 array, shape (2,)
        Width and height of the target in px.

    Returns
    -------
    float
        ``sqrt((w + p) (h + p))`` with ``p = (w + h) / 2``, in px.

    Examples
    --------
    >>> round(context_side(np.array([120.0, 200.0])), 4)
    317.4902
    """
    width, height = size.tolist()
    context = CONTEXT_AMOUNT * (width + height)
    return float(math.sqrt((width + context) * (height + context)))


def patch_scale(size: Array) -> float:
    """Give how many px of a patch one px of the frame makes.

    Parameters
    ----------
    size : float64 array, shape (2,)
        Width and height of the target in px.

    Returns
    -------
    float
        Before the sides of patches are rounded to whole pixels.
    """
    return EXEMPLAR_SIZE / context_side(size)


def template_side(size: Array) -> int:
    """Give the side of the square of the frame that the template is made of.

    Parameters
    ----------
    size : float64 array, shape (2,)
        Width and height of the target in px.

    Returns
    -------
    int
        In px, at least 1.
    """
    return max(round(context_side(size)), 1)


def search_side(size: Array, instance_size: int) -> int:
    """Give the side of the square of the frame that is searched.

    Parameters
    ----------
    size : float64 array, shape (2,)
        Width and height of the target in px.
    instance_size : int
        Side of the search patch in px.

    Returns
    -------
    int
        In px, at least 1.

    Examples
    --------
    >>> search_side(np.array([120.0, 200.0]), 255)
    637
    """
    margin = (instance_size - EXEMPLAR_SIZE) / 2
    # In this order, since the last bit decides how a half is rounded.
    return max(round(context_side(size) + 2 * (margin / patch_scale(size))), 1)


def first_pixel(centre: float, side: int) -> int:
    """Give the first column (or row) of a square around a centre.

    Examples
    --------
    >>> first_pixel(160.0, 101), first_pixel(160.0, 100), first_pixel(161.0, 100)
    (109, 110, 110)
    """
    return round(centre - (side + 1) / 2)


def around(centre: Array, side: int) -> SearchWindow:
    """Place a square of whole pixels around a centre.

    Parameters
    ----------
    centre : float64 array, shape (2,)
        x and y in px.
    side : int
        In px.

    Returns
    -------
    SearchWindow
        Where it lies; it may reach out of the frame.
    """
    x, y = centre.tolist()
    return SearchWindow(
        left=x - side / 2,
        top=y - side / 2,
        side=side,
        column=first_pixel(x, side),
        row=first_pixel(y, side),
    )


def mean_colour(image: Image) -> Image:
    """Give the colour that stands for what lies outside the frame.

    Parameters
    ----------
    image : uint8 array, shape (height, width, 3)
        BGR.

    Returns
    -------
    uint8 array, shape (3,)
        The mean of each channel, its decimals cut off.

    Examples
    --------
    >>> mean_colour(np.array([[[0, 10, 20], [1, 10, 23]]], dtype=np.uint8)).tolist()
    [0, 10, 21]
    """
    import cv2

    # Sums of whole numbers are exact, so that this is NumPy's mean, to the last bit.
    sums = np.array(cv2.sumElems(image)[:3])
    mean: Array = sums / (image.shape[0] * image.shape[1])
    return mean.astype(np.uint8)


def check_image(image: object, image_size: tuple[int, int] | None = None) -> None:
    """Check that a frame is an image as OpenCV reads it, and of the size of the first.

    Parameters
    ----------
    image : object
        The frame.
    image_size : tuple of int, optional
        Width and height of the first frame in px.

    Raises
    ------
    ImageError
        If it is none; says what it is, and how to make an image of it.

    Examples
    --------
    >>> check_image(np.zeros((240, 320), dtype=np.uint8))
    Traceback (most recent call last):
    siammask.errors.ImageError: a grey image, uint8 (240, 320) (accepted: uint8 of shape ...
    """
    if not isinstance(image, np.ndarray):
        what = "no image, but None" if image is None else f"no image, but a {type(image).__name__}"
        raise ImageError(what, hint=f"{_ACCEPTED}; cv2.imread gives None where it cannot read")
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or not image.size:
        kind, advice = _misfit(image)
        hint = f"{_ACCEPTED}; {advice}" if advice else _ACCEPTED
        raise ImageError(f"{kind}, {image.dtype} {image.shape}", hint=hint)
    width, height = image.shape[1], image.shape[0]
    if image_size is not None and image_size != (width, height):
        first = f"{image_size[0]}x{image_size[1]} px"
        fault = f"a frame of {width}x{height} px after a first one of {first}"
        raise ImageError(fault, hint="all frames of a video have one size; initialize starts anew")


def _misfit(image: NDArray[Any]) -> tuple[str, str]:
    """Say what an array is instead of a frame, and what makes a frame of it."""
    if not image.size:
        return "an empty image", ""
    if image.dtype != np.uint8:
        return "an image of other numbers", "image.astype(np.uint8) for values from 0 to 255"
    if image.ndim == 2 or image.shape[2:] == (1,):
        return "a grey image", "cv2.cvtColor(image, cv2.COLOR_GRAY2BGR) makes one"
    if image.shape[2:] == (4,):
        return "an image with alpha", "image[:, :, :3] leaves it out"
    return "no image", ""


def subwindow(
    image: Image, column: int, row: int, side: int, patch_size: int, colour: Image
) -> Image:
    """Cut a square out of a frame and resize it.

    Parameters
    ----------
    image : uint8 array, shape (height, width, 3)
        BGR.
    column, row : int
        The square's first column and row; they may lie outside the frame.
    side : int
        The square's side in px, at least 1.
    patch_size : int
        Side of the patch in px.
    colour : uint8 array, shape (3,)
        Fills what lies outside the frame.

    Returns
    -------
    uint8 array, shape (patch_size, patch_size, 3)
        BGR, of its own memory.

    Examples
    --------
    >>> image = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    >>> subwindow(image, 1, 1, 2, 2, np.zeros(3, dtype=np.uint8))[:, :, 0].tolist()
    [[9, 0], [0, 0]]
    """
    import cv2

    square = _cut(image, column, row, side, colour)
    if side == patch_size:
        return square.copy()
    patch: Any = cv2.resize(square, (patch_size, patch_size), interpolation=cv2.INTER_LINEAR)
    return patch  # type: ignore[no-any-return]


def _cut(image: Image, column: int, row: int, side: int, colour: Image) -> Image:
    """Cut without resizing: a view of the frame where the square lies inside it."""
    import cv2

    height, width = image.shape[:2]
    left, right = max(column, 0), min(column + side, width)
    top, bottom = max(row, 0), min(row + side, height)
    if right - left == side and bottom - top == side:
        return image[top:bottom, left:right]
    if left >= right or top >= bottom:
        return np.broadcast_to(colour, (side, side, 3))
    inside = image[top:bottom, left:right]
    # Above, below, left and right of it.
    margins = (top - row, row + side - bottom, left - column, column + side - right)
    square: Any = cv2.copyMakeBorder(inside, *margins, cv2.BORDER_CONSTANT, value=colour.tolist())
    return square  # type: ignore[no-any-return]
