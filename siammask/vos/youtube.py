"""The folders of YouTube-VOS: ``meta.json`` says which object is in which frames.

Only the annotation of each object's first frame is needed, and in the public validation set there
is no other: the others are kept for its server.

References
----------
N. Xu et al., YouTube-VOS: A Large-Scale Video Object Segmentation Benchmark, arXiv:1809.03327.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from siammask.errors import DatasetError
from siammask.video.sources import natural_key
from siammask.vos.dataset import VOID, Dataset, Object, Video

META = "meta.json"
DEFAULT_SPLIT = "valid"
SPLITS = ("valid", "train", "test")
OTHER_NAMES = {"val": "valid"}


def is_youtube(folder: Path) -> bool:
    """Tell whether there is a ``meta.json`` in a folder or in a split of it."""
    return any((folder / place / META).is_file() for place in ("", *SPLITS))


def read_youtube(folder: Path, split: str | None) -> Dataset:
    """Find the videos of a split.

    Parameters
    ----------
    folder : Path
        The data set, or a split of it.
    split : str, optional
        ``valid`` by default, which may also be called ``val``.

    Raises
    ------
    DatasetError
        If ``meta.json`` cannot be found or read, or does not name objects with their frames.
    """
    split = OTHER_NAMES.get(split or "", split or "")
    place = folder if (folder / META).is_file() else folder / (split or DEFAULT_SPLIT)
    if place == folder and split not in ("", folder.resolve().name):
        hint = f"name the folder above {folder.resolve().name}, or leave --split out"
        raise DatasetError(f"no split {split!r} in one split", file=folder, hint=hint)
    path = place / META
    videos = _read_meta(path)
    if not videos:
        raise DatasetError("no video", file=path)
    found = tuple(_video(place, name, videos[name], path) for name in sorted(videos))
    whole = place.resolve()
    return Dataset(whole.parent.name, "ytb_vos", whole.name, found, META)


def _read_meta(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text())
    except OSError as error:
        raise DatasetError(f"cannot be read: {error.strerror}", file=path) from None
    except ValueError as error:
        raise DatasetError(f"is no JSON: {error}", file=path) from None
    videos = content.get("videos") if isinstance(content, dict) else None
    if not isinstance(videos, dict):
        raise DatasetError("has no videos", file=path, hint='expected {"videos": {name: …}}')
    return videos


def _video(place: Path, name: str, entry: Any, path: Path) -> Video:
    """Take a video's frames from the lists of its objects."""
    try:
        objects_of = entry["objects"].items()
        lists = {int(key): sorted(item["frames"], key=natural_key) for key, item in objects_of}
        names = sorted({frame for frames in lists.values() for frame in frames}, key=natural_key)
        places = {frame: index for index, frame in enumerate(names)}
        objects = tuple(
            Object(label, places[frames[0]], places[frames[-1]])
            for label, frames in sorted(lists.items())
        )
        faulty = not objects or any(not 0 < item.label < VOID for item in objects)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        faulty = True
    if faulty:
        hint = 'expected {"objects": {"1": {"frames": ["00000", …]}}}'
        raise DatasetError(f"video {name!r} has no objects with frames", file=path, hint=hint)
    images = tuple(place / "JPEGImages" / name / f"{frame}.jpg" for frame in names)
    annotations = tuple(place / "Annotations" / name / f"{frame}.png" for frame in names)
    return Video(name, images, annotations, objects)
