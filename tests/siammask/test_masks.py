"""Masks: the pasting that leaves out what it can, where a mask lands, and what is around it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siammask.crops import SearchWindow, around, subwindow
from siammask.masks import (
    Footprint,
    footprint,
    paste,
    placement,
    probabilities,
    rotated_rectangle,
)
from siammask.settings import Settings

ORIGINAL, EXACT = Settings(), Settings(placement="exact")


def whole_frame(mask, affine, image_size):
    """Warp to the whole frame, as the original does."""
    flags, border = cv2.INTER_LINEAR, cv2.BORDER_CONSTANT
    return cv2.warpAffine(
        mask, affine, image_size, flags=flags, borderMode=border, borderValue=-1.0
    )


def whole_polygon(pasted, threshold):
    """Look for contours in the whole frame, as the original does."""
    binary = (pasted > threshold).astype(np.uint8)
    contours = cv2.findContours(binary, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[-2]
    areas = [cv2.contourArea(contour) for contour in contours]
    if not areas or max(areas) <= 100:
        return None
    return cv2.boxPoints(cv2.minAreaRect(contours[int(np.argmax(areas))])).ravel()


@st.composite
def pastings(draw):
    """Draw a noisy mask, and a search window that may reach out of the frame."""
    width, height = draw(st.integers(20, 500)), draw(st.integers(20, 400))
    side = draw(st.integers(20, 900))
    centre = draw(st.tuples(st.floats(0, width), st.floats(0, height)))
    size = draw(st.sampled_from([63, 127]))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    # Large and small pieces.
    coarse = generator.random((draw(st.integers(2, 20)), draw(st.integers(2, 20))))
    mask = cv2.resize(coarse.astype(np.float32), (size, size))
    cell = draw(st.integers(0, 24)), draw(st.integers(0, 24))
    return mask, around(np.array(centre), side), cell, (width, height)


@settings(max_examples=150, deadline=None)
@given(pasting=pastings(), chosen=st.sampled_from([ORIGINAL, EXACT]), threshold=st.floats(0, 0.9))
def test_what_is_left_out_changes_no_bit(pasting, chosen, threshold):
    mask, search, cell, image_size = pasting
    affine = placement(search, *cell, len(mask), image_size, chosen)
    pasted = paste(mask, affine, image_size)
    expected = whole_frame(mask, affine, image_size)
    np.testing.assert_array_equal(pasted, expected)
    inside = footprint(affine, len(mask), image_size)
    polygon, expected = (
        rotated_rectangle(pasted, threshold, inside),
        whole_polygon(pasted, threshold),
    )
    assert (polygon is None) == (expected is None)
    if polygon is not None:
        np.testing.assert_array_equal(polygon, expected)


@settings(max_examples=50, deadline=None)
@given(pasting=pastings())
def test_nothing_is_outside_of_the_footprint(pasting):
    mask, search, cell, image_size = pasting
    affine = placement(search, *cell, len(mask), image_size, ORIGINAL)
    inside = footprint(affine, len(mask), image_size)
    pasted = paste(mask, affine, image_size)
    pasted[inside.top : inside.bottom, inside.left : inside.right] = -1
    assert (pasted == -1).all()


def test_mask_beside_the_frame():
    affine = np.array([[1.0, 0, 500], [0, 1.0, 500]])
    inside = footprint(affine, 127, (320, 240))
    pasted = paste(np.ones((127, 127), np.float32), affine, (320, 240))
    assert (pasted == -1).all()
    assert pasted.shape == (240, 320)
    assert rotated_rectangle(pasted, 0.3, inside) is None


def test_original_placement_by_hand():
    # k = 2 px of the frame to one of the patch; column 12 starts 64 px into the patch.
    search = SearchWindow(left=10.0, top=20.0, side=510, column=9, row=19)
    affine = placement(search, 12, 13, 127, (321, 241), ORIGINAL)
    shrink_x, shrink_y = 320 / 321, 240 / 241
    expected = [
        [2 * shrink_x, 0, shrink_x * (10 + 9 * 8 * 2)],
        [0, 2 * shrink_y, shrink_y * (20 + 8 * 8 * 2)],
    ]
    np.testing.assert_allclose(affine, expected)


def disc(center, radius, image_size):
    """Draw a disc with a soft rim, whose centre of mass is known to a fraction of a pixel."""
    x, y = np.meshgrid(np.arange(image_size[0]), np.arange(image_size[1]))
    inside = np.clip(radius + 0.5 - np.hypot(x - center[0], y - center[1]), 0, 1)
    return np.repeat((255 * inside).astype(np.uint8)[:, :, None], 3, axis=2)


def seen_mask(patch, row, column, size):
    """Cut out what a perfect network would answer at a cell: the patch's own 127 px window."""
    window = patch[8 * row - 32 : 8 * row + 95, 8 * column - 32 : 8 * column + 95, 0] / np.float32(
        255
    )
    if size == 127:
        return window
    # Trained so that its corners are the window's corners.
    x, y = np.meshgrid(*[np.arange(63, dtype=np.float32) * np.float32(126 / 62)] * 2)
    return cv2.remap(window, x, y, cv2.INTER_LINEAR)


