"""Youtube-VOS: videos with masks of several objects, every fifth frame annotated."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from trainers.errors import AnnotationError, PreparationError
from trainers.prepare.dropped import Dropped, Reason, UnusableError
from trainers.prepare.outline import outline_box
from trainers.prepare.part import Mask, Plan, Shot, Target
from trainers.prepare.pictures import Indices, read_image, read_indices

NUM_TRAIN = 3000
"""Videos of ``train.json``; the original's script keeps the others apart."""

LEAST_AREA = 1000
"""Pixels that an object must have more of; of the original's script."""

MASK_THRESHOLD = 0.2
"""Of the original's script for Youtube-VOS."""


@dataclass(frozen=True)
class YtbPart:
    """One video of Youtube-VOS; see `Part`.

    Parameters
    ----------
    root : Path
        With ``JPEGImages`` and ``Annotations``.
    split, video : str
        ``train`` or ``val``; name of the video.
    objects : tuple of tuple
        Number in the masks, and names of the annotated frames, of each object in order.
    """

    root: Path
    split: str
    video: str
    objects: tuple[tuple[int, tuple[str, ...]], ...]

    @property
    def key(self) -> str:
        """Name of the video below its split."""
        return f"{self.split}/{self.video}"

    @property
    def num_images(self) -> int:
        """Frames in which an object is annotated."""
        return len(self._objects_by_frame())

    @property
    def fingerprint(self) -> str:
        """Hash of the list of objects and frames."""
        return sha256(repr(self.objects).encode()).hexdigest()[:16]

    def shots(self) -> Iterator[Shot | Dropped]:
        """Go through the annotated frames."""
        for name, objects in sorted(self._objects_by_frame().items()):
            path = self.root / "Annotations" / self.video / f"{name}.png"
            try:
                indices = read_indices(path)
            except UnusableError as fault:
                yield fault.dropped
                continue
            targets: list[Target] = []
            for track, number in objects:
                item = self._target(indices == number, track, f"{path}, object {number}")
                if isinstance(item, Dropped):
                    yield item
                else:
                    targets.append(item)
            yield self._shot(name, indices, targets)

    def _objects_by_frame(self) -> dict[str, list[tuple[int, int]]]:
        """Track and number in the masks of the objects of each frame."""
        frames = defaultdict(list)
        for track, (number, names) in enumerate(self.objects):
            for name in names:
                frames[name].append((track, number))
        return frames

    def _shot(self, name: str, indices: Indices, targets: list[Target]) -> Shot:
        image = self.root / "JPEGImages" / self.video / f"{name}.jpg"
        height, width = indices.shape
        read = partial(read_image, image)
        size = height, width
        return Shot(int(name), tuple(targets), read, str(image), size, MASK_THRESHOLD)

    def _target(self, mask: Mask, track: int, place: str) -> Target | Dropped:
        if not mask.any():
            return Dropped(Reason.ABSENT, place)
        if int(mask.sum()) <= LEAST_AREA:
            return Dropped(Reason.SMALL, place)
        box = outline_box(mask)
        if box is None:
            return Dropped(Reason.NO_OUTLINE, place)
        x, y, width, height = box
        return Target(track, (x, y, x + width, y + height), mask=lambda size: mask, place=place)


def plan(source: Path) -> Plan:
    """Read ``meta.json``.

    Parameters
    ----------
    source : Path
        The unpacked ``train.zip``: the folder ``train``, or the one that holds it.

    Raises
    ------
    PreparationError
        If there is no ``meta.json``.
    AnnotationError
        If it is not that of Youtube-VOS; names the video and the object.
    """
    root = next((at for at in (source, source / "train") if (at / "meta.json").is_file()), None)
    if root is None:
        raise PreparationError(
            "no meta.json of Youtube-VOS",
            file=source,
            hint="expected meta.json, JPEGImages/ and Annotations/ in it or in its folder train/",
        )
    videos = _videos(root / "meta.json")
    parts = tuple(
        YtbPart(root, "train" if index < NUM_TRAIN else "val", name, objects)
        for index, (name, objects) in enumerate(videos.items())
    )
    return Plan("ytb_vos", parts, has_mask=True)


def _videos(file: Path) -> dict[str, tuple[tuple[int, tuple[str, ...]], ...]]:
    try:
        videos = json.loads(file.read_bytes())["videos"]
        return {name: _objects(name, entry, file) for name, entry in videos.items()}
    except ValueError as error:
        raise AnnotationError(f"not JSON: {error}", file=file) from None
    except (TypeError, KeyError, AttributeError):
        raise AnnotationError("no object videos", file=file) from None


def _objects(video: str, entry: Any, file: Path) -> tuple[tuple[int, tuple[str, ...]], ...]:
    try:
        return tuple(
            (int(number), tuple(_frame_name(name) for name in item["frames"]))
            for number, item in entry["objects"].items()
        )
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise AnnotationError(
            f"video {video!r}: {error!r}",
            file=file,
            hint='expected {"objects": {"1": {"frames": ["00000", …]}}}',
        ) from None


def _frame_name(name: str) -> str:
    if not name.isdecimal():
        raise ValueError(f"frame {name!r} is no number")
    return name
