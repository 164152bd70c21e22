"""Boxes: what the tracker starts from, and what it makes of the network's offsets.

A target is a centre (x, y) and a size (width, height), float64, in pixels of the frame; candidates
are in pixels of the search patch, from its centre.

References
----------
B. Li, J. Yan, W. Wu, Z. Zhu, X. Hu, "High Performance Visual Tracking with Siamese Region Proposal
Network", CVPR 2018, section 3.3 and 4.1 (penalty, window and smoothing).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from siammask.crops import patch_scale
from siammask.errors import ModelError, RegionError
from siammask.settings import Settings

Array = NDArray[np.float64]
Floats = NDArray[np.float32]
Numbers = NDArray[np.floating]

LEAST_SIDE = 10.0
"""A side is never tracked below this, in px."""

MOST_OF_FRAME = 2.0
"""A target to start on is at most so many times as wide or high as the frame: the patches of a
larger one would fill the memory."""

ACCEPTED = "accepted: 4 numbers x,y,width,height; or 8 numbers x1,y1,…,x4,y4, the corners in order"


@dataclass(frozen=True, eq=False)
class Choice:
    """The candidate that was taken.

    Parameters
    ----------
    index : int
        Of the 3125: ``anchor * 625 + row * 25 + column``.
    score : float
        Probability that it is the target, in [0, 1]; neither penalty nor window is in it.
    penalty : float
        What its change of size and shape costs, in (0, 1].
    box : float64 array, shape (4,)
        Centre and size, in px of the search patch, from its centre.
    """

    index: int
    score: float
    penalty: float
    box: Array


def initial_box(region: ArrayLike) -> tuple[Array, Array]:
    """Give the box that a tracker starts on, as the original makes it of a region.

    Parameters
    ----------
    region : array-like of 4 or 8 numbers
        x, y, width, height, or the four corners in order, in px.

    Returns
    -------
    tuple of float64 array, shape (2,)
        Centre and size. Four corners give the box of their bounding rectangle's shape, around their
        mean, that has the area of their rotated rectangle, and 1 px more on either side.

    Raises
    ------
    RegionError
        If it is no such region, a number is NaN or infinite, or it is empty.

    References
    ----------
    The VOT toolkit's conversion for trackers without rotation, with the +1 of the original.

    Examples
    --------
    >>> initial_box([10, 20, 30, 40])
    (array([25., 40.]), array([30., 40.]))
    >>> initial_box([0, 0, 0, 19, 9, 19, 9, 0])
    (array([4.5, 9.5]), array([10., 20.]))
    """
    numbers = _numbers(region)
    if len(numbers) == 4:
        corner, size = numbers[:2], numbers[2:]
        if not (size > 0).all():
            fault = f"an empty region: {_shown(region)}"
            raise RegionError(fault, hint="width and height must be above 0")
        return corner + size / 2, size
    return _from_corners(numbers.reshape(4, 2), region)


def _numbers(region: ArrayLike) -> Array:
    try:
        numbers = np.array(region, dtype=np.float64).ravel()
    except (TypeError, ValueError):
        raise RegionError(f"no region: {_shown(region)}", hint=ACCEPTED) from None
    if len(numbers) not in (4, 8):
        fault = f"a region of {len(numbers)} numbers: {_shown(region)}"
        raise RegionError(fault, hint=ACCEPTED)
    if not np.isfinite(numbers).all():
        fault = f"a region with a number that is not finite: {_shown(region)}"
        raise RegionError(fault, hint="every coordinate must be a finite number")
    return numbers


def _from_corners(points: Array, region: ArrayLike) -> tuple[Array, Array]:
    sides = np.linalg.norm(points[1:3] - points[0:2], axis=1)
    extent = points.max(axis=0) - points.min(axis=0)
    if not (sides.prod() > 0 and extent.prod() > 0):
        hint = "two of the corners are one, or all lie on a line"
        raise RegionError(f"an empty region: {_shown(region)}", hint=hint)
    return points.mean(axis=0), np.sqrt(sides.prod() / extent.prod()) * extent + 1


def check_place(centre: Array, size: Array, image_size: tuple[int, int]) -> None:
    """Check that a target to start on is in the frame, at least in part.

    Parameters
    ----------
    centre, size : float64 array, shape (2,)
        The target, in px.
    image_size : tuple of int
        Width and height of the frame in px.

    Raises
    ------
    RegionError
        If it lies outside the frame, or is more than twice as wide or high.
    """
    width, height = image_size
    shown = ",".join(f"{value:g}" for value in rectangle(centre, size))
    corner = centre - size / 2
    if not ((corner < image_size).all() and (corner + size > 0).all()):
        fault = f"the target {shown} lies outside the frame of {width}x{height} px"
        hint = "accepted: x,y,width,height or corners that reach into the frame, from 0,0"
        raise RegionError(fault, hint=hint)
    if not (size <= MOST_OF_FRAME * np.array(image_size)).all():
        fault = f"the target {shown} is too large for the frame of {width}x{height} px"
        raise RegionError(fault, hint=f"accepted: at most {MOST_OF_FRAME:g} times the frame's size")


def rectangle(centre: Array, size: Array) -> Array:
    """Give a box as x, y, width, height, float64 of shape (4,), in px.

    Examples
    --------
    >>> rectangle(np.array([25.0, 40.0]), np.array([30.0, 40.0]))
    array([10., 20., 30., 40.])
    """
    return np.concatenate([centre - size / 2, size])


def corners(centre: Array, size: Array) -> Array:
    """Give a box as corners, clockwise from the top left, float64 of shape (8,), in px.

    Examples
    --------
    >>> corners(np.array([25.0, 40.0]), np.array([30.0, 40.0]))
    array([10., 20., 40., 20., 40., 60., 10., 60.])
    """
    left, top, width, height = rectangle(centre, size)
    right, bottom = left + width, top + height
    return np.array([left, top, right, top, right, bottom, left, bottom])


def target_scores(cls: Floats) -> Floats:
    """Turn the logits of the two classes into the probability of the target.

    Parameters
    ----------
    cls : float32 array, shape (10, cells, cells)
        Of one target; background first.

    Returns
    -------
    float32 array, shape (5 * cells * cells,)
        In [0, 1], anchor by anchor, each row by row.

    Examples
    --------
    >>> target_scores(np.zeros((10, 1, 1), dtype=np.float32))
    array([0.5, 0.5, 0.5, 0.5, 0.5], dtype=float32)
    """
    logits = cls.reshape(2, -1)
    powers = np.exp(logits - logits.max(axis=0))
    return powers[1] / powers.sum(axis=0)  # type: ignore[no-any-return]


def decode(loc: Floats, grid: Floats) -> Floats:
    """Apply the network's offsets to the anchors.

    Parameters
    ----------
    loc : float32 array, shape (20, cells, cells)
        Of one target: all dx, then dy, dw, dh.
    grid : float32 array, shape (5 * cells * cells, 4)
        Anchors, as `siammask.anchors.search_grid` gives them.

    Returns
    -------
    float32 array, shape (4, 5 * cells * cells)
        Centre x, centre y, width and height of each candidate, in px of the search patch.

    Examples
    --------
    >>> offsets = np.array([0.5, 0, 0, np.log(2)], dtype=np.float32)
    >>> decode(offsets, np.array([[8, 16, 40, 80]], dtype=np.float32)).ravel().tolist()
    [28.0, 16.0, 40.0, 160.0]
    """
    dx, dy, dw, dh = loc.reshape(4, -1)
    x, y, width, height = grid.T
    # A network that has gone astray gives infinite sizes, which nothing below will choose.
    with np.errstate(over="ignore"):
        boxes = [dx * width + x, dy * height + y, np.exp(dw) * width, np.exp(dh) * height]
    return np.stack(boxes)


def window(settings: Settings) -> Array:
    """Give the weights that favour the middle of the search patch.

    Parameters
    ----------
    settings : Settings
        Of the tracker.

    Returns
    -------
    float64 array, shape (5 * cells * cells,)
        In [0, 1]; of ``cosine`` 1 in the middle and 0 at the border, of ``uniform`` 1.
    """
    cells = settings.num_cells
    line = np.hanning(cells) if settings.windowing == "cosine" else np.ones(cells)
    return np.tile(np.outer(line, line).ravel(), len(settings.anchors))


def penalties(boxes: Floats, size: Array, penalty_k: float) -> Array:
    """Say what each candidate's change of size and shape costs.

    Parameters
    ----------
    boxes : float32 array, shape (4, candidates)
        As `decode` gives them.
    size : float64 array, shape (2,)
        The target's width and height so far, in px of the search patch.
    penalty_k : float
        Strength.

    Returns
    -------
    float64 array, shape (candidates,)
        In (0, 1], 1 for a candidate of the same size and shape.

    Examples
    --------
    >>> boxes = np.array([[0, 0, 40, 40], [0, 0, 80, 80]], dtype=np.float32).T
    >>> penalties(boxes, np.array([40.0, 40.0]), np.log(2))
    array([1. , 0.5])
    """
    _, _, width, height = boxes
    with np.errstate(all="ignore"):
        size_change = _change(_side(width, height) / _side(size[0], size[1]))
        ratio_change = _change((size[0] / size[1]) / (width / height))
        return np.exp(-(ratio_change * size_change - 1) * penalty_k)


def _side(width: Numbers, height: Numbers) -> Numbers:
    context = (width + height) * 0.5
    return np.sqrt((width + context) * (height + context))


def _change(ratio: Numbers) -> Numbers:
    """Give how far a ratio is from 1, whichever way."""
    return np.maximum(ratio, 1 / ratio)


def choose(
    boxes: Floats, scores: Floats, size: Array, weights: Array, settings: Settings
) -> Choice:
    """Take the best candidate; of equal ones the first.

    Parameters
    ----------
    boxes : float32 array, shape (4, candidates)
        As `decode` gives them.
    scores : float32 array, shape (candidates,)
        As `target_scores` gives them.
    size : float64 array, shape (2,)
        The target's width and height so far, in px of the search patch.
    weights : float64 array, shape (candidates,)
        As `window` gives them.
    settings : Settings
        Of the tracker.

    Returns
    -------
    Choice
        The candidate.

    Raises
    ------
    ModelError
        If the network gave NaN, or a box without end.
    """
    penalty = penalties(boxes, size, settings.penalty_k)
    influence = settings.window_influence
    ranks = penalty * scores * (1 - influence) + weights * influence
    best = int(np.argmax(ranks))
    if not (np.isfinite(ranks[best]) and np.isfinite(boxes[:, best]).all()):
        fault = f"the network gave a score of {scores[best]} with the box {boxes[:, best].tolist()}"
        raise ModelError(fault, hint="its weights are not those of a trained network")
    # In float64 from here on, as NumPy 2 reckons in the original; with NumPy 1 it kept to float32.
    box = boxes[:, best].astype(np.float64)
    return Choice(best, float(scores[best]), float(penalty[best]), box)


def follow(centre: Array, size: Array, choice: Choice, lr: float) -> tuple[Array, Array]:
    """Move the target to the chosen candidate: at once to its place, step by step to its size.

    Parameters
    ----------
    centre, size : float64 array, shape (2,)
        The target so far, in px of the frame.
    choice : Choice
        The candidate.
    lr : float
        How much of the new size is taken, for a sure candidate without penalty.

    Returns
    -------
    tuple of float64 array, shape (2,)
        Centre and size now, in px of the frame; not yet held inside it.
    """
    box = choice.box / patch_scale(size)
    rate = choice.penalty * choice.score * lr
    return centre + box[:2], size * (1 - rate) + box[2:] * rate


def clamped(centre: Array, size: Array, image_size: tuple[int, int]) -> tuple[Array, Array]:
    """Hold a target inside the frame: its centre in it, its sides from 10 px to the frame's.

    Parameters
    ----------
    centre, size : float64 array, shape (2,)
        The target, in px.
    image_size : tuple of int
        Width and height of the frame in px.

    Returns
    -------
    tuple of float64 array, shape (2,)
        Centre and size. In a frame narrower than 10 px a side is 10 px all the same.

    Examples
    --------
    >>> clamped(np.array([-3.0, 50.0]), np.array([4.0, 500.0]), (320, 240))
    (array([ 0., 50.]), array([ 10., 240.]))
    """
    limit = np.array(image_size, dtype=np.float64)
    return np.clip(centre, 0, limit), np.maximum(np.minimum(size, limit), LEAST_SIDE)


def _shown(value: object) -> str:
    text = " ".join(repr(value.tolist() if isinstance(value, np.ndarray) else value).split())
    return text if len(text) <= 120 else text[:117] + "..."
