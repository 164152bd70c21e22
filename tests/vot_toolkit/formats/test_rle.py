"""Masks as run lengths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vot_toolkit.errors import FormatError
from vot_toolkit.formats.rle import MAX_AREA, MAX_SIDE, decode, encode, format_mask, parse_mask
from vot_toolkit.region import Mask

masks = st.builds(
    Mask,
    st.integers(-500, 500),
    st.integers(-500, 500),
    hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=7)),
)


@settings(deadline=None)
@given(masks)
def test_text_round_trip_keeps_box_and_pixels(mask):
    got = parse_mask(format_mask(mask))
    assert (got.x, got.y) == (mask.x, mask.y)
    assert np.array_equal(got.pixels, mask.pixels)


@settings(deadline=None)
@given(masks)
def test_runs_alternate_from_zeros_and_fill_the_box(mask):
    drawn = [k % 2 == 1 for k, run in enumerate(encode(mask.pixels)) for _ in range(run)]
    assert drawn == mask.pixels.ravel().tolist()


@settings(deadline=None)
@given(masks)
def test_trax_leaves_the_last_zeros_out(mask):
    runs = encode(mask.pixels)
    short = runs[:-1] if len(runs) % 2 else runs
    height, width = mask.pixels.shape
    assert np.array_equal(decode(short, width, height), mask.pixels)


@pytest.mark.parametrize("runs", [[5], [2, 3], [-1, 2], [1, -1, 2], [10**30]])
def test_runs_that_do_not_fit_are_refused(runs):
    with pytest.raises(FormatError, match="runs of"):
        decode(runs, 2, 2)


@pytest.mark.parametrize(
    "text",
    [
        "m",
        "m1",
        "m1,2,3",
        "m1,2,a,4",
        "m1.0,2,3,4",
        "m1,2,,4",
        "mm1,2,1,1",
        "m1_0,0,1,1",
        "m0x1,0,1,1",
    ],
)
def test_text_that_is_no_mask_is_refused(text):
    with pytest.raises(FormatError, match="not a mask"):
        parse_mask(text)


@pytest.mark.parametrize(
    ("width", "height"), [(-1, 1), (1, -1), (MAX_SIDE + 1, 1), (MAX_SIDE, MAX_AREA // MAX_SIDE + 1)]
)
def test_a_box_that_no_image_has_is_refused_before_any_memory_is_taken(width, height):
    with pytest.raises(FormatError, match="a mask of"):
        parse_mask(f"m0,0,{width},{height},0,1")


def test_a_mask_far_from_the_image_is_refused():
    with pytest.raises(FormatError, match="a mask at"):
        parse_mask(f"m0,{MAX_SIDE + 1},1,1,0,1")
