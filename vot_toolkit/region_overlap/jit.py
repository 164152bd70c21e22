"""Overlap of many pairs of regions by counting row spans, compiled by numba.

The algorithm of ``_kernel.pyx``, for machines that have numba and no C compiler. Each function here
has its twin of the same name there, which says what it does.
"""

# ruff: noqa: D103

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from vot_toolkit.region import Array
from vot_toolkit.region_overlap.backends import Switches
from vot_toolkit.region_overlap.reference import LIMIT

BLOCK = 512
MAX_NARROW = 2**21
OUTSIDE = 2**30

compiled: Any = njit(cache=True, nogil=True, error_model="numpy")


@compiled
def saturate(value):  # type: ignore[no-untyped-def]
    return min(max(value, -LIMIT), LIMIT)


@compiled
def round_away(value):  # type: ignore[no-untyped-def]
    wide = np.float64(value)
    return saturate(math.copysign(math.floor(abs(wide) + 0.5), wide))


@compiled
def round_even(value):  # type: ignore[no-untyped-def]
    return saturate(np.rint(np.float64(np.float32(value))))


@compiled
def float_vertices(region, one_less, x, y):  # type: ignore[no-untyped-def]
    if len(region) != 4:
        for k in range(len(region) // 2):
            x[k] = np.float32(region[2 * k])
            y[k] = np.float32(region[2 * k + 1])
        return len(region) // 2
    less = 1.0 if one_less else 0.0
    right = np.float32(region[0] + region[2] - less)
    bottom = np.float32(region[1] + region[3] - less)
    x[0] = x[3] = np.float32(region[0])
    y[0] = y[1] = np.float32(region[1])
    x[1] = x[2] = right
    y[2] = y[3] = bottom
    return 4


@compiled
def float_box(n, x, y, right, bottom):  # type: ignore[no-untyped-def]
    """Give the clipped box, and whether one pixel less of bounds could change it."""
    left = last_x = x[0]
    top = last_y = y[0]
    for k in range(1, n):
        left, last_x = min(left, x[k]), max(last_x, x[k])
        top, last_y = min(top, y[k]), max(last_y, y[k])
    left, top = np.floor(left), np.floor(top)
    last_x, last_y = np.ceil(last_x), np.ceil(last_y)
    if right == np.inf:
        return (left, top, last_x, last_y), False
    clipped = last_x > right - 1 or last_y > bottom - 1
    left, top = max(left, np.float32(0)), max(top, np.float32(0))
    last_x, last_y = min(last_x, np.float32(right)), min(last_y, np.float32(bottom))
    return (left, top, last_x, last_y), clipped


@compiled
def extent(length):  # type: ignore[no-untyped-def]
    return np.int64(saturate(np.trunc(np.float64(length)))) + 1


@compiled
def boxes_exclude_overlap(p, q):  # type: ignore[no-untyped-def]
    area_p = np.float32((p[2] - p[0]) * (p[3] - p[1]))
    area_q = np.float32((q[2] - q[0]) * (q[3] - q[1]))
    if np.float64(area_p / area_q) < 1e-10 or np.float64(area_q / area_p) < 1e-10:
        return True
    width = min(p[2], q[2]) - max(p[0], q[0])
    height = min(p[3], q[3]) - max(p[1], q[1])
    inside = np.float32(width * height)
    value = np.float32(inside / (area_p + area_q - inside))
    return value <= 0


@compiled
def pair_rounded_last(a, b, right, bottom, rules, u_p, v_p, u_q, v_q, x_p, y_p, x_q, y_q, work):  # type: ignore[no-untyped-def]
    """Overlap of one pair, and whether one pixel less of bounds could change it."""
    one_less, _, fill_2020, thin_is_one, single = rules
    n = float_vertices(a, one_less, u_p, v_p)
    m = float_vertices(b, one_less, u_q, v_q)
    p, p_clipped = float_box(n, u_p, v_p, right, bottom)
    q, q_clipped = float_box(m, u_q, v_q, right, bottom)
    clipped = p_clipped or q_clipped
    x0, y0 = min(p[0], q[0]), min(p[1], q[1])
    width = extent(np.float32(max(p[2], q[2]) - x0))
    height = extent(np.float32(max(p[3], q[3]) - y0))
    if width < 1 or height < 1 or boxes_exclude_overlap(p, q):
        return 0.0, clipped
    shift_and_round(n, u_p, v_p, x0, y0, x_p, y_p)
    shift_and_round(m, u_q, v_q, x0, y0, x_q, y_q)
    both, either = count_pixels(n, x_p, y_p, m, x_q, y_q, width, height, fill_2020, work)
    return divide(both, either, thin_is_one, single), clipped


@compiled
def shift_and_round(n, u, v, x0, y0, x, y):  # type: ignore[no-untyped-def]
    for k in range(n):
        x[k] = round_away(np.float32(u[k] - x0))
        y[k] = round_away(np.float32(v[k] - y0))


@compiled
def pair_rounded_first(a, b, right, bottom, rules, x_p, y_p, x_q, y_q, work):  # type: ignore[no-untyped-def]
    _, _, fill_2020, thin_is_one, single = rules
    n, p = rounded_vertices(a, x_p, y_p)
    m, q = rounded_vertices(b, x_q, y_q)
    left, top = min(p[0], q[0]), min(p[1], q[1])
    last_x, last_y = max(p[2], q[2]), max(p[3], q[3])
    if left >= last_x or top >= last_y:
        return 1.0
    if right != np.inf:
        left, top = max(left, 0.0), max(top, 0.0)
        last_x, last_y = min(last_x, np.trunc(right) - 1), min(last_y, np.trunc(bottom) - 1)
        if left >= last_x or top >= last_y:
            return 0.0
    n = 0 if len(a) == 4 and (p[2] < p[0] or p[3] < p[1]) else n
    m = 0 if len(b) == 4 and (q[2] < q[0] or q[3] < q[1]) else m
    shift(n, left, top, x_p, y_p)
    shift(m, left, top, x_q, y_q)
    width, height = np.int64(last_x - left) + 1, np.int64(last_y - top) + 1
    both, either = count_pixels(n, x_p, y_p, m, x_q, y_q, width, height, fill_2020, work)
    return divide(both, either, thin_is_one, single)


@compiled
def rounded_vertices(region, x, y):  # type: ignore[no-untyped-def]
    """Write the rounded vertices; give how many, and first and last column and row."""
    if len(region) == 4:
        left, top = round_even(region[0]), round_even(region[1])
        right = left + round_even(region[2]) - 1
        bottom = top + round_even(region[3]) - 1
        x[0] = x[3] = left
        x[1] = x[2] = right
        y[0] = y[1] = top
        y[2] = y[3] = bottom
        return 4, (left, top, right, bottom)
    n = len(region) // 2
    for k in range(n):
        x[k], y[k] = round_even(region[2 * k]), round_even(region[2 * k + 1])
    left, right = extremes(n, x)
    top, bottom = extremes(n, y)
    return n, (left, top, right, bottom)


@compiled
def extremes(n, values):  # type: ignore[no-untyped-def]
    """Give the smallest and the largest of the first n values, n > 0."""
    low = high = values[0]
    for k in range(1, n):
        low, high = min(low, values[k]), max(high, values[k])
    return low, high


@compiled
def shift(n, left, top, x, y):  # type: ignore[no-untyped-def]
    for k in range(n):
        x[k] = saturate(x[k] - left)
        y[k] = saturate(y[k] - top)


@compiled
def divide(both, either, thin_is_one, single):  # type: ignore[no-untyped-def]
    if either == 0:
        return 0.0 if thin_is_one else np.nan
    if single:
        return np.float64(np.float32(np.float32(both) / np.float32(either)))
    return both / either


@compiled
def count_pixels(n, x_p, y_p, m, x_q, y_q, width, height, fill_2020, work):  # type: ignore[no-untyped-def]
    narrow = width < MAX_NARROW
    if narrow and has_one_fall_and_one_rise(n, y_p) and has_one_fall_and_one_rise(m, y_q):
        return count_single_spans(n, x_p, y_p, m, x_q, y_q, width, height, fill_2020, work)
    return count_any_spans(n, x_p, y_p, m, x_q, y_q, width, height, fill_2020, work)


@compiled
def has_one_fall_and_one_rise(n, y):  # type: ignore[no-untyped-def]
    if n == 0:
        return False
    turns = 0
    before = y[n - 1] - y[n - 2]
    here = y[0] - y[n - 1]
    for k in range(n):
        after = y[0 if k + 1 == n else k + 1] - y[k]
        if here == 0:
            if before * after >= 0:
                return False
            turns += 1
        elif here * after < 0:
            turns += 1
        before, here = here, after
    return turns == 2


@compiled
def count_single_spans(n, x_p, y_p, m, x_q, y_q, width, height, fill_2020, work):  # type: ignore[no-untyped-def]
    ramp, first_p, last_p, first_q, last_q, _, _ = work
    top_p, bottom_p = extremes(n, y_p)
    top_q, bottom_q = extremes(m, y_q)
    drop_thin = not fill_2020
    area, both = 0, 0
    row = max(0.0, min(top_p, top_q))
    stop = min(height - 1.0, max(bottom_p, bottom_q))
    while row <= stop:
        rows = np.int64(min(BLOCK, stop - row + 1))
        from_p, to_p = first_row(top_p, row, rows), end_row(bottom_p, row, rows)
        from_q, to_q = first_row(top_q, row, rows), end_row(bottom_q, row, rows)
        trace_outline(n, x_p, y_p, row, rows, ramp, first_p, last_p)
        trace_outline(m, x_q, y_q, row, rows, ramp, first_q, last_q)
        area += clip_rows(first_p, last_p, from_p, to_p, width, drop_thin)
        area += clip_rows(first_q, last_q, from_q, to_q, width, drop_thin)
        both += meet_rows(first_p, last_p, first_q, last_q, max(from_p, from_q), min(to_p, to_q))
        row += rows
    return both, area - both


@compiled
def first_row(top, row, rows):  # type: ignore[no-untyped-def]
    return np.int64(min(max(0.0, top - row), np.float64(rows)))


@compiled
def end_row(bottom, row, rows):  # type: ignore[no-untyped-def]
    return np.int64(max(min(np.float64(rows), bottom - row + 1), 0.0))


@compiled
def trace_outline(n, x, y, row, rows, ramp, down, up):  # type: ignore[no-untyped-def]
    for k in range(n):
        before = n - 1 if k == 0 else k - 1
        y_i, y_j = y[k], y[before]
        if y_i == y_j:
            continue
        low, high = min(y_i, y_j), max(y_i, y_j)
        if high < row or low > row + rows - 1:
            continue
        begin = np.int64(max(0.0, low - row))
        end = np.int64(min(np.float64(rows), high - row + 1))
        dx, dy = x[before] - x[k], y_j - y_i
        if dy < 0:
            trace_edge(x[k], y_i - row, dx, dy, ramp, begin, end, down)
        else:
            trace_edge(x[k], y_i - row, dx, dy, ramp, begin, end, up)


@compiled
def trace_edge(x, y, dx, dy, ramp, begin, end, columns):  # type: ignore[no-untyped-def]
    """`ramp` holds the row numbers as float64: there is no vector conversion of 64-bit integers.

    Here and below, an unsigned index spares the test for negative ones, which would keep the loop
    from becoming vector instructions.
    """
    if dx == 0:
        for r in range(begin, end):
            columns[np.uint64(r)] = np.int32(x)
        return
    for r in range(begin, end):
        k = np.uint64(r)
        columns[k] = np.int32(x + ((ramp[k] - y) / dy) * dx)


@compiled
def clip_rows(first, last, begin, end, width, drop_thin):  # type: ignore[no-untyped-def]
    area = np.int32(0)
    right = np.int32(width - 1)
    for r in range(begin, end):
        k = np.uint64(r)
        low = min(first[k], last[k])
        high = max(first[k], last[k])
        low = np.int32(OUTSIDE) if (low == high) & drop_thin else max(low, np.int32(0))
        high = min(high, right)
        first[k] = low
        last[k] = high
        area = np.int32(area + max(np.int32(high - low + np.int32(1)), np.int32(0)))
    return np.int64(area)


@compiled
def meet_rows(first_p, last_p, first_q, last_q, begin, end):  # type: ignore[no-untyped-def]
    both = np.int32(0)
    for r in range(begin, end):
        k = np.uint64(r)
        length = min(last_p[k], last_q[k]) - max(first_p[k], first_q[k]) + np.int32(1)
        both = np.int32(both + max(np.int32(length), np.int32(0)))
    return np.int64(both)


@compiled
def count_any_spans(n, x_p, y_p, m, x_q, y_q, width, height, fill_2020, work):  # type: ignore[no-untyped-def]
    spans_p, spans_q = work[5], work[6]
    top, bottom = np.inf, -np.inf
    if n:
        top, bottom = extremes(n, y_p)
    if m:
        top_q, bottom_q = extremes(m, y_q)
        top, bottom = min(top, top_q), max(bottom, bottom_q)
    area, both = 0, 0
    row = max(0.0, top)
    stop = min(height - 1.0, bottom)
    while row <= stop:
        count_p = row_spans(n, x_p, y_p, row, width, fill_2020, spans_p)
        count_q = row_spans(m, x_q, y_q, row, width, fill_2020, spans_q)
        area += length_of(spans_p, count_p) + length_of(spans_q, count_q)
        both += length_of_both(spans_p, count_p, spans_q, count_q)
        row += 1
    return both, area - both


@compiled
def row_spans(n, x, y, row, width, fill_2020, spans):  # type: ignore[no-untyped-def]
    count = 0
    for k in range(n):
        before = n - 1 if k == 0 else k - 1
        x_i, y_i, x_j, y_j = x[k], y[k], x[before], y[before]
        if row < min(y_i, y_j) or row > max(y_i, y_j):
            continue
        if y_i == y_j:
            if fill_2020:
                count = insert(spans, count, np.int64(x_i))
        else:
            share = (row - y_i) / (y_j - y_i)
            count = insert(spans, count, np.int64(x_i + share * (x_j - x_i)))
    return pair_crossings(spans, count, width, fill_2020)


@compiled
def insert(columns, count, column):  # type: ignore[no-untyped-def]
    k = count
    while k > 0 and columns[k - 1] > column:
        columns[k] = columns[k - 1]
        k -= 1
    columns[k] = column
    return count + 1


@compiled
def pair_crossings(columns, count, width, fill_2020):  # type: ignore[no-untyped-def]
    k, written, taken = 0, 0, -1
    while k < count - 1:
        first, last = columns[k], columns[k + 1]
        if first == last and (not fill_2020 or k < count - 2):
            k += 1
            continue
        if first >= width:
            break
        k += 2
        first, last = max(first, taken + 1), min(last, width - 1)
        if last >= first:
            columns[written], columns[written + 1] = first, last
            written += 2
            taken = last
    return written


@compiled
def length_of(spans, count):  # type: ignore[no-untyped-def]
    total = 0
    for k in range(0, count, 2):
        total += spans[k + 1] - spans[k] + 1
    return total


@compiled
def length_of_both(spans_p, count_p, spans_q, count_q):  # type: ignore[no-untyped-def]
    total, i, j = 0, 0, 0
    while i < count_p and j < count_q:
        first, last = max(spans_p[i], spans_q[j]), min(spans_p[i + 1], spans_q[j + 1])
        total += max(last - first + 1, 0)
        if spans_p[i + 1] < spans_q[j + 1]:
            i += 2
        else:
            j += 2
    return total


@compiled
def finite(values):  # type: ignore[no-untyped-def]
    sum_of_zeros = 0.0
    for k in range(len(values)):
        sum_of_zeros += values[k] * 0
    return sum_of_zeros == 0


@compiled
def overlaps(values_a, offsets_a, values_b, offsets_b, bounds, rules, out, tighter):  # type: ignore[no-untyped-def]
    """Compute the overlap of pairs of regions; the arguments are those of the compiled kernel."""
    most = 8
    for k in range(len(out)):
        most = max(most, offsets_a[k + 1] - offsets_a[k], offsets_b[k + 1] - offsets_b[k])
    size = most // 2 + 1
    # Memory that all pairs share; arrays of their own, since taking a part of one costs more here
    # than the counting of a small region: vertices before and after rounding, …
    u_p, v_p = np.empty(size, dtype=np.float32), np.empty(size, dtype=np.float32)
    u_q, v_q = np.empty(size, dtype=np.float32), np.empty(size, dtype=np.float32)
    x_p, y_p, x_q, y_q = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    # … row numbers of a block, crossings of its rows, crossings and spans of one row.
    work = (
        np.arange(BLOCK).astype(np.float64),
        np.empty(BLOCK, dtype=np.int32),
        np.empty(BLOCK, dtype=np.int32),
        np.empty(BLOCK, dtype=np.int32),
        np.empty(BLOCK, dtype=np.int32),
        np.empty(3 * size, dtype=np.int64),
        np.empty(3 * size, dtype=np.int64),
    )
    for k in range(len(out)):
        a = values_a[offsets_a[k] : offsets_a[k + 1]]
        b = values_b[offsets_b[k] : offsets_b[k + 1]]
        inner = len(tighter) > 0
        if len(a) < 4 or len(b) < 4 or not (finite(a) and finite(b)):
            out[k] = np.nan
            if inner:
                tighter[k] = np.nan
            continue
        right, bottom = bounds[k if len(bounds) > 1 else 0]
        for narrower in range(2 if inner else 1):
            last_x, last_y = right - narrower, bottom - narrower
            if rules[1]:
                value = pair_rounded_first(a, b, last_x, last_y, rules, x_p, y_p, x_q, y_q, work)
                clipped = True
            else:
                value, clipped = pair_rounded_last(
                    a, b, last_x, last_y, rules, u_p, v_p, u_q, v_q, x_p, y_p, x_q, y_q, work
                )
            if narrower:
                tighter[k] = value
                continue
            out[k] = value
            if inner:
                tighter[k] = value
                if not clipped:
                    break


def overlap_of_pair(a: Array, b: Array, right: float, bottom: float, rules: Switches) -> float:
    """Compute the overlap of a single pair; the arguments are those of `overlaps`."""
    out, ends = np.empty(1), (np.array([0, len(a)]), np.array([0, len(b)]))
    limits = np.array([[right, bottom]])
    overlaps(a, ends[0], b, ends[1], limits, rules, out, np.empty(0))
    return float(out[0])
