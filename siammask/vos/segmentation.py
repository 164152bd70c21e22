"""Segmenting a video: all its objects in one pass of the network a frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from siammask.errors import DatasetError
from siammask.fusion import fuse
from siammask.video.index_png import Labels
from siammask.video.recording import Target
from siammask.video.sources import Frame, Image, read_images
from siammask.vos.dataset import Object, Video


class ManyTracker(Protocol):
    """What is needed of `siammask.MultiTracker`."""

    def initialize(self, image: Image, regions: list[Any]) -> list[int]:
        """Forget all targets, and start on those given."""

    def add(self, image: Image, region: Any) -> int:
        """Start on one more target."""

    def remove(self, target: int) -> None:
        """Forget a target."""

    def update(self, image: Image) -> Mapping[int, Target]:
        """Find all targets in the next frame."""


def segment(video: Video, tracker: ManyTracker, threshold: float) -> Iterator[tuple[str, Labels]]:
    """Follow the objects of a video from their first frames on.

    An object starts from the bounding rectangle of its mask; the mask itself is not used, but
    counts in the frame it is given for. From its first frame to its last an object takes part in
    the fusion.

    Parameters
    ----------
    video : Video
        Frames, objects, and the annotation of each object's first frame.
    tracker : MultiTracker
        With masks; what it followed before is forgotten.
    threshold : float
        A pixel whose highest value is not above it is background.

    Yields
    ------
    str
        The frame's name.
    uint8 array, shape (height, width)
        The objects' labels.

    Raises
    ------
    ImageError
        If a frame or an annotation cannot be read.
    DatasetError
        If an object is not in its first frame, or an annotation has another size than the frame.

    References
    ----------
    As the released code of SiamMask does for DAVIS and YouTube-VOS, object by object; there the
    labels are 1, 2, … in order, which are the objects' own wherever these have no gaps.
    """
    following: dict[int, int] = {}
    for index, frame in enumerate(read_images(video.frames)):
        if index == 0:
            tracker.initialize(frame.image, [])
        found = tracker.update(frame.image)
        masks = {label: found[target].mask for label, target in following.items()}
        for item in video.objects:
            if item.first == index:
                masks[item.label] = given = _given(video, item, frame)
                following[item.label] = tracker.add(frame.image, bounding_box(given > 0))
            if item.last <= index and item.label in following:
                tracker.remove(following.pop(item.label))
        labels = [item.label for item in video.objects]
        shape = frame.image.shape[0], frame.image.shape[1]
        yield frame.name, fuse([masks.get(label) for label in labels], threshold, shape, labels)


def bounding_box(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Give x, y, width and height of a mask in whole pixels.

    Examples
    --------
    >>> mask = np.zeros((9, 9), bool)
    >>> mask[2:4, 3:8] = True
    >>> bounding_box(mask).tolist()
    [3.0, 2.0, 5.0, 2.0]
    """
    return np.array(cv2.boundingRect(mask.astype(np.uint8)), dtype=np.float64)


def _given(video: Video, item: Object, frame: Frame) -> NDArray[np.float32]:
    mask = video.mask(item)
    if mask.shape != frame.image.shape[:2]:
        sizes = [f"{shape[1]}x{shape[0]}" for shape in (mask.shape, frame.image.shape)]
        what = f"is {sizes[0]}, but its frame is {sizes[1]}"
        raise DatasetError(what, file=video.annotations[item.first])
    return mask.astype(np.float32)
