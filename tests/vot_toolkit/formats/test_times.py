"""Files of seconds a frame."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vot_toolkit.errors import FormatError
from vot_toolkit.formats.times import format_times, read_times


def test_reads_rows_of_frames_and_columns_of_repetitions(write_file):
    table = read_times(write_file(b"0.033575,1.5e-05,0\r\nNaN,nan,0\r\n0.5,2,0\r\n\r\n"))
    np.testing.assert_array_equal(table, [[0.033575, 1.5e-05, 0], [np.nan, np.nan, 0], [0.5, 2, 0]])


def test_one_column_stays_two_dimensional(write_file):
    assert read_times(write_file(b"0.5\n0.25")).shape == (2, 1)


FAULTY = {
    "garbage": (b"0.5,1\n0.5,x\n", 2),
    "underscore": (b"0.5\n1_0\n", 2),
    "infinity": (b"0.5\ninf\n", 2),
    "too large": (b"0.5\n1e999\n", 2),
    "negative": (b"0.5\n-1\n", 2),
    "comment": (b"0.5\n# none\n", 2),
    "blank line in the middle": (b"0.5\n\n0.5\n", 2),
    "empty token": (b"0.5,\n0.5,1\n", 1),
    "ragged": (b"0.5,1\n0.5\n", 2),
    "no UTF-8": (b"0.5\n\xff\n", 2),
    "semicolons": (b"0.5;0.5\n", 1),
}


@pytest.mark.parametrize("name", FAULTY)
def test_names_file_and_line_of_a_fault(name, write_file):
    data, line = FAULTY[name]
    path = write_file(data)
    with pytest.raises(FormatError) as caught:
        read_times(path)
    assert (caught.value.file, caught.value.line) == (path, line)


@pytest.mark.parametrize("data", [b"", b"\n\n"])
def test_an_empty_file_is_a_fault(data, write_file):
    with pytest.raises(FormatError, match="no seconds"):
        read_times(write_file(data))


def test_a_missing_file_is_a_fault(tmp_path):
    with pytest.raises(FormatError, match="cannot be read"):
        read_times(tmp_path / "none.txt")


seconds = st.one_of(st.just(np.nan), st.just(0.0), st.floats(1e-6, 1e6))


@settings(deadline=None, max_examples=30)
@given(hnp.arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=seconds))
def test_round_trip_keeps_five_digits(write_file, table):
    got = read_times(write_file(format_times(table).encode()))
    np.testing.assert_allclose(got, table, rtol=0.51e-4)
