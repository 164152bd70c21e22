"""Conversion: a data set written as VOT folder or as ``VOT2018.json``, the same to the last bit.

Numbers are written with as many digits as give the same double again. What only folders hold (frame
rates, ``practical.value``) does not go into the JSON.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from vot_toolkit.atomic import SUFFIX, write_whole
from vot_toolkit.dataset.annotations import NOT_TAGS
from vot_toolkit.dataset.folder import GROUNDTRUTH
from vot_toolkit.dataset.sequence import Dataset, Sequence
from vot_toolkit.errors import DatasetError, UserError
from vot_toolkit.formats.rle import format_mask
from vot_toolkit.region import Mask, Region
from vot_toolkit.results import names_a_folder

PATTERN = "color/%08d.jpg"
"""Images of a sequence of VOT2018, counted from 1."""

_NUMBERED = re.compile(r"(?P<before>[^%]*?)(?P<digits>\d+)(?P<suffix>\.[^\d%]\w*)")

Images = Literal["none", "link", "copy"]


def write_annotations(dataset: Dataset, path: Path, *, force: bool = False) -> None:
    """Write a data set as JSON in the form of ``VOT2018.json``.

    Parameters
    ----------
    dataset : Dataset
        Without masks, which this form has no place for.
    path : Path
        The JSON file.
    force : bool
        Whether a file of other content may be replaced.

    Raises
    ------
    DatasetError
        If a sequence has masks, or fewer images than regions.
    UserError
        If the file exists with other content, or cannot be written.
    """
    data = {sequence.name: _entry(sequence, dataset) for sequence in dataset}
    _write(path, json.dumps(data, allow_nan=False) + "\n", force)


def write_folder(dataset: Dataset, folder: Path, *, force: bool = False) -> None:
    """Write the annotations of a data set as VOT folder; `place_images` sees to the images.

    Parameters
    ----------
    dataset : Dataset
        What is to be written.
    folder : Path
        May hold the images already.
    force : bool
        Whether files of other content may be replaced.

    Raises
    ------
    DatasetError
        If a sequence or attribute has a name that is none for a file.
    UserError
        If a file exists with other content, or cannot be written.
    """
    for sequence in dataset:
        _check_names(sequence)
    for sequence in dataset:
        for name, text in _files(sequence).items():
            _write(folder / sequence.name / name, text, force)
    # Last, so that a folder half written is not taken for a whole one.
    names = "".join(f"{sequence.name}\n" for sequence in dataset)
    _write(folder / "list.txt", names, force)


def place_images(dataset: Dataset, folder: Path, how: Images) -> None:
    """Put the images of a data set where a VOT folder has them; those that are there stay.

    Parameters
    ----------
    dataset : Dataset
        With images.
    folder : Path
        The VOT folder.
    how : str
        ``none``: not at all; ``link``: symbolic links; ``copy``.

    Raises
    ------
    DatasetError
        If an image is missing, or cannot be placed.
    """
    if how == "none":
        return
    for sequence in dataset:
        for source, name in zip(sequence.images, _image_names(sequence), strict=False):
            _place(Path(source), folder / name, how)


def _entry(sequence: Sequence, dataset: Dataset) -> dict[str, Any]:
    """Give one sequence as the JSON has it; an attribute without data is an empty list."""
    regions = [_numbers(sequence.name, region) for region in sequence.groundtruth]
    entry: dict[str, Any] = {
        "video_dir": sequence.name,
        "init_rect": regions[0],
        "img_names": _image_names(sequence),
        "gt_rect": regions,
    }
    for tag in dataset.tags:
        if tag in NOT_TAGS:
            raise DatasetError(f"sequence {sequence.name!r}: attribute {tag!r} has a field's name")
        flags = sequence.tags.get(tag)
        entry[tag] = [] if flags is None else flags.astype(int).tolist()
    if sequence.size is not None:
        entry["width"], entry["height"] = sequence.size
    return entry


def _numbers(name: str, region: Region) -> list[float]:
    if isinstance(region, Mask):
        raise DatasetError(f"sequence {name!r} has masks", hint="only a VOT folder holds them")
    numbers: list[float] = region.tolist()
    return numbers


def _image_names(sequence: Sequence) -> list[str]:
    """Name the image of each frame below the set's folder, whether the files are there or not."""
    count = len(sequence)
    if not sequence.images:
        return [f"{sequence.name}/{PATTERN % (index + 1)}" for index in range(count)]
    if len(sequence.images) < count:
        what = f"{len(sequence.images)} images for {count} regions"
        raise DatasetError(f"sequence {sequence.name!r}: {what}")
    return [_below(sequence.name, Path(path)) for path in sequence.images[:count]]


