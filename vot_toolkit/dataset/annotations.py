"""``VOT2018.json``: the annotations of a whole set in one file, as pysot and SiamMask read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.dataset.sequence import Dataset, Sequence
from vot_toolkit.errors import DatasetError, FormatError, RegionError
from vot_toolkit.region import as_region
from vot_toolkit.trajectory import Trajectory

NOT_TAGS = frozenset({"video_dir", "init_rect", "img_names", "gt_rect", "width", "height"})


def read_annotations(path: Path) -> Dataset:
    """Read a JSON annotation file.

    Parameters
    ----------
    path : Path
        An object: sequence name to ``gt_rect``, ``img_names``, optional ``width``, ``height``, and one
        list of 0 and 1 for each attribute (empty when the tag file is missing).

    Returns
    -------
    Dataset
        Named by the file's stem, sequences in the file's order. Images are looked for beside the file
        and in a folder of the file's stem; they need not exist.

    Raises
    ------
    FormatError
        If the file is no such JSON; names the sequence and the field.
    """
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise DatasetError(f"cannot be read: {error.strerror}", file=path) from None
    except ValueError as error:
        raise FormatError(f"not JSON: {error}", file=path) from None
    if not isinstance(data, dict) or not data:
        raise FormatError("no sequences", file=path, hint="expected an object of sequences")
    root = _image_root(path, data)
    sequences = tuple(_sequence(name, entry, path, root) for name, entry in data.items())
    return Dataset(path.stem, sequences, _notes(data))


def _sequence(name: str, entry: Any, path: Path, root: Path) -> Sequence:
    if not isinstance(entry, dict) or not isinstance(entry.get("gt_rect"), list):
        raise FormatError(f"sequence {name!r} has no list gt_rect", file=path)
    groundtruth = _trajectory(entry["gt_rect"], name, path)
    images = entry.get("img_names", [])
    if len(images) not in (0, len(groundtruth)):
        raise FormatError(
            f"sequence {name!r} has {len(images)} img_names for {len(groundtruth)} gt_rect",
            file=path,
        )
    prefix = f"{root}/"
    return Sequence(
        name,
        groundtruth,
        _size(entry),
        _tags(entry, len(groundtruth), name, path),
        tuple(prefix + image for image in images),
    )


def _trajectory(regions: list[Any], name: str, path: Path) -> Trajectory:
    """Read the regions: all at once when they are alike, else one by one."""
    try:
        table = np.array(regions, dtype=np.float64)
    except (TypeError, ValueError):
        table = np.empty(0)
    if table.ndim == 2 and table.shape[1] in (4, 8) and np.isfinite(table).all():
        return Trajectory.from_table(table)
    return Trajectory.from_regions(_region(region, name, path) for region in regions)


def _region(region: Any, name: str, path: Path) -> NDArray[np.float64]:
    try:
        values = np.asarray(region, dtype=np.float64).ravel()
        if np.isnan(values).any():
            return np.zeros(1)
        return np.asarray(as_region(values))
    except (RegionError, TypeError, ValueError) as error:
        raise FormatError(f"sequence {name!r}, gt_rect: {error}", file=path) from None


def _size(entry: dict[str, Any]) -> tuple[int, int] | None:
    if "width" in entry and "height" in entry:
        return int(entry["width"]), int(entry["height"])
    return None


def _tags(
    entry: dict[str, Any], count: int, name: str, path: Path
) -> dict[str, NDArray[np.bool_]]:
    tags = {}
    for tag in entry.keys() - NOT_TAGS:
        flags = entry[tag]
        if not isinstance(flags, list) or len(flags) not in (0, count):
            raise FormatError(
                f"sequence {name!r}, attribute {tag!r}: not a list of 0 or {count} flags", file=path
            )
        if flags:
            tags[tag] = np.array(flags) > 0
    return tags


def _image_root(path: Path, data: dict[str, Any]) -> Path:
    first = next(iter(data.values()))
    images = first.get("img_names", []) if isinstance(first, dict) else []
    beside = path.parent.absolute()
    if images and not (beside / images[0]).exists() and (beside / path.stem / images[0]).exists():
        return beside / path.stem
    return beside


def _notes(data: dict[str, Any]) -> tuple[str, ...]:
    missing = [
        f"{name}/{tag}"
        for name, entry in data.items()
        for tag in sorted(entry.keys() - NOT_TAGS)
        if not entry[tag]
    ]
    unsized = [name for name, entry in data.items() if _size(entry) is None]
    notes = []
    if missing:
        notes.append(f"no data for the attributes {', '.join(missing)}: counted as not set")
    if unsized:
        notes.append(f"no width and height for {len(unsized)} of {len(data)} sequences")
    return tuple(notes)
