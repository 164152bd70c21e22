"""Labels of a video of one's own: regions in VOT text, or mask files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Protocol

import numpy as np

from trainers.errors import PreparationError
from trainers.prepare.dropped import Dropped, Reason, UnusableError
from trainers.prepare.footage import Footage
from trainers.prepare.outline import outline_box
from trainers.prepare.part import Mask, Size, Target, plain_box
from trainers.prepare.pictures import read_indices
from vot_toolkit import region as vot
from vot_toolkit.formats.text import read_trajectory

VOID = 255
"""Number of pixels that belong to nothing, in sets that mark them (Pascal VOC, DAVIS)."""

Found = Target | Dropped


class Labels(Protocol):
    """Targets of the frames of one video; picklable."""

    @property
    def has_mask(self) -> bool:
        """Whether every target has a mask."""

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that hold them."""

    @property
    def num_frames(self) -> int:
        """Annotated frames."""

    def strays(self) -> Iterator[Dropped]:
        """Name what belongs to no frame."""

    def by_frame(self) -> Iterator[tuple[int, list[Found]]]:
        """Go through the annotated frames, rising, each with its targets and what is left out."""


@dataclass(frozen=True)
class Regions:
    """A file with one region a line, all of one target.

    Parameters
    ----------
    file : Path
        ``groundtruth.txt``.
    num_frames : int
        Its lines.
    has_mask : bool
        Whether the regions are masks.
    """

    file: Path
    num_frames: int
    has_mask: bool

    @classmethod
    def of(cls, file: Path) -> Regions:
        """Look into a file.

        Raises
        ------
        FormatError
            If a line is no region.
        PreparationError
            If it has boxes and masks.
        """
        trajectory = read_trajectory(file)
        num_boxes = int((trajectory.sizes() > 1).sum())
        if num_boxes and trajectory.masks:
            what = f"{num_boxes} boxes and {len(trajectory.masks)} masks"
            raise PreparationError(what, file=file, hint="masks in all lines, or in none")
        return cls(file, len(trajectory), bool(trajectory.masks))

    @property
    def files(self) -> tuple[Path, ...]:
        """See `Labels.files`."""
        return (self.file,)

    def strays(self) -> Iterator[Dropped]:
        """See `Labels.strays`: none, since a line is a frame."""
        return iter(())

    def by_frame(self) -> Iterator[tuple[int, list[Found]]]:
        """See `Labels.by_frame`."""
        for frame, region in enumerate(read_trajectory(self.file)):
            yield frame, [_of_region(region, f"{self.file}:{frame + 1}")]


def _of_region(region: vot.Region, place: str) -> Found:
    if isinstance(region, vot.Mask):
        target = _of_mask(region.pixels, 0, place, region.x, region.y)
        if isinstance(target, Target):
            return Target(0, target.box, mask=partial(_placed, region), place=place)
        return target
    if len(region) == 1:
        return Dropped(Reason.NO_REGION, place)
    x, y, width, height = vot.bounding_box(region).tolist()
    if min(width, height) <= 0:
        return Dropped(Reason.FLAT, place)
    return Target(0, plain_box(x, y, x + width, y + height), place=place)


def _placed(mask: vot.Mask, size: Size) -> Mask:
    """Draw a mask into an image of that height and width; what lies outside is cut off."""
    height, width = mask.pixels.shape
    left, top = max(0, -mask.x), max(0, -mask.y)
    inside = mask.pixels[top : max(0, size[0] - mask.y), left : max(0, size[1] - mask.x)]
    image = np.zeros(size, dtype=bool)
    image[mask.y + top : mask.y + height, mask.x + left : mask.x + width] = inside
    return image


@dataclass(frozen=True)
class MaskFile:
    """One PNG of masks.

    Parameters
    ----------
    frame : int
        The frame it belongs to.
    path : Path
        The file.
    track : int or None
        The object it shows; None when its values are the objects' numbers.
    """

    frame: int
    path: Path
    track: int | None = None


