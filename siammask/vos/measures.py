"""The measures of DAVIS: region similarity J, contour accuracy F, and their statistics over frames.

Masks are boolean arrays of (height, width), one object in one frame. A sequence of the
semi-supervised task leaves out its first frame, which is given, and its last, for which some of
the methods of 2016 had no result [3]_: see `siammask.vos.scoring`.

References
----------
.. [1] F. Perazzi et al., A Benchmark Dataset and Evaluation Methodology for Video Object
   Segmentation, CVPR 2016, section 5: J, F, and mean, recall, decay.
.. [2] J. Pont-Tuset et al., The 2017 DAVIS Challenge on Video Object Segmentation,
   arXiv:1704.00675, section 3: the mean over objects.
.. [3] github.com/davisvideochallenge/davis2017-evaluation, issue 10.
.. [4] D. Martin, C. Fowlkes, J. Malik, Learning to detect natural image boundaries, PAMI 2004:
   which pixels are the boundary of a segment.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BoolMask = NDArray[np.bool_]

TOLERANCE = 0.008
"""How far two boundaries may be apart, as a share of the image's diagonal [1]_."""

RECALL_THRESHOLD = 0.5
"""Recall is the share of frames above it [1]_."""

NUM_QUARTERS = 4
"""Decay compares the first part with the last of as many [1]_."""


def region_similarity(truth: BoolMask, result: BoolMask, void: BoolMask | None = None) -> float:
    """Compute J, the intersection over union of two masks.

    Parameters
    ----------
    truth, result : bool array, shape (height, width)
        One object in one frame.
    void : bool array, shape (height, width), optional
        Pixels that do not count.

    Returns
    -------
    float
        From 0 to 1; 1 when both masks are empty.

    Raises
    ------
    ValueError
        If the shapes differ.

    References
    ----------
    Perazzi et al., CVPR 2016, section 5, "Region Similarity".

    Examples
    --------
    >>> truth, result = np.zeros((4, 6), bool), np.zeros((4, 6), bool)
    >>> truth[:, 0:4], result[:, 2:6] = True, True
    >>> round(region_similarity(truth, result), 4)
    0.3333
    >>> region_similarity(truth & False, result & False)
    1.0
    """
    truth, result = _counted(truth, result, void)
    union = np.count_nonzero(truth | result)
    return 1.0 if union == 0 else float(np.count_nonzero(truth & result) / union)


def contour_accuracy(truth: BoolMask, result: BoolMask, void: BoolMask | None = None) -> float:
    """Compute F, the harmonic mean of precision and recall of the boundary's pixels.

    A pixel of one boundary is matched when a pixel of the other is at most `tolerance` away. That
    stands for a bipartite matching of the two boundaries, as DAVIS defines it.

    Parameters
    ----------
    truth, result : bool array, shape (height, width)
        One object in one frame.
    void : bool array, shape (height, width), optional
        Pixels that do not count: taken out of both masks.

    Returns
    -------
    float
        From 0 to 1; 1 when neither mask has a boundary, 0 when one of them has none.

    Raises
    ------
    ValueError
        If the shapes differ.

    References
    ----------
    Perazzi et al., CVPR 2016, section 5, "Contour Accuracy".

    Examples
    --------
    >>> truth, result = np.zeros((60, 80), bool), np.zeros((60, 80), bool)
    >>> truth[10:30, 10:30], result[10:30, 11:31] = True, True
    >>> tolerance(truth.shape), contour_accuracy(truth, result)
    (1, 1.0)
    """
    truth, result = _counted(truth, result, void)
    limit = tolerance(truth.shape)
    either = truth | result
    if not either.any():
        return 1.0
    window = _window(either)
    # Nothing of a boundary is outside the window, and only distances between boundaries count.
    truth_edge, result_edge = boundary(truth[window]), boundary(result[window])
    if not truth_edge.any() or not result_edge.any():
        return float(truth_edge.any() == result_edge.any())
    precision = _matched(result_edge, truth_edge, limit)
    recall = _matched(truth_edge, result_edge, limit)
    return 0.0 if precision + recall == 0 else 2 * precision * recall / (precision + recall)


def tolerance(shape: Sequence[int]) -> int:
    """Give the distance in px that two boundaries may be apart in an image of (height, width).

    Examples
    --------
    >>> tolerance((480, 854))
    8
    """
    return math.ceil(TOLERANCE * math.hypot(*shape))


