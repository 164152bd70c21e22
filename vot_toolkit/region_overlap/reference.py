"""The slow definition of overlap: draw both regions into masks and count pixels.

Every backend must give the same bits. Nothing here is fast; it needs memory for two masks, so that
it serves regions of the size of images and no larger.

References
----------
VOT2018 challenge: TraX ``region.c`` of 2017-05-22 (filling rule 2018), of 2019-11-27 (filling rule
2020); vot-toolkit 0.9.0 (rounding half to even, thin regions).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.region import Array
from vot_toolkit.rules import OverlapRules

Bounds = tuple[float, float] | None
Vertices = NDArray[np.int64]

LIMIT = float(2**30)
"""Rounded coordinates saturate here, far outside any image, where C leaves the result open."""


@dataclass(frozen=True)
class Drawing:
    """Two polygons in their common window.

    Parameters
    ----------
    first, second : int64 array, shape (n, 2)
        x and y of the vertices relative to the window, in whole px; n = 0 for a region without
        pixels.
    width, height : int
        Size of the window in px, at least 1.
    """

    first: Vertices
    second: Vertices
    width: int
    height: int


def overlap(a: Array, b: Array, bounds: Bounds, rules: OverlapRules) -> float:
    """Overlap of two regions: pixels in both over pixels in either.

    Parameters
    ----------
    a, b : float64 array, shape (4,) or (2n,)
        Rectangles or polygons in px.
    bounds : tuple of float or None
        Right and bottom limit in px; left and top are 0 then.
    rules : OverlapRules
        The switches.

    Returns
    -------
    float
        In [0, 1], or NaN where the rules leave it undefined. A region with a coordinate that is not
        finite gives NaN.
    """
    drawing = place(a, b, bounds, rules)
    if isinstance(drawing, float):
        return drawing
    first = draw(drawing.first, drawing.width, drawing.height, rules.fill)
    second = draw(drawing.second, drawing.width, drawing.height, rules.fill)
    return divide(int((first & second).sum()), int((first | second).sum()), rules)


def place(a: Array, b: Array, bounds: Bounds, rules: OverlapRules) -> Drawing | float:
    """Put two regions into their common window, or say at once what they overlap.

    Parameters are those of `overlap`.
    """
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("nan")
    if rules.rounding == "even":
        return _place_rounded_first(a, b, bounds)
    return _place_rounded_last(a, b, bounds, rules)


def _place_rounded_last(a: Array, b: Array, bounds: Bounds, rules: OverlapRules) -> Drawing | float:
    p, q = vertices_float32(a, rules), vertices_float32(b, rules)
    box_p, box_q = float_box(p, bounds), float_box(q, bounds)
    x0, y0 = min(box_p[0], box_q[0]), min(box_p[1], box_q[1])
    width = extent(max(box_p[2], box_q[2]), x0)
    height = extent(max(box_p[3], box_q[3]), y0)
    if width < 1 or height < 1 or boxes_exclude_overlap(box_p, box_q):
        return 0.0
    origin = np.array([x0, y0], dtype=np.float32)
    return Drawing(round_away(p - origin), round_away(q - origin), width, height)


def vertices_float32(region: Array, rules: OverlapRules) -> NDArray[np.float32]:
    """Give the vertices in single precision, shape (n, 2); a rectangle's as the rules say."""
    if len(region) == 4:
        x, y, w, h = region.tolist()
        less = 1.0 if rules.rectangle == "x+w-1" else 0.0
        right, bottom = x + w - less, y + h - less
        region = np.array([x, y, right, y, right, bottom, x, bottom])
    with np.errstate(over="ignore"):
        return region.astype(np.float32).reshape(-1, 2)


def float_box(vertices: NDArray[np.float32], bounds: Bounds) -> NDArray[np.float32]:
    """Left, top, right, bottom: rounded outwards, then clipped; may be inverted."""
    box = np.concatenate([np.floor(vertices.min(axis=0)), np.ceil(vertices.max(axis=0))])
    return clip_box(box, bounds)


def clip_box(box: NDArray[np.float32], bounds: Bounds) -> NDArray[np.float32]:
    """Clip left, top, right, bottom to the bounds."""
    if bounds is None:
        return box
    low = np.maximum(box[:2], np.float32(0))
    high = np.minimum(box[2:], np.array(bounds, dtype=np.float32))
    return np.concatenate([low, high])


def extent(last: np.float32, first: np.float32) -> int:
    """Count the pixels from one coordinate to another, both included."""
    with np.errstate(over="ignore"):
        length = np.trunc(np.float64(np.float32(last - first)))
    return int(np.clip(length, -LIMIT, LIMIT)) + 1


def boxes_exclude_overlap(p: NDArray[np.float32], q: NDArray[np.float32]) -> bool:
    """Tell whether the areas of the boxes are too different, or their quotient is exactly 0."""
    with np.errstate(all="ignore"):
        area_p = (p[2] - p[0]) * (p[3] - p[1])
        area_q = (q[2] - q[0]) * (q[3] - q[1])
        if float(area_p / area_q) < 1e-10 or float(area_q / area_p) < 1e-10:
            return True
        width = min(p[2], q[2]) - max(p[0], q[0])
        height = min(p[3], q[3]) - max(p[1], q[1])
        inside = np.float32(width * height)
        value = inside / (area_p + area_q - inside)
        return bool(value <= 0)


