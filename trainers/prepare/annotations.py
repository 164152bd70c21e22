"""The JSON of boxes, and beside it what is known about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from trainers.data.window import CROP_SIZE
from trainers.errors import AnnotationError
from trainers.prepare.outcome import Tracks

SCHEMA_VERSION = 1


@dataclass
class Properties:
    """What is known about a JSON of boxes.

    Parameters
    ----------
    set : str
        What it was made of, ``coco``.
    has_mask : bool
        Whether every crop has a mask.
    videos, tracks, frames : int
        How many there are; a frame counts once for each track.
    crop_size : int
        Side of the crops, in px.
    """

    set: str
    has_mask: bool
    videos: int = 0
    tracks: int = 0
    frames: int = 0
    crop_size: int = CROP_SIZE

    def count(self, tracks: Tracks) -> None:
        """Add a video."""
        self.videos += 1
        self.tracks += len(tracks)
        self.frames += sum(map(len, tracks.values()))

    def to_json(self) -> str:
        """Write it as JSON."""
        return json.dumps({"schema_version": SCHEMA_VERSION, **asdict(self)}, indent=2) + "\n"


def format_annotations(videos: Mapping[str, str]) -> str:
    """Write the JSON of boxes, a video a line, sorted by name.

    Parameters
    ----------
    videos : mapping
        For each video its tracks as JSON, see `format_tracks`.
    """
    lines = (f"{json.dumps(name)}: {videos[name]}" for name in sorted(videos))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def format_tracks(tracks: Tracks) -> str:
    """Write the tracks of a video, sorted by name, frames too."""
    return json.dumps(tracks, sort_keys=True, separators=(", ", ": "))


def read_annotations(file: Path) -> dict[str, Tracks]:
    """Read a JSON of boxes; keys of a track that are no frame number are left out.

    Raises
    ------
    AnnotationError
        If it has another form; names the video.
    """
    videos = _read_object(file)
    for name, tracks in videos.items():
        if not isinstance(tracks, dict) or not all(isinstance(t, dict) for t in tracks.values()):
            raise AnnotationError(
                f"video {name!r}: no tracks",
                file=file,
                hint="expected {video: {track: {frame: box}}}",
            )
    return {name: {track: _frames(found) for track, found in tracks.items()}
            for name, tracks in videos.items()}  # fmt: skip


def _frames(track: Mapping[str, Any]) -> dict[str, Any]:
    # The original allows other lists, such as ``hard``, beside the frames.
    return {frame: box for frame, box in track.items() if frame.isdecimal()}


def read_has_mask(file: Path) -> bool:
    """Read from the properties of a JSON of boxes whether every crop has a mask.

    Raises
    ------
    AnnotationError
        If the file does not say so.
    """
    value = _read_object(file).get("has_mask")
    if not isinstance(value, bool):
        raise AnnotationError(f"has_mask is {value!r}", file=file, hint="accepted: true, false")
    return value


def _read_object(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(file.read_bytes())
    except OSError as error:
        raise AnnotationError(f"cannot be read: {error.strerror}", file=file) from None
    except ValueError as error:
        raise AnnotationError(f"not JSON: {error}", file=file) from None
    if not isinstance(data, dict):
        raise AnnotationError("no object", file=file)
    return data
