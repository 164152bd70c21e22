"""Checking that a data set is whole and does not contradict itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vot_toolkit.dataset.folder import image_size
from vot_toolkit.dataset.sequence import Dataset, Sequence
from vot_toolkit.region import Mask, bounding_box

FIRST_SHOWN = 3
"""Frames named in a fault that concerns many."""


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
    for sequence in dataset:
        for fault in _sequence_faults(sequence):
            yield f"{sequence.name}: {fault}"


def _sequence_faults(sequence: Sequence) -> Iterator[str]:
    if not len(sequence):
        yield "no annotated frame"
        return
    if sequence.size is None:
        yield "the image size is unknown: no width and height, no readable image"
    yield from _image_faults(sequence)
    yield from _region_faults(sequence)
    for tag, flags in sequence.tags.items():
        if len(flags) != len(sequence):
            yield f"attribute {tag} has {len(flags)} flags for {len(sequence)} frames"


def _image_faults(sequence: Sequence) -> Iterator[str]:
    if not sequence.images:
        yield "no images: results can be scored, trackers cannot be run"
        return
    if len(sequence.images) != len(sequence):
        yield f"{len(sequence.images)} images for {len(sequence)} annotated frames"
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
            yield f"the image of {_listed(frames)} {what} ({sequence.images[frames[0]]})"


def _region_faults(sequence: Sequence) -> Iterator[str]:
    codes = np.flatnonzero(sequence.groundtruth.codes() >= 0).tolist()
    if codes:
        yield f"no region in {_listed(codes)}: a tracker cannot be started there"
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
        yield f"a region without area in {_listed(flat)}"
    if outside:
        yield f"a region outside the image in {_listed(outside)}"


def _meets_image(x: float, y: float, width: float, height: float, size: tuple[int, int]) -> bool:
    return x < size[0] and y < size[1] and x + width > 0 and y + height > 0


def _listed(frames: list[int]) -> str:
    """Name frames as people count them, from 1."""
    shown = ", ".join(str(frame + 1) for frame in frames[:FIRST_SHOWN])
    more = len(frames) - FIRST_SHOWN
    return f"frame {shown}" + (f" and {more} more" if more > 0 else "")