def round_away(values: NDArray[np.float32]) -> Vertices:
    """Round half away from zero, as C ``round`` does, and saturate."""
    wide = values.astype(np.float64)
    rounded = np.copysign(np.floor(np.abs(wide) + 0.5), wide)
    return np.clip(rounded, -LIMIT, LIMIT).astype(np.int64)


def _place_rounded_first(a: Array, b: Array, bounds: Bounds) -> Drawing | float:
    p, q = rounded_vertices(a), rounded_vertices(b)
    low_p, high_p = integer_box(a, p)
    low_q, high_q = integer_box(b, q)
    low, high = np.minimum(low_p, low_q), np.maximum(high_p, high_q)
    if (low >= high).any():
        return 1.0
    if bounds is not None:
        low = np.maximum(low, 0)
        high = np.minimum(high, last_pixels(bounds))
        if (low >= high).any():
            return 0.0
    width, height = (int(size) for size in high - low + 1)
    return Drawing(shifted(a, p, low), shifted(b, q, low), width, height)


def rounded_vertices(region: Array) -> Vertices:
    """Round half to even; a rectangle's numbers apart, its corners are the outermost pixels."""
    with np.errstate(over="ignore"):
        rounded = np.round(region.astype(np.float32).astype(np.float64))
    values = np.clip(rounded, -LIMIT, LIMIT).astype(np.int64)
    if len(region) == 4:
        x, y, w, h = values
        right, bottom = x + w - 1, y + h - 1
        values = np.array([x, y, right, y, right, bottom, x, bottom])
    return values.reshape(-1, 2)


def integer_box(region: Array, vertices: Vertices) -> tuple[Vertices, Vertices]:
    """First and last pixel; those of a rectangle without extent stay inverted."""
    if len(region) == 4:
        return vertices[0], vertices[2]
    return vertices.min(axis=0), vertices.max(axis=0)


def last_pixels(bounds: tuple[float, float]) -> NDArray[np.int64]:
    """Give the last column and row inside the bounds."""
    return np.array([int(bounds[0]) - 1, int(bounds[1]) - 1])


def shifted(region: Array, vertices: Vertices, origin: Vertices) -> Vertices:
    """Give the vertices relative to the window; none for a rectangle without pixels."""
    if len(region) == 4 and (vertices[2] < vertices[0]).any():
        return vertices[:0]
    moved: Vertices = np.clip(vertices - origin, -int(LIMIT), int(LIMIT))
    return moved


def draw(vertices: Vertices, width: int, height: int, fill: int) -> NDArray[np.bool_]:
    """Fill a polygon with integer vertices.

    Parameters
    ----------
    vertices : int64 array, shape (n, 2)
        x and y of the vertices, relative to the mask.
    width, height : int
        Size of the mask in px.
    fill : int
        Filling rule, 2018 or 2020.

    Returns
    -------
    bool array, shape (height, width)

    Examples
    --------
    >>> diamond = np.array([[2, 0], [4, 2], [2, 4], [0, 2]])
    >>> draw(diamond, 5, 5, 2018).astype(int)
    array([[0, 0, 0, 0, 0],
           [0, 1, 1, 1, 0],
           [1, 1, 1, 1, 1],
           [0, 1, 1, 1, 0],
           [0, 0, 0, 0, 0]])
    >>> draw(diamond, 5, 5, 2020)[0].astype(int)
    array([0, 0, 1, 0, 0])
    """
    mask = np.zeros((height, width), dtype=bool)
    points = [(int(x), int(y)) for x, y in vertices]
    for y in range(height):
        for first, last in spans(crossings(points, y, fill), width, fill):
            mask[y, first : last + 1] = True
    return mask


def crossings(points: list[tuple[int, int]], y: int, fill: int) -> list[int]:
    """Give the columns at which the polygon's edges meet a row, ascending.

    An edge runs from the vertex before to the vertex; both its ends belong to it. The column is
    reckoned from the edge's last vertex in floating point and truncated, so that where it is a
    whole number the direction of the edge can decide a pixel: the same corners in the other order
    may give another overlap. The references do so too, and every backend follows them.

    Examples
    --------
    >>> corners = [(0, 0), (0, 22), (22, 22)]
    >>> crossings(corners, 15, 2018), crossings(corners[::-1], 15, 2018)
    ([0, 14], [0, 15])
    """
    found = []
    for i, (x_i, y_i) in enumerate(points):
        x_j, y_j = points[i - 1]
        if not min(y_i, y_j) <= y <= max(y_i, y_j):
            continue
        if y_i == y_j:
            found += [x_i] if fill == 2020 else []
        else:
            share = (y - y_i) / (y_j - y_i)
            found.append(int(x_i + share * (x_j - x_i)))
    return sorted(found)


def spans(columns: list[int], width: int, fill: int) -> list[tuple[int, int]]:
    """Pair the crossings of a row into the first and last columns that are filled."""
    pairs = []
    k = 0
    while k < len(columns) - 1:
        first, last = columns[k], columns[k + 1]
        if fill == 2020 and first >= width:
            break
        if first == last and (fill == 2018 or k < len(columns) - 2):
            k += 1
            continue
        if first >= width:
            break
        if last >= 0:
            pairs.append((max(first, 0), min(last, width - 1)))
        k += 2
    return pairs


def divide(both: int, either: int, rules: OverlapRules) -> float:
    """Divide pixel counts in the type and with the empty case of the rules."""
    if either == 0:
        return 0.0 if rules.degenerate == "thin-is-one" else float("nan")
    if rules.precision == "float64":
        return both / either
    return float(np.float32(both) / np.float32(either))
