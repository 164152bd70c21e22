"""Anchors: closed forms, and the two grids against each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siammask.anchors import Anchors, corner_form, search_grid, training_grid


def test_one_square_anchor():
    anchors = Anchors(stride=8, ratios=(1.0,), scales=(8,))
    assert anchors.shapes.tolist() == [[64, 64]]
    assert len(anchors) == 1


def test_scales_follow_each_other_within_a_ratio():
    anchors = Anchors(ratios=(1.0, 4.0), scales=(1, 2))
    assert anchors.shapes.tolist() == [[8, 8], [16, 16], [4, 16], [8, 32]]


def test_rounding_to_digits():
    (shape,) = Anchors(ratios=(2.0,), scales=(1,), round_digits=2).shapes.tolist()
    assert shape == pytest.approx([5.66, 11.32])


@pytest.mark.parametrize(
    ("search", "cells", "first", "last"), [(255, 25, 31, 223), (143, 3, 63, 79)]
)
def test_training_grid_reaches(search, cells, first, last):
    grid = training_grid(Anchors(), search, cells)
    assert grid.shape == (4, 5, cells, cells)
    assert grid.dtype == np.float32
    assert (grid[0].min(), grid[0].max()) == (grid[1].min(), grid[1].max()) == (first, last)
    # x runs with the last axis, y with the one before.
    assert grid[0, 0, 0, -1] == grid[1, 0, -1, 0] == last


@given(cells=st.integers(1, 20).map(lambda half: 2 * half + 1))
def test_both_grids_have_the_same_anchors(cells):
    search = search_grid(Anchors(), cells).T.reshape(4, 5, cells, cells)
    training = training_grid(Anchors(), 255, cells)
    np.testing.assert_array_equal(search[:2] + 127, training[:2])
    np.testing.assert_array_equal(search[2:], training[2:])


def test_corners_are_half_a_side_away():
    left, top, right, bottom = corner_form(training_grid(Anchors(), 255, 25))
    assert (left[2, 0, 0], top[2, 0, 0], right[2, 0, 0], bottom[2, 0, 0]) == (-1, -1, 63, 63)
    np.testing.assert_array_equal((right - left)[:, 0, 0], [104, 88, 64, 40, 32])
    np.testing.assert_array_equal((bottom - top)[:, 0, 0], [32, 40, 64, 80, 96])
