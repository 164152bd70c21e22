"""Overlap by counting row spans in NumPy, for machines without compiler and numba.

The same counts as `vot_toolkit.region_overlap.reference` without its masks: all rows of a polygon
at once, in blocks, so that memory stays bounded whatever the coordinates.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.region import Array
from vot_toolkit.region_overlap import reference
from vot_toolkit.region_overlap.backends import Switches
from vot_toolkit.rules import OverlapRules

BLOCK = 4096
"""Rows counted at a time."""

Columns = NDArray[np.int64]


def overlaps(
    values_a: Array,
    offsets_a: Columns,
    values_b: Array,
    offsets_b: Columns,
    bounds: Array,
    switches: Switches,
    out: Array,
    tighter: Array,
) -> None:
    """Compute the overlap of pairs of regions; the arguments are those of the compiled kernel."""
    rules = rules_of(switches)
    for k in range(len(out)):
        a = values_a[offsets_a[k] : offsets_a[k + 1]]
        b = values_b[offsets_b[k] : offsets_b[k + 1]]
        right, bottom = bounds[k if len(bounds) > 1 else 0]
        limit = None if np.isinf(right) else (float(right), float(bottom))
        out[k] = _pair(a, b, limit, rules)
        if len(tighter):
            inner = None if limit is None else (limit[0] - 1, limit[1] - 1)
            tighter[k] = _pair(a, b, inner, rules)


def overlap_of_pair(a: Array, b: Array, right: float, bottom: float, switches: Switches) -> float:
    """Compute the overlap of a single pair; the arguments are those of `overlaps`."""
    limit = None if np.isinf(right) else (right, bottom)
    return _pair(a, b, limit, rules_of(switches))


def rules_of(switches: Switches) -> OverlapRules:
    """Turn a kernel's switches back into rules."""
    one_less, rounded_first, fill_2020, thin_is_one, single = switches
    return OverlapRules(
        rectangle="x+w-1" if one_less else "x+w",
        rounding="even" if rounded_first else "away",
        fill=2020 if fill_2020 else 2018,
        degenerate="thin-is-one" if thin_is_one else "box-guards",
        precision="float32" if single else "float64",
    )


def _pair(a: Array, b: Array, bounds: reference.Bounds, rules: OverlapRules) -> float:
    if len(a) < 4 or len(b) < 4:
        return float("nan")
    drawing = reference.place(a, b, bounds, rules)
    if isinstance(drawing, float):
        return drawing
    both, either = count(drawing, rules.fill)
    return reference.divide(both, either, rules)


def count(drawing: reference.Drawing, fill: int) -> tuple[int, int]:
    """Count the pixels in both and in either of two polygons.

    Returns
    -------
    tuple of int
        Pixels in both, pixels in either.
    """
    area = both = 0
    for rows in _blocks(drawing):
        spans_a = row_spans(drawing.first, rows, drawing.width, fill)
        spans_b = row_spans(drawing.second, rows, drawing.width, fill)
        area += _total(spans_a) + _total(spans_b)
        both += sum(_total(_meet(pair, spans_b)) for pair in _pairs(spans_a))
    return both, area - both


def _blocks(drawing: reference.Drawing) -> Iterator[Columns]:
    shapes = [shape[:, 1] for shape in (drawing.first, drawing.second) if len(shape)]
    if not shapes:
        return
    top = max(0, min(int(rows.min()) for rows in shapes))
    bottom = min(drawing.height - 1, max(int(rows.max()) for rows in shapes))
    for start in range(top, bottom + 1, BLOCK):
        yield np.arange(start, min(start + BLOCK, bottom + 1))


def row_spans(vertices: Columns, rows: Columns, width: int, fill: int) -> Columns:
    """Give the spans of each row, clipped and disjoint.

    Parameters
    ----------
    vertices : int64 array, shape (n, 2)
        Whole x and y relative to the window; n = 0 for a shape without pixels.
    rows : int64 array, shape (r,)
        The rows.
    width : int
        Width of the window in px.
    fill : int
        Filling rule, 2018 or 2020.

    Returns
    -------
    int64 array, shape (2 s, r)
        First and last column of up to s spans, one after the other; last < first for none.
    """
    if not len(vertices):
        return np.empty((0, len(rows)), dtype=np.int64)
    crossings, counts = _crossings(vertices, rows, fill)
    spans = []
    taken = np.full(len(rows), -1)
    next_k = np.zeros(len(rows), dtype=np.int64)
    for k in range(len(crossings) - 1):
        here = (next_k == k) & (k < counts - 1)
        skips = crossings[k] == crossings[k + 1]
        if fill == 2020:
            skips &= k < counts - 2
        draws = here & ~skips
        next_k = np.where(here, np.where(skips, k + 1, k + 2), next_k)
        first = np.maximum(crossings[k], taken + 1)
        last = np.minimum(crossings[k + 1], width - 1)
        draws &= last >= first
        spans += [np.where(draws, first, 1), np.where(draws, last, 0)]
        taken = np.where(draws, last, taken)
    return np.array(spans, dtype=np.int64).reshape(len(spans), len(rows))


def _crossings(vertices: Columns, rows: Columns, fill: int) -> tuple[Columns, Columns]:
    """Give the sorted crossings of each row and how many; the largest number pads the column."""
    absent = np.iinfo(np.int64).max
    x_i, y_i = vertices.T[:, :, None]
    x_j, y_j = np.roll(vertices, 1, axis=0).T[:, :, None]
    level = y_i == y_j
    met = (np.minimum(y_i, y_j) <= rows) & (rows <= np.maximum(y_i, y_j))
    if fill == 2018:
        met &= ~level
    share = (rows - y_i) / np.where(level, 1, y_j - y_i)
    columns = np.trunc(x_i + share * (x_j - x_i)).astype(np.int64)
    table = np.sort(np.where(met, columns, absent), axis=0)
    return table, (table != absent).sum(axis=0)


def _pairs(spans: Columns) -> Iterator[Columns]:
    return (spans[k : k + 2] for k in range(0, len(spans), 2))


def _meet(pair: Columns, spans: Columns) -> Columns:
    meet = np.empty_like(spans)
    np.maximum(pair[0], spans[0::2], out=meet[0::2])
    np.minimum(pair[1], spans[1::2], out=meet[1::2])
    return meet


def _total(spans: Columns) -> int:
    return int(np.maximum(spans[1::2] - spans[0::2] + 1, 0).sum())