def _below(name: str, path: Path) -> str:
    """Give an image's place in a VOT folder: in the sequence's folder or in ``color`` there."""
    return f"{name}/{path.name}" if path.parent.name == name else f"{name}/color/{path.name}"


def _files(sequence: Sequence) -> dict[str, str]:
    """Give the files of one sequence, the ground truth last."""
    metadata = (f"{key}={value}\n" for key, value in _metadata(sequence).items())
    return {
        **{f"{tag}.tag": _lines(flags.astype(int)) for tag, flags in sequence.tags.items()},
        "sequence": "".join(metadata),
        GROUNDTRUTH: _lines(map(_line, sequence.groundtruth)),
    }


def _metadata(sequence: Sequence) -> dict[str, object]:
    """Give what the official toolkit reads; no frame rate, which is not known."""
    values: dict[str, object] = {"name": sequence.name, "format": "default"}
    pattern = common_pattern([name.partition("/")[2] for name in _image_names(sequence)])
    if pattern is not None:
        values["channels.color"] = pattern
    if sequence.size is not None:
        values["width"], values["height"] = sequence.size
    values["length"] = len(sequence)
    return values


def common_pattern(names: list[str]) -> str | None:
    """Give the pattern of names that are numbered from 1; None when they are not.

    Examples
    --------
    >>> common_pattern(["color/00000001.jpg", "color/00000002.jpg"])
    'color/%08d.jpg'
    """
    match = _NUMBERED.fullmatch(names[0])
    if match is None or not 1 <= len(match["digits"]) <= 9:
        return None
    pattern = f"{match['before']}%0{len(match['digits'])}d{match['suffix']}"
    is_common = all(name == pattern % number for number, name in enumerate(names, start=1))
    return pattern if is_common else None


def _lines(values: Iterable[object]) -> str:
    return "".join(f"{value}\n" for value in values)


def _line(region: Region) -> str:
    """Write a region with all its digits; codes as the integers they are."""
    if isinstance(region, Mask):
        return format_mask(region)
    if len(region) == 1:
        return str(int(region[0]))
    return ",".join(repr(value) for value in region.tolist())


def _check_names(sequence: Sequence) -> None:
    for what, name in (("sequence", sequence.name), *(("attribute", tag) for tag in sequence.tags)):
        if not names_a_folder(name) or name != name.strip():
            raise DatasetError(f"{what} {name!r}", hint="accepted: a name for a file or folder")


def _write(path: Path, text: str, force: bool) -> None:
    """Write a file, unless it holds something else already."""
    if path.is_file() and not force and path.read_bytes() != text.encode():
        raise UserError("exists with other content", file=path, hint="--force replaces it")
    write_whole(path, text, durable=False)


def _place(source: Path, target: Path, how: Images) -> None:
    if target.exists():
        return
    if not source.is_file():
        raise DatasetError("no such image", file=source, hint="--images none converts without them")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if how == "link":
            target.symlink_to(source.absolute())
            return
        unfinished = target.with_name(f".{target.name}{SUFFIX}")
        shutil.copyfile(source, unfinished)
        unfinished.replace(target)
    except OSError as error:
        raise DatasetError(f"cannot be written: {error.strerror}", file=target) from None
