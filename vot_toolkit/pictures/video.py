"""Frames as an MP4 file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import cv2

from vot_toolkit.errors import UserError
from vot_toolkit.pictures.drawing import Image

CODEC = "mp4v"
"""MPEG-4 part 2, which every build of OpenCV can write."""


def write_video(path: Path, frames: Iterable[Image], fps: float) -> None:
    """Write frames of one size, whole or not at all.

    Parameters
    ----------
    path : Path
        Ends in ``.mp4``; missing folders are made.
    frames : iterable of uint8 array, shape (height, width, 3)
        At least one. Odd sides lose their last pixel, as the format has it.
    fps : float
        Frames per second, above 0.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The writer tells the format from the ending.
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.part.mp4")
    try:
        _write(temporary, frames, fps)
        os.replace(temporary, path)  # noqa: PTH105
    except OSError as error:
        raise UserError(f"cannot be written: {error.strerror}", file=path) from None
    finally:
        temporary.unlink(missing_ok=True)


def _write(path: Path, frames: Iterable[Image], fps: float) -> None:
    writer: cv2.VideoWriter | None = None
    try:
        for frame in frames:
            height, width = frame.shape[0] & ~1, frame.shape[1] & ~1
            if writer is None:
                code = cv2.VideoWriter.fourcc(*CODEC)
                writer = cv2.VideoWriter(str(path), code, fps, (width, height))
                if not writer.isOpened():
                    raise UserError("this build of OpenCV cannot write it", file=path)
            writer.write(frame[:height, :width])
    finally:
        if writer is not None:
            writer.release()
