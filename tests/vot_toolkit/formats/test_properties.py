"""Files of one number a frame."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vot_toolkit.errors import FormatError
from vot_toolkit.formats.properties import format_property, read_property


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"\n", [np.nan]),
        (b"\n0.5\n\n", [np.nan, 0.5, np.nan]),
        (b"\r\n0.5\r\n", [np.nan, 0.5]),
        (b"0.5\n-2", [0.5, -2]),
        (b"nan\ninf\n-Inf\n 1e-3 \n", [np.nan, np.inf, -np.inf, 0.001]),
    ],
)
def test_an_empty_line_is_a_frame_without_report(data, expected, write_file):
    np.testing.assert_array_equal(read_property(write_file(data)), expected)


@pytest.mark.parametrize(
    "token", ["x", "1_000", "0x10", "1,2", "1 2", "infinite", "\u0661", "1\f2"]
)
def test_names_file_and_line_of_a_fault(token, write_file):
    path = write_file(f"0.5\n\n{token}\n".encode())
    with pytest.raises(FormatError, match="neither empty nor a number") as caught:
        read_property(path)
    assert (caught.value.file, caught.value.line) == (path, 3)


def test_bytes_that_are_no_utf8_are_a_fault(write_file):
    with pytest.raises(FormatError) as caught:
        read_property(write_file(b"0.5\n\xff\n"))
    assert caught.value.line == 2


def test_a_missing_file_is_a_fault(tmp_path):
    with pytest.raises(FormatError, match="cannot be read"):
        read_property(tmp_path / "none.value")


@settings(deadline=None, max_examples=30)
@given(st.lists(st.one_of(st.just(np.nan), st.floats(-1e6, 1e6)), max_size=8))
def test_round_trip_keeps_six_decimals(write_file, values):
    got = read_property(write_file(format_property(np.array(values)).encode()))
    np.testing.assert_allclose(got, values, rtol=0, atol=0.51e-6)
