"""Crops against the slow way: pad the whole frame, cut, resize."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siammask.crops import (
    around,
    check_image,
    context_side,
    first_pixel,
    mean_colour,
    patch_scale,
    search_side,
    subwindow,
    template_side,
)
from siammask.errors import ImageError

GENERATOR = np.random.default_rng(3)
FRAME = GENERATOR.integers(0, 256, (40, 60, 3), dtype=np.uint8)
COLOUR = mean_colour(FRAME)
PAD = 300
PADDED = np.empty((FRAME.shape[0] + 2 * PAD, FRAME.shape[1] + 2 * PAD, 3), dtype=np.uint8)
PADDED[:] = COLOUR
PADDED[PAD:-PAD, PAD:-PAD] = FRAME


def padded_subwindow(column, row, side, patch_size):
    """Cut out of the frame padded all around."""
    square = PADDED[row + PAD : row + PAD + side, column + PAD : column + PAD + side]
    return square if side == patch_size else cv2.resize(square, (patch_size, patch_size))


@settings(max_examples=200, deadline=None)
@given(
    column=st.integers(-150, 150),
    row=st.integers(-150, 150),
    side=st.integers(1, 140),
    patch_size=st.sampled_from([1, 17, 32]),
)
def test_subwindow_is_that_of_a_padded_frame(column, row, side, patch_size):
    patch = subwindow(FRAME, column, row, side, patch_size, COLOUR)
    expected = padded_subwindow(column, row, side, patch_size)
    np.testing.assert_array_equal(patch, expected)


@given(x=st.floats(20, 30), y=st.floats(15, 25), shift=st.integers(-5, 5), side=st.integers(2, 20))
def test_subwindow_moves_with_the_image(x, y, shift, side):
    # Halves are rounded to even, so that only an even shift is sure to move all alike.
    moved = np.roll(FRAME, 2 * shift, axis=(0, 1))
    here = around(np.array([x, y]), side)
    there = around(np.array([x, y]) + 2 * shift, side)
    # A number next to a half can be rounded to it by the shift.
    if (there.column, there.row) == (here.column + 2 * shift, here.row + 2 * shift):
        patches = [
            subwindow(image, square.column, square.row, side, 9, COLOUR)
            for image, square in ((FRAME, here), (moved, there))
        ]
        inside = min(here.column, here.row, there.column, there.row) >= 0
        inside &= max(here.row, there.row) + side <= 40
        assert not inside or np.array_equal(*patches)


@pytest.mark.parametrize("side", [9, 20])
def test_patch_has_memory_of_its_own(side):
    image = FRAME.copy()
    image.flags.writeable = False
    patch = subwindow(image, 5, 5, side, 9, COLOUR)
    assert not np.shares_memory(patch, image)
    assert patch.flags.c_contiguous


def test_view_with_swapped_channels_or_turned():
    image = FRAME[::-1, ::-1, ::-1]
    expected = subwindow(np.ascontiguousarray(image), -3, 8, 30, 17, COLOUR)
    np.testing.assert_array_equal(subwindow(image, -3, 8, 30, 17, COLOUR), expected)


@pytest.mark.parametrize(
    ("centre", "side", "first"), [(10.0, 5, 7), (10.0, 4, 8), (11.0, 4, 8), (0.0, 9, -5)]
)
def test_halves_are_rounded_to_even(centre, side, first):
    assert first_pixel(centre, side) == first


def test_worked_example():
    size = np.array([120.0, 200.0])
    assert context_side(size) == pytest.approx(317.4902, abs=1e-4)
    assert template_side(size) == 317
    assert search_side(size, 255) == 637
    square = around(np.array([305.0, 200.5]), 637)
    assert (square.left, square.top) == (-13.5, -118)
    assert (square.column, square.row) == (-14, -118)


def test_sides_of_a_square_target():
    size = np.array([64.0, 64.0])
    assert context_side(size) == 128
    assert patch_scale(size) == 127 / 128
    assert template_side(size) == 128
    assert search_side(size, 255) == 257
    assert search_side(size, 127) == 128


def test_tiny_target_has_a_patch():
    size = np.array([0.1, 0.1])
    assert template_side(size) == search_side(size, 255) == 1


@given(
    width=st.floats(1, 500), height=st.floats(1, 500), factor=st.sampled_from([2.0, 4.0, 0.5, 0.25])
)
def test_context_grows_with_the_target(width, height, factor):
    size = np.array([width, height])
    assert context_side(size * factor) == pytest.approx(context_side(size) * factor)
    assert context_side(size) == context_side(size[::-1])
    assert context_side(size) >= 2 * min(width, height)


@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(1, 30))
def test_mean_colour_is_that_of_numpy_cut_off(seed, height, width):
    image = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    assert mean_colour(image).tolist() == image.mean(axis=(0, 1)).astype(np.uint8).tolist()


def test_uniform_image_keeps_its_colour():
    image = np.full((1080, 1920, 3), (120, 7, 255), dtype=np.uint8)
    assert mean_colour(image).tolist() == [120, 7, 255]


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (None, "no image, but None .*cv2.imread gives None"),
        ([[1, 2]], "but a list"),
        (FRAME[:, :, 0], "a grey image, uint8 .40, 60.*COLOR_GRAY2BGR"),
        (FRAME[:, :, :1], "a grey image"),
        (np.zeros((4, 5, 4), np.uint8), "an image with alpha.*leaves it out"),
        (FRAME.astype(np.float32), "float32.*astype"),
        (FRAME.astype(bool), "of other numbers, bool"),
        (FRAME.astype(np.uint16), "uint16"),
        (FRAME[:0], "an empty image"),
        (FRAME[None], "no image, uint8 .1, 40, 60, 3"),
        (FRAME[:, :, :2], "no image"),
    ],
)
def test_what_is_no_frame(image, message):
    with pytest.raises(ImageError, match=message):
        check_image(image)


def test_frame_of_another_size():
    check_image(FRAME, (60, 40))
    with pytest.raises(ImageError, match="a frame of 60x40 px after a first one of 320x240 px"):
        check_image(FRAME, (320, 240))
