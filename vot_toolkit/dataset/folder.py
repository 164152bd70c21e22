"""VOT folders: one folder a sequence, with ``groundtruth.txt``, images and tag files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.dataset.sequence import Dataset, Sequence
from vot_toolkit.errors import DatasetError, FormatError, UserError, raise_fault
from vot_toolkit.formats.text import BLANKS, NUMBER, read_trajectory, split_lines
from vot_toolkit.wording import counted, shortened

GROUNDTRUTH = "groundtruth.txt"
IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp"})
TAG_SUFFIXES = (".tag", ".label")

LONGEST_NAME = 255
"""Bytes of a name, which file systems take at most."""

_SIDE = re.compile(r"0*[1-9]\d{0,6}", re.ASCII)
"""Width or height of an image in px."""

_PATTERN = re.compile(r"([^/%][^%]*)?%0[1-9]d[^%]*")
"""A relative path with one number, of a bounded width."""


def read_folder(folder: Path, on_fault: Callable[[UserError], None] = raise_fault) -> Dataset:
    """Read a folder of sequences.

    Parameters
    ----------
    folder : Path
        With ``list.txt`` (one sequence name a line); without it, every subfolder that has a
        ``groundtruth.txt`` is a sequence, in sorted order.
    on_fault : callable, optional
        Is given the fault of a sequence, which is then left out; by default it is raised.

    Returns
    -------
    Dataset
        Named by the folder.

    Raises
    ------
    DatasetError
        If there is no sequence, this is the folder of one, or a listed one is missing or listed
        twice.
    FormatError
        If a file of a sequence does not follow its format.
    """
    folder = folder.absolute()
    names, notes = _sequence_names(folder, on_fault)
    if not names:
        raise _no_sequence(folder)
    sequences = []
    for name in names:
        try:
            sequence, remarks = read_sequence(folder / name)
        except UserError as error:
            on_fault(error)
            continue
        sequences.append(sequence)
        notes += remarks
    return Dataset(folder.name, tuple(sequences), tuple(notes) + _missing_tags(sequences))


def _no_sequence(folder: Path) -> DatasetError:
    if (folder / GROUNDTRUTH).exists():
        what, hint = "this is the folder of one sequence", f"name the folder above, {folder.parent}"
    else:
        what = "no sequence in this folder"
        hint = "expected list.txt, or subfolders with groundtruth.txt"
    return DatasetError(what, file=folder, hint=hint)


def _read_list(listing: Path, on_fault: Callable[[UserError], None]) -> list[str]:
    """Read the names in ``list.txt``: each that of a folder beside it, and each once."""
    names: dict[str, None] = {}
    for number, line in enumerate(_read_lines(listing), start=1):
        name = line.strip()
        if name in names:
            on_fault(DatasetError(f"sequence {name!r} is listed twice", file=listing, line=number))
        elif name and not is_folder_name(name):
            what, hint = f"not a name: {name!r}", "accepted: the name of a folder beside list.txt"
            on_fault(FormatError(what, file=listing, line=number, hint=hint))
        elif name:
            names[name] = None
    return list(names)


def is_folder_name(name: str) -> bool:
    """Tell whether a sequence can be called so: a folder's name on any system.

    Examples
    --------
    >>> [is_folder_name(name) for name in ("ants1", "a b", "../up", "..", "", "n" * 300)]
    [True, True, False, False, False, False]
    """
    try:
        length = len(name.encode())
    except UnicodeEncodeError:
        return False
    return 0 < length <= LONGEST_NAME and not set(name) & set("/\\\0") and name not in (".", "..")


def _sequence_names(
    folder: Path, on_fault: Callable[[UserError], None]
) -> tuple[list[str], list[str]]:
    listing = folder / "list.txt"
    if listing.exists():
        return _read_list(listing, on_fault), []
    entries = sorted(entry for entry in folder.iterdir() if entry.is_dir())
    others = [entry.name for entry in entries if not (entry / GROUNDTRUTH).exists()]
    notes = [f"passed over, no {GROUNDTRUTH}: {', '.join(others)}"] if others else []
    return [entry.name for entry in entries if entry.name not in others], notes


def read_sequence(folder: Path) -> tuple[Sequence, list[str]]:
    """Read one sequence and what is to be said about it.

    Parameters
    ----------
    folder : Path
        ``groundtruth.txt``, images in ``color/`` or directly, ``<tag>.tag`` or ``<tag>.label``, and
        optionally ``sequence`` with lines ``key=value``.

    Returns
    -------
    tuple of Sequence and list of str
        Image size from the file ``sequence``, else from the first image's header, else None. Images
        that are not there are named as ``sequence`` has them.
    """
    if not (folder / GROUNDTRUTH).exists():
        raise DatasetError(f"no {GROUNDTRUTH}", file=folder, hint="is the name in list.txt right?")
    groundtruth = read_trajectory(folder / GROUNDTRUTH)
    if not len(groundtruth):
        raise FormatError("no region in this file", file=folder / GROUNDTRUTH)
    images = find_images(folder) or _named_images(folder, len(groundtruth))
    notes = []
    if images and len(images) != len(groundtruth):
        found = counted(len(images), "image")
        notes.append(f"{folder.name}: {found} for {counted(len(groundtruth), 'region')}")
    tags, remarks = _read_tags(folder, len(groundtruth))
    size = read_size(folder, images)
    return Sequence(folder.name, groundtruth, size, tags, images), notes + remarks


def find_images(folder: Path) -> tuple[Path, ...]:
    """List the images of a sequence in order: in ``color/``, else in the folder itself."""
    place = folder / "color" if (folder / "color").is_dir() else folder
    return tuple(sorted(p for p in place.iterdir() if p.suffix.lower() in IMAGE_SUFFIXES))


def _named_images(folder: Path, count: int) -> tuple[Path, ...]:
    """List the images that ``sequence`` names by a pattern such as ``color/%08d.jpg``, from 1."""
    pattern = read_metadata(folder).get("channels.color", "")
    if not _PATTERN.fullmatch(pattern) or ".." in pattern:
        return ()
    return tuple(folder / (pattern % number) for number in range(1, count + 1))


def read_size(folder: Path, images: tuple[Path, ...]) -> tuple[int, int] | None:
    """Give width and height in px from ``sequence``, else from the first image, else None."""
    values = read_metadata(folder)
    if "width" in values and "height" in values:
        if not all(_SIDE.fullmatch(values[key]) for key in ("width", "height")):
            raise FormatError(
                f"width={shortened(values['width'], 40)}, "
                f"height={shortened(values['height'], 40)}: not positive integers",
                file=folder / "sequence",
            )
        return int(values["width"]), int(values["height"])
    return image_size(images[0]) if images else None


def image_size(image: Path) -> tuple[int, int] | None:
    """Give width and height in px from an image's header, None when it has none that is known."""
    import imagesize

    try:
        width, height = imagesize.get(image)
    except Exception:  # a broken header makes the parser raise whatever it meets
        return None
    return (int(width), int(height)) if width > 0 and height > 0 else None


