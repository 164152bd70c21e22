"""One frame with the regions that belong to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vot_toolkit.dataset import Sequence as VideoSequence
from vot_toolkit.pictures.drawing import (
    Color,
    Image,
    View,
    box_around,
    color_of,
    draw_region,
    write_text,
)
from vot_toolkit.region import Array, Code, Region
from vot_toolkit.trajectory import Trajectory

TRUTH = color_of("#ffffff")
"""Of the ground truth."""

COLORS = tuple(
    map(color_of, ("#4da3ff", "#ff8a3d", "#59f4da", "#ff6fa5", "#ffd24a", "#c3a1ff", "#d6d1c4"))
)
"""Of trackers: bright, told apart by colour-blind readers as the palette's dark series are."""

CONTEXT = 2.2
"""Side of a cut-out by that of the box around what it is to show."""

SMALLEST = 8.0
"""Side of a target in px below which nothing is enlarged further."""

SPECIAL = {Code.UNKNOWN: "skipped", Code.INITIALISATION: "start", Code.FAILURE: "lost"}


@dataclass(frozen=True, eq=False)
class Scene:
    """A sequence with the trajectories that are drawn on it.

    Parameters
    ----------
    sequence : Sequence
        With images.
    trajectories : mapping from tracker to Trajectory
        In the order of their colours; may be shorter than the sequence.
    """

    sequence: VideoSequence
    trajectories: Mapping[str, Trajectory]

    def frame(self, index: int, scale: float = 1.0) -> Image:
        """Draw a whole frame with a legend.

        Parameters
        ----------
        index : int
            From 0.
        scale : float
            Shown px for one of the image.

        Returns
        -------
        uint8 array, shape (height, width, 3)

        Raises
        ------
        DatasetError
            If the image is missing or none.
        """
        image = self.sequence.image(index)
        size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
        shown = np.ascontiguousarray(cv2.resize(image, size, interpolation=_kernel(scale)))
        self._draw(shown, index, View(scale=scale))
        self._write(shown, index)
        return shown

    def cutout(self, index: int, size: tuple[int, int], scale: float) -> Image:
        """Draw the surroundings of the target only.

        Parameters
        ----------
        index : int
            From 0.
        size : tuple of int
            Width and height in px.
        scale : float
            Shown px for one of the image.

        Returns
        -------
        uint8 array, shape (height, width, 3)
            What lies outside the image is grey.

        Raises
        ------
        DatasetError
            If the image is missing or none.
        """
        low, high = self._extent(index)
        left, top = ((low + high) / 2 - np.array(size) / 2 / scale).tolist()
        # A pixel's centre is at whole coordinates, so that its edge is half a pixel before.
        shift = (0.5 - left) * scale - 0.5, (0.5 - top) * scale - 0.5
        move = np.array([[scale, 0.0, shift[0]], [0.0, scale, shift[1]]])
        shown: Image = cv2.warpAffine(
            self.sequence.image(index), move, size, flags=_kernel(scale), borderValue=(96, 96, 96)
        )
        self._draw(shown, index, View(left, top, scale))
        return shown

    def fitting_scale(self, index: int, size: tuple[int, int]) -> float:
        """Give the scale at which the surroundings of the target fill a picture of some size."""
        low, high = self._extent(index)
        width, height = np.maximum(high - low, SMALLEST) * CONTEXT
        return float(min(size[0] / width, size[1] / height))

    def _extent(self, index: int) -> tuple[Array, Array]:
        """Give the corners of the box around ground truth and trackers, in px."""
        boxes = [box_around(region) for region in self._regions(index)]
        known = np.array([box for box in boxes if box is not None])
        if not len(known):
            return np.zeros(2), np.array(self.sequence.bounds, dtype=np.float64)
        return known[:, :2].min(axis=0), (known[:, :2] + known[:, 2:]).max(axis=0)

    def _regions(self, index: int) -> list[Region]:
        rows = (each[index] for each in self.trajectories.values() if index < len(each))
        return [self.sequence.groundtruth[index], *rows]

    def _draw(self, image: Image, index: int, view: View) -> None:
        draw_region(image, self.sequence.groundtruth[index], TRUTH, view, thickness=1)
        for place, trajectory in enumerate(self.trajectories.values()):
            if index < len(trajectory):
                draw_region(image, trajectory[index], tracker_color(place), view)

    def _write(self, image: Image, index: int) -> None:
        """Name frame, ground truth and trackers, with what is special about them there."""
        write_text(image, f"{self.sequence.name} {index + 1}/{len(self.sequence)}", (8, 20))
        words = [("ground truth", TRUTH)]
        for place, (tracker, trajectory) in enumerate(self.trajectories.items()):
            state = state_of(trajectory, index)
            words.append((f"{tracker} {state}".strip(), tracker_color(place)))
        for line, (text, color) in enumerate(words):
            write_text(image, text, (8, 40 + 18 * line), color)


def tracker_color(place: int) -> Color:
    """Give the colour of a tracker by its place."""
    return COLORS[place % len(COLORS)]


def state_of(trajectory: Trajectory, index: int) -> str:
    """Say what a special code stands for; empty for a region, ``none`` past the end."""
    if index >= len(trajectory):
        return "none"
    return SPECIAL.get(int(trajectory.codes()[index]), "")


def _kernel(scale: float) -> int:
    return cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR


def tiled(tiles: Sequence[Image], columns: int, gap: int = 4) -> Image:
    """Put images of one size beside and below each other.

    Examples
    --------
    >>> tiled([np.zeros((10, 20, 3), dtype=np.uint8)] * 3, columns=2).shape
    (24, 44, 3)
    """
    height, width = tiles[0].shape[:2]
    columns = min(columns, len(tiles))
    rows = -(-len(tiles) // columns)
    sheet = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap, 3), 24, np.uint8)
    for place, tile in enumerate(tiles):
        y, x = place // columns * (height + gap), place % columns * (width + gap)
        sheet[y : y + height, x : x + width] = tile
    return sheet
