"""Checking that a data set is whole and does not contradict itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vot_toolkit.dataset.folder import image_size
from vot_toolkit.dataset.sequence import Dataset, Sequence
from vot_toolkit.region import Mask, bounding_box
from vot_toolkit.wording import counted, listed


def verify(dataset: Dataset) -> Iterator[str]:
    """Find what is missing or inconsistent.

    Parameters
    ----------
    dataset : Dataset
        An open data set; its own notes are not repeated.

    Yields
    ------
    str
        One fault, with the sequence and what was expected.
    """
    names = [sequence.name for sequence in dataset]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name}: listed more than once"
    without = [sequence for sequence in dataset if not _has_images(sequence)]
    if without:
        yield _no_images(without, len(dataset))
    for sequence in dataset:
        for fault in _sequence_faults(sequence, images=sequence not in without):
            yield f"{sequence.name}: {fault}"


def _has_images(sequence: Sequence) -> bool:
    return any(Path(image).is_file() for image in sequence.images)


def _no_images(without: list[Sequence], count: int) -> str:
    """Say once of all sequences that have no image, as after a download of the annotations only."""
    expected = next((sequence.images[0] for sequence in without if sequence.images), None)
    place = "" if expected is None else f", the first would be {expected}"
    which = "all" if len(without) == count else listed(sequence.name for sequence in without)
    return (
        f"no images of {len(without)} of {counted(count, 'sequence')} ({which}){place}: "
        "results can be scored, trackers cannot be run"
    )


def _sequence_faults(sequence: Sequence, *, images: bool) -> Iterator[str]:
    if not len(sequence):
        yield "no annotated frame"
        return
    if sequence.size is None:
        yield "the image size is unknown: no width and height, no readable image"
    if images:
        yield from _image_faults(sequence)
    yield from _region_faults(sequence)
    length = counted(len(sequence), "frame")
    for tag, flags in sequence.tags.items():
        if len(flags) != len(sequence):
            yield f"attribute {tag} has {counted(len(flags), 'flag')} for {length}"


def _image_faults(sequence: Sequence) -> Iterator[str]:
    if len(sequence.images) != len(sequence):
        length = counted(len(sequence), "annotated frame")
        yield f"{counted(len(sequence.images), 'image')} for {length}"
    missing, unreadable, other = [], [], []
    for index, image in enumerate(sequence.images):
        path = Path(image)
        if not path.is_file():
            missing.append(index)
            continue
        size = image_size(path)
        if size is None:
            unreadable.append(index)
        elif sequence.size is not None and size != sequence.size:
            other.append(index)
    for frames, what in (
        (missing, "is missing"),
        (unreadable, "has no header of an image"),
        (other, f"is not of size {sequence.size}"),
    ):
        if frames:
            yield f"the image of {_frames(frames)} {what} ({sequence.images[frames[0]]})"


def _region_faults(sequence: Sequence) -> Iterator[str]:
    codes = np.flatnonzero(sequence.groundtruth.codes() >= 0).tolist()
    if codes:
        yield f"no region in {_frames(codes)}: a tracker cannot be started there"
    flat, outside = [], []
    for index, region in enumerate(sequence.groundtruth):
        if isinstance(region, Mask) or len(region) == 1:
            continue
        x, y, width, height = bounding_box(region).tolist()
        if width <= 0 or height <= 0:
            flat.append(index)
        elif sequence.size is not None and not _meets_image(x, y, width, height, sequence.size):
            outside.append(index)
    if flat:
        yield f"a region without area in {_frames(flat)}"
    if outside:
        yield f"a region outside the image in {_frames(outside)}"


def _meets_image(x: float, y: float, width: float, height: float, size: tuple[int, int]) -> bool:
    return x < size[0] and y < size[1] and x + width > 0 and y + height > 0


def _frames(frames: list[int]) -> str:
    """Name frames as people count them, from 1."""
    return "frame " + listed(str(frame + 1) for frame in frames)
