"""Windows and boxes in crops."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainers.data.window import (
    WHOLE,
    Area,
    Augmentation,
    Corners,
    draw_window,
    label_box,
    reach,
)

unit = st.floats(-1, 1)
pairs = st.tuples(unit, unit)
limits = st.builds(Augmentation, shift=st.floats(0, 400), scale=st.floats(0, 0.9))
sizes = st.sampled_from([127, 143, 255])


@pytest.mark.parametrize(
    ("size", "left", "right"), [(127, 192, 318), (143, 184, 326), (255, 128, 382)]
)
def test_window_without_draws_is_in_the_middle(size, left, right):
    window = draw_window(size, Augmentation(), (1, 1), (1, 1))
    assert window.corners == Corners(left, left, right, right)
    assert (window.scale_x, window.scale_y) == (1, 1)


def test_scale_is_drawn_for_each_axis_and_comes_before_the_shift():
    window = draw_window(127, Augmentation(shift=10, scale=0.5), (1, 0), (1, -1))
    assert window.corners == Corners(255 - 94.5 + 10, 255 - 31.5, 255 + 94.5 + 10, 255 + 31.5)


def test_window_is_pushed_back_into_the_crop():
    window = draw_window(255, Augmentation(shift=1000), (1, -1), (0, 0))
    assert window.corners == Corners(256, 0, 510, 254)


def test_scale_is_capped_at_the_crop():
    assert draw_window(255, Augmentation(scale=5), (0, 0), (1, 1)).scale_x == 511 / 254


@given(sizes, limits, pairs, pairs)
def test_windows_stay_in_the_crop_and_in_reach(size, limits, shift, scale):
    window = draw_window(size, limits, shift, scale)
    assert min(window.corners) >= -1e-9
    assert max(window.corners) <= 510 + 1e-9
    assert WHOLE.holds(window.area())
    assert reach(size, limits).holds(window.area())


@given(sizes, limits, pairs, pairs)
def test_corners_of_the_window_are_those_of_the_image(size, limits, shift, scale):
    window = draw_window(size, limits, shift, scale)
    assert window.place(window.corners) == pytest.approx((0, 0, size - 1, size - 1), abs=1e-9)


@given(st.floats(0.01, 5000), st.floats(0.01, 5000))
def test_label_keeps_the_shape_and_is_in_the_middle(width, height):
    box = label_box(width, height)
    assert (box.left + box.right, box.top + box.bottom) == pytest.approx((510, 510))
    sides = box.right - box.left, box.bottom - box.top
    assert sides[0] * height == pytest.approx(sides[1] * width)
    context = sum(sides) / 2
    assert math.prod(side + context for side in sides) == pytest.approx(127**2)


@pytest.mark.parametrize(("width", "height"), [(120, 200), (300, 80), (64, 64)])
def test_label_box_to_the_last_digit(data_golden, width, height):
    assert list(label_box(width, height)) == data_golden[f"box511_{width}x{height}"]


@pytest.mark.parametrize("number", range(4))
def test_augmented_box_to_the_last_digit(data_golden, number):
    expected = data_golden["aug"][number]
    limits = Augmentation(expected["cfg"]["shift"], expected["cfg"]["scale"])
    draws = expected["vals"] or [0, 0, 0, 0]
    window = draw_window(expected["size"], limits, tuple(draws[:2]), tuple(draws[2:]))
    assert list(window.place(label_box(120, 200))) == expected["bbox"]


def test_what_the_recipe_reaches():
    assert reach(255, Augmentation(shift=64, scale=0.18)) == Area(41, 41, 470, 470)


def test_mirroring_twice_is_nothing():
    box = Corners(1.5, 2, 30, 40)
    assert box.mirrored(255) == Corners(224, 2, 252.5, 40)
    assert np.allclose(box.mirrored(255).mirrored(255), box)
