"""Binary trajectories: bytes by hand, round trip, truncation and damage."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vot_toolkit.errors import FormatError
from vot_toolkit.formats.binary import (
    LONGEST_RUN,
    format_binary,
    is_binary,
    parse_binary,
    read_binary,
)
from vot_toolkit.region import Mask
from vot_toolkit.trajectory import Trajectory

FILE = Path("ants1_001.bin")

BY_HAND = bytes.fromhex(
    "0100 05000000"  # version 1, five regions
    "00 01000000"  # special code 1
    "01 0000803f 00000040 00004040 00008040"  # rectangle 1, 2, 3, 4
    "02 0300 00000000 00000000 0000803f 00000000 0000803f 000000bf"  # (0,0) (1,0) (1,-0.5)
    "03 feff 0500 0300 0200 0300 0100 0400 0100"  # mask at -2, 5 of 3x2, runs 1, 4, 1
    "00 02000000"  # special code 2
)
BY_HAND_REGIONS = Trajectory.of(
    [1],
    [1, 2, 3, 4],
    [0, 0, 1, 0, 1, -0.5],
    Mask(-2, 5, np.array([[False, True, True], [True, True, False]])),
    [2],
)

numbers = st.floats(-(2.0**100), 2.0**100, width=32)
masks = st.builds(
    Mask,
    st.integers(-1000, 1000),
    st.integers(-1000, 1000),
    hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=6)),
)
regions = st.one_of(
    st.integers(0, 2**32 - 1).map(lambda code: np.array([float(code)])),
    *(
        st.lists(numbers, min_size=n, max_size=n).map(lambda v: np.array(v, dtype=float))
        for n in (4, 6, 8, 14)
    ),
    masks,
)


def test_reads_bytes_put_together_by_hand():
    assert parse_binary(BY_HAND, FILE) == BY_HAND_REGIONS


def test_writes_bytes_put_together_by_hand():
    assert format_binary(BY_HAND_REGIONS) == BY_HAND


@settings(deadline=None)
@given(st.lists(regions, max_size=8))
def test_round_trip(made):
    assert parse_binary(format_binary(made), FILE) == Trajectory.from_regions(made)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 200_000), min_size=1, max_size=4), st.integers(1, 3))
def test_round_trip_of_masks_with_long_runs(runs, height):
    width = max(-(-sum(runs) // height), 1)
    width, height = min(width, 2**15), max(height, -(-sum(runs) // 2**15))
    pixels = np.zeros(width * height, dtype=bool)
    ends = np.cumsum(runs)
    for start, end in zip(ends[::2], ends[1::2], strict=False):
        pixels[start:end] = True
    mask = Mask(3, -4, pixels.reshape(height, width))
    (got,) = parse_binary(format_binary([mask]), FILE)
    assert got == mask, "the same pixels; a large box may have become a tight one"


def test_a_run_above_65025_is_written_in_pieces():
    data = format_binary([Mask(0, 0, np.ones((3, LONGEST_RUN), dtype=bool))])
    header = struct.pack("<hIBhhHHH", 1, 1, 3, 0, 0, LONGEST_RUN, 3, 8)
    pieces = [0, LONGEST_RUN, 0, LONGEST_RUN, 0, LONGEST_RUN, 0, 0]
    assert data == header + struct.pack("<8H", *pieces)


@pytest.mark.parametrize("length", range(len(BY_HAND)))
def test_truncated_at_any_byte_is_a_format_error(length):
    with pytest.raises(FormatError) as caught:
        parse_binary(BY_HAND[:length], FILE)
    assert caught.value.file == FILE


def test_bytes_after_the_last_region_are_a_format_error():
    with pytest.raises(FormatError, match="2 bytes after the last region"):
        parse_binary(BY_HAND + b"\0\0", FILE)


@pytest.mark.parametrize("kind", [4, 5, 255])
def test_an_unknown_type_is_named_with_its_byte(kind):
    data = struct.pack("<hIBIB", 1, 2, 0, 1, kind) + bytes(20)
    with pytest.raises(FormatError, match=f"region of type {kind} at byte 11"):
        parse_binary(data, FILE)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_polygon_of_less_than_three_points_is_refused(count):
    data = struct.pack(f"<hIBH{2 * count}f", 1, 1, 2, count, *range(2 * count))
    with pytest.raises(FormatError, match=f"polygon of {count} points"):
        parse_binary(data, FILE)


def test_runs_longer_than_the_mask_are_refused_with_the_file():
    data = struct.pack("<hIBhhHHH2H", 1, 1, 3, 0, 0, 2, 2, 2, 1, 4)
    with pytest.raises(FormatError, match="runs of 5 px") as caught:
        parse_binary(data, FILE)
    assert caught.value.file == FILE


def test_a_mask_too_large_for_an_image_is_refused():
    data = struct.pack("<hIBhhHHH", 1, 1, 3, 0, 0, 65535, 65535, 0)
    with pytest.raises(FormatError, match="a mask of 65535x65535 px") as caught:
        parse_binary(data, FILE)
    assert caught.value.file == FILE


def test_a_header_that_promises_billions_of_regions_takes_no_memory():
    with pytest.raises(FormatError, match="ends in the middle"):
        parse_binary(struct.pack("<hI", 1, 2**32 - 1), FILE)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_coordinate_that_is_not_finite_makes_the_region_unknown(value):
    data = struct.pack("<hIB4f", 1, 1, 1, 1.0, value, 3.0, 4.0)
    assert parse_binary(data, FILE) == Trajectory.of(0)


@pytest.mark.parametrize("data", [b"", b"\1", b"1\n", b"\0\1\0\0", b"\2\0\0\0\0\0"])
def test_other_bytes_are_no_binary_trajectory(data):
    assert not is_binary(data)
    with pytest.raises(FormatError, match="not a binary trajectory"):
        parse_binary(data, FILE)


def test_an_unreadable_file_is_named(tmp_path):
    with pytest.raises(FormatError, match="cannot be read") as caught:
        read_binary(tmp_path / "none.bin")
    assert caught.value.file == tmp_path / "none.bin"


@pytest.mark.parametrize(
    "region",
    [
        np.array([-1.0]),
        np.array([1e300, 0.0, 1.0, 1.0]),
        Mask(40_000, 0, np.ones((1, 1), dtype=bool)),
        Mask(0, 0, np.arange(70_000).reshape(1, -1) % 2 == 1),
    ],
    ids=["negative code", "beyond float32", "too far away", "too many runs"],
)
def test_what_does_not_fit_the_format_is_not_written(region):
    with pytest.raises(FormatError, match="region 1 does not fit"):
        format_binary([np.array([1.0]), region])
