"""What a sample is: the released training code's steps, one after the other.

Slow, and the standard that `augment`, `targets` and `batches` are held to: both images are whole
crops, everything is computed for every pixel and anchor, and images are float64 from the colour
offset on. OpenCV's own warp is used here, whose bits depend on its version.

References
----------
Q. Wang, L. Zhang, L. Bertinetto, W. Hu, P. H. S. Torr, "Fast Online Object Tracking and
Segmentation: A Unifying Approach", CVPR 2019, and the training code released with it.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from siammask.anchors import Anchors, corner_form, training_grid
from trainers.data.augment import COLOUR_BASIS
from trainers.data.draws import Blur, CropDraws
from trainers.data.targets import LEAST_WEIGHT, NEAR, Sampling
from trainers.data.window import CENTRE, CROP_SIZE, LAST, Augmentation, Corners

Array = NDArray[Any]


def augment(
    image: Array,
    box: Corners,
    mask: Array,
    draws: CropDraws,
    limits: Augmentation,
    size: int,
    *,
    gray: bool = False,
) -> tuple[Array, Corners, Array]:
    """Augment one crop.

    Parameters
    ----------
    image : uint8 array, shape (511, 511, 3)
        BGR.
    box : Corners
        The target's, in the crop.
    mask : float32 array, shape (511, 511)
        0 and 1.
    draws : CropDraws
        What chance decided.
    limits : Augmentation
        What the draws mean.
    size : int
        Side of the image in px.
    gray : bool
        Whether the colour is taken out.

    Returns
    -------
    image : float64 array, shape (size, size, 3)
        BGR, not clipped to 0 ... 255.
    box : Corners
        In the image.
    mask : float32 array, shape (size, size)
        In [0, 1].
    """
    if gray:
        image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    window, scale_x, scale_y = _window(draws, limits, size)
    box = Corners(
        (box.left - window.left) / scale_x,
        (box.top - window.top) / scale_y,
        (box.right - window.left) / scale_x,
        (box.bottom - window.top) / scale_y,
    )
    image, mask = _warp(image, window, size), _warp(mask, window, size)
    image = image - (COLOUR_BASIS @ np.array(draws.colour))[::-1]
    if draws.blur is not None:
        image = cv2.filter2D(image, -1, blur_kernel(draws.blur))
    return _mirror(image, box, mask, size) if draws.flip else (image, box, mask)


def _window(draws: CropDraws, limits: Augmentation, size: int) -> tuple[Corners, float, float]:
    extent = size - 1
    scale_x = min(1 + draws.scale[0] * limits.scale, CROP_SIZE / extent)
    scale_y = min(1 + draws.scale[1] * limits.scale, CROP_SIZE / extent)
    left, right = CENTRE - extent * scale_x / 2, CENTRE + extent * scale_x / 2
    top, bottom = CENTRE - extent * scale_y / 2, CENTRE + extent * scale_y / 2
    shift_x = max(-left, min(LAST - right, draws.shift[0] * limits.shift))
    shift_y = max(-top, min(LAST - bottom, draws.shift[1] * limits.shift))
    window = Corners(left + shift_x, top + shift_y, right + shift_x, bottom + shift_y)
    return window, scale_x, scale_y


def _warp(pixels: Array, window: Corners, size: int) -> Array:
    zoom_x = (size - 1) / (window.right - window.left)
    zoom_y = (size - 1) / (window.bottom - window.top)
    matrix = np.array([[zoom_x, 0, -zoom_x * window.left], [0, zoom_y, -zoom_y * window.top]])
    return cv2.warpAffine(pixels, matrix, (size, size))  # type: ignore[no-any-return]


def _mirror(image: Array, box: Corners, mask: Array, size: int) -> tuple[Array, Corners, Array]:
    last = size - 1
    box = Corners(last - box.right, box.top, last - box.left, box.bottom)
    return image[:, ::-1], box, mask[:, ::-1]


def blur_kernel(blur: Blur) -> NDArray[np.float64]:
    """Make the kernel of a blur: a vertical and a horizontal stroke, together 1.

    Examples
    --------
    >>> blur_kernel(Blur(3, 0.5)).round(3).tolist()
    [[0.0, 0.167, 0.0], [0.167, 0.333, 0.167], [0.0, 0.167, 0.0]]
    """
    kernel = np.zeros((blur.size, blur.size))
    kernel[:, blur.size // 2] += blur.weight / blur.size
    kernel[blur.size // 2, :] += (1 - blur.weight) / blur.size
    return kernel


def overlaps(grid: Array, box: Corners) -> NDArray[np.float64]:
    """Compute the overlap of each anchor, of shape (4, anchors, cells, cells), with a box."""
    left, top, right, bottom = corner_form(grid).astype(np.float64)
    width = np.maximum(np.minimum(right, box.right) - np.maximum(left, box.left), 0)
    height = np.maximum(np.minimum(bottom, box.bottom) - np.maximum(top, box.top), 0)
    shared = width * height
    target = (box.right - box.left) * (box.bottom - box.top)
    quotient: NDArray[np.float64] = shared / ((right - left) * (bottom - top) + target - shared)
    return quotient


def deltas(grid: Array, box: Corners) -> NDArray[np.float32]:
    """Give what leads from each anchor to a box, (4, anchors, cells, cells)."""
    x, y, width, height = grid.astype(np.float64)
    wanted = [
        ((box.left + box.right) / 2 - x) / width,
        ((box.top + box.bottom) / 2 - y) / height,
        np.log((box.right - box.left) / width),
        np.log((box.bottom - box.top) / height),
    ]
    return np.stack(wanted).astype(np.float32)


def labels(
    overlap: NDArray[np.float64],
    order: NDArray[np.int64],
    sampling: Sampling,
    *,
    negative_pair: bool,
) -> NDArray[np.int64]:
    """Label the anchors.

    Parameters
    ----------
    overlap : float64 array, shape (anchors, cells, cells)
        With the target.
    order : int64 array, shape (anchors * cells * cells,)
        All anchors, shuffled: those that come first are taken.
    sampling : Sampling
        How many.
    negative_pair : bool
        Whether the two images show different targets.

    Returns
    -------
    int64 array, shape (anchors, cells, cells)
        1, 0 or -1.
    """
    _, cells, _ = overlap.shape
    found = np.full(overlap.shape, -1, dtype=np.int64)
    places = np.indices(overlap.shape)
    flat, overlap = found.reshape(-1), overlap.reshape(-1)
    if negative_pair:
        middle = cells // 2
        rows, columns = places[1].ravel(), places[2].ravel()
        near = (abs(rows - middle) <= NEAR) & (abs(columns - middle) <= NEAR)
        flat[order[near[order]][: sampling.negatives]] = 0
        return found
    positive = order[overlap[order] > sampling.high][: sampling.positives]
    negative = order[overlap[order] < sampling.low][: sampling.total - len(positive)]
    flat[positive], flat[negative] = 1, 0
    return found


def targets(
    box: Corners,
    mask: Array,
    order: NDArray[np.int64],
    *,
    anchors: Anchors,
    sampling: Sampling,
    cells: int,
    negative_pair: bool,
    has_mask: bool,
) -> dict[str, Array]:
    """Compute all that the network shall answer.

    Parameters
    ----------
    box : Corners
        The target's, in the search image.
    mask : float32 array, shape (size, size)
        The search image's, in [0, 1].
    order, sampling, negative_pair
        As for `labels`.
    anchors : Anchors
        The shapes.
    cells : int
        Cells along one side of the response.
    has_mask : bool
        Whether the data set has masks.

    Returns
    -------
    dict
        ``labels`` int64 (anchors, S, S), ``deltas`` float32 (4, anchors, S, S), ``weights`` float32
        (anchors, S, S), ``mask`` float32 (1, size, size) of -1 and 1, ``mask_weights`` float32
        (1, S, S).
    """
    grid = training_grid(anchors, len(mask), cells)
    found = labels(overlaps(grid, box), order, sampling, negative_pair=negative_pair)
    weights = np.zeros(found.shape, dtype=np.float32)
    weights[found == 1] = 1 / (np.count_nonzero(found == 1) + LEAST_WEIGHT)
    masked = has_mask and not negative_pair
    return {
        "labels": found,
        "deltas": np.zeros_like(deltas(grid, box)) if negative_pair else deltas(grid, box),
        "weights": weights,
        "mask": np.where(mask > 0.5, 1, -1)[None].astype(np.float32),
        "mask_weights": (found.max(axis=0) * masked)[None].astype(np.float32),
    }


def to_network(image: Array) -> NDArray[np.float32]:
    """Turn an image into what the network takes, float32 (3, size, size)."""
    return np.transpose(image, (2, 0, 1)).astype(np.float32)
