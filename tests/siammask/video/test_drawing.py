"""Drawing: what is where, and in which colour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siammask.video.drawing import OPACITY, Mark, annotate, colour_of

GROUND = np.full((240, 320, 3), 100, np.uint8)
REGION = np.array([100.0, 80.0, 60.0, 40.0])


def test_the_frame_itself_is_left_alone() -> None:
    before = GROUND.copy()
    picture = annotate(GROUND, [Mark(0, REGION, np.ones((240, 320), bool), 0.5)])
    np.testing.assert_array_equal(GROUND, before)
    assert (picture != GROUND).any()
    np.testing.assert_array_equal(annotate(GROUND, []), GROUND)


def test_a_box_is_a_line_of_the_targets_colour_with_a_dark_rim() -> None:
    ground = np.full((720, 960, 3), 100, np.uint8)  # large enough for a line of 3 px
    picture = annotate(ground, [Mark(1, 3 * REGION)])
    across = picture[300]  # a row that crosses the left and the right side
    for middle in (300, 480):
        np.testing.assert_allclose(across[middle], colour_of(1), atol=20)
        assert across[middle - 4 : middle].max(axis=1).min() < 60
        assert across[middle : middle + 4].max(axis=1).min() < 60
    changed = (picture != ground).any(axis=2)
    assert not changed[250:350, 310:470].any()
    assert not changed[:230].any()
    assert not changed[:, 490:].any()


def test_four_numbers_and_their_corners_are_drawn_alike() -> None:
    x, y, w, h = REGION
    corners = np.array([x, y, x + w, y, x + w, y + h, x, y + h])
    one, other = annotate(GROUND, [Mark(0, REGION)]), annotate(GROUND, [Mark(0, corners)])
    np.testing.assert_array_equal(one, other)


def test_a_mask_is_blended_inside_and_drawn_at_its_rim() -> None:
    mask = np.zeros((240, 320), bool)
    mask[50:100, 60:160] = True
    picture = annotate(GROUND, [Mark(2, None, mask)])
    inside = (1 - OPACITY) * 100 + OPACITY * np.array(colour_of(2))
    assert picture[75, 100].tolist() == np.rint(inside).tolist()
    assert np.abs(picture[50, 100].astype(int) - colour_of(2)).max() < 30
    assert (picture[120:] == 100).all()


def test_the_score_is_a_plate_above_the_box() -> None:
    with_score = annotate(GROUND, [Mark(0, REGION, None, 0.93)])
    without = annotate(GROUND, [Mark(0, REGION)])
    rows, columns = np.nonzero((with_score != without).any(axis=2))
    assert rows.min() > 50
    assert rows.max() < 82
    assert 60 < columns.min() < columns.max() < 140
    plate = with_score[rows.min() + 1, columns.min() + 1]
    assert (plate == colour_of(0)).all()


@pytest.mark.parametrize(
    "region",
    [
        [-500.0, -400.0, 20.0, 20.0],
        [1e9, 1e9, 1e12, 5.0],
        [310.0, 230.0, 500.0, 500.0],
        [float("nan")] * 8,
        [10.0, 10.0, 0.0, 0.0],
    ],
)
def test_regions_anywhere_can_be_drawn(region: list[float]) -> None:
    picture = annotate(GROUND, [Mark(0, np.array(region), None, 0.5)])
    assert picture.shape == GROUND.shape


def test_tiny_frames_and_empty_masks() -> None:
    tiny = np.zeros((1, 1, 3), np.uint8)
    picture = annotate(tiny, [Mark(0, np.array([0.0, 0, 1, 1]), np.zeros((1, 1), bool), 1.0)])
    assert picture.shape == (1, 1, 3)


@given(st.integers(0, 60), st.integers(0, 60))
def test_colours_differ(one: int, other: int) -> None:
    assert (colour_of(one) == colour_of(other)) == (one == other)
    assert all(0 <= part <= 255 for part in colour_of(one))
