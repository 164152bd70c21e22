"""A window to watch in, and to draw the first boxes in, where OpenCV has windows."""

from __future__ import annotations

import os
import re
import sys

import cv2
import numpy as np
from numpy.typing import NDArray

from siammask.errors import UsageError
from siammask.video.sources import Image

TITLE = "siammask"
END_KEYS = (27, ord("q"))
"""Escape, and q for quit."""


class Window:
    """Shows frames until the window is closed.

    Raises
    ------
    UsageError
        If this OpenCV has no windows, or there is no screen.
    """

    def __init__(self) -> None:
        _check_windows()
        cv2.namedWindow(TITLE, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO)

    def show(self, image: Image) -> bool:
        """Show a frame; False when the user wants to end: by q, Escape, or closing the window."""
        cv2.imshow(TITLE, image)
        if cv2.waitKey(1) & 0xFF in END_KEYS:
            return False
        return cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) >= 1

    def select(self, image: Image) -> list[NDArray[np.float64]]:
        """Let the user draw boxes, each ended by Enter, all ended by Escape.

        Returns
        -------
        list of float64 array, shape (4,)
            x, y, width, height in px.

        Raises
        ------
        UsageError
            If none was drawn.
        """
        boxes = [np.asarray(box, dtype=float) for box in cv2.selectROIs(TITLE, image, False, False)]
        drawn = [box for box in boxes if box[2] > 0 and box[3] > 0]
        if not drawn:
            raise UsageError("no box was drawn", hint="draw one and press Enter; then Escape")
        return drawn

    def close(self) -> None:
        """Remove the window."""
        cv2.destroyWindow(TITLE)


def _check_windows() -> None:
    found = re.search(r"^\s*GUI:\s*(\S+)", cv2.getBuildInformation(), re.MULTILINE)
    if found is None or found[1] == "NONE":
        raise UsageError(
            "--show: this OpenCV has no windows",
            hint="leave --show out, or install opencv-contrib-python in the place of "
            "opencv-contrib-python-headless",
        )
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
        raise UsageError("--show: there is no screen", hint="leave --show out, or set DISPLAY")
