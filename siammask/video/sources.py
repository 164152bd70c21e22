"""Where frames come from: a folder of images, a video file, a camera.

All give uint8 BGR images of one size: grey images become three equal channels, alpha is dropped,
16 bits become 8, and an image is turned as its EXIF data say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from siammask.errors import ImageError, SourceError

Image = NDArray[np.uint8]

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"})
ACCEPTED = "accepted: a folder of images, a video file, or a camera's number such as 0"


@dataclass(frozen=True, eq=False)
class Frame:
    """One image of a video.

    Parameters
    ----------
    name : str
        Names the files made of it: the image's stem, or its number with six digits, from 0.
    place : str
        Names it in errors.
    image : uint8 array, shape (height, width, 3)
        BGR.
    """

    name: str
    place: str
    image: Image


class Source(Protocol):
    """Frames in order."""

    @property
    def num_frames(self) -> int | None:
        """How many there are; a video file's own word for it; None for a camera."""

    @property
    def fps(self) -> float | None:
        """Frames a second, None where nothing says."""

    @property
    def gap(self) -> str | None:
        """Where its numbering leaves out frames, for people; None where it does not."""

    def __iter__(self) -> Iterator[Frame]:
        """Read frame by frame, all of one size.

        Raises
        ------
        SourceError
            If the frames cannot be had at all.
        ImageError
            If a frame cannot be decoded or has another size than the first; names it.
        """