def centre_of_mass(pasted):
    weights = np.maximum(pasted, 0)
    rows, columns = np.indices(weights.shape)
    return np.array([(weights * columns).sum(), (weights * rows).sum()]) / weights.sum()


@pytest.mark.parametrize("size", [63, 127])
@pytest.mark.parametrize("side", [200, 255, 401, 640])
@pytest.mark.parametrize("cell", [(12, 12), (9, 15), (16, 10)])
def test_exact_placement_puts_a_mask_where_it_was_seen(size, side, cell):
    image_size = (640, 480)
    search = around(np.array([300.25, 230.75]), side)
    scale = side / 255
    middle = np.array([8 * cell[1] + 31, 8 * cell[0] + 31]) * scale
    center = np.array([search.column, search.row]) + middle
    image = disc(center, 30 * scale, image_size)
    patch = subwindow(image, search.column, search.row, side, 255, np.zeros(3, np.uint8))
    mask = seen_mask(patch, *cell, size)
    found = {}
    for chosen in (EXACT, ORIGINAL):
        affine = placement(search, *cell, size, image_size, chosen)
        found[chosen.placement] = centre_of_mass(paste(mask, affine, image_size)) - center
    assert np.abs(found["exact"]).max() < 0.05
    # What the original is known for: right and below by this, less towards the far side, and up to
    # half a pixel of rounding; a small mask spans 127 px of the patch instead of 126.
    shift = 1 - scale / 2 - (scale / 2 if size == 63 else 0) - center / image_size
    assert np.abs(found["original"] - shift).max() < 0.55


def test_largest_piece_counts_alone():
    pasted = np.full((100, 200), -1, dtype=np.float32)
    pasted[10:30, 10:30] = 0.9
    pasted[50:90, 100:160] = 0.9
    found = rotated_rectangle(pasted, 0.3, Footprint(0, 0, 200, 100))
    assert sorted(set(found[::2])) == [100, 159]
    assert sorted(set(found[1::2])) == [50, 89]
    assert (found.dtype, found.shape) == (np.float64, (8,))


@pytest.mark.parametrize(("side", "counts"), [(11, False), (12, True)])
def test_area_has_to_be_above_100(side, counts):
    # Between the centres of its outer pixels a square of 11 px has 10 x 10 px².
    pasted = np.full((50, 50), -1, dtype=np.float32)
    pasted[5 : 5 + side, 5 : 5 + side] = 0.9
    assert (rotated_rectangle(pasted, 0.3, Footprint(0, 0, 50, 50)) is not None) == counts


def test_threshold_itself_does_not_belong():
    pasted = np.full((50, 50), 0.5, dtype=np.float32)
    assert rotated_rectangle(pasted, 0.5, Footprint(0, 0, 50, 50)) is None


@given(st.lists(st.floats(-200, 200, width=32), min_size=1))
def test_probabilities_are_the_logistic(values):
    logits = np.array(values, dtype=np.float32)
    found = probabilities(logits)
    assert found.dtype == np.float32
    assert found == pytest.approx(1 / (1 + np.exp(-logits.astype(np.float64))), rel=1e-5, abs=1e-30)
