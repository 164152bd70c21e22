"""Masks as run lengths that can be checked by eye."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vot_toolkit.formats.rle import decode, format_mask, parse_mask
from vot_toolkit.region import Mask
from vot_toolkit.region_overlap import overlap


def pixels(*rows: str) -> np.ndarray:
    """Read a picture."""
    return np.array([[letter == "#" for letter in row] for row in rows])


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ((".##", "##."), "m4,2,3,2,1,4,1"),
        (("#",), "m4,2,1,1,0,1"),
        (("..",), "m4,2,2,1,2"),
        (("#.", ".#"), "m4,2,2,2,0,1,2,1"),
    ],
)
def test_runs_go_row_by_row_and_begin_with_zeros(rows, text):
    mask = Mask(4, 2, pixels(*rows))
    assert format_mask(mask) == text
    assert np.array_equal(parse_mask(text).pixels, mask.pixels)
    assert parse_mask(text.replace("m", "mask:")) == mask


@given(st.lists(st.integers(0, 5), max_size=12))
def test_runs_of_zero_length_change_nothing_but_the_turn(runs):
    """VT binary files cut a long run in two by a run of 0."""
    flat = decode(runs, sum(runs), 1).ravel().tolist()
    assert flat == [k % 2 == 1 for k, run in enumerate(runs) for _ in range(run)]


def test_a_mask_read_from_text_overlaps_the_box_it_shows():
    mask = parse_mask("mask:4,2,3,2,1,4")
    assert overlap(mask, [4, 2, 3, 2], rules="matlab7") == np.float32(4 / 6)
