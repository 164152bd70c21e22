"""Checking that a prepared folder is whole: a sound crop, and mask, for each box."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from trainers.data.window import CROP_SIZE
from trainers.errors import PreparationError
from trainers.prepare.annotations import read_annotations, read_has_mask
from trainers.prepare.crew import work_through
from trainers.prepare.journal import Journal
from trainers.prepare.layout import Layout
from trainers.prepare.outcome import Tracks
from trainers.prepare.progress import Progress

ENDS = {".jpg": b"\xff\xd9", ".png": b"IEND\xaeB`\x82"}
"""Last bytes of a whole file. OpenCV fills up what a JPEG lacks without a word."""


@dataclass
class Finding:
    """What was found in one or more videos.

    Parameters
    ----------
    videos, tracks, crops, masks : int
        How many there are, and should be.
    faults : list of str
        What is wrong, each with the file.
    broken : list of str
        Videos with a crop or mask that must be made anew.
    """

    videos: int = 0
    tracks: int = 0
    crops: int = 0
    masks: int = 0
    faults: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def add(self, other: Finding) -> None:
        """Add the finding of another video."""
        self.videos += other.videos
        self.tracks += other.tracks
        self.crops += other.crops
        self.masks += other.masks
        self.faults += other.faults
        self.broken += other.broken


@dataclass(frozen=True)
class Inspection:
    """Looks at the crops of videos; given to each worker.

    Parameters
    ----------
    layout : Layout
        Where they are.
    has_mask : bool
        Whether each has a mask.
    """

    layout: Layout
    has_mask: bool

    def __call__(self, item: tuple[str, Tracks], stopped: Callable[[], bool]) -> Finding | None:
        """Look at all crops of a video."""
        video, tracks = item
        finding = Finding(videos=1, tracks=len(tracks))
        for track, frames in tracks.items():
            if stopped():
                return None
            for frame, box in frames.items():
                self._look(video, track, frame, box, finding)
        return finding

    def _look(self, video: str, track: str, frame: str, box: Any, finding: Finding) -> None:
        finding.crops += 1
        finding.masks += self.has_mask
        finding.faults += _box_faults(box, f"{video}, track {track}, frame {frame}")
        broken = [*_image_faults(self.layout.crop(video, int(frame), track))]
        if self.has_mask:
            broken += _image_faults(self.layout.mask(video, int(frame), track))
        finding.faults += broken
        if broken and video not in finding.broken:
            finding.broken.append(video)


def verify(layout: Layout, *, workers: int, progress: Progress) -> dict[Path, Finding]:
    """Check all that a JSON of boxes in a folder speaks of, reading every crop.

    Videos with broken crops are taken off the list of those that are done, so that the next
    preparation makes them anew.

    Returns
    -------
    dict
        A finding for each JSON.

    Raises
    ------
    PreparationError
        If there is no JSON of boxes.
    AnnotationError
        If one has another form.
    """
    splits = layout.prepared_splits()
    if not splits:
        begun = layout.options.exists()
        raise PreparationError(
            "the preparation is not finished" if begun else "nothing is prepared here",
            file=layout.root,
            hint="run the same command without --check",
        )
    return {
        layout.annotations(split): _verify_split(layout, split, workers, progress)
        for split in splits
    }


def _verify_split(layout: Layout, split: str, workers: int, progress: Progress) -> Finding:
    videos = read_annotations(layout.annotations(split))
    inspection = Inspection(layout, _has_mask(layout, split, videos, progress))
    finding = Finding()
    progress.start(split, sum(len(f) for tracks in videos.values() for f in tracks.values()))
    try:
        with closing(work_through(inspection, videos.items(), workers)) as findings:
            for found in findings:
                finding.add(found)
                progress.advance(found.crops, found.crops)
    finally:
        progress.stop()
    finding.faults.sort()
    if finding.broken and layout.journal.exists():
        with Journal(layout.journal) as journal:
            journal.forget(finding.broken, split)
    return finding


def _has_mask(layout: Layout, split: str, videos: dict[str, Tracks], progress: Progress) -> bool:
    properties = layout.properties(split)
    if properties.exists():
        return read_has_mask(properties)
    has_mask = any(next((layout.crops / video).glob("*.m.png"), None) for video in videos)
    kind = "with masks, since there are some" if has_mask else "without masks, since there are none"
    progress.note(f"{split}.json: no {properties.name} beside it, taken as data {kind}")
    return has_mask


def _box_faults(box: Any, place: str) -> Iterator[str]:
    if not isinstance(box, list) or len(box) not in (2, 4):
        yield f"{place}: {box!r} is no box of 2 or 4 numbers"
        return
    width, height = box if len(box) == 2 else (box[2] - box[0], box[3] - box[1])
    if min(width, height) <= 0:
        yield f"{place}: a box of {width:g}x{height:g} px"


def _image_faults(path: Path) -> Iterator[str]:
    import cv2

    try:
        data = path.read_bytes()
    except OSError as error:
        yield f"{path}: {error.strerror}"
        return
    image: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None
    shape = (CROP_SIZE, CROP_SIZE, 3) if path.suffix == ".jpg" else (CROP_SIZE, CROP_SIZE)
    if image is None or not data.endswith(ENDS[path.suffix]):
        yield f"{path}: unreadable, or cut off at {len(data)} bytes"
    elif image.shape != shape:
        yield f"{path}: an image of shape {image.shape}, expected {shape}"
