"""Overlap as geometry."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from vot_toolkit.errors import RegionError
from vot_toolkit.region import Mask, corners
from vot_toolkit.region_overlap import overlap, overlaps

BOX = [0, 0, 10, 10]
DIAMOND = [5, 0, 10, 5, 5, 10, 0, 5]
BOW_TIE = [0, 0, 10, 10, 10, 0, 0, 10]


@pytest.mark.parametrize(
    ("a", "b", "bounds", "expected"),
    [
        (BOX, BOX, None, 1),
        (BOX, [5, 0, 10, 10], None, 50 / 150),
        (BOX, [10, 0, 10, 10], None, 0),
        (BOX, [2.5, 2.5, 5, 5], None, 0.25),
        (BOX, DIAMOND, None, 0.5),
        (BOX, [0, 0, 10, 0, 0, 10], None, 0.5),
        (BOX, BOW_TIE, None, 0.5),
        (BOW_TIE, BOW_TIE, None, 1),
        (BOX, [10, 0, -10, 10], None, 1),  # a negative width turns the outline round
        (BOX, [5, 5, 0, 0], None, 0),
        (BOX, [5, 0, 10, 10], (10, 10), 0.5),  # 5x10 of the second remain
        (BOX, [0, 0, 20, 20], (10, 10), 1),
        (BOX, [-10, 0, 20, 10], (40, 40), 1),  # what lies left of 0 is cut off
        (BOX, [5, 0, 10, 10], (40.5, 7.5), 50 / 150),
        (DIAMOND, BOX, (5, 10), 0.5),
    ],
)
def test_areas_computed_by_hand(a, b, bounds, expected):
    assert overlap(a, b, bounds, "exact") == pytest.approx(expected, rel=1e-12)
    assert overlap(b, a, bounds, "exact") == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("a", "b", "bounds"),
    [
        (BOX, [2], None),
        ([0], [1], None),
        ([5, 5, 0, 0], [5, 5, 0, 0], None),
        (BOX, BOX, (0, 0)),
        ([50, 50, 9, 9], [50, 50, 9, 9], (40, 40)),
    ],
)
def test_codes_and_two_regions_without_area_give_nan(a, b, bounds):
    assert np.isnan(overlap(a, b, bounds, "exact"))


def test_lists_of_mixed_kinds_with_codes_and_bounds_of_their_own():
    first = [BOX, [1], BOX, BOX, DIAMOND]
    second = [DIAMOND, BOX, [5, 0, 10, 10], [5, 0, 10, 10], [0]]
    bounds = np.array([[40, 40], [40, 40], [np.inf, np.inf], [10, 10], [40, 40]])
    found = overlaps(first, second, bounds, "exact")
    assert np.allclose(found, [0.5, np.nan, 1 / 3, 0.5, np.nan], rtol=1e-12, equal_nan=True)
    assert overlaps([], [], rules="exact").shape == (0,)
    assert overlaps([[1]], [[1]], (40, 40), "exact").shape == (1,)


def test_masks_have_no_outline():
    mask = Mask(0, 0, np.ones((5, 5), dtype=bool))
    for pair in ((mask, BOX), (BOX, mask)):
        with pytest.raises(RegionError, match=r"a mask has no exact outline.*not 'exact'"):
            overlap(*pair, rules="exact")


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(-6, 6).map(float), min_size=6, max_size=16), st.booleans())
def test_any_polygon_has_an_overlap_however_it_crosses_itself(numbers, bounded):
    polygon = numbers[: len(numbers) // 2 * 2]
    found = overlap(polygon, [-20, -20, 40, 40], (5, 5) if bounded else None, "exact")
    assert np.isnan(found) or 0 <= found <= 1


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_convex_regions_overlap_as_shapely_has_it(data):
    number = st.floats(0, 50)
    pair = []
    for _ in range(2):
        points = data.draw(st.lists(st.tuples(number, number), min_size=3, max_size=8))
        hull = shapely.MultiPoint(points).convex_hull
        rectangle = data.draw(st.tuples(number, number, st.floats(1, 20), st.floats(1, 20)))
        if hull.geom_type == "Polygon" and hull.area > 1 and data.draw(st.booleans()):
            pair.append((np.ravel(hull.exterior.coords[:-1]), hull))
        else:
            outline = corners(np.array(rectangle)).reshape(-1, 2)
            pair.append((np.array(rectangle), shapely.Polygon(outline)))
    (a, p), (b, q) = pair
    expected = p.intersection(q).area / p.union(q).area
    assert overlap(a, b, rules="exact") == pytest.approx(expected, abs=1e-9)


def test_counting_pixels_comes_near_the_geometry_for_large_regions():
    a, b = [100.3, 80.2, 300, 200], [120.7, 95.1, 310, 190]
    exact = overlap(a, b, rules="exact")
    for rules in ("vot2018", "matlab7", "vot-toolkit"):
        assert overlap(a, b, rules=rules) == pytest.approx(exact, abs=0.01)
