"""Overlap when at least one region is a mask.

The procedures are those of TraX since 2020 and of vot-toolkit; tools before them had no masks, so
that the older rule sets follow TraX with their own filling rule. A polygon is counted by row spans,
a mask by its pixels, so that memory does not grow beyond the masks themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.region import Array, Mask, Region
from vot_toolkit.region_overlap import reference
from vot_toolkit.region_overlap.spans import BLOCK, row_spans
from vot_toolkit.rules import OverlapRules
from vot_toolkit.trajectory import Trajectory

Pixels = NDArray[np.bool_]
Box = NDArray[np.float32] | NDArray[np.int64]


@dataclass(frozen=True)
class Window:
    """The part of the plane in which two regions are compared, in px."""

    x: int
    y: int
    width: int
    height: int


def overlap_masks(
    first: Trajectory,
    second: Trajectory,
    bounds: Array,
    rules: OverlapRules,
    out: Array,
    tighter: Array,
) -> None:
    """Fill in the overlaps of the frames in which a mask takes part.

    Parameters
    ----------
    first, second : Trajectory
        N regions each.
    bounds : float64 array, shape (1, 2) or (N, 2)
        Right and bottom limits in px; infinite for none.
    rules : OverlapRules
        The switches.
    out, tighter : float64 array, shape (N,)
        Overwritten in those frames; `tighter`, under bounds one pixel tighter, may be empty.
    """
    for index in sorted(first.masks.keys() | second.masks.keys()):
        right, bottom = bounds[index if len(bounds) > 1 else 0].tolist()
        limit = None if np.isinf(right) else (right, bottom)
        out[index] = overlap_mask(first[index], second[index], limit, rules)
        if len(tighter):
            inner = None if limit is None else (right - 1, bottom - 1)
            tighter[index] = overlap_mask(first[index], second[index], inner, rules)


def overlap_mask(a: Region, b: Region, bounds: reference.Bounds, rules: OverlapRules) -> float:
    """Overlap of two regions of which at least one is a mask.

    NaN with a special code, and with a coordinate that is not finite.
    """
    if not (_is_drawable(a) and _is_drawable(b)):
        return float("nan")
    if rules.rounding == "even":
        a, b = _cropped(a), _cropped(b)
        window = _window_rounded_first(a, b, bounds)
    else:
        window = _window_rounded_last(a, b, bounds, rules)
    if isinstance(window, float):
        return window
    both = _meet(a, b, window, rules)
    either = _area(a, window, rules) + _area(b, window, rules) - both
    return reference.divide(both, either, rules)


def _is_drawable(region: Region) -> bool:
    return isinstance(region, Mask) or (len(region) > 1 and bool(np.isfinite(region).all()))


def _cropped(region: Region) -> Region:
    return region.cropped() if isinstance(region, Mask) else region


def _window_rounded_last(
    a: Region, b: Region, bounds: reference.Bounds, rules: OverlapRules
) -> Window | float:
    p, q = _float_box(a, bounds, rules), _float_box(b, bounds, rules)
    x, y = min(p[0], q[0]), min(p[1], q[1])
    width = reference.extent(max(p[2], q[2]), x)
    height = reference.extent(max(p[3], q[3]), y)
    if width < 1 or height < 1 or reference.boxes_exclude_overlap(p, q):
        return 0.0
    return Window(int(x), int(y), width, height)


def _float_box(
    region: Region, bounds: reference.Bounds, rules: OverlapRules
) -> NDArray[np.float32]:
    if isinstance(region, Mask):
        return reference.clip_box(np.array(region.box, dtype=np.float32), bounds)
    return reference.float_box(reference.vertices_float32(region, rules), bounds)


def _window_rounded_first(a: Region, b: Region, bounds: reference.Bounds) -> Window | float:
    (low_p, high_p), (low_q, high_q) = _pixel_box(a), _pixel_box(b)
    low, high = np.minimum(low_p, low_q), np.maximum(high_p, high_q)
    if (low >= high).any():
        return 1.0
    if bounds is not None:
        low = np.maximum(low, 0)
        high = np.minimum(high, reference.last_pixels(bounds))
        if (low >= high).any():
            return 0.0
    width, height = (int(size) for size in high - low + 1)
    return Window(int(low[0]), int(low[1]), width, height)


def _pixel_box(region: Region) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if isinstance(region, Mask):
        left, top, right, bottom = region.box
        return np.array([left, top]), np.array([right, bottom])
    return reference.integer_box(region, reference.rounded_vertices(region))


def _area(region: Region, window: Window, rules: OverlapRules) -> int:
    if isinstance(region, Mask):
        return int(np.count_nonzero(_inside(region, window)))
    vertices = _vertices(region, window, rules)
    total = 0
    for start in range(0, window.height, BLOCK):
        rows = np.arange(start, min(start + BLOCK, window.height))
        spans = row_spans(vertices, rows, window.width, rules.fill)
        total += int(np.maximum(spans[1::2] - spans[0::2] + 1, 0).sum())
    return total


def _meet(a: Region, b: Region, window: Window, rules: OverlapRules) -> int:
    """Count the pixels in both; at least one region is a mask."""
    if isinstance(a, Mask):
        if isinstance(b, Mask):
            return _meet_masks(a, b, window)
        return _meet_polygon(a, b, window, rules)
    assert isinstance(b, Mask)
    return _meet_polygon(b, a, window, rules)


def _meet_masks(a: Mask, b: Mask, window: Window) -> int:
    left, top = max(a.x, b.x, window.x), max(a.y, b.y, window.y)
    right = min(a.box[2], b.box[2], window.x + window.width - 1)
    bottom = min(a.box[3], b.box[3], window.y + window.height - 1)
    if right < left or bottom < top:
        return 0
    common = Window(left, top, right - left + 1, bottom - top + 1)
    return int(np.count_nonzero(_inside(a, common) & _inside(b, common)))


def _meet_polygon(mask: Mask, polygon: Array, window: Window, rules: OverlapRules) -> int:
    """Count the mask's pixels in the polygon's spans, by sums along each row of the mask."""
    pixels = _inside(mask, window)
    left, top = max(mask.x - window.x, 0), max(mask.y - window.y, 0)
    rows = np.arange(top, top + len(pixels))
    spans = row_spans(_vertices(polygon, window, rules), rows, window.width, rules.fill) - left
    sums = np.zeros((pixels.shape[0], pixels.shape[1] + 1), dtype=np.int64)
    np.cumsum(pixels, axis=1, out=sums[:, 1:])
    index = np.arange(len(pixels))
    total = 0
    for first, last in zip(spans[0::2], spans[1::2], strict=True):
        begin = np.clip(first, 0, pixels.shape[1])
        end = np.clip(last + 1, begin, pixels.shape[1])
        total += int((sums[index, end] - sums[index, begin]).sum())
    return total


def _inside(mask: Mask, window: Window) -> Pixels:
    """Give the part of the mask's box that lies in the window."""
    left, top = max(window.x - mask.x, 0), max(window.y - mask.y, 0)
    right = max(window.x + window.width - mask.x, 0)
    bottom = max(window.y + window.height - mask.y, 0)
    return mask.pixels[top:bottom, left:right]


def _vertices(polygon: Array, window: Window, rules: OverlapRules) -> NDArray[np.int64]:
    origin = np.array([window.x, window.y])
    if rules.rounding == "even":
        return reference.shifted(polygon, reference.rounded_vertices(polygon), origin)
    points = reference.vertices_float32(polygon, rules)
    return reference.round_away(points - origin.astype(np.float32))
