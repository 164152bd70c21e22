"""Template matching by normalised cross-correlation, the oldest tracker of the VOT challenges.

References
----------
K. Briechle, U. D. Hanebeck, "Template matching using fast normalized cross correlation", Proc. SPIE
4387, 2001.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.errors import TrackerChoiceError
from vot_toolkit.region import Array, bounding_box

Image = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Match:
    """Where the template was found.

    Parameters
    ----------
    region : float64 array, shape (4,)
        x, y, width, height in px.
    score : float
        Similarity, 1 for an exact copy; in [-1, 1].
    """

    region: Array
    score: float


class NCCTracker:
    """Looks for the first frame's target, in grey, around where it was last.

    It reports an upright rectangle of the template's size: what was inside the image of the
    initial region's upright rectangle, in whole pixels, at least one. A target without contrast
    (of one pixel, say) correlates with nothing and is matched by its grey value.

    Parameters
    ----------
    search : float
        How far it looks to each side, in widths and heights of the target; above 0.

    Raises
    ------
    TrackerChoiceError
        If `search` is not above 0.
    """

    name = "ncc"
    deterministic = True

    def __init__(self, search: float = 0.5) -> None:
        if not 0 < search < np.inf:
            fault = f"option search={search:g}"
            raise TrackerChoiceError(fault, hint="accepted: a finite number above 0")
        self.search = search

    def initialize(self, image: Image, region: Array) -> None:
        """Cut the template.

        Parameters
        ----------
        image : uint8 array, shape (height, width, 3) or (height, width)
            BGR or grey.
        region : float64 array, shape (4,) or (2n,)
            The target, in px; a part outside the image is cut off.
        """
        grey = _grey(image)
        x, y, width, height = bounding_box(region)
        left, right = _span(x, width, grey.shape[1])
        top, bottom = _span(y, height, grey.shape[0])
        self._template = grey[top:bottom, left:right].copy()
        self._left, self._top = left, top

    def update(self, image: Image) -> Match:
        """Find the place that is most like the template; of equal ones, the nearest.

        Parameters
        ----------
        image : uint8 array, shape (height, width, 3) or (height, width)
            BGR or grey, of the size of the first.

        Returns
        -------
        Match
            The rectangle and how similar it is.
        """
        height, width = self._template.shape
        left, top, window = self._window(image)
        likeness = _likeness(window, self._template)
        row, column = _best(likeness, self._top - top, self._left - left)
        self._left, self._top = left + column, top + row
        region = np.array([self._left, self._top, width, height], dtype=np.float64)
        return Match(region, float(likeness[row, column]))

    def _window(self, image: Image) -> tuple[int, int, Image]:
        """Cut the part to be searched, in grey; give its left column and top row too."""
        height, width = self._template.shape
        reach_x, reach_y = (int(np.ceil(self.search * side)) for side in (width, height))
        left, top = max(self._left - reach_x, 0), max(self._top - reach_y, 0)
        right, bottom = self._left + width + reach_x, self._top + height + reach_y
        return left, top, _grey(image[top:bottom, left:right])


def build(search: float = 0.5) -> NCCTracker:
    """Match the first frame's template by normalised cross-correlation, in grey.

    Parameters
    ----------
    search : float
        How far to look to each side, in widths and heights of the target.
    """
    return NCCTracker(search)


def _grey(image: Image) -> Image:
    import cv2

    grey: Any = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return grey  # type: ignore[no-any-return]


def _span(start: float, length: float, limit: int) -> tuple[int, int]:
    """Round one side of a box to pixels inside the image, at least one."""
    first = min(max(round(start), 0), limit - 1)
    last = min(max(round(start + length), first + 1), limit)
    return first, last


def _likeness(window: Image, template: Image) -> NDArray[np.float32]:
    """Compare the template with every place in the window, in [-1, 1]."""
    import cv2

    found: Any
    if template.min() == template.max():
        squares: Any = cv2.matchTemplate(window, template, cv2.TM_SQDIFF)
        found = 1 - np.maximum(squares, 0) / np.float32(template.size * 255.0**2)
    else:
        found = cv2.matchTemplate(window, template, cv2.TM_CCOEFF_NORMED)
    # Without contrast in the window the quotient is 0/0; rounding can leave [-1, 1] a little.
    return np.clip(np.nan_to_num(found, nan=-1.0), -1, 1)  # type: ignore[no-any-return]


def _best(likeness: NDArray[np.float32], row: int, column: int) -> tuple[int, int]:
    """Give row and column of the maximum that is nearest to a place."""
    rows, columns = np.nonzero(likeness == likeness.max())
    nearest = int(np.argmin((rows - row) ** 2 + (columns - column) ** 2))
    return int(rows[nearest]), int(columns[nearest])
