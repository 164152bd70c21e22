"""Images and mask files of a source, read so that a bad one is named and not fatal."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainers.prepare.dropped import Reason, UnusableError
from trainers.prepare.window import Image

Indices = NDArray[np.uint8 | np.uint16]

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PALETTE_TYPE = 3
"""Colour type of a PNG whose pixels are indices into a palette (PNG specification, 11.2.2)."""


def read_image(path: Path) -> Image:
    """Read an image.

    Returns
    -------
    uint8 array, shape (height, width, 3)
        Blue, green, red.

    Raises
    ------
    UnusableError
        If the file is missing or no image.
    """
    import cv2

    data = _read(path, Reason.MISSING_IMAGE, Reason.UNREADABLE_IMAGE)
    image: Any = _decode(data, cv2.IMREAD_COLOR)
    if image is None:
        raise UnusableError(Reason.UNREADABLE_IMAGE, path)
    return image  # type: ignore[no-any-return]


def read_indices(path: Path) -> Indices:
    """Read a mask file as numbers of objects.

    Parameters
    ----------
    path : Path
        A PNG with a palette, whose indices are the numbers, or with one channel (or three that are
        equal), whose values are the numbers.

    Returns
    -------
    uint8 or uint16 array, shape (height, width)
        0 is no object.

    Raises
    ------
    UnusableError
        If the file is missing, no image, or in colours without palette.
    """
    import cv2

    data = _read(path, Reason.MISSING_MASK, Reason.UNREADABLE_MASK)
    palette = read_palette(data)
    if palette is not None:
        return _to_indices(_decoded_mask(data, cv2.IMREAD_COLOR, path), palette)
    image: Indices = _decoded_mask(data, cv2.IMREAD_UNCHANGED, path)
    if image.ndim == 2:
        return image
    if image.shape[2] == 3 and (image == image[..., :1]).all():
        return np.ascontiguousarray(image[..., 0])
    raise UnusableError(Reason.UNREADABLE_MASK, f"{path}: colours without a palette")


def read_palette(data: bytes) -> Image | None:
    """Read the palette of a PNG.

    OpenCV replaces indices by colours, so that only the palette tells them again.

    Parameters
    ----------
    data : bytes
        Content of the file.

    Returns
    -------
    uint8 array, shape (colours, 3), or None
        Red, green, blue; None for what is no PNG with a palette.
    """
    if data[:8] != PNG_SIGNATURE or data[25:26] != bytes([PALETTE_TYPE]):
        return None
    place = 8
    while place + 8 <= len(data):
        (length,), name = struct.unpack_from(">I", data, place), data[place + 4 : place + 8]
        if name == b"PLTE":
            body = data[place + 8 : place + 8 + length]
            return np.frombuffer(body[: len(body) // 3 * 3], dtype=np.uint8).reshape(-1, 3)
        place += length + 12
    return None


def _to_indices(image: Image, palette: Image) -> Indices:
    import cv2

    weights = np.array([1 << 16, 1 << 8, 1])
    table = np.zeros(1 << 24, dtype=np.uint8)
    # Backwards, so that of equal colours the first one's index stays.
    table[(palette @ weights)[::-1]] = np.arange(len(palette), dtype=np.uint8)[::-1]
    packed = cv2.cvtColor(image, cv2.COLOR_BGR2BGRA).view("<u4")[..., 0] & 0xFFFFFF
    indices: Indices = table[packed]
    return indices


def _decoded_mask(data: bytes, flags: int, path: Path) -> Any:
    image = _decode(data, flags)
    if image is None:
        raise UnusableError(Reason.UNREADABLE_MASK, path)
    return image


def _decode(data: bytes, flags: int) -> Any:
    import cv2

    return cv2.imdecode(np.frombuffer(data, dtype=np.uint8), flags) if data else None


def _read(path: Path, missing: Reason, unreadable: Reason) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UnusableError(missing, path) from None
    except OSError as error:
        raise UnusableError(unreadable, f"{path}: {error.strerror}") from None
