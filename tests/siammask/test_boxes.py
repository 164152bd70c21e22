"""Boxes: the start, the choice among the candidates, and how the target follows it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siammask.anchors import search_grid
from siammask.boxes import (
    Choice,
    check_place,
    choose,
    clamped,
    corners,
    decode,
    follow,
    initial_box,
    penalties,
    rectangle,
    target_scores,
    window,
)
from siammask.errors import ModelError, RegionError
from siammask.settings import Settings

SETTINGS = Settings()
GRID = search_grid(SETTINGS.anchors, 25)
SIDES = st.floats(1, 300)
PLACES = st.floats(-50, 400)


@given(x=PLACES, y=PLACES, width=SIDES, height=SIDES)
def test_rectangle_goes_there_and_back(x, y, width, height):
    center, size = initial_box((x, y, width, height))
    assert rectangle(center, size) == pytest.approx([x, y, width, height])
    assert corners(center, size)[[0, 1, 4, 5]] == pytest.approx([x, y, x + width, y + height])


@given(x=PLACES, y=PLACES, width=SIDES, height=SIDES)
def test_upright_corners_are_the_rectangle_and_a_pixel(x, y, width, height):
    region = corners(np.array([x, y]), np.array([width, height]))
    center, size = initial_box(region)
    assert center == pytest.approx([x, y])
    assert size == pytest.approx([width + 1, height + 1])


@given(turn=st.floats(0.01, 1.5))
def test_turned_rectangle_keeps_its_area(turn):
    across, along = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    signs = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    region = np.array([100 + 30 * i * across + 20 * j * along for i, j in signs])
    center, size = initial_box(region)
    assert center == pytest.approx([100, 100])
    assert np.prod(size - 1) == pytest.approx(60 * 40)
    extent = np.ptp(region, axis=0)
    assert (size[0] - 1) / (size[1] - 1) == pytest.approx(extent[0] / extent[1])


def test_region_is_not_held_on_to():
    region = np.array([10.0, 20, 30, 40])
    _, size = initial_box(region)
    region[:] = 0
    assert size.tolist() == [30, 40]


@pytest.mark.parametrize(
    ("region", "message"),
    [
        ([10, 20, 0, 40], "an empty region: .10, 20, 0, 40. .width and height must be above 0"),
        ([10, 20, 30, -1], "an empty region"),
        ([10, 20, 30, float("nan")], "a number that is not finite"),
        ([10, 20, float("inf"), 3], "not finite"),
        ([1, 2, 3], "a region of 3 numbers.*accepted: 4 numbers"),
        ([1, 2, 3, 4, 5, 6], "a region of 6 numbers"),
        ([], "a region of 0 numbers"),
        (None, "not finite|a region of 1 numbers|no region"),
        ("box", "no region: 'box'"),
        ([0, 0, 10, 0, 20, 0, 30, 0], "an empty region.*on a line"),
        ([5, 5, 5, 5, 9, 9, 5, 9], "an empty region.*corners are one"),
    ],
)
def test_regions_that_are_none(region, message):
    with pytest.raises(RegionError, match=message):
        initial_box(region)


@pytest.mark.parametrize(
    ("region", "message"),
    [
        ([320, 10, 30, 30], "320,10,30,30 lies outside the frame of 320x240 px"),
        ([-30, 10, 30, 30], "outside"),
        ([10, 240, 30, 30], "outside"),
        ([10, -99, 30, 30], "outside"),
        ([0, 0, 641, 30], "too large for the frame of 320x240"),
    ],
)
def test_targets_that_are_not_in_the_frame(region, message):
    with pytest.raises(RegionError, match=message):
        check_place(*initial_box(region), (320, 240))


@pytest.mark.parametrize("region", [[319, 239, 5, 5], [-29, -29, 30, 30], [0, 0, 320, 240]])
def test_targets_that_reach_into_the_frame(region):
    check_place(*initial_box(region), (320, 240))


def test_scores_are_the_logistic_of_the_difference():
    generator = np.random.default_rng(0)
    cls = generator.normal(0, 30, (10, 25, 25)).astype(np.float32)
    difference = (cls[5:] - cls[:5]).astype(np.float64).ravel()
    assert target_scores(cls) == pytest.approx(1 / (1 + np.exp(-difference)), rel=1e-5, abs=1e-7)
    assert target_scores(cls).dtype == np.float32


def test_no_offset_gives_the_anchors():
    boxes = decode(np.zeros((20, 25, 25), dtype=np.float32), GRID)
    np.testing.assert_array_equal(boxes, GRID.T)
    assert boxes.dtype == np.float32


def test_window_is_highest_in_the_middle():
    weights = window(SETTINGS).reshape(5, 25, 25)
    assert weights[0, 12, 12] == weights.max() == 1
    assert weights[0, 0].max() == weights[0, :, 0].max() == 0
    assert all(np.array_equal(weights[0], each) for each in weights)
    assert window(Settings(windowing="uniform")).tolist() == [1] * 3125


@given(size=st.tuples(SIDES, SIDES), scale=st.floats(0.2, 5), penalty_k=st.floats(0, 1))
def test_penalty_is_the_same_for_twice_and_half(size, scale, penalty_k):
    target = np.array(size)
    boxes = np.stack([[0, 0, *(target * scale)], [0, 0, *(target / scale)], [0, 0, *target]], 1)
    found = penalties(boxes, target, penalty_k)
    assert found[0] == pytest.approx(found[1])
    assert found[2] == pytest.approx(1)
    assert (found <= 1 + 1e-12).all()
    assert found[0] == pytest.approx(np.exp(-(max(scale, 1 / scale) - 1) * penalty_k))


def choice_among(cls, loc, size=(64.0, 64.0), settings=SETTINGS):
    boxes, scores = decode(loc, GRID), target_scores(cls)
    return choose(boxes, scores, np.array(size), window(settings), settings)


def test_choice_is_the_first_of_equal_ones():
    cls = np.zeros((10, 25, 25), dtype=np.float32)
    loc = np.zeros((20, 25, 25), dtype=np.float32)
    settings = Settings(penalty_k=0, windowing="uniform")
    choice = choice_among(cls, loc, settings=settings)
    assert (choice.index, choice.score, choice.penalty) == (0, 0.5, 1)


def test_window_pulls_to_the_middle():
    cls = np.zeros((10, 25, 25), dtype=np.float32)
    loc = np.zeros((20, 25, 25), dtype=np.float32)
    choice = choice_among(cls, loc)
    # The square anchor has the shape of the target.
    assert choice.index == 2 * 625 + 12 * 25 + 12
    assert choice.box.tolist() == [0, 0, 64, 64]


def test_infinite_size_is_never_chosen():
    cls = np.zeros((10, 25, 25), dtype=np.float32)
    loc = np.zeros((20, 25, 25), dtype=np.float32)
    loc[10:15, 12, 12] = 1000
    assert choice_among(cls, loc).index % 625 != 12 * 25 + 12


def test_nan_is_said():
    cls = np.full((10, 25, 25), np.nan, dtype=np.float32)
    with pytest.raises(ModelError, match="a score of nan with the box"):
        choice_among(cls, np.zeros((20, 25, 25), dtype=np.float32))


@given(rate=st.floats(0, 1), x=st.floats(-90, 90), width=SIDES)
def test_place_follows_at_once_and_size_by_steps(rate, x, width):
    # Of 64 x 64 px with its context: 128 px are 127 px of the patch.
    center, size = np.array([100.0, 80.0]), np.array([64.0, 64.0])
    choice = Choice(0, 1.0, 1.0, np.array([x, 0.0, width, 64.0]))
    found_center, found_size = follow(center, size, choice, rate)
    assert found_center == pytest.approx([100 + x * 128 / 127, 80])
    assert found_size[0] == pytest.approx(64 + rate * (width * 128 / 127 - 64))


@given(
    center=st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)),
    size=st.tuples(st.floats(0, 1e4), st.floats(0, 1e4)),
)
def test_clamped_is_inside(center, size):
    found_center, found_size = clamped(np.array(center), np.array(size), (320, 240))
    assert ((found_center >= 0) & (found_center <= [320, 240])).all()
    assert ((found_size >= 10) & (found_size <= [320, 240])).all()
    again = clamped(found_center, found_size, (320, 240))
    assert [each.tolist() for each in again] == [found_center.tolist(), found_size.tolist()]


def test_frame_below_the_least_side():
    _, size = clamped(np.zeros(2), np.array([4.0, 4.0]), (6, 240))
    assert size.tolist() == [10, 10]
