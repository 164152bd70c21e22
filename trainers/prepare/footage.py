"""Footage: the frames of a video of one's own, as image files or as a video file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from trainers.errors import PreparationError
from trainers.prepare.dropped import Reason, UnusableError
from trainers.prepare.pictures import read_image
from trainers.prepare.window import Image
from vot_toolkit.dataset.folder import IMAGE_SUFFIXES

VIDEO_SUFFIXES = frozenset({".mp4", ".avi", ".mov", ".mkv", ".webm", ".m4v", ".mpg"})
IMAGE_FOLDERS = ("color", "images", "JPEGImages", ".")
"""Where the images of a sequence are looked for, in this order."""


class Footage(Protocol):
    """Frames, numbered from 0; picklable."""

    def open(self) -> Callable[[int], Image]:
        """Give a reader of frames, to be asked for rising ones; it raises `UnusableError`."""

    def numbers(self, stems: list[str]) -> list[int | None]:
        """Give the frames that files of these names, without ending, belong to; None for none."""

    def place(self, frame: int) -> str:
        """Say where a frame is."""


@dataclass(frozen=True)
class ImageFiles:
    """Frames in files.

    Parameters
    ----------
    folder : Path
        Where they are.
    files : tuple of Path
        One a frame, in order.
    """

    folder: Path
    files: tuple[Path, ...]

    def open(self) -> Callable[[int], Image]:
        """See `Footage.open`."""
        return self._read

    def _read(self, frame: int) -> Image:
        if frame >= len(self.files):
            raise UnusableError(Reason.MISSING_IMAGE, self.place(frame))
        return read_image(self.files[frame])

    def numbers(self, stems: list[str]) -> list[int | None]:
        """See `Footage.numbers`: those of the images of the same names."""
        known = {path.stem: frame for frame, path in enumerate(self.files)}
        return [known.get(stem) for stem in stems]

    def place(self, frame: int) -> str:
        """See `Footage.place`."""
        if frame < len(self.files):
            return str(self.files[frame])
        return f"{self.folder}, image {frame + 1} of {len(self.files)}"


@dataclass(frozen=True)
class VideoFile:
    """Frames in a video file.

    Parameters
    ----------
    file : Path
        Any that OpenCV can decode.
    """

    file: Path

    def open(self) -> Callable[[int], Image]:
        """See `Footage.open`."""
        return _Playback(self).read

    def numbers(self, stems: list[str]) -> list[int | None]:
        """See `Footage.numbers`: the names are the numbers."""
        return [int(stem) if stem.isdecimal() else None for stem in stems]

    def place(self, frame: int) -> str:
        """See `Footage.place`."""
        return f"{self.file}, frame {frame}"


class _Playback:
    """A video file being read from its beginning."""

    def __init__(self, video: VideoFile) -> None:
        import cv2

        self._video = video
        self._capture: Any = cv2.VideoCapture(str(video.file))
        self._next = 0

    def read(self, frame: int) -> Image:
        while self._next < frame and self._capture.grab():
            self._next += 1
        # Seeking is not used: in many formats it lands on another frame.
        image: Image | None = self._capture.read()[1] if self._next == frame else None
        self._next += 1
        if image is None:
            raise UnusableError(Reason.MISSING_IMAGE, self._video.place(frame))
        return image


def find_footage(folder: Path) -> Footage:
    """Find the frames of a sequence.

    Parameters
    ----------
    folder : Path
        With images in ``color/``, ``images/``, ``JPEGImages/`` or directly; else with one video
        file.

    Raises
    ------
    PreparationError
        If there is neither, or more than one video.
    """
    for name in IMAGE_FOLDERS:
        files = images_in(folder / name)
        if files:
            return ImageFiles(folder / name, files)
    videos = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in VIDEO_SUFFIXES]
    if len(videos) == 1:
        return VideoFile(videos[0])
    raise PreparationError(
        f"{len(videos) or 'no'} videos, and no images",
        file=folder,
        hint="expected images in color/ or images/ or directly, or one video file",
    )


def images_in(folder: Path) -> tuple[Path, ...]:
    """List the image files directly in a folder, sorted by name; none when there is no folder."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(path for path in folder.iterdir() if _is_image(path)))


def _is_image(path: Path) -> bool:
    return path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith(".")