@dataclass(frozen=True)
class MaskFiles:
    """The mask files of one video.

    Parameters
    ----------
    masks : tuple of MaskFile
        By frame.
    others : tuple of Path
        Files that belong to no frame.
    """

    masks: tuple[MaskFile, ...]
    others: tuple[Path, ...] = ()
    has_mask: bool = True

    @classmethod
    def of(cls, folder: Path, footage: Footage) -> MaskFiles:
        """List the mask files of a folder.

        Parameters
        ----------
        folder : Path
            ``<frame>.png`` with the numbers of the objects, or a folder for each object with
            ``<frame>.png``, in which all that is not 0 is the object.
        footage : Footage
            The frames.
        """
        objects = [path for path in sorted(folder.iterdir()) if path.is_dir()]
        files: list[tuple[Path, int | None]] = [
            (path, None) for path in sorted(folder.glob("*.png"))
        ]
        files += [(path, t) for t, at in enumerate(objects) for path in sorted(at.glob("*.png"))]
        frames = footage.numbers([path.stem for path, _ in files])
        placed = [
            MaskFile(frame, path, track)
            for (path, track), frame in zip(files, frames, strict=True)
            if frame is not None
        ]
        others = [path for (path, _), frame in zip(files, frames, strict=True) if frame is None]
        return cls(tuple(sorted(placed, key=lambda mask: mask.frame)), tuple(others))

    @property
    def files(self) -> tuple[Path, ...]:
        """See `Labels.files`."""
        return (*(mask.path for mask in self.masks), *self.others)

    @property
    def num_frames(self) -> int:
        """See `Labels.num_frames`."""
        return len({mask.frame for mask in self.masks})

    def strays(self) -> Iterator[Dropped]:
        """See `Labels.strays`."""
        for path in self.others:
            yield Dropped(Reason.MISSING_IMAGE, f"{path}: no frame of this name")

    def by_frame(self) -> Iterator[tuple[int, list[Found]]]:
        """See `Labels.by_frame`."""
        tracks = self._tracks()
        for frame, masks in groupby(self.masks, key=lambda mask: mask.frame):
            yield frame, [found for mask in masks for found in _of_file(mask, tracks)]

    def _tracks(self) -> dict[int, int]:
        """Give a track to each number that occurs in the video."""
        numbers: set[int] = set()
        for mask in self.masks:
            if mask.track is None:
                numbers |= _numbers_in(mask.path)
        # Alone it is the one object of black and white masks.
        if len(numbers) > 1:
            numbers.discard(VOID)
        return {number: track for track, number in enumerate(sorted(numbers))}


def _numbers_in(path: Path) -> set[int]:
    try:
        return set(np.unique(read_indices(path)).tolist()) - {0}
    except UnusableError:
        return set()  # named when its targets are asked for


def _of_file(mask: MaskFile, tracks: dict[int, int]) -> list[Found]:
    try:
        indices = read_indices(mask.path)
    except UnusableError as fault:
        return [fault.dropped]
    if mask.track is not None:
        return [_of_mask(indices > 0, mask.track, str(mask.path))]
    present = set(np.unique(indices).tolist())
    return [
        _of_mask(indices == number, track, f"{mask.path}, object {number}")
        for number, track in tracks.items()
        if number in present
    ]


def _of_mask(mask: Mask, track: int, place: str, left: int = 0, top: int = 0) -> Found:
    """Make a target of a mask whose corner is at `left`, `top` in the image."""
    if not mask.any():
        return Dropped(Reason.ABSENT, place)
    box = outline_box(mask)
    if box is None:
        return Dropped(Reason.NO_OUTLINE, place)
    x, y = box[0] + left, box[1] + top
    mask_of = partial(_whole, mask, place)
    return Target(track, (x, y, x + box[2], y + box[3]), mask=mask_of, place=place)


def _whole(mask: Mask, place: str, size: Size) -> Mask:
    """Give a mask of the image's own size."""
    if mask.shape != size:
        what = f"{place}: {mask.shape[1]}x{mask.shape[0]} px, the image {size[1]}x{size[0]}"
        raise UnusableError(Reason.OTHER_SIZE, what)
    return mask
