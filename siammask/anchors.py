"""Anchors: the boxes of fixed shape from which the network's offsets count.

An array of anchors is float32 and holds centre x, centre y, width and height, in pixels of the
search patch. Box arithmetic has no +1 anywhere: a width is a difference of coordinates.

References
----------
S. Ren, K. He, R. Girshick, J. Sun, "Faster R-CNN", NeurIPS 2015, section 3.1.1; B. Li, J. Yan,
W. Wu, Z. Zhu, X. Hu, "High Performance Visual Tracking with Siamese Region Proposal Network", CVPR
2018, section 3.2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Anchors:
    """What the anchors of one cell are; the defaults are those of every released checkpoint.

    Parameters
    ----------
    stride : int
        Pixels of the search patch between two cells.
    ratios : tuple of float
        Height over width.
    scales : tuple of float
        Factors on a base box whose area is about ``stride ** 2``.
    round_digits : int
        Decimals that the sides of the base box are rounded to; 0 cuts them off. The original's
        config files call it ``round_dight``.

    Examples
    --------
    >>> Anchors().shapes.astype(int).tolist()
    [[104, 32], [88, 40], [64, 64], [40, 80], [32, 96]]
    """

    stride: int = 8
    ratios: tuple[float, ...] = (0.33, 0.5, 1, 2, 3)
    scales: tuple[float, ...] = (8,)
    round_digits: int = 0

    def __len__(self) -> int:
        """Count the anchors of one cell."""
        return len(self.ratios) * len(self.scales)

    @property
    def shapes(self) -> Floats:
        """Width and height in px, shape (anchors, 2): ratio by ratio, its scales in order."""
        bases = [self._base(ratio) for ratio in self.ratios]
        shapes = [
            (width * scale, height * scale) for width, height in bases for scale in self.scales
        ]
        return np.array(shapes, dtype=np.float32)

    def _base(self, ratio: float) -> tuple[float, float]:
        width = self._cut(math.sqrt(self.stride * self.stride / ratio))
        return width, self._cut(width * ratio)

    def _cut(self, side: float) -> float:
        return round(side, self.round_digits) if self.round_digits > 0 else int(side)


def search_grid(anchors: Anchors, cells: int) -> Floats:
    """Place the anchors for tracking, around the centre of the search patch.

    Parameters
    ----------
    anchors : Anchors
        The shapes.
    cells : int
        Cells along one side of the response: 25 for a patch of 255 px.

    Returns
    -------
    float32 array, shape (anchors * cells * cells, 4)
        Centre and size, in px from the centre of the patch. Anchor by anchor, each row by row:
        the index is ``anchor * cells ** 2 + row * cells + column``.

    Examples
    --------
    >>> search_grid(Anchors(), 25)[[0, 1, 25, 625]].astype(int).tolist()
    [[-96, -96, 104, 32], [-88, -96, 104, 32], [-96, -88, 104, 32], [-96, -96, 88, 40]]
    """
    return _grid(anchors, -(cells // 2) * anchors.stride, cells).reshape(4, -1).T.copy()


def training_grid(anchors: Anchors, search: int, cells: int) -> Floats:
    """Place the anchors for training, in coordinates of the search patch.

    Parameters
    ----------
    anchors : Anchors
        The shapes.
    search : int
        Side of the search patch in px: 255, or 143 when the refinement is trained.
    cells : int
        Cells along one side of the response: 25, or 3 for 143.

    Returns
    -------
    float32 array, shape (4, anchors, cells, cells)
        Centre x, centre y, width and height in px; then anchor, row, column.

    Examples
    --------
    >>> training_grid(Anchors(), 143, 3)[0, 0, 0].tolist()
    [63.0, 71.0, 79.0]
    """
    return _grid(anchors, search // 2 - (cells // 2) * anchors.stride, cells)


def corner_form(boxes: Floats) -> Floats:
    """Turn centres and sizes into corners.

    Parameters
    ----------
    boxes : float32 array, shape (4, …)
        Centre x, centre y, width, height in px.

    Returns
    -------
    float32 array, shape (4, …)
        Left, top, right, bottom in px.

    Examples
    --------
    >>> corner_form(np.array([31.0, 31, 104, 32], dtype=np.float32)).tolist()
    [-21.0, 15.0, 83.0, 47.0]
    """
    x, y, width, height = boxes
    half_width, half_height = width * np.float32(0.5), height * np.float32(0.5)
    return np.stack([x - half_width, y - half_height, x + half_width, y + half_height])


def _grid(anchors: Anchors, first: int, cells: int) -> Floats:
    grid = np.empty((4, len(anchors), cells, cells), dtype=np.float32)
    centres = first + anchors.stride * np.arange(cells)
    grid[0], grid[1] = centres, centres[:, None]
    grid[2], grid[3] = anchors.shapes.T[:, :, None, None]
    return grid
