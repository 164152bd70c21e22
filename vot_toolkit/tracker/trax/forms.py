"""What images and regions look like in messages, in the formats that a program asks for."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from vot_toolkit.errors import DatasetError, FormatError, TrackerError
from vot_toolkit.formats.rle import encode
from vot_toolkit.formats.text import format_region, parse_region
from vot_toolkit.region import Array, Mask, Region, bounding_box

REGION_FORMATS = ("rectangle", "polygon", "mask")
IMAGE_FORMATS = ("path", "data", "memory")

TYPES = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png"}


def image_text(path: Path, formats: Iterable[str]) -> str:
    """Write an image in the first format of ours that a program takes.

    Parameters
    ----------
    path : Path
        The image file, absolute.
    formats : iterable of str
        Those of `IMAGE_FORMATS` that the program takes; at least one.

    Returns
    -------
    str
        ``file://`` and the path; or the file's own bytes; or its pixels, RGB, row by row.

    Raises
    ------
    DatasetError
        If the file has to be read and cannot be.
    """
    formats = set(formats)
    if "path" in formats:
        return f"file://{path}"
    if "data" in formats and path.suffix.lower() in TYPES:
        # The specification has ";base64" in between; the library takes that for part of the data.
        return f"data:image/{TYPES[path.suffix.lower()]};{_base64(_read(path))}"
    return _pixels_text(path)


def _pixels_text(path: Path) -> str:
    import cv2

    image = cv2.imdecode(np.frombuffer(_read(path), dtype=np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise DatasetError("not an image, or a truncated one", file=path)
    height, width = image.shape[:2]
    return f"image:{width};{height};rgb;{_base64(image[:, :, ::-1].tobytes())}"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DatasetError(f"cannot read the image: {error.strerror}", file=path) from None


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def region_text(region: Array, formats: Iterable[str]) -> str:
    """Write the region to start with, in a format that a program takes.

    A rectangle stays one where possible, and so does a polygon. As in the challenge's toolkit the
    corners of a rectangle are x and x + width - 1, and the rectangle of a polygon is the one around
    it. A mask covers the rectangle's pixels, or the polygon with its border.

    Parameters
    ----------
    region : float64 array, shape (4,) or (2n,)
        In px.
    formats : iterable of str
        Those of `REGION_FORMATS` that the program takes; at least one.

    Examples
    --------
    >>> box = np.array([10.0, 20.0, 30.0, 40.0])
    >>> region_text(box, ["polygon"])
    '10.0000,20.0000,39.0000,20.0000,39.0000,59.0000,10.0000,59.0000'
    >>> region_text(box, ["rectangle", "mask"])
    '10.0000,20.0000,30.0000,40.0000'
    >>> region_text(np.array([1.0, 1, 2, 1, 2, 2]), ["mask"])
    'mask:1,1,2,2,0,2,1,1'
    """
    formats = set(formats)
    is_box = len(region) == 4
    if ("rectangle" if is_box else "polygon") in formats:
        return format_region(region)
    if "polygon" in formats:
        return format_region(_inclusive_corners(region))
    if "mask" in formats:
        return _mask_text(_box_mask(region) if is_box else _polygon_mask(region))
    return format_region(bounding_box(region))


def _inclusive_corners(box: Array) -> Array:
    x, y, width, height = box
    right, bottom = x + width - 1, y + height - 1
    return np.array([x, y, right, y, right, bottom, x, bottom])


def _box_mask(box: Array) -> Mask:
    x, y = (int(value) for value in np.floor(box[:2]))
    width, height = (max(1, round(value)) for value in box[2:].tolist())
    return Mask(x, y, np.ones((height, width), dtype=bool))


def _polygon_mask(polygon: Array) -> Mask:
    import cv2

    vertices = np.rint(polygon).astype(np.int32).reshape(-1, 2)
    corner = vertices.min(axis=0)
    width, height = (vertices.max(axis=0) - corner + 1).tolist()
    pixels = np.zeros((height, width), dtype=np.uint8)
    cv2.fillPoly(pixels, [vertices - corner], color=(1.0,))
    return Mask(int(corner[0]), int(corner[1]), pixels.astype(bool))


def _mask_text(mask: Mask) -> str:
    height, width = mask.pixels.shape
    numbers = [mask.x, mask.y, width, height, *encode(mask.pixels)]
    return "mask:" + ",".join(str(number) for number in numbers)


def read_region(text: str) -> Region:
    """Read the region of a reply, of any kind.

    Raises
    ------
    TrackerError
        If it is none; says what came.

    Examples
    --------
    >>> read_region("10,20,30,40"), read_region("nan,nan,nan,nan")
    (array([10., 20., 30., 40.]), array([0.]))
    """
    try:
        return parse_region(text)
    except FormatError as error:
        raise TrackerError(f"it replied with no region: {error.what}", hint=error.hint) from None
