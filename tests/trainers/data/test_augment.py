"""Pixels of windows."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from trainers.data import reference
from trainers.data.augment import Cutter, Patch, colour_offsets
from trainers.data.draws import CropDraws
from trainers.data.window import Area, Augmentation, draw_window, label_box

RECIPE = Augmentation(shift=64, scale=0.18)
unit = st.floats(-1, 1)
pairs = st.tuples(unit, unit)


def cut(image, size, window, **options):
    out = np.empty((size, size, 3), dtype=np.uint8)
    Cutter(size).image(Patch(image, 0, 0).part(window.area()), window, out, **options)
    return out


def cut_mask(patch, size, window, **options):
    out = np.empty((size, size), dtype=np.uint8)
    Cutter(size).mask(patch, window, out, **options)
    return out


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("number", range(4))
def test_pixels_of_the_released_code(data_golden, pattern, number):
    """The numbers are of OpenCV 4.10; its bits are met with any OpenCV."""
    expected = data_golden["aug"][number]
    limits = Augmentation(expected["cfg"]["shift"], expected["cfg"]["scale"])
    draws = expected["vals"] or [0, 0, 0, 0]
    size = expected["size"]
    window = draw_window(size, limits, tuple(draws[:2]), tuple(draws[2:]))
    image = cut(pattern[0], size, window)
    assert image.sum() == expected["sum"]
    assert image[size // 2, size // 2].tolist() == expected["px"]
    assert cut_mask(Patch(pattern[1], 0, 0), size, window).sum() == expected["mask_sum"]


def test_window_without_draws_copies(pattern):
    window = draw_window(255, Augmentation(), (0, 0), (0, 0))
    assert np.array_equal(cut(pattern[0], 255, window), pattern[0][128:383, 128:383])


@pytest.mark.usefixtures("either_way")
def test_window_at_the_border(pattern):
    window = draw_window(255, Augmentation(shift=1000), (1, 1), (0, 0))
    assert np.array_equal(cut(pattern[0], 255, window), pattern[0][256:, 256:])


@settings(deadline=None, max_examples=30)
@given(pairs, pairs, st.booleans(), st.booleans())
def test_image_is_the_reference_s(pattern, shift, scale, gray, flip):
    """Steps of 1/32 px, against those of the installed OpenCV, on an image of smooth ramps."""
    ramps = cv2.blur(pattern[0], (31, 31))
    window = draw_window(255, RECIPE, shift, scale)
    draws = CropDraws(shift, scale, flip=flip)
    box = label_box(120, 200)
    nothing = np.zeros((511, 511), dtype=np.float32)
    expected, expected_box, _ = reference.augment(
        ramps, box, nothing, draws, RECIPE, 255, gray=gray
    )
    assert np.abs(cut(ramps, 255, window, gray=gray, flip=flip) - expected).max() <= 1
    box = window.place(box)
    assert (box.mirrored(255) if flip else box) == expected_box


@settings(deadline=None, max_examples=30)
@given(pairs, pairs, st.booleans())
def test_mask_is_the_reference_s(pattern, shift, scale, flip):
    window = draw_window(255, RECIPE, shift, scale)
    draws = CropDraws(shift, scale, flip=flip)
    mask = pattern[1].astype(np.float32)
    image = np.zeros((511, 511, 3), dtype=np.uint8)
    _, _, expected = reference.augment(image, label_box(1, 1), mask, draws, RECIPE, 255)
    found = cut_mask(Patch(pattern[1], 0, 0), 255, window, flip=flip)
    halfway = abs(expected - 0.5) < 1 / 16  # where a step of 1/32 px may decide
    assert np.array_equal(found[~halfway], expected[~halfway] > 0.5)


@settings(deadline=None, max_examples=30)
@given(pairs, pairs)
def test_mask_s_own_pixels_are_enough(pattern, shift, scale):
    window = draw_window(143, RECIPE, shift, scale)
    whole = Patch(pattern[1], 0, 0)
    part = whole.part(Area(195, 165, 316, 346))
    assert np.array_equal(cut_mask(part, 143, window), cut_mask(whole, 143, window))


@settings(deadline=None, max_examples=200)
@given(st.sampled_from([127, 143, 255]), pairs, pairs, st.integers(0, 400), st.integers(0, 400))
def test_the_kernel_s_grid_is_numpy_s(size, shift, scale, left, top):
    kernel = pytest.importorskip("trainers.data._kernel")
    window = draw_window(size, RECIPE, shift, scale)
    patch = Patch(np.empty((1, 1), dtype=np.uint8), left, top)
    found = np.empty((2, size), dtype=np.int32)
    kernel.grid(*window.corners, left, top, *found)
    assert np.array_equal(found, Cutter(size).grid(patch, window))


@settings(deadline=None, max_examples=60)
@given(
    hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9)),
    st.lists(st.integers(-100, 400), max_size=12).map(sorted),
    st.lists(st.integers(-100, 400), max_size=12).map(sorted),
    st.sampled_from([1, 3]),
)
def test_the_kernel_s_bits_are_opencv_s(pixels, columns, rows, channels):
    """Also where nothing, or only one pixel, is under the four that are looked at."""
    kernel = pytest.importorskip("trainers.data._kernel")
    columns, rows = (np.array(each, dtype=np.int32) for each in (columns, rows))
    coloured = np.stack([np.roll(pixels, shift) for shift in range(channels)], axis=-1)
    shape = len(rows), len(columns)
    image, mask = np.full((*shape, channels), 7, np.uint8), np.full(shape, 7, np.uint8)
    # A patch is a part of a larger image: its rows are not side by side in memory.
    wide = np.pad(coloured, ((0, 0), (0, 3), (0, 0)), constant_values=255)[:, :-3]
    kernel.interpolate(wide, columns, rows, image)
    kernel.covered(pixels, columns, rows, mask)
    if not mask.size:
        return
    cutter = Cutter(12)
    expected = cutter._remap(coloured if channels == 3 else pixels, columns, rows)
    assert np.array_equal(image, expected.reshape(image.shape))
    weighed = cutter._remap((pixels > 0).astype(np.float32), columns, rows)
    assert np.array_equal(mask, (weighed > 0.5).astype(np.uint8))


@pytest.mark.usefixtures("either_way")
def test_mask_of_nothing():
    window = draw_window(127, Augmentation(), (0, 0), (0, 0))
    nothing = Patch(np.empty((0, 0), dtype=np.uint8), 0, 0)
    assert not cut_mask(nothing, 127, window).any()


@pytest.mark.usefixtures("either_way")
def test_mask_beside_the_window():
    window = draw_window(127, Augmentation(), (0, 0), (0, 0))
    assert not cut_mask(Patch(np.ones((20, 20), dtype=np.uint8), 10, 250), 127, window).any()


def test_grey_keeps_the_luma(pattern):
    window = draw_window(127, RECIPE, (0.3, 0.4), (0.5, -0.6))
    image = cut(pattern[0], 127, window, gray=True)
    assert (image == image[..., :1]).all()
    assert (
        abs(image.mean() - cv2.cvtColor(cut(pattern[0], 127, window), cv2.COLOR_BGR2GRAY).mean())
        < 1
    )


def test_flip_mirrors(pattern):
    window = draw_window(127, RECIPE, (0.3, 0.4), (0.5, -0.6))
    mirrored = cut(pattern[0], 127, window, flip=True)
    assert np.array_equal(mirrored[:, ::-1], cut(pattern[0], 127, window))


def test_colour_offset_has_the_released_code_s_deviation():
    normals = np.random.default_rng(0).standard_normal((4000, 3))
    offsets = colour_offsets(normals.tolist())
    assert offsets.std(axis=0) == pytest.approx([8.24, 2.52, 1.20], rel=0.05)
    assert np.abs(offsets.mean(axis=0)).max() < 0.4
