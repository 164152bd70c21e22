"""The box of an object's contours."""

import numpy as np
import pytest

from trainers.prepare.outline import outline_box


def test_the_box_counts_pixels():
    mask = np.zeros((20, 30), bool)
    mask[3:10, 5:9] = True
    assert outline_box(mask) == (5, 3, 4, 7)


def test_two_pieces_have_one_box_and_flecks_do_not_count():
    mask = np.zeros((20, 30), bool)
    mask[3:5, 5:9] = mask[10:15, 20:28] = True
    mask[18, 1] = True
    assert outline_box(mask) == (5, 3, 23, 12)


@pytest.mark.parametrize("pixels", [[], [(4, 4)], [(4, 4), (4, 5)]])
def test_less_than_three_points_are_no_object(pixels):
    mask = np.zeros((10, 10), bool)
    for row, column in pixels:
        mask[row, column] = True
    assert outline_box(mask) is None
