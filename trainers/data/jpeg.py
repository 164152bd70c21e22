"""JPEG files of which only a part is decoded, or cut out without loss.

Restart markers make this possible: after each, decoding begins anew. Files with one after every few
blocks can be cut between them; files without are decoded whole.

References
----------
ITU-T Recommendation T.81 (1992), "Digital compression and coding of continuous-tone still images",
annex B (syntax) and section E.1.4 (restart intervals).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from trainers.data import compiled
from trainers.data.augment import Patch, Pixels
from trainers.data.window import Area

Bytes = bytes | memoryview

RESTART_BLOCKS = 2
"""Blocks of 16x16 px between two restart markers in the files that this package writes."""

READING = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
"""How OpenCV decodes: crops lie as they are stored, and to look for a camera's notes takes time."""

SEAM = 2
"""Px at a cut's edge whose colours differ: these are interpolated from two px on either side."""

_HEADER_END = 0xDA
_SIZES = (0xC0, 0xC1)  # baseline and extended sequential; progressive files cannot be cut
_RESTART_INTERVAL = 0xDD


class JPEGError(ValueError):
    """Bytes that are no JPEG file, or not a whole one."""


@dataclass(frozen=True)
class Layout:
    """How a JPEG file is divided; it can be cut between tiles.

    Parameters
    ----------
    width, height : int
        Of the image in px.
    tile_width, tile_height : int
        Of what lies between two restart markers, in px; the last ones may reach beyond the image.
    size_at : int
        Where in the file height and width are written.
    data_at : int
        Where in the file the first tile begins.
    """

    width: int
    height: int
    tile_width: int
    tile_height: int
    size_at: int
    data_at: int

    @property
    def columns(self) -> int:
        """Number of tiles side by side."""
        return -(-self.width // self.tile_width)

    @property
    def rows(self) -> int:
        """Number of tiles above each other."""
        return -(-self.height // self.tile_height)

    def tiles(self, area: Area) -> Area:
        """Give the columns and rows of the tiles that cover an area, with its seam."""
        return Area(
            max(area.left - SEAM, 0) // self.tile_width,
            max(area.top - SEAM, 0) // self.tile_height,
            -(-min(area.right + SEAM, self.width) // self.tile_width),
            -(-min(area.bottom + SEAM, self.height) // self.tile_height),
        )

    def cover(self, tiles: Area) -> Area:
        """Give the pixels of some columns and rows of tiles."""
        return Area(
            tiles.left * self.tile_width,
            tiles.top * self.tile_height,
            min(tiles.right * self.tile_width, self.width),
            min(tiles.bottom * self.tile_height, self.height),
        )


def read_layout(data: Bytes) -> Layout | None:
    """Find out how a file can be cut.

    Parameters
    ----------
    data : bytes
        A whole JPEG file.

    Returns
    -------
    Layout or None
        None when it has no restart markers between tiles that form columns.

    Raises
    ------
    JPEGError
        If it does not begin and end as a JPEG file does.
    """
    if bytes(data[:2]) != b"\xff\xd8":
        raise JPEGError("not a JPEG file")
    if bytes(data[-2:]) != b"\xff\xd9":
        raise JPEGError("a JPEG file without its end")
    segments = _segments(data)
    size_at = next((segments[kind] for kind in _SIZES if kind in segments), None)
    interval_at = segments.get(_RESTART_INTERVAL)
    if size_at is None or interval_at is None:
        return None
    return _layout(data, size_at, _number(data, interval_at), segments[_HEADER_END])


def _segments(data: Bytes) -> dict[int, int]:
    """Give where the content of each header segment begins, and the image's data after them."""
    found, place = {}, 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        kind, length = data[place + 1], _number(data, place + 2)
        if kind == _HEADER_END:
            found[kind] = place + 2 + length
            return found
        found[kind] = place + 4
        place += 2 + length
    raise JPEGError("a JPEG file with a broken header")


def _number(data: Bytes, place: int) -> int:
    return data[place] << 8 | data[place + 1]


def _layout(data: Bytes, size_at: int, interval: int, data_at: int) -> Layout | None:
    height, width = _number(data, size_at + 1), _number(data, size_at + 3)
    samplings = [data[size_at + 7 + 3 * component] for component in range(data[size_at + 5])]
    block_width = 8 * max(sampling >> 4 for sampling in samplings)
    block_height = 8 * max(sampling & 15 for sampling in samplings)
    blocks = -(-width // block_width)
    if interval == 0 or blocks % interval:
        return None
    return Layout(width, height, interval * block_width, block_height, size_at + 1, data_at)


def cut(data: Bytes, layout: Layout, area: Area) -> tuple[bytes, Area]:
    """Cut an area out of a file without decoding it.

    Parameters
    ----------
    data : bytes
        A whole JPEG file.
    layout : Layout
        What `read_layout` says of it.
    area : Area
        The pixels that are wanted.

    Returns
    -------
    cut : bytes
        A JPEG file of the tiles that cover the area.
    covered : Area
        Their pixels. Those of `area` decode as in the whole file, to the bit.

    Raises
    ------
    JPEGError
        If restart markers are missing.
    """
    tiles = layout.tiles(area)
    covered = layout.cover(tiles)
    return (_cut if compiled.kernel is None else _cut_compiled)(
        data, layout, tiles, covered
    ), covered


def _cut_compiled(data: Bytes, layout: Layout, tiles: Area, covered: Area) -> bytes:
    assert compiled.kernel is not None, "asked before"
    made, found = compiled.kernel.cut_tiles(
        data,
        layout.size_at,
        layout.data_at,
        layout.columns,
        layout.rows,
        *tiles,
        covered.width,
        covered.height,
    )
    if made is None:
        raise JPEGError(f"{found} tiles, expected {layout.columns * layout.rows}")
    return bytes(made)


def _cut(data: Bytes, layout: Layout, tiles: Area, covered: Area) -> bytes:
    ends = _ends(data, layout)
    first = np.arange(tiles.top, tiles.bottom) * layout.columns + tiles.left
    last = first + tiles.width - 1
    body, markers = _join(data, ends, first, last)
    header = bytearray(data[: layout.data_at])
    header[layout.size_at : layout.size_at + 4] = _size(covered)
    return bytes(header + _numbered(body, markers))


def _size(area: Area) -> bytes:
    return area.height.to_bytes(2, "big") + area.width.to_bytes(2, "big")


def _ends(data: Bytes, layout: Layout) -> NDArray[np.int64]:
    """Give where each tile's data begins and, last, where the next file's would.

    Every tile is followed by two bytes, a restart marker or the end of the image.
    """
    body = np.frombuffer(data, dtype=np.uint8)[layout.data_at :]
    stops = (body[:-1] == 0xFF).nonzero()[0]
    stops = stops[body[stops + 1] >= 0xD0]  # 0xFF00 is a number 0xFF of the image
    if len(stops) != layout.columns * layout.rows:
        raise JPEGError(f"{len(stops)} tiles, expected {layout.columns * layout.rows}")
    return np.concatenate([[0], stops + 2]) + layout.data_at


def _join(
    data: Bytes, ends: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64]
) -> tuple[bytearray, NDArray[np.int64]]:
    """Join runs of tiles, and give where each tile's data now ends."""
    starts, stops = ends[first], ends[last + 1]
    view = memoryview(data)
    body = bytearray().join(
        view[start:stop] for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
    )
    moved = np.concatenate([[0], np.cumsum(stops - starts)[:-1]]) - starts
    tiles = first[:, None] + np.arange(1, last[0] - first[0] + 2)
    return body, (ends[tiles] + moved[:, None]).ravel()


def _numbered(body: bytearray, ends: NDArray[np.int64]) -> bytearray:
    """Count the restart markers from 0 to 7 again and again, and end the image."""
    pixels = np.frombuffer(body, dtype=np.uint8)
    pixels[ends - 1] = 0xD0 + np.arange(len(ends)) % 8
    pixels[-1] = 0xD9
    return body


def decode(data: Bytes, area: Area) -> Patch:
    """Decode the pixels of an area, and some around it.

    Parameters
    ----------
    data : bytes
        A whole JPEG file.
    area : Area
        The pixels that are wanted.

    Returns
    -------
    Patch
        BGR. Without restart markers, all of the image.

    Raises
    ------
    JPEGError
        If the bytes cannot be decoded.
    """
    layout = read_layout(data)
    return Patch(decode_whole(data), 0, 0) if layout is None else decode_part(data, layout, area)


def decode_part(data: Bytes, layout: Layout, area: Area) -> Patch:
    """Decode the tiles that cover an area of a file whose layout is known; see `decode`."""
    part, covered = cut(data, layout, area)
    return Patch(decode_whole(part), covered.left, covered.top)


def decode_whole(data: Bytes) -> Pixels:
    """Decode all pixels, BGR."""
    pixels: Any = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), READING)
    if pixels is None:
        raise JPEGError("not decodable")
    return pixels  # type: ignore[no-any-return]


def encode(pixels: Pixels, quality: int) -> bytes:
    """Encode an image so that it can be cut wherever its width allows."""
    blocks = -(-pixels.shape[1] // 16)
    interval = next(k for k in (RESTART_BLOCKS, 1) if blocks % k == 0)
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_RST_INTERVAL, interval]
    done, encoded = cv2.imencode(".jpg", pixels, options)
    assert done, "8-bit BGR images can be encoded"
    return bytes(encoded)
