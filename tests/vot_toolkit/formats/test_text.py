"""VOT text: what is read, what is refused and where, and what is written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vot_toolkit.errors import FormatError
from vot_toolkit.formats import scanner
from vot_toolkit.formats.text import (
    format_region,
    format_trajectory,
    parse_region,
    read_trajectory,
    read_until_fault,
)
from vot_toolkit.region import Mask
from vot_toolkit.trajectory import Trajectory


@pytest.fixture(params=["compiled", "line by line"], autouse=True)
def reader(request, monkeypatch):
    """Run every test with the compiled scanner and without."""
    if request.param == "line by line":
        monkeypatch.setattr(scanner, "_scanner", None)
    return request.param


SOUND = {
    b"": [],
    b"1\n": [[1]],
    b"1": [[1]],
    b"1.0\n0.0\n2.000\n": [[1], [0], [2]],
    b"1,2,3,4\n": [[1, 2, 3, 4]],
    b"1,2,3,4": [[1, 2, 3, 4]],
    b"1.5,-2.25,3,4,5,6,7,8\n": [[1.5, -2.25, 3, 4, 5, 6, 7, 8]],
    b"0,0,1,0,1,1\n": [[0, 0, 1, 0, 1, 1]],
    b"1\r\n1,2,3,4\r\n2\r\n": [[1], [1, 2, 3, 4], [2]],
    b"1 \n 1, 2 ,3,\t4  \n": [[1], [1, 2, 3, 4]],
    b"1\n0\n\n \n\r\n\n": [[1], [0]],
    b"\xef\xbb\xbf1\n2\n": [[1], [2]],
    b"+1,.5,5.,1e2\n": [[1, 0.5, 5, 100]],
    b"rect:1,2,3,4\npoly:0,0,1,0,1,1\nspecial:2\n": [[1, 2, 3, 4], [0, 0, 1, 0, 1, 1], [2]],
    b"nan,nan,nan,nan\n": [[0]],
    b"NaN,NaN,NaN,NaN,NaN,NaN,NaN,NaN\n": [[0]],
    b"nan\n": [[0]],
    b"nan,1,2,-2.9\n": [[2]],
    b"1,nan,2,0\n": [[0]],
    b"nan,1,2,3,4,5,6,7\n": [[0]],
}


@pytest.mark.parametrize("data", SOUND, ids=repr)
def test_reads_what_the_toolkits_write(data, write_file):
    assert read_trajectory(write_file(data)) == Trajectory.of(*SOUND[data])


FAULTY = {
    "blank line in the middle": (b"1\n\n1,2,3,4\n", 2),
    "blank line first": (b"\n1\n", 1),
    "line of blanks": (b"1\n \t\n0\n", 2),
    "garbage": (b"1\n1,2,3,4\nhello\n", 3),
    "garbage after a number": (b"1\n1,2,3,4x\n", 2),
    "2 numbers": (b"1\n1,2\n", 2),
    "3 numbers": (b"1\n0\n1,2,3\n", 3),
    "5 numbers": (b"1,2,3,4,5\n", 1),
    "7 numbers": (b"1\n1,2,3,4,5,6,7\n", 2),
    "underscore": (b"1\n1_000,2,3,4\n", 2),
    "hexadecimal": (b"1\n0x10,2,3,4\n", 2),
    "infinity": (b"1\ninf,2,3,4\n", 2),
    "negative infinity": (b"1\n1,-Infinity,3,4\n", 2),
    "beyond single precision": (b"1\n1,2,3,4e38\n", 2),
    "beyond single precision, in digits": (b"1\n1,2,3," + b"9" * 39 + b"\n", 2),
    "no code that any toolkit writes": (b"1\n99999999999999999999\n", 2),
    "a code of infinite size": (b"1\nnan,0,0,1e999\n", 2),
    "too large for a float": (b"1\n1e999,2,3,4\n", 2),
    "empty token": (b"1\n1,,3,4\n", 2),
    "comma at the end": (b"1\n1,2,3,4,\n", 2),
    "semicolons": (b"1\n1;2;3;4\n", 2),
    "blanks instead of commas": (b"1\n1 2 3 4\n", 2),
    "tabs instead of commas": (b"1\n1\t2\t3\t4\n", 2),
    "two signs": (b"1\n--1,2,3,4\n", 2),
    "sign alone": (b"1\n-,2,3,4\n", 2),
    "point alone": (b"1\n.,2,3,4\n", 2),
    "exponent alone": (b"1\n1e,2,3,4\n", 2),
    "bytes that are no UTF-8": (b"1\n\xff\xfe,2,3,4\n", 2),
    "NUL bytes": (b"1\n\0\0\0\n", 2),
    "digits of another script": ("1\n\u0661,2,3,4\n".encode(), 2),
    "a line separator of Unicode": ("1\n1\u20281,2,3,4\n".encode(), 2),
    "a form feed between lines": (b"1\n1\f0\n", 2),
    "a lone carriage return": (b"1\n1\r0\n", 2),
    "a mask with underscores": (b"1\nm1_0,2,1,1,1\n", 2),
    "a mask without box": (b"1\nm1,2,3\n", 2),
    "a mask that is too long": (b"1\nm0,0,2,2,1,4\n", 2),
    "a mask of negative size": (b"1\nm0,0,-2,2,1\n", 2),
    "a mask that is too large": (b"1\nm0,0,32768,32768,1\n", 2),
    "a mask too far away": (b"1\nm99999,0,1,1,0,1\n", 2),
    "an unknown prefix": (b"1\nbox:1,2,3,4\n", 2),
}


@pytest.mark.parametrize("name", FAULTY)
def test_names_file_and_line_of_a_fault(name, write_file):
    data, line = FAULTY[name]
    path = write_file(data)
    with pytest.raises(FormatError) as caught:
        read_trajectory(path)
    assert (caught.value.file, caught.value.line) == (path, line)
    assert str(caught.value).startswith(f"{path}:{line}: ")


@pytest.mark.parametrize("name", FAULTY)
def test_gives_the_regions_before_the_fault(name, write_file):
    data, line = FAULTY[name]
    head = b"".join(part + b"\n" for part in data.split(b"\n")[: line - 1])
    trajectory, fault = read_until_fault(write_file(data))
    assert fault is not None
    assert len(trajectory) == line - 1
    assert trajectory == read_trajectory(write_file(head))


def test_names_a_file_that_is_missing(tmp_path):
    with pytest.raises(FormatError, match="cannot be read: No such file") as caught:
        read_trajectory(tmp_path / "none.txt")
    assert caught.value.file == tmp_path / "none.txt"


def test_names_a_folder_in_place_of_a_file(tmp_path):
    with pytest.raises(FormatError, match="cannot be read"):
        read_trajectory(tmp_path)


def test_reads_masks_of_both_notations_among_other_regions(write_file):
    pixels = np.array([[False, True, True], [True, True, False]])
    got = read_trajectory(write_file(b"1\nm4,2,3,2,1,4,1\nmask:4,2,3,2,1,4\n1,2,3,4\n"))
    assert got == Trajectory.of([1], Mask(4, 2, pixels), Mask(4, 2, pixels), [1, 2, 3, 4])


def test_reads_masks_with_windows_line_ends(write_file):
    got = read_trajectory(write_file(b"m0,0,1,1,0,1\r\nm0,0,1,1,1\r\n"))
    assert [region.area for region in got] == [1, 0]


def test_writes_four_decimals_of_the_float32_value():
    assert format_region(np.array([0.1, 16777217.0, 1e-5, -0.00004])) == (
        "0.1000,16777216.0000,0.0000,-0.0000"
    )


def test_writes_codes_as_integers():
    assert format_trajectory(Trajectory.of(1, 0, 2.0)) == "1\n0\n2\n"


coordinates = st.floats(-1e5, 1e5, width=32)
regions = st.one_of(
    st.sampled_from([[0.0], [1.0], [2.0]]),
    *(st.lists(coordinates, min_size=n, max_size=n) for n in (4, 6, 8, 10)),
)


@settings(deadline=None, max_examples=30)
@given(st.lists(regions, max_size=12))
def test_writing_and_reading_loses_less_than_half_of_the_last_decimal(write_file, made):
    written = Trajectory.of(*made)
    text = format_trajectory(written)
    got = read_trajectory(write_file(text.encode()))
    assert got.offsets.tolist() == written.offsets.tolist()
    np.testing.assert_allclose(got.values, written.values, rtol=0, atol=0.5001e-4)
    rounded = [float(f"{np.float32(value):.4f}") for value in written.values]
    assert got.values.tolist() == rounded


@settings(deadline=None, max_examples=20)
@given(st.lists(regions, max_size=8), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_was_read_is_written_and_read_the_same_again(write_file, made, ending, ended):
    text = format_trajectory(Trajectory.of(*made)).replace("\n", ending)
    once = read_trajectory(write_file((text if ended else text.rstrip()).encode()))
    as_float64 = "".join(",".join(map(repr, region.tolist())) + "\n" for region in once)
    assert read_trajectory(write_file(as_float64.encode())) == once


def test_parses_one_line_with_blanks_around_it():
    assert parse_region(" 1 , 2,3, 4\r\n").tolist() == [1, 2, 3, 4]
