"""What the network shall answer to a pair: for each anchor, and for each cell of the response.

References
----------
B. Li, J. Yan, W. Wu, Z. Zhu, X. Hu, "High Performance Visual Tracking with Siamese Region Proposal
Network", CVPR 2018, section 3.4; Q. Wang et al., "Fast Online Object Tracking and Segmentation: A
Unifying Approach", CVPR 2019, section 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from siammask.anchors import Anchors, training_grid
from trainers.data import compiled
from trainers.data.window import Corners

Floats = NDArray[np.float32]
Labels = NDArray[np.int8]

IGNORED = -1
NEGATIVE = 0
POSITIVE = 1

NEAR = 3
"""Cells around the middle one, on either side, from which a negative pair takes its anchors."""

LEAST_WEIGHT = 1e-6
"""Added to the number of positive anchors, so that none does not divide by zero."""


@dataclass(frozen=True)
class Sampling:
    """Which anchors teach something; the defaults are those of the released configs.

    Parameters
    ----------
    high, low : float
        An anchor is positive above the one overlap, negative below the other.
    positives : int
        Positive anchors at most.
    negatives : int
        Anchors of a negative pair at most.
    total : int
        Anchors of a positive pair at most.
    """

    high: float = 0.6
    low: float = 0.3
    positives: int = 16
    negatives: int = 16
    total: int = 64


@dataclass(frozen=True, eq=False)
class Grid:
    """The anchors of a response map, by what can be computed apart.

    An anchor's columns depend on its shape and its column only, its rows on its shape and its row;
    of 3125 overlaps, all but one product each is done for 125 of either.

    Parameters
    ----------
    widths, heights : float64 array, shape (anchors,)
        In px.
    centres : float64 array, shape (cells,)
        Of columns and of rows, in px of the search image.
    """

    widths: NDArray[np.float64]
    heights: NDArray[np.float64]
    centres: NDArray[np.float64]

    @classmethod
    def of(cls, anchors: Anchors, search: int, cells: int) -> Grid:
        """Make the grid of a search image of ``search`` px."""
        grid = training_grid(anchors, search, cells).astype(np.float64)
        return cls(grid[2, :, 0, 0].copy(), grid[3, :, 0, 0].copy(), grid[0, 0, 0].copy())

    @property
    def shape(self) -> tuple[int, int, int]:
        """Anchors, rows and columns."""
        return len(self.widths), len(self.centres), len(self.centres)

    def overlaps(self, box: Corners) -> NDArray[np.float64]:
        """Compute the overlap (intersection over union) of each anchor with a box.

        Parameters
        ----------
        box : Corners
            In px of the search image, of positive width and height.

        Returns
        -------
        float64 array, shape (anchors, cells, cells)
            In [0, 1].
        """
        across = _shared(self.centres, self.widths, box.left, box.right)
        down = _shared(self.centres, self.heights, box.top, box.bottom)
        shared = down[:, :, None] * across[:, None, :]
        own = self.widths * self.heights + (box.right - box.left) * (box.bottom - box.top)
        quotient: NDArray[np.float64] = shared / (own[:, None, None] - shared)
        return quotient

    def labels(self, box: Corners, priorities: NDArray[np.uint32], sampling: Sampling) -> Labels:
        """Label the anchors of a positive pair by their overlaps with the target's box.

        Parameters
        ----------
        box : Corners
            In px of the search image, of positive width and height.
        priorities, sampling
            As for `positive_labels`, whose result this is.
        """
        if compiled.kernel is None:
            return positive_labels(self.overlaps(box), priorities, sampling)
        labels = np.empty(self.shape, dtype=np.int8)
        compiled.kernel.label(
            self.centres,
            self.widths,
            self.heights,
            *box,
            sampling.high,
            sampling.low,
            sampling.positives,
            sampling.total,
            priorities,
            labels.reshape(-1),
        )
        return labels

    def write_deltas(self, box: Corners, deltas: Floats) -> None:
        """Write what leads from each anchor to a box.

        Parameters
        ----------
        box : Corners
            In px of the search image, of positive width and height.
        deltas : float32 array, shape (4, anchors, cells, cells)
            Becomes the shift of the centre in x and y, relative to the anchor's size; the logarithm
            of the ratio of the widths, and of the heights.
        """
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        width, height = box.right - box.left, box.bottom - box.top
        deltas[0] = ((x - self.centres) / self.widths[:, None])[:, None, :]
        deltas[1] = ((y - self.centres) / self.heights[:, None])[:, :, None]
        deltas[2] = np.log(width / self.widths)[:, None, None]
        deltas[3] = np.log(height / self.heights)[:, None, None]


def _shared(
    centres: NDArray[np.float64], sides: NDArray[np.float64], low: float, high: float
) -> NDArray[np.float64]:
    half = sides[:, None] * 0.5
    ends = np.minimum(centres + half, high), np.maximum(centres - half, low)
    shared: NDArray[np.float64] = np.maximum(ends[0] - ends[1], 0)
    return shared


def positive_labels(
    overlaps: NDArray[np.float64], priorities: NDArray[np.uint32], sampling: Sampling
) -> Labels:
    """Label the anchors of a positive pair.

    Parameters
    ----------
    overlaps : float64 array, shape (anchors, cells, cells)
        With the target.
    priorities : uint32 array, shape (anchors * cells * cells,)
        Where there are more than wanted, the lowest are taken, and of equal ones the first.
    sampling : Sampling
        Which anchors count.

    Returns
    -------
    int8 array, shape (anchors, cells, cells)
        `POSITIVE`, `NEGATIVE` or `IGNORED`. A target that no anchor overlaps enough has no
        positive ones.
    """
    flat = overlaps.ravel()
    labels = np.full(len(flat), IGNORED, dtype=np.int8)
    positive = _lowest(np.flatnonzero(flat > sampling.high), priorities, sampling.positives)
    wanted = sampling.total - len(positive)
    labels[_lowest(np.flatnonzero(flat < sampling.low), priorities, wanted)] = NEGATIVE
    labels[positive] = POSITIVE
    return labels.reshape(overlaps.shape)


def negative_labels(
    shape: tuple[int, int, int], priorities: NDArray[np.uint32], sampling: Sampling
) -> Labels:
    """Label the anchors of a negative pair: some near the middle as negative, all others ignored.

    Parameters
    ----------
    shape : tuple of int
        Anchors, rows and columns.
    priorities, sampling
        As for `positive_labels`.
    """
    labels = np.full(math.prod(shape), IGNORED, dtype=np.int8)
    middle = shape[1] // 2
    near = slice(max(middle - NEAR, 0), middle + NEAR + 1)
    candidates = np.arange(len(labels)).reshape(shape)[:, near, near].ravel()
    labels[_lowest(candidates, priorities, sampling.negatives)] = NEGATIVE
    return labels.reshape(shape)


def _lowest(
    candidates: NDArray[np.int64], priorities: NDArray[np.uint32], count: int
) -> NDArray[np.int64]:
    if len(candidates) <= count:
        return candidates
    # No two keys are equal, so that the choice does not depend on how it is made.
    keys = priorities[candidates].astype(np.uint64) << np.uint64(32) | candidates.astype(np.uint64)
    return candidates[np.argpartition(keys, max(count - 1, 0))[: max(count, 0)]]


def delta_weights(labels: Labels) -> Floats:
    """Weigh the positive anchors' deltas so that their weights add up to 1; the others' are 0."""
    positive = labels == POSITIVE
    share = 1 / (np.count_nonzero(positive) + LEAST_WEIGHT)
    weights: Floats = positive.astype(np.float32) * np.float32(share)
    return weights


def mask_weights(labels: Labels) -> Labels:
    """Give each cell the highest label of its anchors; a mask is learnt where that is `POSITIVE`.

    Returns
    -------
    int8 array, shape (1, cells, cells)
        ``-1``, 0 or 1.
    """
    highest: Labels = labels.max(axis=0, keepdims=True)
    return highest