def boundary(mask: BoolMask) -> BoolMask:
    """Mark the pixels that differ from their right, lower, or lower right neighbour.

    A line of one pixel's width, which runs on the upper left outside of a segment and on its lower
    right inside. The image's rim is no boundary.

    Parameters
    ----------
    mask : bool array, shape (height, width)
        A segment.

    Returns
    -------
    bool array, shape (height, width)
        Its boundary.

    References
    ----------
    As in the boundary benchmark of Martin et al., PAMI 2004, which DAVIS took over.

    Examples
    --------
    >>> mask = np.zeros((5, 6), bool)
    >>> mask[2:4, 2:4] = True
    >>> print(boundary(mask).astype(int))
    [[0 0 0 0 0 0]
     [0 1 1 1 0 0]
     [0 1 0 1 0 0]
     [0 1 1 1 0 0]
     [0 0 0 0 0 0]]
    """
    # Beyond the rim each pixel has its own like as a neighbour.
    padded = np.pad(mask, ((0, 1), (0, 1)), mode="edge")
    here, right, below, across = mask, padded[:-1, 1:], padded[1:, :-1], padded[1:, 1:]
    edge: BoolMask = (here != right) | (here != below) | (here != across)
    return edge


@dataclass(frozen=True)
class Statistics:
    """What DAVIS says of a measure over the frames of one object.

    Parameters
    ----------
    mean : float
        Over all frames.
    recall : float
        Share of the frames above 0.5.
    decay : float
        Mean of the first quarter of the frames minus mean of the last; small is good.
    """

    mean: float
    recall: float
    decay: float


def statistics(values: Sequence[float] | NDArray[Any]) -> Statistics:
    """Compute mean, recall and decay of a measure over frames.

    Parameters
    ----------
    values : sequence of float, length N
        J or F of the counted frames of one object, in order.

    Returns
    -------
    Statistics
        NaN, all three, when there is no frame.

    References
    ----------
    Perazzi et al., CVPR 2016, section 5. The paper does not say how N frames are cut into quarters;
    as the official programs do, the cuts are at the frames round(1 + (N - 1) k / 4), k = 0 ... 4,
    and the frame of a cut belongs to both of its quarters.

    Examples
    --------
    >>> statistics([1.0, 1.0, 0.75, 0.75, 0.5])
    Statistics(mean=0.8, recall=0.8, decay=0.375)
    """
    array = np.asarray(values, dtype=float)
    if not len(array):
        return Statistics(math.nan, math.nan, math.nan)
    recall = float(np.mean(array > RECALL_THRESHOLD))
    first, last = _outer_quarters(len(array))
    decay = float(array[first].mean() - array[last].mean())
    return Statistics(float(array.mean()), recall, decay)


def mean_statistics(parts: Sequence[Statistics]) -> Statistics:
    """Average the statistics of objects, each of the same weight; NaN when there is none.

    An object without a frame that counts, whose statistics are NaN, has no weight.

    References
    ----------
    Pont-Tuset et al., arXiv:1704.00675, section 3.

    Examples
    --------
    >>> mean_statistics([Statistics(1.0, 1.0, 0.0), Statistics(0.5, 0.0, 0.2)])
    Statistics(mean=0.75, recall=0.5, decay=0.1)
    """
    known = [(p.mean, p.recall, p.decay) for p in parts if not math.isnan(p.mean)]
    if not known:
        return Statistics(math.nan, math.nan, math.nan)
    mean, recall, decay = np.mean(known, axis=0).tolist()
    return Statistics(mean, recall, decay)


def _counted(truth: BoolMask, result: BoolMask, void: BoolMask | None) -> tuple[BoolMask, BoolMask]:
    if truth.shape != result.shape:
        raise ValueError(f"masks of different shape: {truth.shape} and {result.shape}")
    truth, result = truth.astype(bool, copy=False), result.astype(bool, copy=False)
    return (truth, result) if void is None else (truth & ~void, result & ~void)


def _window(mask: BoolMask) -> tuple[slice, slice]:
    """Give the bounding box of a mask and one pixel more, where the image has one."""
    return _reach(np.any(mask, axis=1)), _reach(np.any(mask, axis=0))


def _reach(line: NDArray[np.bool_]) -> slice:
    hits = np.flatnonzero(line)
    return slice(max(0, int(hits[0]) - 1), int(hits[-1]) + 2)


def _matched(edge: BoolMask, other: BoolMask, limit: int) -> float:
    """Give the share of an edge's pixels that are within `limit` px of the other edge."""
    import cv2

    near = cv2.dilate(other.astype(np.uint8), _disk(limit))[edge]
    return float(np.count_nonzero(near) / len(near))


def _disk(radius: int) -> NDArray[np.uint8]:
    """Mark the pixels that are at most `radius` px from the middle one."""
    y, x = np.ogrid[-radius : radius + 1, -radius : radius + 1]
    return np.asarray(x**2 + y**2 <= radius**2, dtype=np.uint8)


def _outer_quarters(num_frames: int) -> tuple[slice, slice]:
    """Cut frames into quarters, which share the frames of their cuts; give the outer two."""
    step = (num_frames - 1) / NUM_QUARTERS
    cut = [math.floor(k * step + 0.5) for k in range(NUM_QUARTERS + 1)]
    return slice(cut[0], cut[1] + 1), slice(cut[-2], cut[-1] + 1)
