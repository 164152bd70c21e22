"""Strips of thumbnails: the frames around a failure, or frames of a whole sequence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2

from vot_toolkit.atomic import write_whole
from vot_toolkit.failure import Failure
from vot_toolkit.pictures.drawing import Image, color_of, write_text
from vot_toolkit.pictures.frame import Scene, tiled

TILE = (208, 156)
"""Width and height of a thumbnail in px."""

AROUND = (-15, -8, -4, -2, -1, 0, 2, 5)
"""Frames shown, from the failure on; the restart is five later."""

ALERT = color_of("#ff4d4d")


def failure_strip(scene: Scene, failure: Failure) -> Image:
    """Draw the frames around a failure.

    Parameters
    ----------
    scene : Scene
        The sequence and the run that failed.
    failure : Failure
        In that run.

    Returns
    -------
    uint8 array, shape (height, width, 3)
        Thumbnails in one row, the failure framed.

    Raises
    ------
    DatasetError
        If an image is missing or none.
    """
    failed = failure.frame - 1
    frames = [failed + offset for offset in AROUND]
    frames = [frame for frame in frames if 0 <= frame < len(scene.sequence)]
    # One scale for all, so that the target's own changes are seen.
    scale = min(scene.fitting_scale(frame, TILE) for frame in frames)
    tiles = [scene.cutout(frame, TILE, scale) for frame in frames]
    for tile, frame in zip(tiles, frames, strict=True):
        _label(tile, frame, frame == failed)
    return tiled(tiles, len(tiles))


def _label(tile: Image, frame: int, failed: bool) -> None:
    write_text(tile, f"{frame + 1} lost" if failed else str(frame + 1), (8, 20))
    if failed:
        cv2.rectangle(tile, (1, 1), (tile.shape[1] - 2, tile.shape[0] - 2), ALERT, 3)


def sequence_strip(frames: Sequence[Image], columns: int = 4) -> Image:
    """Put whole frames on one sheet."""
    return tiled(frames, columns)


def write_png(path: Path, image: Image) -> None:
    """Write an image, whole or not at all."""
    _, data = cv2.imencode(".png", image)
    write_whole(path, data.tobytes())
