"""Any bytes in any reader give a result or a named error, and take little memory."""

from __future__ import annotations

import struct
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vot_toolkit.errors import UserError
from vot_toolkit.formats import rle
from vot_toolkit.formats.binary import read_binary
from vot_toolkit.formats.properties import read_property
from vot_toolkit.formats.text import read_trajectory
from vot_toolkit.formats.times import read_times

READERS = [read_trajectory, read_binary, read_property, read_times]

MOST_MEMORY = 2**26 + 2**24
"""The largest mask that is accepted, and some more."""

FULL = struct.pack("<BhhHHHHHH", 3, 0, 0, 255, 255, 3, 0, 65025, 0)
"""A full mask of 255x255 px in binary."""

TEXT = [
    r"0",
    r"1",
    r"2",
    r"7.5",
    r",",
    r",",
    r"-",
    r"e9",
    r"e999",
    r"nan",
    r"inf",
    r"m",
    r"mask:",
    r"rect:",
    r"_",
    r";",
    r"1e300",
    r"32768",
    r"99999999999999999999",
]
bits_of_text = st.sampled_from([*TEXT, "\n", "\n", "\r\n", " ", "\0", "\u0661", "\u2028"])
regions = st.one_of(
    st.integers(0, 2**32 - 1).map(lambda code: struct.pack("<BI", 0, code)),
    st.binary(min_size=16, max_size=16).map(lambda data: b"\1" + data),
    st.integers(0, 5).flatmap(
        lambda n: st.binary(min_size=8 * n, max_size=8 * n).map(
            lambda data: struct.pack("<BH", 2, n) + data
        )
    ),
    st.tuples(*[st.integers(-9, 9)] * 2, *[st.integers(0, 65535)] * 2).map(
        lambda box: struct.pack("<BhhHHH", 3, *box, 0)
    ),
    st.binary(max_size=12),
)
binaries = st.builds(
    lambda count, parts: struct.pack("<hI", 1, count) + b"".join(parts),
    st.one_of(st.integers(0, 4), st.integers(0, 2**32 - 1)),
    st.lists(regions, max_size=4),
)
contents = st.one_of(
    st.binary(max_size=60),
    st.lists(bits_of_text, max_size=24).map(lambda s: "".join(s).encode()),
    binaries,
)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@settings(deadline=None, max_examples=80)
@given(data=contents)
def test_any_bytes_give_a_result_or_a_named_error(write_file, reader, data):
    path = write_file(data)
    try:
        result = reader(path)
    except UserError as error:
        assert error.file == path
        assert error.what
    else:
        assert len(result) >= 0


@pytest.mark.parametrize(
    ("reader", "data"),
    [
        (read_binary, struct.pack("<hI", 1, 2**32 - 1)),
        (read_binary, struct.pack("<hIBhhHHH", 1, 1, 3, 0, 0, 65535, 65535, 0)),
        (read_binary, struct.pack("<hIBhhHHH", 1, 1, 3, 0, 0, 32767, 32767, 0)),
        (read_binary, struct.pack("<hIBH", 1, 1, 2, 65535)),
        (read_trajectory, b"m0,0,32768,32768,0,1073741824\n"),
        (read_trajectory, b"m0,0,2,2,0,99999999999999999999\n"),
        (read_trajectory, b"1," * 50_000),
        (read_trajectory, b"1" * 100_000 + b"x\n"),
        (read_property, b"1" * 100_000 + b"x\n"),
        (read_times, b"1" * 100_000 + b"e\n"),
    ],
)
def test_a_small_file_takes_little_memory(write_file, reader, data):
    path = write_file(data)
    tracemalloc.start()
    try:
        with pytest.raises(UserError):
            reader(path)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("reader", "data"),
    [
        (read_trajectory, b"m0,0,8192,8192,0,67108864\n" * 40),
        (read_trajectory, b"m0,0,8192,8192,67108864\n" * 200),
        (read_binary, struct.pack("<hI", 1, 80) + FULL * 80),
    ],
)
def test_masks_of_one_file_are_bounded_together(write_file, reader, data, monkeypatch):
    monkeypatch.setattr(rle, "MOST_PIXELS", 2**22)
    monkeypatch.setattr(rle, "MOST_CLAIMED", 2**28)
    with pytest.raises(UserError, match="too large together") as caught:
        reader(write_file(data))
    assert caught.value.file


def test_a_large_mask_is_kept_in_its_tight_box(write_file):
    (mask,) = read_trajectory(write_file(b"m5,5,1000,1000,500500,3\n"))
    assert (mask.x, mask.y, mask.pixels.shape) == (505, 505, (1, 3))
    assert mask.pixels.base is None, "the large box is not held on to"
    (small,) = read_trajectory(write_file(b"m5,5,10,10,55,3\n"))
    assert small.pixels.shape == (10, 10)