def read_metadata(folder: Path) -> dict[str, str]:
    """Read the lines ``key=value`` of the file ``sequence``; empty when there is none."""
    path = folder / "sequence"
    if not path.is_file():
        return {}
    pairs = (line.split("=", 1) for line in _read_lines(path))
    return {pair[0].strip(): pair[1].strip() for pair in pairs if len(pair) == 2}


def _read_tags(folder: Path, count: int) -> tuple[dict[str, NDArray[np.bool_]], list[str]]:
    tags, notes = {}, []
    for path in sorted(p for p in folder.iterdir() if p.suffix in TAG_SUFFIXES):
        flags = read_flags(path)
        if len(flags) > count:
            notes.append(
                f"{folder.name}/{path.name} has {len(flags)} lines for "
                f"{counted(count, 'frame')}: left out, "
                "as the MATLAB toolkit does"
            )
            continue
        tags[path.stem] = np.zeros(count, dtype=bool)
        tags[path.stem][: len(flags)] = flags
    return tags, notes


def read_flags(path: Path) -> NDArray[np.bool_]:
    """Read a tag file: one number a line, set where above 0.

    Raises
    ------
    FormatError
        If the file cannot be read or a line is no number.
    """
    flags = []
    for number, line in enumerate(_read_lines(path), start=1):
        if not NUMBER.fullmatch(line.strip(BLANKS)):
            raise FormatError(
                f"not a flag: {line[:40]!r}", file=path, line=number, hint="accepted: 0 or 1"
            )
        flags.append(float(line) > 0)
    return np.array(flags, dtype=bool)


def _read_lines(path: Path) -> list[str]:
    try:
        return split_lines(path.read_bytes())
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror}", file=path) from None


def _missing_tags(sequences: Iterable[Sequence]) -> tuple[str, ...]:
    sequences = tuple(sequences)
    tags = sorted({tag for sequence in sequences for tag in sequence.tags})
    missing = [
        f"{sequence.name}/{tag}"
        for sequence in sequences
        for tag in tags
        if tag not in sequence.tags
    ]
    if not missing:
        return ()
    return (f"no data for the attributes {', '.join(missing)}: counted as not set",)
