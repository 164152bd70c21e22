"""What holds for any two regions, whoever counts them, however broken the regions are."""

from __future__ import annotations

import tracemalloc
from itertools import product
from typing import get_args, get_type_hints

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vot_toolkit.region_overlap import overlap, overlaps, reference
from vot_toolkit.rules import OverlapRules, load_rules
from vot_toolkit.trajectory import Trajectory

NAMED = tuple(load_rules(n).overlap for n in ("vot2018", "matlab2019", "matlab7", "vot-toolkit"))
SWITCHES = [get_args(hint) for hint in get_type_hints(OverlapRules).values()]
RULES = st.sampled_from(NAMED) | st.sampled_from([OverlapRules(*s) for s in product(*SWITCHES)])
"""A named rule set, or any other combination of the switches."""

HUGE = [k * v for v in (2.0**24, 2.0**30, 2.0**31, 4e9, 1e12, 3e38, 1e39, 1e300) for k in (-1, 1)]


def grid(limit: int):
    """Draw whole numbers: coincidences, level edges and repeated vertices are frequent."""
    return st.integers(-limit, limit).map(float)


def halves(limit: int):
    """Draw whole and half numbers: ties are frequent."""
    return st.integers(-2 * limit, 2 * limit).map(lambda k: k / 2)


def decimals(limit: int):
    """Draw numbers as result files have them."""
    return st.floats(-limit, limit, width=32).map(lambda value: round(value, 4))


SMALL = (grid(6), halves(8), decimals(12), grid(40) | decimals(40))
LARGE = (decimals(300), halves(300))


@st.composite
def polygons(draw, coordinates):
    """Draw 3 to 12 vertices: free, in a chain with level edges, or from a few points."""
    num = draw(st.integers(3, 12))
    x = draw(st.lists(coordinates, min_size=num, max_size=num))
    y = draw(st.lists(coordinates, min_size=num, max_size=num))
    shape = draw(st.sampled_from(["free", "chain", "few", "line"]))
    if shape == "chain":  # down once and up once, with level edges wherever two rows agree
        turn = draw(st.integers(1, num - 1))
        y = sorted(y[:turn]) + sorted(y[turn:], reverse=True)
    elif shape == "few":
        picks = draw(st.lists(st.integers(0, 2), min_size=num, max_size=num))
        x, y = [x[k] for k in picks], [y[k] for k in picks]
    elif shape == "line":
        y = list(x) if draw(st.booleans()) else [y[0]] * num
    return np.ravel(np.column_stack([x, y]))


@st.composite
def boxes(draw, limit: int):
    """Draw rotated boxes, as trackers report them."""
    centre = draw(st.tuples(decimals(limit), decimals(limit)))
    width, height = draw(st.tuples(st.floats(0, limit), st.floats(0, limit)))
    angle = draw(st.floats(0, np.pi))
    along = np.array([np.cos(angle), np.sin(angle)]) * width / 2
    across = np.array([-np.sin(angle), np.cos(angle)]) * height / 2
    corners = [-along - across, along - across, along + across, across - along]
    return np.round(np.ravel(np.array(corners) + centre), 4)


def rectangles(coordinates):
    """Draw 4 numbers; width and height may be zero or negative."""
    return st.lists(coordinates, min_size=4, max_size=4).map(np.array)


def regions(coordinates):
    """Draw rectangles and polygons."""
    return rectangles(coordinates) | polygons(coordinates)


def bounds(limit: int):
    """Draw bounds or none."""
    side = st.integers(0, limit).map(float) | st.floats(0, limit)
    return st.none() | st.tuples(side, side)


AROUND = st.sampled_from(HUGE).map(lambda v: np.array([-v, -v, v, -v, v, v, -v, v]))
HUGE_REGIONS = regions(st.sampled_from(HUGE) | grid(40)) | AROUND
SIDE = st.integers(1, 60).map(float)


