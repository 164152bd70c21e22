"""Videos with objects to segment, and the folders of DAVIS and YouTube-VOS that hold them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from siammask.errors import DatasetError
from siammask.video.index_png import Labels, labels_in, read_labels

Kind = Literal["davis2016", "davis2017", "ytb_vos"]

KINDS: tuple[Kind, ...] = get_args(Kind)

VOID = 255
"""Label of pixels that DAVIS 2017 does not count."""


@dataclass(frozen=True)
class Object:
    """One object of a video.

    Parameters
    ----------
    label : int
        Its value in the annotations, 1 … 254.
    first, last : int
        Places of its first and last frame in the video; the first is annotated.
    """

    label: int
    first: int
    last: int


@dataclass(frozen=True)
class Video:
    """Frames, and annotations of some of them.

    Parameters
    ----------
    name : str
        Names its folder of results too.
    frames : tuple of Path
        The images in order, at least one.
    annotations : tuple of Path
        Where the annotation of each frame is, or would be.
    spans : tuple of Object, optional
        The objects; by default those of the first frame's annotation, all over the whole video.
    merged : bool
        Whether all labels are one object.
    """

    name: str
    frames: tuple[Path, ...]
    annotations: tuple[Path, ...]
    spans: tuple[Object, ...] | None = None
    merged: bool = False

    @cached_property
    def objects(self) -> tuple[Object, ...]:
        """The objects, by label.

        Raises
        ------
        ImageError
            If they are those of the first frame, and its annotation cannot be read.
        DatasetError
            If there is none.
        """
        if self.spans is not None:
            return self.spans
        labels = sorted(labels_in(self.labels(0)) - {0, VOID})
        if not labels:
            raise DatasetError("no object in the first frame", file=self.annotations[0])
        return tuple(Object(label, 0, len(self.frames) - 1) for label in labels)

    def labels(self, index: int) -> Labels:
        """Read the annotation of a frame.

        Returns
        -------
        uint8 array, shape (height, width)
            0 for the background, 255 for void; all objects are 1 where they are merged, and nothing
            is void then.

        Raises
        ------
        ImageError
            If it cannot be read.
        """
        labels = read_labels(self.annotations[index])
        return (labels > 0).astype(np.uint8) if self.merged else labels

    def mask(self, item: Object) -> NDArray[np.bool_]:
        """Read an object's mask in its first frame, the one that is given.

        Raises
        ------
        ImageError
            If the annotation cannot be read.
        DatasetError
            If the object is not in it.
        """
        mask = np.asarray(self.labels(item.first) == item.label)
        if not mask.any():
            file = self.annotations[item.first]
            raise DatasetError(f"object {item.label} has no pixel in its first frame", file=file)
        return mask


@dataclass(frozen=True)
class Dataset:
    """Videos of one kind.

    Parameters
    ----------
    name : str
        Of the folder.
    kind : str
        ``davis2016``, ``davis2017`` or ``ytb_vos``.
    split : str
        ``val`` and so on; empty when the folder has no lists.
    videos : tuple of Video
        At least one.
    told_by : str
        What told the kind.
    """

    name: str
    kind: Kind
    split: str
    videos: tuple[Video, ...]
    told_by: str = ""

    @property
    def title(self) -> str:
        """Name and split."""
        return f"{self.name} {self.split}".strip()

    def select(self, names: Iterable[str]) -> Dataset:
        """Keep the videos that are named, in the data set's order; all when none is.

        Raises
        ------
        DatasetError
            If there is no such video.
        """
        wanted = list(names)
        known = [video.name for video in self.videos]
        for name in wanted:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are: {_some(known)}"
                raise DatasetError(f"no video {name!r} in {self.title}", hint=hint)
        if not wanted:
            return self
        kept = tuple(video for video in self.videos if video.name in wanted)
        return Dataset(self.name, self.kind, self.split, kept, self.told_by)


def open_dataset(folder: Path, kind: str | None = None, split: str | None = None) -> Dataset:
    """Find the videos of a folder, as it was downloaded and unpacked.

    No image is read but, where nothing else tells the kind, one annotation.

    Parameters
    ----------
    folder : Path
        Of DAVIS: with ``JPEGImages/480p``, ``Annotations/480p``, ``ImageSets``. Of YouTube-VOS:
        with ``valid`` and so on, or one of these itself, with ``meta.json``.
    kind : str, optional
        ``davis2016`` (all objects of a video are one), ``davis2017`` or ``ytb_vos``; told from the
        folder by default.
    split : str, optional
        ``val`` by default; YouTube-VOS calls it ``valid``.

    Returns
    -------
    Dataset
        In the order of the lists.

    Raises
    ------
    DatasetError
        If the folder is none of these, or lacks something.
    """
    from siammask.vos import davis, youtube

    if not folder.is_dir():
        raise DatasetError(f"no folder {str(folder)!r}", hint="name the folder of the data set")
    named = next((known for known in KINDS if known == kind), None)
    if named is None and kind is not None:
        raise DatasetError(f"kind {kind!r}", hint=f"accepted: {', '.join(KINDS)}")
    if named == "ytb_vos" or (named is None and youtube.is_youtube(folder)):
        return youtube.read_youtube(folder, split)
    if not davis.is_davis(folder):
        hint = "expected JPEGImages and Annotations (DAVIS), or meta.json (YouTube-VOS)"
        raise DatasetError("no data set of video object segmentation", file=folder, hint=hint)
    return davis.read_davis(folder, named, split)


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f", … {len(names)} in all" if len(names) > 5 else "")
