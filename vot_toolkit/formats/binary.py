"""The official Python toolkit's binary trajectories (``.bin``), little endian.

Header: int16 1, uint32 count. Each region: uint8 type, then its data; see `_READERS`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from vot_toolkit.errors import FormatError
from vot_toolkit.formats.rle import MaskBudget, check_box, decode, encode
from vot_toolkit.region import Mask, Region
from vot_toolkit.trajectory import Trajectory

VERSION = 1
SPECIAL, RECTANGLE, POLYGON, MASK = range(4)
LONGEST_RUN = 255 * 255
"""A longer run is written in pieces: LONGEST_RUN, 0, rest."""


class _Cursor:
    """A position in the bytes of one file."""

    def __init__(self, data: bytes, file: Path) -> None:
        self.data, self.file, self.position = data, file, 0

    def take(self, layout: str) -> tuple[float, ...]:
        size = struct.calcsize("<" + layout)
        if self.position + size > len(self.data):
            raise FormatError(
                f"ends in the middle of a region (byte {len(self.data)})", file=self.file
            )
        values = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += size
        return values


def is_binary(data: bytes) -> bool:
    """Tell whether a file's first two bytes are the binary format's version."""
    return data[:2] == struct.pack("<h", VERSION)


def read_binary(path: Path) -> Trajectory:
    """Read a binary trajectory.

    Raises
    ------
    FormatError
        If the file cannot be read, is no binary trajectory, is truncated, goes on after its last
        region, or holds a region that is none; with the byte.
    """
    try:
        return parse_binary(path.read_bytes(), path)
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror}", file=path) from None


def parse_binary(data: bytes, file: Path) -> Trajectory:
    """Parse the bytes of a binary trajectory; raises as `read_binary`."""
    if not is_binary(data):
        raise FormatError("not a binary trajectory", file=file, hint="it begins with 01 00")
    cursor = _Cursor(data, file)
    _, count = cursor.take("hI")
    budget = MaskBudget()
    try:
        regions = [budget.kept(_read_region(cursor)) for _ in range(int(count))]
    except FormatError as error:
        raise FormatError(error.what, file=file, hint=error.hint) from None
    if cursor.position != len(data):
        raise FormatError(f"{len(data) - cursor.position} bytes after the last region", file=file)
    return Trajectory.from_regions(regions)


def _read_region(cursor: _Cursor) -> Region:
    start = cursor.position
    (kind,) = cursor.take("B")
    reader = _READERS.get(int(kind))
    if reader is None:
        raise FormatError(
            f"region of type {kind} at byte {start}",
            file=cursor.file,
            hint="accepted: 0 special, 1 rectangle, 2 polygon, 3 mask",
        )
    region = reader(cursor)
    if not isinstance(region, Mask) and not np.isfinite(region).all():
        return np.zeros(1)
    return region


def _read_special(cursor: _Cursor) -> Region:
    return np.array(cursor.take("I"), dtype=np.float64)


def _read_rectangle(cursor: _Cursor) -> Region:
    return np.array(cursor.take("4f"))


def _read_polygon(cursor: _Cursor) -> Region:
    start = cursor.position
    (count,) = cursor.take("H")
    if count < 3:
        raise FormatError(f"a polygon of {count} points at byte {start}", file=cursor.file)
    return np.array(cursor.take(f"{2 * int(count)}f"))


def _read_mask(cursor: _Cursor) -> Region:
    x, y, width, height, count = (int(value) for value in cursor.take("hhHHH"))
    try:
        check_box(x, y, width, height)
        runs = [int(value) for value in cursor.take(f"{count}H")]
        return Mask(x, y, decode(runs, width, height))
    except FormatError as error:
        raise FormatError(error.what, file=cursor.file, hint=error.hint) from None


_READERS: dict[int, Callable[[_Cursor], Region]] = {
    SPECIAL: _read_special,
    RECTANGLE: _read_rectangle,
    POLYGON: _read_polygon,
    MASK: _read_mask,
}


def format_binary(trajectory: Iterable[Region]) -> bytes:
    """Write a binary trajectory; coordinates become float32.

    Raises
    ------
    FormatError
        If a region does not fit the format: a negative code, a coordinate too large for float32, a
        mask with more than 65535 runs or further away than 32768 px.

    Examples
    --------
    >>> format_binary([np.array([1.0])]).hex()
    '0100010000000001000000'
    """
    regions = [_checked_region(index, region) for index, region in enumerate(trajectory)]
    return struct.pack("<hI", VERSION, len(regions)) + b"".join(regions)


def _checked_region(index: int, region: Region) -> bytes:
    try:
        return _format_region(region)
    except (struct.error, OverflowError) as error:
        raise FormatError(f"region {index} does not fit the binary format: {error}") from None


def _format_region(region: Region) -> bytes:
    if isinstance(region, Mask):
        return _format_mask(region)
    if len(region) == 1:
        return struct.pack("<BI", SPECIAL, int(region[0]))
    if len(region) == 4:
        return struct.pack("<B4f", RECTANGLE, *region)
    return struct.pack(f"<BH{len(region)}f", POLYGON, len(region) // 2, *region)


def _format_mask(mask: Mask) -> bytes:
    height, width = mask.pixels.shape
    runs: list[int] = []
    for run in encode(mask.pixels):
        pieces, rest = divmod(run, LONGEST_RUN)
        runs += [LONGEST_RUN, 0] * pieces + [rest]
    return struct.pack(
        f"<BhhHHH{len(runs)}H", MASK, mask.x, mask.y, width, height, len(runs), *runs
    )
