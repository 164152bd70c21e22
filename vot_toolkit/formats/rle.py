"""Masks as text: run lengths of zeros and ones in turn, row by row inside the mask's box."""

from __future__ import annotations

import re

import numpy as np

from vot_toolkit.errors import FormatError
from vot_toolkit.region import Mask, Region

MAX_SIDE = 2**15
"""Largest side of a mask's box, and its largest distance from the image's corner, in px."""

MAX_AREA = 2**26
"""Most pixels of a mask's box: a broken header must not ask for all the memory."""

LARGE = 2**16
"""Pixels of a box above which a mask is kept in its tight box."""

MOST_PIXELS = 2**30
"""Most pixels, each a byte, of all masks that are kept of one file."""

MOST_CLAIMED = 2**33
"""Most pixels of the boxes in one file: 4,000 frames of 1920x1080 px."""

_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)


def format_mask(mask: Mask) -> str:
    """Write a mask as VOT text: ``mx,y,w,h,run,run,…``, runs beginning with zeros.

    Examples
    --------
    >>> format_mask(Mask(4, 2, np.array([[False, True, True], [True, True, False]])))
    'm4,2,3,2,1,4,1'
    """
    height, width = mask.pixels.shape
    numbers = [mask.x, mask.y, width, height, *encode(mask.pixels)]
    return "m" + ",".join(str(number) for number in numbers)


def parse_mask(text: str) -> Mask:
    """Read a mask from VOT text (``m…``) or TraX text (``mask:…``).

    A missing last run is zeros, as TraX writes it.

    Raises
    ------
    FormatError
        If a number is no integer, the box is negative, too large or too far away (see `check_box`),
        or the runs do not fit into it.

    Examples
    --------
    >>> parse_mask("mask:4,2,3,2,1,4").pixels.astype(int)
    array([[0, 1, 1],
           [1, 1, 0]])
    """
    body = text.strip().removeprefix("m").removeprefix("ask:")
    tokens = [token.strip() for token in body.split(",")]
    if len(tokens) < 4 or not all(_INTEGER.fullmatch(token) for token in tokens):
        raise FormatError(
            f"not a mask: {text[:60]!r}", hint="accepted: mx,y,width,height,run,run,…, all integers"
        )
    x, y, width, height, *runs = (int(token) for token in tokens)
    check_box(x, y, width, height)
    return Mask(x, y, decode(runs, width, height))


def check_box(x: int, y: int, width: int, height: int) -> None:
    """Refuse the box of a mask that no image can have.

    Raises
    ------
    FormatError
        If a side is negative or above 32768 px, the corner further away than that, or the box has
        more than 2**26 px.
    """
    if not (0 <= width <= MAX_SIDE and 0 <= height <= MAX_SIDE and width * height <= MAX_AREA):
        raise FormatError(
            f"a mask of {width}x{height} px",
            hint=f"a side is 0 to {MAX_SIDE} px, the box at most {MAX_AREA} px",
        )
    if max(abs(x), abs(y)) > MAX_SIDE:
        raise FormatError(f"a mask at {x}, {y}", hint=f"at most {MAX_SIDE} px from the image")


def encode(pixels: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> list[int]:
    """Count the runs of zeros and ones, row by row, beginning with zeros.

    Examples
    --------
    >>> encode(np.array([[True, True, False]]))
    [0, 2, 1]
    """
    flat = pixels.ravel()
    if not len(flat):
        return []
    changes = np.flatnonzero(np.diff(flat)) + 1
    runs: list[int] = np.diff(np.concatenate([[0], changes, [len(flat)]])).tolist()
    return [0, *runs] if flat[0] else runs


def decode(
    runs: list[int], width: int, height: int
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Draw runs of zeros and ones into a box.

    Raises
    ------
    FormatError
        If a run is negative or the runs are longer than the box.
    """
    total = sum(runs)
    if total > width * height or min(runs, default=0) < 0:
        raise FormatError(
            f"runs of {total} px in a box of {width}x{height}", hint="runs must fit into the box"
        )
    flat = np.zeros(width * height, dtype=bool)
    ends = np.cumsum(runs, dtype=np.int64).tolist()
    # The work grows with the runs, which are in the file, and not with the box, which is a claim.
    for start, end in zip(ends[0::2], ends[1::2], strict=False):
        flat[start:end] = True
    return flat.reshape(height, width)


class MaskBudget:
    """What the masks of one file may take; a few bytes can stand for a huge one."""

    def __init__(self) -> None:
        self._claimed = self._kept = 0

    def kept(self, region: Region) -> Region:
        """Give a region as it is to be kept: a large mask in its tight box.

        Raises
        ------
        FormatError
            If the masks of the file so far are more than any sequence has.
        """
        if not isinstance(region, Mask):
            return region
        self._claimed += region.pixels.size
        if region.pixels.size > LARGE:
            tight = region.cropped()
            region = Mask(tight.x, tight.y, tight.pixels.copy())
        self._kept += region.pixels.size
        if self._kept > MOST_PIXELS or self._claimed > MOST_CLAIMED:
            raise FormatError(
                "the masks of this file are too large together",
                hint=f"at most {MOST_PIXELS} px in tight boxes, {MOST_CLAIMED} px as given",
            )
        return region
