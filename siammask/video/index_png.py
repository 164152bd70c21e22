"""PNG files of labels: one number a pixel, with a palette to look at.

OpenCV knows grey PNG only, but a grey and an indexed file of the same depth hold the same pixels:
they differ in the colour type of their header, and in the palette. So OpenCV does the coding, and
what it must not see is changed before and after.

References
----------
Portable Network Graphics (PNG) Specification, W3C, sections 5.3 (chunks) and 11.2 (IHDR, PLTE).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from siammask.errors import ImageError

Labels = NDArray[np.uint8]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOUR_TYPE_AT = 9
"""Place of the colour type in the header's data: after width, height and depth."""

GREY, INDEXED = 0, 3


def palette(num_colours: int = 256) -> NDArray[np.uint8]:
    """Give the colours of PASCAL VOC, which DAVIS and YouTube-VOS use for their labels too.

    Returns
    -------
    uint8 array, shape (num_colours, 3)
        RGB. The bits of a label, from the lowest, go by turns to red, green and blue, from the
        highest bit of each.

    References
    ----------
    M. Everingham et al., The PASCAL Visual Object Classes Challenge 2012, development kit.

    Examples
    --------
    >>> palette(5).tolist()
    [[0, 0, 0], [128, 0, 0], [0, 128, 0], [128, 128, 0], [0, 0, 128]]
    """
    labels = np.arange(num_colours, dtype=np.uint32)
    colours = np.zeros((num_colours, 3), dtype=np.uint8)
    for channel in range(3):
        for turn in range(8):
            bit = (labels >> (3 * turn + channel)) & 1
            colours[:, channel] |= (bit << (7 - turn)).astype(np.uint8)
    return colours


def encode_labels(labels: Labels) -> bytes:
    """Make an indexed PNG file with the palette of `palette`.

    Parameters
    ----------
    labels : uint8 array, shape (height, width)
        0 for the background.

    Returns
    -------
    bytes
        The content of the file.

    Examples
    --------
    >>> labels = np.array([[0, 1], [2, 255]], np.uint8)
    >>> decode_labels(encode_labels(labels)).tolist()
    [[0, 1], [2, 255]]
    """
    import cv2

    _, coded = cv2.imencode(".png", labels)
    parts = [SIGNATURE]
    for kind, data in _chunks(coded.tobytes()):
        if kind == b"IHDR":
            parts.append(_chunk(kind, _with_colour_type(data, INDEXED)))
            parts.append(_chunk(b"PLTE", palette().tobytes()))
        else:
            parts.append(_chunk(kind, data))
    return b"".join(parts)


def labels_in(labels: Labels) -> set[int]:
    """Give the labels that occur.

    Examples
    --------
    >>> labels_in(np.array([[0, 7], [7, 2]], np.uint8)) == {0, 2, 7}
    True
    """
    counts = np.bincount(labels.ravel(), minlength=256)
    return {int(label) for label in np.flatnonzero(counts)}


def read_labels(path: Path) -> Labels:
    """Read the labels of an indexed or a grey PNG file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    uint8 array, shape (height, width)
        The index of each pixel, or its grey value.

    Raises
    ------
    ImageError
        If the file cannot be read, or is no PNG of one number a pixel.
    """
    try:
        return decode_labels(path.read_bytes())
    except OSError as error:
        raise ImageError(f"cannot be read: {error.strerror}", file=path) from None
    except ImageError as error:
        raise ImageError(error.what, file=path, hint=error.hint) from None


def decode_labels(data: bytes) -> Labels:
    """Decode the content of an indexed or a grey PNG file; see `read_labels`."""
    import cv2

    if not data.startswith(SIGNATURE):
        raise ImageError("no PNG file")
    chunks = list(_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13:
        raise ImageError("a PNG file without its header")
    if chunks[-1][0] != b"IEND":
        raise ImageError("a PNG file that is cut off")
    header = chunks[0][1]
    depth, colour_type = header[COLOUR_TYPE_AT - 1 : COLOUR_TYPE_AT + 1]
    if colour_type not in (GREY, INDEXED) or depth > 8:
        raise ImageError(
            f"a PNG file of colour type {colour_type} and {depth} bits",
            hint="labels are grey or indexed, at most 8 bits a pixel",
        )
    pixels = b"".join(_chunk(kind, data) for kind, data in chunks if kind in (b"IDAT", b"IEND"))
    grey = SIGNATURE + _chunk(b"IHDR", _with_colour_type(header, GREY)) + pixels
    labels = cv2.imdecode(np.frombuffer(grey, np.uint8), cv2.IMREAD_GRAYSCALE)
    if labels is None:
        raise ImageError("a PNG file that cannot be decoded", hint="is it whole?")
    # Fewer bits are spread over 0 ... 255 when they are decoded as grey.
    return np.asarray(labels // (255 // (2**depth - 1)), dtype=np.uint8)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Walk over kind and data of the chunks, as far as the file goes."""
    place = len(SIGNATURE)
    while place + 8 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        yield data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        place += 12 + length


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _with_colour_type(header: bytes, colour_type: int) -> bytes:
    return header[:COLOUR_TYPE_AT] + bytes([colour_type]) + header[COLOUR_TYPE_AT + 1 :]
