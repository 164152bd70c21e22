"""Masks: from the network's logits to pixels of the frame, and to the rotated rectangle.

A pasted mask is soft: float32, the size of the frame, the probability of the target in [0, 1] where
the network looked, and -1 outside of that; at the rim the two are blended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from siammask.crops import SearchWindow
from siammask.settings import BASE_SIZE, EXEMPLAR_SIZE, Settings

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

OUTSIDE = -1.0
"""Value of a soft mask where the network did not look."""

LEAST_AREA = 100.0
"""A mask counts for the region if its largest piece has more than this, in px²."""


@dataclass(frozen=True)
class Footprint:
    """The part of the frame outside of which a pasted mask is `OUTSIDE`.

    Parameters
    ----------
    left, top : int
        First column and row.
    right, bottom : int
        One past the last column and row; not beyond `left` and `top` when it is empty.
    """

    left: int
    top: int
    right: int
    bottom: int


def probabilities(logits: Floats) -> Floats:
    """Turn logits into probabilities, float32 in [0, 1].

    Examples
    --------
    >>> probabilities(np.array([-1000, 0, 1000], dtype=np.float32))
    array([0. , 0.5, 1. ], dtype=float32)
    """
    with np.errstate(over="ignore"):
        return (1 / (1 + np.exp(-logits))).astype(np.float32, copy=False)


def placement(
    search: SearchWindow,
    row: int,
    column: int,
    mask_size: int,
    image_size: tuple[int, int],
    settings: Settings,
) -> Array:
    """Say where the pixels of a mask lie in the frame.

    Parameters
    ----------
    search : SearchWindow
        Where the search patch was cut.
    row, column : int
        Cell of the response.
    mask_size : int
        Side of the mask: 63 or 127.
    image_size : tuple of int
        Width and height of the frame in px.
    settings : Settings
        Of the tracker; `placement` and `instance_size` matter.

    Returns
    -------
    float64 array, shape (2, 3)
        Affine map from (column, row) of the mask to (x, y) of the frame.

    Examples
    --------
    A patch of 255 px that is not scaled: the mask of the middle cell starts 64 px into it.

    >>> search = SearchWindow(left=0.5, top=0.5, side=255, column=0, row=0)
    >>> placement(search, 12, 12, 127, (501, 501), Settings(placement="exact")).tolist()
    [[1.0, 0.0, 64.0], [0.0, 1.0, 64.0]]
    >>> placement(search, 12, 12, 127, (501, 501), Settings()).round(3).tolist()
    [[0.998, 0.0, 64.371], [0.0, 0.998, 64.371]]
    """
    exact = settings.placement == "exact"
    place = _exact_placement if exact else _original_placement
    return place(search, row, column, mask_size, image_size, settings)


def _original_placement(
    search: SearchWindow,
    row: int,
    column: int,
    mask_size: int,
    image_size: tuple[int, int],
    settings: Settings,
) -> Array:
    """Follow the released code to the last bit."""
    stride, width, height = settings.anchors.stride, *image_size
    # Frame pixels to a pixel of the patch; then mask pixels to a pixel of the frame.
    scale = search.side / settings.instance_size
    left = search.left + (column - BASE_SIZE / 2) * stride * scale
    top = search.top + (row - BASE_SIZE / 2) * stride * scale
    density = mask_size / (scale * EXEMPLAR_SIZE)
    a = (width - 1) / (width * density)
    b = (height - 1) / (height * density)
    return np.array([[a, 0, -a * (-left * density)], [0, b, -b * (-top * density)]])


def _exact_placement(
    search: SearchWindow,
    row: int,
    column: int,
    mask_size: int,
    image_size: tuple[int, int],
    settings: Settings,
) -> Array:
    """Undo what crop and resize really did; the corners of a mask are those of its 127 px window.

    In training a mask of 63 px is enlarged to 127 with corners aligned, so that its pixels are
    126/62 px of the patch apart.
    """
    stride = settings.anchors.stride
    scale = search.side / settings.instance_size
    step = scale * (EXEMPLAR_SIZE - 1) / (mask_size - 1)
    # Resizing aligns the pixels' outer edges, not their centres.
    x = search.column + ((column - BASE_SIZE / 2) * stride + 0.5) * scale - 0.5
    y = search.row + ((row - BASE_SIZE / 2) * stride + 0.5) * scale - 0.5
    return np.array([[step, 0, x], [0, step, y]])


def footprint(affine: Array, mask_size: int, image_size: tuple[int, int]) -> Footprint:
    """Find the part of the frame that a mask can reach.

    Parameters
    ----------
    affine : float64 array, shape (2, 3)
        As `placement` gives it.
    mask_size : int
        Side of the mask.
    image_size : tuple of int
        Width and height of the frame in px.

    Returns
    -------
    Footprint
        With a pixel to spare on each side.
    """
    # Blending reaches one mask pixel beyond the first and the last.
    first = np.floor(affine[:, 2] - affine[[0, 1], [0, 1]]) - 1
    last = np.ceil(affine[:, 2] + affine[[0, 1], [0, 1]] * mask_size) + 2
    left, top = np.clip(first, 0, image_size).astype(int).tolist()
    right, bottom = np.clip(last, 0, image_size).astype(int).tolist()
    return Footprint(left, top, right, bottom)


def paste(mask: Floats, affine: Array, image_size: tuple[int, int]) -> Floats:
    """Paste a mask into a frame.

    Parameters
    ----------
    mask : float32 array, shape (mask_size, mask_size)
        Probabilities.
    affine : float64 array, shape (2, 3)
        As `placement` gives it.
    image_size : tuple of int
        Width and height of the frame in px.

    Returns
    -------
    float32 array, shape (height, width)
        The soft mask, from -1 to 1.
    """
    import cv2

    width, height = image_size
    pasted = np.empty((height, width), dtype=np.float32)
    # The rows below are left out of the warp. Columns are not: OpenCV 5 rounds the last few of a
    # row differently, so that a narrower frame would not give the same bits.
    bottom = max(footprint(affine, len(mask), image_size).bottom, 1)
    pasted[bottom:] = OUTSIDE
    cv2.warpAffine(
        mask,
        affine,
        (width, bottom),
        dst=pasted[:bottom],
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=OUTSIDE,
    )
    return pasted


def rotated_rectangle(pasted: Floats, threshold: float, inside: Footprint) -> Array | None:
    """Give the smallest rotated rectangle around the largest piece of a mask.

    Parameters
    ----------
    pasted : float32 array, shape (height, width)
        A soft mask.
    threshold : float
        Pixels above it belong to the target.
    inside : Footprint
        Nothing outside of it does.

    Returns
    -------
    float64 array, shape (8,), or None
        Its corners in px; at which one they begin depends on the version of OpenCV. None when no
        piece has more than 100 px², its area reckoned between the centres of its outer pixels.

    Examples
    --------
    >>> pasted = np.full((40, 60), -1, dtype=np.float32)
    >>> pasted[10:31, 20:51] = 0.9
    >>> found = rotated_rectangle(pasted, 0.5, Footprint(15, 5, 60, 40)).reshape(4, 2)
    >>> sorted(map(tuple, found.tolist()))
    [(20.0, 10.0), (20.0, 30.0), (50.0, 10.0), (50.0, 30.0)]
    """
    import cv2

    contour = _largest_contour(pasted, threshold, inside)
    if contour is None or cv2.contourArea(contour) <= LEAST_AREA:
        return None
    box: Any = cv2.boxPoints(cv2.minAreaRect(contour))
    return box.astype(np.float64).ravel()  # type: ignore[no-any-return]


def _largest_contour(pasted: Floats, threshold: float, inside: Footprint) -> Any:
    import cv2

    part = pasted[inside.top : inside.bottom, inside.left : inside.right]
    if not part.size:
        return None
    binary = (part > threshold).view(np.uint8)
    # The last value but one in every version of OpenCV.
    contours = cv2.findContours(
        binary, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE, offset=(inside.left, inside.top)
    )[-2]
    return max(contours, key=cv2.contourArea, default=None)
