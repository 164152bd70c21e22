"""Where frames go: a folder of images, or a video file."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from siammask.atomic import write_whole
from siammask.errors import OutputError
from siammask.video.sources import Image

VIDEO_SUFFIXES = frozenset({".mp4", ".m4v", ".mov", ".mkv", ".avi"})
OTHER_SUFFIXES = frozenset({".webm", ".wmv", ".flv", ".mpg", ".mpeg", ".gif", ".ts"})
"""Of videos that this codec is not in."""

CODEC = "mp4v"
"""MPEG-4 part 2: of the codecs in OpenCV's own packages the one that is fast and plays widely.

H.264 is in none of them; VP9 takes a hundred times as long.
"""

DEFAULT_FPS = 25.0


class FrameWriter(Protocol):
    """Takes frames in order."""

    def write(self, name: str, image: Image) -> None:
        """Take the next frame, uint8 BGR; all of one size."""

    def close(self) -> None:
        """End what is written, which is whole from then on."""


class ImageFolderWriter:
    """Write each frame to a file of its own.

    Parameters
    ----------
    folder : Path
        Made when it is missing.
    suffix : str
        ``.jpg`` or ``.png``.
    """

    def __init__(self, folder: Path, suffix: str = ".jpg") -> None:
        self._folder, self._suffix = folder, suffix

    def write(self, name: str, image: Image) -> None:
        """Write ``<name><suffix>``, whole."""
        _, coded = cv2.imencode(self._suffix, image)
        write_whole(self._folder / f"{name}{self._suffix}", coded.tobytes())

    def close(self) -> None:
        """Do nothing: every file is whole."""


class VideoFileWriter:
    """Write the frames into one file, which has its name once it is whole.

    A side of an odd number of pixels gets one more, as the codec needs even ones.

    Parameters
    ----------
    path : Path
        The file; its suffix names the container.
    fps : float
        Frames a second.
    """

    def __init__(self, path: Path, fps: float = DEFAULT_FPS) -> None:
        self._path, self._fps = path, fps if math.isfinite(fps) and fps > 0 else DEFAULT_FPS
        self._temporary = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
        self._writer: cv2.VideoWriter | None = None

    def write(self, name: str, image: Image) -> None:
        """Add a frame."""
        image = _even(image)
        if self._writer is None:
            self._writer = self._open(image)
        self._writer.write(image)

    def close(self) -> None:
        """End the file and give it its name; without a frame there is none."""
        if self._writer is not None:
            self._writer.release()
            self._writer = None
            self._temporary.replace(self._path)

    def _open(self, image: Image) -> cv2.VideoWriter:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._temporary.touch()
        except OSError as error:
            raise OutputError(f"cannot be written: {error.strerror}", file=self._path) from None
        size = image.shape[1], image.shape[0]
        code = cv2.VideoWriter.fourcc(*CODEC)
        writer = cv2.VideoWriter(str(self._temporary), cv2.CAP_FFMPEG, code, self._fps, size)
        if not writer.isOpened():
            self._temporary.unlink(missing_ok=True)
            hint = "name a folder instead, for images"
            raise OutputError("this OpenCV cannot write such a video", file=self._path, hint=hint)
        return writer


def _even(image: Image) -> Image:
    height, width = image.shape[:2]
    below, right = height % 2, width % 2
    if not below and not right:
        return image
    return np.pad(image, ((0, below), (0, right), (0, 0)), mode="edge")
