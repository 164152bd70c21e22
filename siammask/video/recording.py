"""What tracking a video leaves: pictures, regions, masks and scores, all whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from siammask.atomic import write_whole
from siammask.errors import OutputError
from siammask.fusion import fuse
from siammask.video.drawing import Mark, annotate
from siammask.video.index_png import encode_labels
from siammask.video.sources import Frame, Image
from siammask.video.writers import (
    DEFAULT_FPS,
    OTHER_SUFFIXES,
    VIDEO_SUFFIXES,
    FrameWriter,
    ImageFolderWriter,
    VideoFileWriter,
)

INITIALIZED, UNKNOWN = "1", "0"
"""Special codes of VOT text."""


class Target(Protocol):
    """What a tracker says of one target in one frame."""

    @property
    def region(self) -> NDArray[np.floating]:
        """Corners (2n,), or x, y, w, h; px."""

    @property
    def score(self) -> float:
        """From 0 to 1."""

    @property
    def mask(self) -> NDArray[np.floating] | None:
        """Soft mask (height, width) from -1 to 1; None where the network has none."""

    @property
    def lost(self) -> bool:
        """Whether the tracker takes it for gone."""


@dataclass(frozen=True)
class Places:
    """Where the parts of a recording are.

    Parameters
    ----------
    pictures : Path
        A video file, or a folder of images.
    folder : Path
        Of everything else.
    """

    pictures: Path
    folder: Path

    @classmethod
    def of(cls, out: Path) -> Places:
        """Take what was asked for: a video file, or a folder for everything.

        Raises
        ------
        OutputError
            If something is there already, or such a video cannot be written.

        Examples
        --------
        >>> Places.of(Path("no/such/cat.mp4"))
        Places(pictures=PosixPath('no/such/cat.mp4'), folder=PosixPath('no/such/cat'))
        """
        if out.suffix.lower() in OTHER_SUFFIXES:
            hint = f"accepted: {', '.join(sorted(VIDEO_SUFFIXES))}, or a folder"
            raise OutputError(f"no video of kind {out.suffix} can be written", file=out, hint=hint)
        is_video = out.suffix.lower() in VIDEO_SUFFIXES
        places = cls(out, out.with_suffix("")) if is_video else cls(out / "frames", out)
        for path in (places.pictures, places.masks, places.regions, places.scores):
            if path.exists():
                hint = "remove it, or name another place with --out"
                raise OutputError("is there already", file=path, hint=hint)
        return places

    @property
    def masks(self) -> Path:
        """Folder of one PNG a frame."""
        return self.folder / "masks"

    @property
    def regions(self) -> Path:
        """Folder of one text file a target."""
        return self.folder / "regions"

    @property
    def scores(self) -> Path:
        """Table of all scores."""
        return self.folder / "scores.csv"


class Recording:
    """Takes frame after frame; `close` leaves everything whole, wherever it stopped.

    Pictures are annotated frames. Regions are VOT text: code 1 where a target was initialised, then
    one region a line with four decimals, or code 0 where the target is lost: nothing of it is drawn
    there. Masks are one
    PNG a tracked frame: 0 and 255 for one target, labels 1, 2, … with a palette for several. Scores
    are a table of frame, target, score and whether it is lost.

    Parameters
    ----------
    places : Places or None
        Where it goes; None keeps nothing, and only gives the pictures.
    threshold : float
        Value above which a pixel of a soft mask belongs to the target.
    suffix : str
        ``.jpg`` or ``.png``, of pictures in a folder.
    fps : float, optional
        Of pictures in a video file.
    """

    def __init__(
        self,
        places: Places | None,
        threshold: float,
        *,
        suffix: str = ".jpg",
        fps: float | None = None,
    ) -> None:
        self._places = places
        self._threshold = threshold
        self._writer = None if places is None else _writer(places, suffix, fps or DEFAULT_FPS)
        self._regions: list[list[str]] = []
        self._scores: list[str] = []
        self.num_frames = 0
        self.num_lost = 0

    def start(self, frame: Frame, regions: Sequence[NDArray[np.floating]]) -> Image:
        """Take the first frame and the regions of the targets; give the picture."""
        marks = [Mark(index, region) for index, region in enumerate(regions)]
        picture = annotate(frame.image, marks)
        self._keep(frame, picture, [INITIALIZED] * len(regions), ["1.0000,0"] * len(regions))
        return picture

    def add(self, frame: Frame, targets: Sequence[Target]) -> Image:
        """Take the next frame and what the tracker says of it; give the picture."""
        shown = [None if target.lost else target for target in targets]
        has_masks = any(target.mask is not None for target in targets)
        labels = self._labels(frame, shown) if has_masks else None
        marks = [_mark(index, target, labels) for index, target in enumerate(shown) if target]
        picture = annotate(frame.image, marks)
        lines = [UNKNOWN if target is None else format_region(target.region) for target in shown]
        scores = [f"{target.score:.4f},{target.lost:d}" for target in targets]
        self._keep(frame, picture, lines, scores)
        if self._places is not None and labels is not None:
            path = self._places.masks / f"{frame.name}.png"
            write_whole(path, _encode_masks(labels, len(targets)))
        self.num_lost += shown.count(None)
        return picture

    def close(self) -> None:
        """Write what was collected; with no frame there is nothing to write."""
        if self._places is None or self._writer is None or not self.num_frames:
            return
        self._writer.close()
        for number, lines in enumerate(zip(*self._regions, strict=True), start=1):
            text = "".join(f"{line}\n" for line in lines)
            write_whole(self._places.regions / f"target_{number}.txt", text)
        table = "".join(f"{line}\n" for line in ["frame,target,score,lost", *self._scores])
        write_whole(self._places.scores, table)

    def _labels(self, frame: Frame, targets: Sequence[Target | None]) -> NDArray[np.uint8]:
        masks = [None if target is None else target.mask for target in targets]
        height, width = frame.image.shape[:2]
        return fuse(masks, self._threshold, (height, width))

    def _keep(self, frame: Frame, picture: Image, lines: list[str], scores: list[str]) -> None:
        if self._writer is not None:
            self._writer.write(frame.name, picture)
        self._regions.append(lines)
        self._scores += [f"{frame.name},{k},{score}" for k, score in enumerate(scores, start=1)]
        self.num_frames += 1


def format_region(region: NDArray[Any]) -> str:
    """Write a region as VOT text: four decimals of the float32 value.

    Examples
    --------
    >>> format_region(np.array([0.1, 2, 30, 40]))
    '0.1000,2.0000,30.0000,40.0000'
    """
    return ",".join(f"{value:.4f}" for value in np.asarray(region, np.float32).ravel().tolist())


def _writer(places: Places, suffix: str, fps: float) -> FrameWriter:
    if places.pictures.suffix.lower() in VIDEO_SUFFIXES:
        return VideoFileWriter(places.pictures, fps)
    return ImageFolderWriter(places.pictures, suffix)


def _mark(index: int, target: Target, labels: NDArray[np.uint8] | None) -> Mark:
    mask = None if labels is None else labels == index + 1
    return Mark(index, np.asarray(target.region), mask, float(target.score))


def _encode_masks(labels: NDArray[np.uint8], num_targets: int) -> bytes:
    if num_targets > 1:
        return encode_labels(labels)
    _, coded = cv2.imencode(".png", labels * 255)
    return bytes(coded.tobytes())
