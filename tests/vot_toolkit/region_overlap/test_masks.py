"""Overlap in which masks take part."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vot_toolkit.region import Mask
from vot_toolkit.region_overlap import overlap, overlaps, reference
from vot_toolkit.region_overlap.masks import overlap_mask
from vot_toolkit.region_overlap.pairs import count_overlaps
from vot_toolkit.rules import load_rules
from vot_toolkit.trajectory import Trajectory

RULES = ("vot2018", "pysot", "matlab2019", "matlab7", "vot-toolkit")
NONE = Mask(0, 0, np.zeros((0, 0), dtype=bool))

WHOLE = st.integers(-15, 15).map(float)
NUMBERS = WHOLE | st.integers(-30, 30).map(lambda k: k / 2) | st.floats(-15, 15, width=32)
RECTANGLES = st.lists(NUMBERS, min_size=4, max_size=4).map(np.array)
POLYGONS = st.lists(NUMBERS, min_size=6, max_size=16).map(lambda v: np.array(v[: len(v) // 2 * 2]))
MASKS = st.builds(
    Mask,
    st.integers(-15, 15),
    st.integers(-15, 15),
    hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=8)),
)
BOUNDS = st.none() | st.tuples(st.integers(1, 20), st.integers(1, 20))


def block(x: int, y: int, width: int, height: int) -> Mask:
    """Make a mask whose box is full."""
    return Mask(x, y, np.ones((height, width), dtype=bool))


def is_rounded_first(rules) -> bool:
    return rules.rounding == "even"


def float_box(region, bounds, rules):
    if isinstance(region, Mask):
        return reference.clip_box(np.array(region.box, dtype=np.float32), bounds)
    return reference.float_box(reference.vertices_float32(region, rules), bounds)


def float_window(a, b, bounds, rules):
    """Give the window of the rules of 2018 to 2020 and whether the boxes decide."""
    p, q = float_box(a, bounds, rules), float_box(b, bounds, rules)
    left, top = min(p[0], q[0]), min(p[1], q[1])
    width = int(max(p[2], q[2]) - left) + 1
    height = int(max(p[3], q[3]) - top) + 1
    decided = width < 1 or height < 1 or reference.boxes_exclude_overlap(p, q)
    return (int(left), int(top), width, height), 0.0 if decided else None


def pixel_box(region):
    if isinstance(region, Mask):
        return region.cropped().box
    low, high = reference.integer_box(region, reference.rounded_vertices(region))
    return *low.tolist(), *high.tolist()


def pixel_window(a, b, bounds):
    """Give the window of vot-toolkit and whether it decides."""
    p, q = pixel_box(a), pixel_box(b)
    left, top, right, bottom = *np.minimum(p, q)[:2].tolist(), *np.maximum(p, q)[2:].tolist()
    decided = 1.0 if left >= right or top >= bottom else None
    if bounds is not None and decided is None:
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right, bounds[0] - 1), min(bottom, bounds[1] - 1)
        decided = 0.0 if left >= right or top >= bottom else None
    return (left, top, right - left + 1, bottom - top + 1), decided


def drawn(region, window, rules):
    """Draw a region into a window pixel by pixel."""
    left, top, width, height = window
    if not isinstance(region, Mask):
        origin = np.array([left, top])
        if is_rounded_first(rules):
            vertices = reference.shifted(region, reference.rounded_vertices(region), origin)
        else:
            points = reference.vertices_float32(region, rules)
            vertices = reference.round_away(points - origin.astype(np.float32))
        return reference.draw(vertices, width, height, rules.fill)
    canvas = np.zeros((height, width), dtype=bool)
    for row, column in np.argwhere(region.pixels).tolist():
        x, y = region.x + column - left, region.y + row - top
        if 0 <= x < width and 0 <= y < height:
            canvas[y, x] = True
    return canvas


def drawn_overlap(a, b, bounds, rules) -> float:
    """Overlap by drawing both regions whole."""
    if is_rounded_first(rules):
        window, decided = pixel_window(a, b, bounds)
    else:
        window, decided = float_window(a, b, bounds, rules)
    if decided is not None:
        return decided
    first, second = drawn(a, window, rules), drawn(b, window, rules)
    return reference.divide(int((first & second).sum()), int((first | second).sum()), rules)


@settings(deadline=None, max_examples=200)
@given(MASKS, MASKS | RECTANGLES | POLYGONS, BOUNDS, st.sampled_from(RULES))
def test_masks_overlap_as_if_both_were_drawn(a, b, bounds, rules):
    switches = load_rules(rules).overlap
    expected = drawn_overlap(a, b, bounds, switches)
    found = overlap_mask(a, b, bounds, switches)
    assert np.array_equal(found, expected, equal_nan=True)
    assert np.array_equal(overlap_mask(b, a, bounds, switches), found, equal_nan=True)
    assert np.array_equal(overlap(a, b, bounds, rules), found, equal_nan=True)


@settings(deadline=None, max_examples=120)
@given(
    st.lists(WHOLE, min_size=6, max_size=16).map(lambda v: np.array(v[: len(v) // 2 * 2])),
    RECTANGLES | POLYGONS | MASKS,
    BOUNDS,
    st.sampled_from(RULES),
)
def test_the_mask_of_a_drawn_polygon_overlaps_as_the_polygon(polygon, other, bounds, rules):
    """Its box is the polygon's where the vertices are whole.

    Vot-toolkit takes the tight box of the pixels instead, so that thin cases may differ there; and
    left of or above the window crossings are cut off towards the window, a mask's pixels are not.
    """
    switches = load_rules(rules).overlap
    points = polygon.reshape(-1, 2).astype(np.int64)
    points -= 0 if bounds is None else points.min(axis=0)
    polygon = points.ravel().astype(np.float64)
    left, top = points.min(axis=0).tolist()
    width, height = (np.ptp(points, axis=0) + 1).tolist()
    pixels = reference.draw(points - [left, top], width, height, switches.fill)
    mask = Mask(left, top, pixels)
    if is_rounded_first(switches):
        assume(pixel_window(polygon, other, bounds)[1] is None)
        assume(pixel_window(mask, other, bounds)[1] is None)
    if not isinstance(other, Mask):
        expected = reference.overlap(polygon, other, bounds, switches)
    else:
        expected = overlap_mask(polygon, other, bounds, switches)
    found = overlap_mask(mask, other, bounds, switches)
    assert np.array_equal(found, expected, equal_nan=True)


@pytest.mark.parametrize("rules", RULES)
def test_a_block_of_5x4_overlaps_its_polygon_and_its_rectangle(rules):
    """Where a rectangle ends at x+w it has 6x5 pixels."""
    mask = block(3, 2, 5, 4)
    against_rectangle = 20 / 30 if load_rules(rules).overlap.rectangle == "x+w" else 1
    assert overlap(mask, mask, rules=rules) == 1
    assert overlap(mask, [3, 2, 7, 2, 7, 5, 3, 5], rules=rules) == 1
    assert overlap(mask, [3, 2, 5, 4], rules=rules) == pytest.approx(against_rectangle)
    assert overlap(mask, block(4, 2, 5, 4), rules=rules) == pytest.approx(16 / 24)
    assert overlap(mask, block(9, 2, 5, 4), rules=rules) == 0


@pytest.mark.parametrize(
    ("rules", "empty_twice"),
    [("vot2018", 0), ("pysot", 0), ("matlab2019", 0), ("matlab7", 0), ("vot-toolkit", 1)],
)
def test_empty_masks_overlap_each_other_only_in_vot_toolkit_and_nothing_else(rules, empty_twice):
    blank = Mask(5, 5, np.zeros((3, 3), dtype=bool))
    assert overlap(NONE, NONE, rules=rules) == empty_twice
    for bounds in (None, (40, 30)):
        for other in ([10, 10, 20, 10], [0, 0, 20, 10], block(2, 2, 9, 9)):
            assert overlap(NONE, other, bounds, rules) == 0
            assert overlap(blank, other, bounds, rules) == 0


def test_blank_masks_are_empty_in_vot_toolkit_and_have_no_defined_overlap_in_trax():
    blank = Mask(5, 5, np.zeros((3, 3), dtype=bool))
    assert overlap(blank, blank, rules="vot-toolkit") == 1
    assert np.isnan(overlap(blank, blank, rules="matlab7"))


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("code", [0, 1, 2])
def test_a_code_against_a_mask_is_nan(rules, code):
    for bounds in (None, (40, 30)):
        assert np.isnan(overlap(block(0, 0, 5, 5), [code], bounds, rules))
        assert np.isnan(overlap([code], NONE, bounds, rules))


def test_a_number_that_is_not_finite_against_a_mask_is_nan_below_the_public_functions():
    broken = np.array([0, np.nan, 5, 5])
    for rules in RULES:
        assert np.isnan(overlap_mask(broken, NONE, None, load_rules(rules).overlap))


def test_a_mask_in_rows_below_the_image_has_no_pixel():
    """A column of pixels and an upright line have no area, which passes all guards."""
    column, line = block(10, 485, 1, 6), [10, 100, 10, 200, 10, 200]
    assert np.isnan(overlap(column, line, (640, 480), "vot2018"))
    assert overlap(column, line, (640, 480), "matlab7") == 0


@pytest.mark.parametrize("rules", RULES)
def test_masks_among_other_regions_keep_their_places(rules):
    first = [[0, 0, 9, 9], block(0, 0, 5, 5), [1], [3, 3, 9, 9], block(1, 1, 8, 8), NONE]
    second = [[1, 0, 9, 9], [2, 0, 6, 6], block(0, 0, 9, 9), block(2, 2, 9, 9), [2], NONE]
    bounds = np.array([[12, 9]] * 5 + [[8, 8]])
    expected = [
        overlap(a, b, tuple(limit), rules)
        for a, b, limit in zip(first, second, bounds.tolist(), strict=True)
    ]
    for threads in (1, 3):
        found = overlaps(first, second, bounds, rules, threads=threads)
        assert np.array_equal(found, expected, equal_nan=True)
    assert np.isnan(found).tolist() == [False, False, True, False, True, False]


@pytest.mark.parametrize("rules", RULES)
def test_masks_have_tighter_overlaps_too(rules):
    first = Trajectory.of(block(2, 2, 9, 9), [0, 0, 8, 8])
    second = Trajectory.of(block(0, 0, 9, 9), block(0, 0, 9, 9))
    bounds = np.array([[8.0, 7.0]])
    out, inner = count_overlaps(first, second, bounds, rules, tighter=True)
    assert np.array_equal(out, overlaps(first, second, (8, 7), rules))
    assert np.array_equal(inner, overlaps(first, second, (7, 6), rules))
    free = np.array([[np.inf, np.inf]])
    out, inner = count_overlaps(first, second, free, rules, tighter=True)
    assert np.array_equal(out, inner) and np.array_equal(out, overlaps(first, second, None, rules))
