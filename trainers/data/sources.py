"""A prepared data set: which crops there are, of which videos, tracks and frames.

Kept in arrays, not in objects: of a million frames, lists and dictionaries would be copied into
every process that loads, page by page.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainers.errors import AnnotationError
from trainers.prepare.annotations import read_has_mask
from trainers.prepare.layout import PROPERTIES_SUFFIX

SETS_WITH_MASKS = ("coco", "ytb_vos")
"""Names that told the released code that a set has masks."""

FRAME_RANGE = 100
"""Largest distance of two frames of a pair, where a config says nothing."""

HARD = "hard"
"""Key of a track's list of frames that the search image is then always taken from."""


@dataclass(frozen=True)
class SourceConfig:
    """Where a prepared data set is and how it is used.

    Parameters
    ----------
    name : str
        By which it is called in messages.
    root : Path
        Folder of the crops, or a packed folder of them.
    annotations : Path
        The JSON of boxes.
    num_use : int, optional
        How often a video of it is used in one round; None for each video once.
    frame_range : int
        Largest distance of the two frames of a pair, counted in the track's own frames.
    has_mask : bool, optional
        Whether crops have masks. None leaves it to what was written beside the annotations when
        they were prepared, and without that to the set's name, as the released code did.
    path_format, mask_format : str
        Names of an image, by frame, track and the letter x; of a mask, by frame and track.
    """

    name: str
    root: Path
    annotations: Path
    num_use: int | None = None
    frame_range: int = FRAME_RANGE
    has_mask: bool | None = None
    path_format: str = "{}.{}.{}.jpg"
    mask_format: str = "{}.{}.m.png"


@dataclass(frozen=True, eq=False)
class Source:
    """A prepared data set.

    Parameters
    ----------
    config : SourceConfig
        Where it came from.
    has_mask : bool
        Whether crops have masks.
    videos : bytes array, shape (V,)
        Paths below the root, UTF-8, in the file's order.
    first_track : int32 array, shape (V + 1,)
        Number of each video's first track.
    tracks : bytes array, shape (T,)
        Keys.
    first_frame : int64 array, shape (T + 1,)
        Number of each track's first frame.
    frames : int32 array, shape (F,)
        Frame numbers, rising within a track.
    sizes : float64 array, shape (F, 2)
        Width and height of the target in the original image, in px, above 0.
    hard : mapping of int to int64 array
        For some tracks, positions among the track's frames.
    dropped : mapping of str to int
        What was left out, and how often.
    """

    config: SourceConfig
    has_mask: bool
    videos: NDArray[np.bytes_]
    first_track: NDArray[np.int32]
    tracks: NDArray[np.bytes_]
    first_frame: NDArray[np.int64]
    frames: NDArray[np.int32]
    sizes: NDArray[np.float64]
    hard: Mapping[int, NDArray[np.int64]] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the videos."""
        return len(self.videos)

    def tracks_of(self, video: int) -> range:
        """Give the numbers of a video's tracks."""
        return range(int(self.first_track[video]), int(self.first_track[video + 1]))

    def frames_of(self, track: int) -> range:
        """Give the numbers of a track's frames."""
        return range(int(self.first_frame[track]), int(self.first_frame[track + 1]))

    def stem(self, video: int, track: int, frame: int) -> tuple[str, str, str]:
        """Give a crop's video, frame as six digits, and track, as its file name has them."""
        name, key = self.videos[video].decode(), self.tracks[track].decode()
        return name, f"{self.frames[frame]:06d}", key

    def image_name(self, video: int, track: int, frame: int) -> str:
        """Give the name of a crop's image below the root."""
        name, number, key = self.stem(video, track, frame)
        return f"{name}/{self.config.path_format.format(number, key, 'x')}"

    def mask_name(self, video: int, track: int, frame: int) -> str:
        """Give the name of a crop's mask below the root."""
        name, number, key = self.stem(video, track, frame)
        return f"{name}/{self.config.mask_format.format(number, key)}"


def read_source(config: SourceConfig) -> Source:
    """Read a JSON of boxes.

    Parameters
    ----------
    config : SourceConfig
        Names the file: an object of videos, each an object of tracks, each an object of frames,
        each with a box ``[x1, y1, x2, y2]`` or a size ``[w, h]``, in px of the original image.

    Returns
    -------
    Source
        Without boxes of no width or height. Boxes narrower than a pixel have a negative one in
        COCO, whose sides are written less one; they have no logarithm and are left out too.

    Raises
    ------
    AnnotationError
        If the file is no such JSON, naming video, track and frame, or nothing is left of it.
    """
    source = _Reader(config).read(_load(config.annotations))
    if not len(source):
        what = f"no boxes ({_listed(source.dropped)})" if source.dropped else "no boxes"
        raise AnnotationError(
            what, file=config.annotations, hint="prepare the data set again: trainers.prepare"
        )
    return source


