"""Soft masks of several targets made into one label a pixel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from siammask.masks import OUTSIDE


def fuse(
    masks: Sequence[NDArray[np.floating] | None],
    threshold: float,
    shape: tuple[int, int],
    ids: Iterable[int] | None = None,
) -> NDArray[np.uint8]:
    """Give each pixel to the target with the highest value there.

    Parameters
    ----------
    masks : sequence of float array, shape (height, width), or None
        One a target, from -1 to 1; None for a target that is not there.
    threshold : float
        A pixel whose highest value is not above it is background.
    shape : (int, int)
        Height and width of the frame.
    ids : iterable of int, optional
        Label of each target, 1 ... 255; 1, 2, … in order by default.

    Returns
    -------
    uint8 array, shape (height, width)
        0 for the background; of equal values the first target's counts.

    References
    ----------
    As the released code of SiamMask fuses objects for DAVIS and YouTube-VOS.

    Examples
    --------
    >>> one, other = np.array([[0.9, 0.5, 0.2]]), np.array([[0.3, 0.5, 0.6]])
    >>> fuse([one, other], 0.35, (1, 3)).tolist()
    [[1, 1, 2]]
    >>> fuse([None, other], 0.35, (1, 3), ids=[4, 7]).tolist()
    [[0, 7, 7]]
    """
    labels = np.zeros(shape, dtype=np.uint8)
    highest = np.full(shape, max(threshold, OUTSIDE), dtype=np.float32)
    for label, mask in zip(ids or range(1, len(masks) + 1), masks, strict=True):
        if mask is not None:
            higher = mask > highest
            labels[higher] = label
            np.copyto(highest, mask, where=higher, casting="same_kind")
    return labels