def together(strategies, limit: int):
    """Draw two regions from one family of numbers, a rule set and bounds."""
    pair = st.one_of([st.tuples(s, s) for s in strategies])
    return st.tuples(pair, RULES, bounds(limit))


def same(a: float, b: float) -> bool:
    """Tell whether two doubles are the same, NaN included."""
    return a == b or (np.isnan(a) and np.isnan(b))


@pytest.fixture(scope="session")
def by_all(counted, installed):
    """Count a pair by every backend; they must agree, under the tighter bounds too."""

    def count(a, b, limits, rules) -> float:
        found = {name: counted(name, [a], [b], limits, rules) for name in installed}
        bits = {name: (out.tobytes(), inner.tobytes()) for name, (out, inner) in found.items()}
        assert len(set(bits.values())) == 1, found
        return float(found[installed[0]][0][0])

    return count


@pytest.fixture(scope="session")
def by_all_and_reference(by_all):
    """Count a pair by every backend and by drawing it; they must agree."""

    def count(a, b, limits, rules) -> float:
        found = by_all(a, b, limits, rules)
        drawn = reference.overlap(a, b, limits, rules)
        assert same(found, drawn), (found, drawn)
        return found

    return count


@settings(deadline=None, max_examples=300)
@given(together([regions(c) for c in SMALL] + [boxes(30)], 40))
def test_backends_agree_with_the_reference_on_small_and_degenerate_regions(
    by_all_and_reference, case
):
    (a, b), rules, limits = case
    found = by_all_and_reference(a, b, limits, rules)
    assert np.isnan(found) or 0 <= found <= 1


@settings(deadline=None, max_examples=40)
@given(together([regions(c) for c in LARGE] + [boxes(300)], 320))
def test_backends_agree_with_the_reference_on_regions_of_the_size_of_images(
    by_all_and_reference, case
):
    (a, b), rules, limits = case
    by_all_and_reference(a, b, limits, rules)


@settings(deadline=None, max_examples=100)
@given(HUGE_REGIONS, HUGE_REGIONS | regions(grid(40)), RULES, st.tuples(SIDE, SIDE))
def test_bounds_tame_coordinates_beyond_all_integers(by_all_and_reference, a, b, rules, limits):
    by_all_and_reference(a, b, limits, rules)


@settings(deadline=None, max_examples=60)
@given(st.data(), RULES, bounds(40))
def test_one_number_that_is_not_finite_makes_the_overlap_nan(
    by_all_and_reference, data, rules, limits
):
    a, b = data.draw(regions(grid(20))), data.draw(regions(grid(20)))
    broken = data.draw(st.sampled_from([a, b]))
    broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(
        st.sampled_from([np.nan, np.inf, -np.inf])
    )
    assert np.isnan(by_all_and_reference(a, b, limits, rules))


WIDE = st.floats(-1e7, 1e7).map(lambda value: round(value, 3)) | grid(300)


@st.composite
def wide_and_short(draw, height: int):
    """Draw regions that reach to 1e7 px in x and far less in y."""
    num = draw(st.integers(2, 6))
    x = draw(st.lists(WIDE, min_size=num, max_size=num))
    y = draw(st.lists(halves(height), min_size=num, max_size=num))
    return np.ravel(np.column_stack([x, y]))


@settings(deadline=None, max_examples=60)
@given(wide_and_short(200), wide_and_short(200), RULES, bounds(2**24))
def test_backends_agree_on_regions_of_1e7_columns(by_all, a, b, rules, limits):
    found = by_all(a, b, limits, rules)
    assert np.isnan(found) or 0 <= found <= 1


@settings(deadline=None, max_examples=10)
@given(wide_and_short(10_000), wide_and_short(10_000), RULES, bounds(2**24))
def test_backends_agree_on_regions_of_1e7_columns_and_many_blocks_of_rows(
    by_all, a, b, rules, limits
):
    by_all(a, b, limits, rules)


