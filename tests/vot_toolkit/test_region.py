"""Regions, and the errors that name what is wrong with them."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vot_toolkit import errors
from vot_toolkit.errors import RegionError, UserError
from vot_toolkit.region import Code, Mask, as_region, bounding_box, corners, is_region_size

NUMBERS = st.integers(-1000, 1000).map(lambda k: k / 4)
POLYGONS = st.integers(3, 8).flatmap(
    lambda n: st.lists(NUMBERS, min_size=2 * n, max_size=2 * n).map(np.array)
)
MASKS = st.builds(
    Mask,
    st.integers(-9, 9),
    st.integers(-9, 9),
    hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=5)),
)


def test_codes_are_the_numbers_of_result_files():
    assert (Code.UNKNOWN, Code.INITIALISATION, Code.FAILURE) == (0, 1, 2)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, [1]),
        (2.0, [2]),
        ([0], [0]),
        ((10, 20, 30, 40), [10, 20, 30, 40]),
        (np.array([10, 20, 30, 40], dtype=np.float32), [10, 20, 30, 40]),
        (np.arange(6), [0, 1, 2, 3, 4, 5]),
        ([[0, 1], [2, 3], [4, 5]], [0, 1, 2, 3, 4, 5]),
        (range(16), list(range(16))),
    ],
)
def test_numbers_become_float64_in_one_row(value, expected):
    region = as_region(value)
    assert region.dtype == np.float64 and region.ndim == 1
    assert region.tolist() == expected


def test_a_mask_stays_what_it_is():
    mask = Mask(1, 2, np.ones((3, 4), dtype=bool))
    assert as_region(mask) is mask


def test_sizes_of_regions():
    assert [count for count in range(20) if is_region_size(count)] == [1, 4, *range(6, 20, 2)]


@pytest.mark.parametrize("count", [0, 2, 3, 5, 7, 9])
def test_other_counts_are_refused_with_the_numbers(count):
    with pytest.raises(RegionError) as caught:
        as_region([1.5] * count)
    assert caught.value.what == f"a region of {count} numbers {[1.5] * count}"
    assert "4 numbers x,y,width,height" in caught.value.hint


def test_a_long_region_is_cut_short_in_the_message():
    with pytest.raises(RegionError) as caught:
        as_region(np.arange(1001))
    assert caught.value.what.startswith("a region of 1001 numbers [0, 1, 2")
    assert caught.value.what.endswith("...") and len(caught.value.what) < 160


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("count", [1, 4, 8])
def test_numbers_that_are_not_finite_are_refused(wrong, count):
    with pytest.raises(RegionError, match=rf"not finite: \[{wrong}"):
        as_region([wrong] * count)


@pytest.mark.parametrize("value", [7, [3], [-1], [0.5]])
def test_a_number_alone_that_is_no_code_is_refused(value):
    with pytest.raises(RegionError, match=r"is no special code \(accepted: .*code, 0, 1 or 2\)"):
        as_region(value)


@pytest.mark.parametrize("value", ["here", None, [None] * 4, object(), [[1], [2, 3]], 1j])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(RegionError):
        as_region(value)


def test_corners_of_a_rectangle_go_clockwise_from_the_top_left():
    assert corners(np.array([1.0, 2, 3, 4])).tolist() == [1, 2, 4, 2, 4, 6, 1, 6]


def test_bounding_box_of_a_diamond():
    assert bounding_box(np.array([10.0, 0, 20, 5, 10, 10, 0, 5])).tolist() == [0, 0, 20, 10]


@given(st.lists(NUMBERS, min_size=4, max_size=4).map(np.array))
def test_a_rectangle_bounds_its_corners(rectangle):
    rectangle[2:] = np.abs(rectangle[2:])
    assert bounding_box(corners(rectangle)).tolist() == rectangle.tolist()


@given(POLYGONS)
def test_a_polygon_touches_all_sides_of_its_box(polygon):
    x, y, width, height = bounding_box(polygon)
    assert {x, x + width} <= set(polygon[0::2]) and {y, y + height} <= set(polygon[1::2])
    assert (polygon[0::2] >= x).all() and (polygon[0::2] <= x + width).all()
    assert (polygon[1::2] >= y).all() and (polygon[1::2] <= y + height).all()


@pytest.mark.parametrize("function", [bounding_box, corners])
@pytest.mark.parametrize("count", [4, 8])
def test_results_do_not_share_memory_with_the_region(function, count):
    region = np.arange(float(count))
    assert not np.shares_memory(function(region), region)


def test_the_box_of_a_mask_is_inclusive():
    mask = Mask(3, 5, np.array([[True, False, False, False], [False, True, True, False]]))
    assert mask.box == (3, 5, 6, 6)
    assert mask.area == 3


def test_cropping_takes_empty_rows_and_columns_away():
    pixels = np.zeros((5, 6), dtype=bool)
    pixels[1, 2] = pixels[3, 3] = True
    tight = Mask(10, 20, pixels).cropped()
    assert tight.box == (12, 21, 13, 23)
    assert tight.pixels.tolist() == [[True, False], [False, False], [False, True]]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 2)])
def test_an_empty_mask_crops_to_nothing_at_the_origin(shape):
    tight = Mask(7, 8, np.zeros(shape, dtype=bool)).cropped()
    assert (tight.x, tight.y, tight.pixels.shape) == (0, 0, (0, 0))
    assert tight.area == 0


@given(MASKS, st.integers(0, 3), st.integers(0, 3))
def test_masks_are_equal_when_their_pixels_are_whatever_their_boxes(mask, left, top):
    padded = np.pad(mask.pixels, ((top, 1), (left, 2)))
    wider = Mask(mask.x - left, mask.y - top, padded)
    assert wider == mask and hash(wider) == hash(mask)
    assert mask.cropped() == mask and mask.cropped().area == mask.area == wider.area


@given(MASKS)
def test_masks_differ_by_a_pixel_and_by_their_place(mask):
    if mask.area:
        assert Mask(mask.x + 1, mask.y, mask.pixels) != mask
        assert Mask(mask.x, mask.y - 1, mask.pixels) != mask
        fewer = mask.pixels.copy()
        fewer[tuple(np.argwhere(fewer)[0])] = False
        assert Mask(mask.x, mask.y, fewer) != mask
    assert mask != "mask"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (UserError("no such thing"), "no such thing"),
        (RegionError("3 numbers", hint="give 4"), "3 numbers (give 4)"),
        (RegionError("3 numbers", line=7), "line 7: 3 numbers"),
        (RegionError("3 numbers", file="a.txt"), "a.txt: 3 numbers"),
        (
            RegionError("3 numbers", file=Path("a") / "b.txt", line=7, hint="give 4"),
            f"{Path('a') / 'b.txt'}:7: 3 numbers (give 4)",
        ),
    ],
)
def test_messages_name_place_fault_and_advice_and_survive_another_process(error, message):
    again = pickle.loads(pickle.dumps(error))
    assert str(error) == str(again) == message
    assert type(again) is type(error)
    for name in ("what", "file", "line", "hint"):
        assert getattr(again, name) == getattr(error, name)


def test_every_kind_of_error_survives_another_process():
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, UserError)
    ]
    assert len(kinds) > 5
    for kind in kinds:
        error = kind("wrong", file="f", line=1, hint="do right")
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is kind and str(again) == "f:1: wrong (do right)"