def _listed(dropped: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in dropped.items())


def _load(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        hint = "trainers.prepare makes it"
        raise AnnotationError(f"cannot be read: {error.strerror}", file=path, hint=hint) from None
    except (ValueError, RecursionError) as error:
        raise AnnotationError(f"not JSON: {error}", file=path) from None
    if not isinstance(data, dict):
        raise AnnotationError("no object of videos", file=path)
    return data


def _has_mask(config: SourceConfig) -> bool:
    if config.has_mask is not None:
        return config.has_mask
    known = config.annotations.with_name(config.annotations.stem + PROPERTIES_SUFFIX)
    return read_has_mask(known) if known.exists() else config.name in SETS_WITH_MASKS


class _Reader:
    """Collects the columns of a `Source`."""

    def __init__(self, config: SourceConfig) -> None:
        self.config = config
        self.dropped: Counter[str] = Counter()
        self.hard: dict[int, NDArray[np.int64]] = {}
        self.videos: list[str] = []
        self.tracks: list[str] = []
        self.first_track = [0]
        self.first_frame = [0]
        self.frames: list[int] = []
        self.sizes: list[tuple[float, float]] = []

    def read(self, data: dict[str, Any]) -> Source:
        """Read all videos."""
        for video, tracks in data.items():
            self._video(video, tracks)
        return Source(
            self.config,
            _has_mask(self.config),
            _names(self.videos),
            np.array(self.first_track, dtype=np.int32),
            _names(self.tracks),
            np.array(self.first_frame, dtype=np.int64),
            np.array(self.frames, dtype=np.int32),
            np.array(self.sizes, dtype=np.float64).reshape(-1, 2),
            self.hard,
            dict(self.dropped),
        )

    def _video(self, video: str, tracks: Any) -> None:
        if not isinstance(tracks, dict):
            raise self._fault(f"video {video!r} is no object of tracks")
        for track, frames in tracks.items():
            if not isinstance(frames, dict):
                raise self._fault(f"video {video!r}, track {track!r} is no object of frames")
            self._track(f"video {video!r}, track {track!r}", track, frames)
        if len(self.tracks) > self.first_track[-1]:
            self.videos.append(video)
            self.first_track.append(len(self.tracks))
        else:
            self.dropped["videos without a track"] += 1

    def _track(self, place: str, track: str, frames: dict[str, Any]) -> None:
        boxes = sorted(self._boxes(place, frames))
        if not boxes:
            self.dropped["tracks without a box"] += 1
            return
        if HARD in frames:
            self.hard[len(self.tracks)] = self._hard(place, frames[HARD], len(boxes))
        self.tracks.append(track)
        self.frames.extend(frame for frame, _ in boxes)
        self.sizes.extend(size for _, size in boxes)
        self.first_frame.append(len(self.frames))

    def _boxes(
        self, place: str, frames: dict[str, Any]
    ) -> Iterator[tuple[int, tuple[float, float]]]:
        for frame, box in frames.items():
            if not frame.isdecimal():
                continue  # a list such as `hard`
            width, height = self._size(place, frame, box)
            if width > 0 and height > 0:
                yield int(frame), (width, height)
            else:
                self.dropped["boxes without width or height"] += 1

    def _size(self, place: str, frame: str, box: Any) -> tuple[float, float]:
        try:
            sides = [float(side) for side in box]
        except (TypeError, ValueError):
            sides = []
        if len(sides) not in (2, 4) or not all(map(np.isfinite, sides)):
            raise self._fault(
                f"{place}, frame {frame!r}: box {box!r}", "accepted: [x1, y1, x2, y2] or [w, h]"
            )
        return (sides[2] - sides[0], sides[3] - sides[1]) if len(sides) == 4 else (*sides,)  # type: ignore[return-value]

    def _hard(self, place: str, positions: Any, count: int) -> NDArray[np.int64]:
        listed = isinstance(positions, list) and positions
        if not listed or not all(type(k) is int and 0 <= k < count for k in positions):
            raise self._fault(
                f"{place}, {HARD!r}: {positions!r}",
                f"accepted: a list of positions among the track's frames, 0 to {count - 1}",
            )
        return np.array(positions, dtype=np.int64)

    def _fault(self, what: str, hint: str | None = None) -> AnnotationError:
        return AnnotationError(what, file=self.config.annotations, hint=hint)


def _names(names: list[str]) -> NDArray[np.bytes_]:
    return np.array([name.encode() for name in names], dtype=np.bytes_)