def open_source(text: str) -> Source:
    """Find out what a source is.

    Parameters
    ----------
    text : str
        A folder of images, a video file, or a camera's number; a folder or file that exists goes
        before a number.

    Returns
    -------
    Source
        A folder is listed at once; a video or a camera is opened when it is read.

    Raises
    ------
    SourceError
        If there is no such thing, or the folder holds no image.
    """
    path = Path(text)
    if path.is_dir():
        return ImageFolder(path)
    if path.suffix.lower() in IMAGE_SUFFIXES and path.exists():
        raise SourceError("a single image", file=path, hint=ACCEPTED)
    if path.exists():
        return VideoFile(path)
    if text.isdecimal():
        return Camera(int(text))
    raise SourceError(f"source {text!r}: no such folder or file", hint=ACCEPTED)


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Give a key that sorts numbers in names by value.

    Examples
    --------
    >>> sorted(["f10.jpg", "f9.jpg", "f010.jpg", "a.jpg"], key=natural_key)
    ['a.jpg', 'f9.jpg', 'f010.jpg', 'f10.jpg']
    """
    parts = re.split(r"([0-9]+)", name)
    return [(int(part), len(parts), part) if part.isdecimal() else (-1, 0, part) for part in parts]


def read_image(path: Path) -> Image:
    """Read an image file as uint8 BGR.

    Raises
    ------
    ImageError
        If the file cannot be read or decoded.
    """
    try:
        data = np.fromfile(path, np.uint8)
    except OSError as error:
        raise ImageError(f"cannot be read: {error.strerror}", file=path) from None
    image = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    if image is None:
        raise ImageError("an image that cannot be decoded", file=path, hint="is the file whole?")
    return np.asarray(image, dtype=np.uint8)


class ImageFolder:
    """The images of a folder, numbers in their names sorted by value.

    Parameters
    ----------
    folder : Path
        With the images directly in it; other files are passed over.

    Raises
    ------
    SourceError
        If there is no image, or two that differ in nothing but the suffix.
    """

    fps = None

    def __init__(self, folder: Path) -> None:
        self.paths = list_images(folder)
        self.num_frames = len(self.paths)
        if not self.paths:
            hint = f"accepted: {', '.join(sorted(IMAGE_SUFFIXES))}"
            raise SourceError("no image in this folder", file=folder, hint=hint)
        for one, other in pairwise(self.paths):
            if one.stem == other.stem:
                raise SourceError(f"two frames of one name: {one.name}, {other.name}", file=folder)

    @property
    def gap(self) -> str | None:
        """The first gap of the numbering; a step of the same size throughout is none.

        Names that differ in more than one number tell nothing.
        """
        names = [re.split(r"([0-9]+)", path.stem) for path in self.paths]
        for place in range(1, len(names[0]), 2):
            around = {(*parts[:place], *parts[place + 1 :]) for parts in names}
            if len(around) == 1:
                return self._first_gap([int(parts[place]) for parts in names])
        return None

    def _first_gap(self, numbers: list[int]) -> str | None:
        steps = [later - earlier for earlier, later in pairwise(numbers)]
        for index, step in enumerate(steps):
            if step > max(1, min(steps)):
                before, after = self.paths[index : index + 2]
                return f"{before.name} is followed by {after.name}"
        return None

    def __iter__(self) -> Iterator[Frame]:
        """Read image by image."""
        return read_images(self.paths)


def read_images(paths: Iterable[Path]) -> Iterator[Frame]:
    """Read images one by one.

    Raises
    ------
    ImageError
        If one cannot be read or decoded, or has another size than the first; names it.
    """
    return _of_one_size(Frame(path.stem, str(path), read_image(path)) for path in paths)


def list_images(folder: Path) -> list[Path]:
    """List the images directly in a folder, numbers in their names sorted by value."""
    found = (path for path in folder.iterdir() if path.suffix.lower() in IMAGE_SUFFIXES)
    return sorted(found, key=lambda path: natural_key(path.name))


@dataclass(frozen=True)
class VideoFile:
    """The frames of a file that OpenCV can decode.

    Parameters
    ----------
    path : Path
        The file.
    """

    path: Path
    gap = None
    num_frames: int | None = field(init=False)
    fps: float | None = field(init=False)

    def __post_init__(self) -> None:
        capture = _open_video(self.path)
        count, fps = capture.get(cv2.CAP_PROP_FRAME_COUNT), capture.get(cv2.CAP_PROP_FPS)
        capture.release()
        object.__setattr__(self, "num_frames", round(count) if count > 0 else None)
        object.__setattr__(self, "fps", fps if fps > 0 else None)

    def __iter__(self) -> Iterator[Frame]:
        """Decode frame by frame until nothing more comes."""
        return _of_one_size(_frames(_open_video(self.path), str(self.path)))


@dataclass(frozen=True)
class Camera:
    """The frames of a camera, until it is stopped.

    Parameters
    ----------
    number : int
        As the system counts cameras, from 0.
    """

    number: int
    num_frames = None
    fps = None
    gap = None

    def __iter__(self) -> Iterator[Frame]:
        """Take frame by frame."""
        capture = cv2.VideoCapture(self.number)
        if not capture.isOpened():
            raise SourceError(f"camera {self.number} cannot be opened", hint=ACCEPTED)
        return _of_one_size(_frames(capture, f"camera {self.number}"))


def _open_video(path: Path) -> cv2.VideoCapture:
    capture = cv2.VideoCapture(str(path))
    if not capture.isOpened():
        raise SourceError("no video that OpenCV can decode", file=path, hint=ACCEPTED)
    return capture


def _frames(capture: cv2.VideoCapture, place: str) -> Iterator[Frame]:
    """Give the frames of a capture; release it at the end, whatever ends it."""
    number = 0
    try:
        while (image := _next_image(capture)) is not None:
            yield Frame(f"{number:06d}", f"{place} frame {number}", image)
            number += 1
    finally:
        capture.release()
    if not number:
        raise SourceError("gives no frame", file=place)


def _next_image(capture: cv2.VideoCapture) -> Image | None:
    given, image = capture.read()
    return np.asarray(image, dtype=np.uint8) if given else None


def _of_one_size(frames: Iterable[Frame]) -> Iterator[Frame]:
    first: Frame | None = None
    for frame in frames:
        first = first or frame
        if frame.image.shape != first.image.shape:
            raise ImageError(
                f"{frame.place} is {_size(frame)}, but {first.place} is {_size(first)}",
                hint="all frames of a video need one size",
            )
        yield frame


def _size(frame: Frame) -> str:
    height, width = frame.image.shape[:2]
    return f"{width}x{height}"
