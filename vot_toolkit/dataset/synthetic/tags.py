"""Per-frame attributes, told from what was rendered by fixed thresholds.

The thresholds are this data set's own; VOT2018's tags were set by people.
"""

from __future__ import annotations

from collections.abc import Sequence

from vot_toolkit.dataset.synthetic.motion import Point, distance

TAGS = ("camera_motion", "illum_change", "occlusion", "size_change", "motion_change")

CAMERA_SHIFT = 0.75  # pixels since the frame before
LIGHT_RATIO, LIGHT_SPAN = 1.10, 8  # brightness ratio within so many frames
HIDDEN_SHARE = 0.10  # of the target's pixels
AREA_RATIO, AREA_SPAN = 1.30, 15  # ratio of the target's box areas within so many frames
JOLT_SHARE, JOLT_PIXELS = 0.06, 3.0  # change of velocity in one frame: of the size, and at least
JOLT_REACH = 4  # frames around a jolt


def camera_motion(views: Sequence[Point]) -> list[bool]:
    """Whether the background shifted by more than ``CAMERA_SHIFT`` since the frame before."""
    return [
        distance(views[max(index - 1, 0)], view) > CAMERA_SHIFT for index, view in enumerate(views)
    ]


def illum_change(light: Sequence[float]) -> list[bool]:
    """Whether the brightness changed by ``LIGHT_RATIO`` against ``LIGHT_SPAN`` frames ago."""
    return _changed(light, LIGHT_RATIO, LIGHT_SPAN)


def size_change(areas: Sequence[float]) -> list[bool]:
    """Whether the target's area changed by ``AREA_RATIO`` against ``AREA_SPAN`` frames ago."""
    return _changed(areas, AREA_RATIO, AREA_SPAN)


def occlusion(hidden: Sequence[float]) -> list[bool]:
    """Whether more than ``HIDDEN_SHARE`` of the target is covered or outside the image."""
    return [share > HIDDEN_SHARE for share in hidden]


def motion_change(centres: Sequence[Point], sizes: Sequence[float]) -> list[bool]:
    """Whether the velocity jumped within ``JOLT_REACH`` frames of this one.

    A jump is a difference of successive displacements in the image longer than ``JOLT_PIXELS`` and
    than ``JOLT_SHARE`` of the target's size (the root of its box's area).
    """
    jumps = [
        index
        for index in range(2, len(centres))
        if _jolt(centres[index - 2 : index + 1]) > max(JOLT_PIXELS, JOLT_SHARE * sizes[index])
    ]
    return [any(abs(jump - index) <= JOLT_REACH for jump in jumps) for index in range(len(centres))]


def _changed(values: Sequence[float], ratio: float, span: int) -> list[bool]:
    pairs = [(values[max(index - span, 0)], value) for index, value in enumerate(values)]
    return [max(pair) > ratio * min(pair) for pair in pairs]


def _jolt(centres: Sequence[Point]) -> float:
    """Length of the difference between two successive displacements."""
    (x0, y0), (x1, y1), (x2, y2) = centres
    return distance((x1 - x0, y1 - y0), (x2 - x1, y2 - y1))