@pytest.mark.parametrize("height", [511, 512, 513, 4096, 4097])
@pytest.mark.parametrize("rules", NAMED, ids=["vot2018", "matlab2019", "matlab7", "vot-toolkit"])
def test_backends_agree_with_the_reference_where_blocks_of_rows_end(
    by_all_and_reference, height, rules
):
    """Outlines that go down once and up once are counted in blocks of 512 rows, NumPy's in 4096."""
    bent = np.array([0, 0, 7, height // 3, 3, height, -5, height // 2], dtype=np.float64)
    crossed = np.array([0, 0, 7, height, 7, 0, 0, height], dtype=np.float64)
    for a, b in ((bent, bent + 1), (bent, crossed), (np.array([1.0, 2, 3, height]), bent)):
        assert 0 < by_all_and_reference(a, b, None, rules) < 1
        assert by_all_and_reference(a, b, (4, height), rules) > 0


@pytest.mark.parametrize("width", [2**21 - 1, 2**21, 2**21 + 1, 2**24])
def test_windows_too_wide_for_32_bit_counts_have_the_closed_form(by_all, width):
    """A row less of 700: more pixels than 2**30 in a polygon, more than 2**31 in both."""
    a = np.array([0, 0, width - 1, 0, width - 1, 699, 0, 699], dtype=np.float64)
    b = np.array([0, 0, width - 1, 0, width - 1, 698, 0, 698], dtype=np.float64)
    for rules in NAMED:
        quotient = 699 * width / (700 * width)
        single = np.float32(699 * width) / np.float32(700 * width)
        expected = quotient if rules.precision == "float64" else float(single)
        assert by_all(a, b, None, rules) == expected


WIDE_PAIR = [-1e7, -100, 1e7, -90, 1e7, 100, -9e6, 95], [-1e7, -99, 1.9e7, 150]
TALL_PAIR = [-3, -2e5, 5, -1e5, 9, 2e5, 0, 1e5], [0, -2e5, 12, 2e5, 12, -2e5, 0, 2e5]
TALLEST_PAIR = [-3, -1e7, 5, -9e6, 9, 1e7, 0, 9e6], [0, -1e7, 12, 1e7, 12, -1e7, 0, 1e7]


@pytest.mark.parametrize(
    ("a", "b"),
    [WIDE_PAIR, TALL_PAIR, pytest.param(*TALLEST_PAIR, marks=pytest.mark.slow)],
    ids=["2e7 columns", "4e5 rows", "2e7 rows"],
)
def test_numpy_needs_little_memory_whatever_the_size(counted, installed, a, b):
    """Two masks of the wide window would take 8 GB."""
    pair = [np.array(a)], [np.array(b)]
    tracemalloc.start()
    try:
        out, _ = counted("numpy", *pair, None, NAMED[2], tighter=False)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 0 < out[0] < 1
    assert peak < 8e6
    for name in set(installed) - {"numpy"}:
        assert counted(name, *pair, None, NAMED[2])[0] == out


@settings(deadline=None, max_examples=100)
@given(together([regions(c) for c in SMALL] + [boxes(40)], 40))
def test_order_of_the_two_regions_does_not_matter(by_all, case):
    (a, b), rules, limits = case
    assert same(by_all(a, b, limits, rules), by_all(b, a, limits, rules))


@settings(deadline=None, max_examples=100)
@given(regions(grid(8)), regions(grid(8)), RULES, st.tuples(grid(1000), grid(1000)))
def test_moving_both_by_whole_pixels_without_bounds_does_not_matter(by_all, a, b, rules, by):
    moved = [
        region + np.array([*by, 0, 0] if len(region) == 4 else by * (len(region) // 2))
        for region in (a, b)
    ]
    assert same(by_all(*moved, None, rules), by_all(a, b, None, rules))


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from(SMALL).flatmap(lambda c: st.tuples(polygons(c), regions(c))),
    RULES,
    bounds(40),
    st.integers(1, 11),
)
def test_the_vertex_that_a_polygon_starts_with_does_not_matter(by_all, pair, rules, limits, start):
    a, b = pair
    turned = np.roll(a.reshape(-1, 2), start, axis=0).ravel()
    assert same(by_all(a, b, limits, rules), by_all(turned, b, limits, rules))


@st.composite
def exactly_crossed_polygons(draw):
    """Draw polygons whose edges are level or 4 or 8 px high, so that crossings have no rounding."""
    num = draw(st.integers(3, 8))
    x = draw(st.lists(st.integers(-20, 20), min_size=num, max_size=num))
    y = draw(st.lists(st.sampled_from([0, 4, 8]), min_size=num, max_size=num))
    return np.ravel(np.column_stack([x, y])).astype(np.float64)


@settings(deadline=None, max_examples=120)
@given(exactly_crossed_polygons(), regions(grid(10)), RULES)
def test_the_direction_of_a_polygon_does_not_matter_where_crossings_are_exact(by_all, a, b, rules):
    """Without level edges under the filling rule of 2020, which counts one of their ends."""
    rows = a[1::2]
    assume(rules.fill == 2018 or (rows != np.roll(rows, 1)).all())
    reverse = a.reshape(-1, 2)[::-1].ravel()
    assert same(by_all(a, b, None, rules), by_all(reverse, b, None, rules))


def test_the_direction_of_an_edge_of_49_rows_decides_where_it_is_cut_off(by_all_and_reference):
    """In doubles (1 / 49) * 49 < 1 but 49 - (48 / 49) * 49 == 1, as in the reference program."""
    triangle = [(0, 0), (49, 49), (49, 0)]
    assert reference.crossings(triangle, 1, 2018) == [1, 49]
    assert reference.crossings(triangle[::-1], 1, 2018) == [0, 49]
    a, square = np.ravel(triangle).astype(float), np.array([0, 0, 49, 0, 49, 49, 0, 49.0])
    reverse = np.ravel(triangle[::-1]).astype(float)
    assert by_all_and_reference(a, square, None, NAMED[0]) == np.float32(1274) / np.float32(2500)
    assert by_all_and_reference(reverse, square, None, NAMED[0]) == np.float32(1281 / 2500)


@settings(deadline=None, max_examples=50)
@given(grid(40), grid(40), st.integers(2, 60), st.integers(2, 60), RULES)
def test_a_region_overlaps_itself_wholly(by_all, x, y, width, height, rules):
    rectangle = np.array([x, y, width, height])
    assert by_all(rectangle, rectangle, None, rules) == 1
    assert by_all(rectangle, np.array([x + 500, y, width, height]), None, rules) == 0


MIXED = st.lists(
    st.tuples(*[regions(grid(8)) | st.sampled_from([0.0, 1.0, 2.0]).map(np.atleast_1d)] * 2),
    max_size=8,
)


@settings(deadline=None, max_examples=60)
@given(MIXED, st.data(), st.sampled_from(["vot2018", "matlab7", "vot-toolkit"]))
def test_many_pairs_are_counted_as_one_by_one(pairs, data, rules):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    side = st.integers(1, 12).map(float)
    rows = [data.draw(st.tuples(side, side)) for _ in pairs]
    limits = np.array(rows).reshape(-1, 2)
    alone = [overlap(a, b, limit, rules) for a, b, limit in zip(first, second, rows, strict=True)]
    for threads in (1, 3):
        found = overlaps(first, second, limits, rules, threads=threads)
        assert np.array_equal(found, alone, equal_nan=True)
        trajectories = Trajectory.from_regions(first), Trajectory.from_regions(second)
        found = overlaps(*trajectories, limits, rules, threads=threads)
        assert np.array_equal(found, alone, equal_nan=True)
    free = [overlap(a, b, None, rules) for a, b in pairs]
    assert np.array_equal(overlaps(first, second, rules=rules), free, equal_nan=True)
    codes = np.array([len(a) == 1 or len(b) == 1 for a, b in pairs], dtype=bool)
    assert np.isnan(found[codes]).all()
