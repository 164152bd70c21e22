"""``VOT2018.json``: the annotations of a whole set in one file, as pysot and SiamMask read them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.dataset.folder import is_folder_name
from vot_toolkit.dataset.sequence import Dataset, Sequence
from vot_toolkit.errors import DatasetError, FormatError, RegionError, UserError, raise_fault
from vot_toolkit.formats.text import MAX_COORDINATE
from vot_toolkit.region import as_region
from vot_toolkit.trajectory import Trajectory
from vot_toolkit.wording import counted, shortened

LARGEST_SIDE = 9_999_999
"""Most px that an image can be wide or high."""

LONGEST_PATH = 1024
"""Most characters of an image's name."""

NOT_TAGS = frozenset({"video_dir", "init_rect", "img_names", "gt_rect", "width", "height"})


def read_annotations(path: Path, on_fault: Callable[[UserError], None] = raise_fault) -> Dataset:
    """Read a JSON annotation file.

    Parameters
    ----------
    path : Path
        An object: sequence name to ``gt_rect``, ``img_names``, optional ``width``, ``height``, and
        one list of 0 and 1 for each attribute (empty when the tag file is missing).
    on_fault : callable, optional
        Is given the fault of a sequence, which is then left out; by default it is raised.

    Returns
    -------
    Dataset
        Named by the file's stem, sequences in the file's order. Images are looked for beside the
        file and in a folder of the file's stem; they need not exist.

    Raises
    ------
    FormatError
        If the file is no such JSON; names the sequence and the field.
    """
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise DatasetError(f"cannot be read: {error.strerror}", file=path) from None
    except (ValueError, RecursionError) as error:
        raise FormatError(f"not JSON: {error}", file=path) from None
    if not isinstance(data, dict) or not data:
        raise FormatError("no sequences", file=path, hint="expected an object of sequences")
    sequences: dict[str, Sequence] = {}
    for name, entry in data.items():
        try:
            sequences[name] = _sequence(name, entry, path)
        except UserError as error:
            on_fault(error)
    root = _image_root(path, next((s.images for s in sequences.values()), ()))
    placed = tuple(
        replace(sequence, images=tuple(f"{root}/{image}" for image in sequence.images))
        for sequence in sequences.values()
    )
    return Dataset(path.stem, placed, _notes({name: data[name] for name in sequences}))


def _sequence(name: str, entry: Any, path: Path) -> Sequence:
    """Read one sequence, images as they are named in the file."""
    if not is_folder_name(name):
        hint = "accepted: the name of a folder, as results have one for each sequence"
        raise FormatError(f"a sequence named {name[:60]!r}", file=path, hint=hint)
    if not isinstance(entry, dict) or not isinstance(entry.get("gt_rect"), list):
        raise FormatError(f"sequence {name!r} has no list gt_rect", file=path)
    if not entry["gt_rect"]:
        raise FormatError(f"sequence {name!r}: gt_rect is empty", file=path)
    images = _images(entry, name, path)
    groundtruth = _trajectory(entry["gt_rect"], name, path)
    tags = _tags(entry, len(groundtruth), name, path)
    return Sequence(name, groundtruth, _size(entry, name, path), tags, images)


def _images(entry: dict[str, Any], name: str, path: Path) -> tuple[str, ...]:
    images = entry.get("img_names", [])
    if not isinstance(images, list) or not all(map(_is_path, images)):
        raise FormatError(f"sequence {name!r}: img_names is no list of names", file=path)
    if len(images) not in (0, len(entry["gt_rect"])):
        raise FormatError(
            f"sequence {name!r} has {len(images)} img_names for {len(entry['gt_rect'])} gt_rect",
            file=path,
        )
    return tuple(images)


def _is_path(image: object) -> bool:
    """Tell whether something can name a file, there or not."""
    if not isinstance(image, str) or len(image) > LONGEST_PATH:
        return False
    return all(is_folder_name(part) for part in image.split("/") if part not in ("", ".", ".."))


def _trajectory(regions: list[Any], name: str, path: Path) -> Trajectory:
    """Read the regions: all at once when they are alike, else one by one."""
    try:
        table = np.array(regions, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        table = np.empty(0)
    if table.ndim == 2 and table.shape[1] in (4, 8) and (np.abs(table) <= MAX_COORDINATE).all():
        return Trajectory.from_table(table)
    return Trajectory.from_regions(_region(region, name, path) for region in regions)


def _region(region: Any, name: str, path: Path) -> NDArray[np.float64]:
    try:
        values = np.asarray(region, dtype=np.float64).ravel()
        if np.isnan(values).any():
            return np.zeros(1)
        if (np.abs(values) > MAX_COORDINATE).any():
            raise RegionError(f"a number too large for a coordinate: {values.tolist()}")
        return np.asarray(as_region(values))
    except (RegionError, TypeError, ValueError, OverflowError) as error:
        raise FormatError(f"sequence {name!r}, gt_rect: {error}", file=path) from None


def _size(entry: dict[str, Any], name: str, path: Path) -> tuple[int, int] | None:
    if not _has_size(entry):
        return None
    size = entry["width"], entry["height"]
    if not all(map(_is_side, size)):
        what = shortened(f"sequence {name!r}: width {size[0]!r}, height {size[1]!r}")
        raise FormatError(what, file=path, hint="accepted: positive integers")
    return int(size[0]), int(size[1])


def _is_side(value: Any) -> bool:
    return type(value) in (int, float) and 0 < value <= LARGEST_SIDE and value % 1 == 0


def _has_size(entry: dict[str, Any]) -> bool:
    return "width" in entry and "height" in entry


def _tags(entry: dict[str, Any], count: int, name: str, path: Path) -> dict[str, NDArray[np.bool_]]:
    tags = {}
    for tag in sorted(entry.keys() - NOT_TAGS):
        flags = _flags(entry[tag])
        if flags is None or len(flags) not in (0, count):
            raise FormatError(
                f"sequence {name!r}, attribute {tag!r}: not a list of 0 or {count} flags", file=path
            )
        if len(flags):
            tags[tag] = flags
    return tags


def _flags(values: Any) -> NDArray[np.bool_] | None:
    """Give the flags that are above 0, None for anything but a list of numbers."""
    # Looked at first: NumPy would give every text the room of the longest one.
    if not isinstance(values, list) or not set(map(type, values)) <= {bool, int, float}:
        return None
    array = np.array(values)
    return array > 0 if array.dtype.kind in "biuf" else None


def _image_root(path: Path, images: tuple[Path | str, ...]) -> Path:
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
    unsized = [name for name, entry in data.items() if not _has_size(entry)]
    notes = []
    if missing:
        notes.append(f"no data for the attributes {', '.join(missing)}: counted as not set")
    if unsized:
        notes.append(f"no width and height for {len(unsized)} of {counted(len(data), 'sequence')}")
    return tuple(notes)
