"""The classic trackers of OpenCV's contributed modules, behind the toolkit's contract.

OpenCV takes an upright box inside the image, here in whole pixels: the bounding box of the region,
cut at the border. When it says that the target is lost, the last box is reported again, since the
protocol decides by overlap alone what a failure is.

MIL runs in a process of its own, a new one for every run, since that is the only way to make it
repeat itself; see `vot_toolkit.tracker.isolated` for what that costs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.errors import TrackerError
from vot_toolkit.region import Array, bounding_box
from vot_toolkit.tracker.isolated import IsolatedTracker


@dataclass(frozen=True)
class Method:
    """One of OpenCV's trackers.

    Parameters
    ----------
    name : str
        Name in the toolkit.
    maker : str
        What builds it, below ``cv2``.
    deterministic : bool
        Whether two runs in one process agree to the last bit.
    least_side : int
        Shortest side, in px, of a box it can be started on; a smaller one is enlarged.
    """

    name: str
    maker: str
    deterministic: bool
    least_side: int = 1


# deterministic: found with OpenCV 5.0.0 on rendered noisy sequences, by running twice in a process
# with equal seeds (cv2.setRNGSeed), with different ones, with none, with one thread and with two,
# and in fresh processes. All agree to the last bit but MIL: its samplers draw on from a random
# state that no seed resets, so a second run in a process differs from the first. The first runs of
# two processes agree, which is what `mil` makes use of.
# least_side: found with the same version by trying. Below it CSRT raises in resize, MOSSE in
# createHanningWindow, and MIL never returns from drawing its Haar features.
CSRT = Method("csrt", "TrackerCSRT.create", deterministic=True, least_side=3)
KCF = Method("kcf", "TrackerKCF.create", deterministic=True)
MIL = Method("mil", "TrackerMIL.create", deterministic=False, least_side=5)
MOSSE = Method("mosse", "legacy.TrackerMOSSE_create", deterministic=True, least_side=2)
MEDIANFLOW = Method("medianflow", "legacy.TrackerMedianFlow_create", deterministic=True)


class OpenCVTracker:
    """One of OpenCV's trackers; reports upright rectangles.

    Parameters
    ----------
    method : Method
        Which one.

    Raises
    ------
    TrackerError
        If the installed OpenCV lacks it.
    """

    def __init__(self, method: Method) -> None:
        self.name = method.name
        self.deterministic = method.deterministic
        self._method = method
        self._make = _maker(method)

    def initialize(self, image: NDArray[np.uint8], region: Array) -> None:
        """Start a new OpenCV tracker.

        Parameters
        ----------
        image : uint8 array, shape (height, width, 3)
            BGR.
        region : float64 array, shape (4,) or (2n,)
            The target, in px.
        """
        height, width = image.shape[:2]
        x, y, w, h = bounding_box(region)
        left, box_width = _span(x, w, width, self._method.least_side)
        top, box_height = _span(y, h, height, self._method.least_side)
        box = (left, top, box_width, box_height)
        self._box = np.array(box, dtype=np.float64)
        self._tracker = self._make()
        self._tracker.init(image, box)

    def update(self, image: NDArray[np.uint8]) -> Array:
        """Find the target; when it is lost, give the last box again.

        Parameters
        ----------
        image : uint8 array, shape (height, width, 3)
            BGR.

        Returns
        -------
        float64 array, shape (4,)
            x, y, width, height in px.
        """
        found, box = self._tracker.update(image)
        # KCF says True with a box of no size where it has nothing to compare.
        if found and box[2] > 0 and box[3] > 0:
            self._box = np.array(box, dtype=np.float64)
        return self._box


def csrt() -> OpenCVTracker:
    """Track by OpenCV's CSRT, a correlation filter with channel and spatial reliability."""
    return OpenCVTracker(CSRT)


def kcf() -> OpenCVTracker:
    """Track by OpenCV's KCF, a kernelised correlation filter; keeps the target's size."""
    return OpenCVTracker(KCF)


def mil() -> IsolatedTracker:
    """Track by OpenCV's MIL, online multiple instance learning; each run in a new process."""
    # That OpenCV lacks it shows here, not at the first frame.
    _maker(MIL)
    return IsolatedTracker(MIL.name, partial(OpenCVTracker, MIL), deterministic=True)


def mosse() -> OpenCVTracker:
    """Track by OpenCV's MOSSE, the fastest correlation filter; keeps the target's size."""
    return OpenCVTracker(MOSSE)


def medianflow() -> OpenCVTracker:
    """Track by OpenCV's MedianFlow, optical flow checked forwards and backwards."""
    return OpenCVTracker(MEDIANFLOW)


def _maker(method: Method) -> Callable[[], Any]:
    """Find what builds OpenCV's tracker."""
    hint = "pip install opencv-contrib-python-headless, and no other OpenCV package beside it"
    try:
        import cv2
    except ImportError as error:
        fault = f"tracker {method.name!r} needs OpenCV, which cannot be imported: {error}"
        raise TrackerError(fault, hint=hint) from error
    found: Any = cv2
    for part in method.maker.split("."):
        found = getattr(found, part, None)
    if found is None:
        version = getattr(cv2, "__version__", "of unknown version")
        fault = f"tracker {method.name!r}: OpenCV {version} has no cv2.{method.maker}"
        raise TrackerError(fault, hint=hint)
    return found  # type: ignore[no-any-return]


def _span(start: float, length: float, limit: int, least: int) -> tuple[int, int]:
    """Round one side of a box to pixels inside the image; give its first pixel and its length."""
    first = min(max(round(start), 0), limit - 1)
    inside = min(max(round(start + length), first + 1), limit) - first
    side = min(max(inside, least), limit)
    return min(max(first - (side - inside) // 2, 0), limit - side), side
