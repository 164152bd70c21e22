"""The outline of an object in a mask."""

from __future__ import annotations

import numpy as np

from trainers.prepare.part import Mask

LEAST_POINTS = 3
"""A contour of one or two points is a fleck, and none of the object's box."""


def outline_box(mask: Mask) -> tuple[int, int, int, int] | None:
    """Give the tight box of an object's contours.

    Parameters
    ----------
    mask : bool or uint8 array, shape (height, width)
        Not 0 where the object is.

    Returns
    -------
    tuple of int or None
        x, y, width, height, counted in pixels; None without a contour of three points.

    Examples
    --------
    >>> outline_box(np.pad(np.ones((3, 4), bool), ((2, 0), (5, 0))))
    (5, 2, 4, 3)
    """
    import cv2

    found, _ = cv2.findContours(
        np.ascontiguousarray(mask, dtype=np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    contours = [contour for contour in found if len(contour) >= LEAST_POINTS]
    if not contours:
        return None
    x, y, width, height = cv2.boundingRect(np.concatenate(contours))
    return x, y, width, height
