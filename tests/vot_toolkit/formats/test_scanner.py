"""The compiled scanner against the line-by-line parser and Python's float, bit for bit."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vot_toolkit.formats import scanner
from vot_toolkit.formats.scanner import scan_plain_file
from vot_toolkit.formats.text import read_until_fault

compiled = pytest.mark.skipif(
    scanner._scanner is None, reason="the package was installed without a compiler"
)

digits = st.text("0123456789", min_size=1, max_size=20)
plain_numbers = st.builds(
    lambda sign, whole, fraction: sign + whole + fraction,
    st.sampled_from(["", "-"]),
    digits,
    st.one_of(st.just(""), st.just("."), digits.map(".".__add__)),
)
other_numbers = st.one_of(
    st.builds("{}{}e{}".format, st.sampled_from(["", "-", "+"]), digits, st.integers(-340, 10)),
    digits.map(".{}".format),
    digits.map("+{}".format),
    st.sampled_from(["-0.0", "-0", "0.1", "1e-400", "5.", ".5", "9007199254740993", "-.5"]),
    st.floats(-1e9, 1e9).map(repr),
    st.floats(-1e9, 1e9, width=32).map("{:.4f}".format),
)
numbers = st.one_of(plain_numbers, other_numbers)


T = TypeVar("T")


def from_file(read: Callable[[Path], T], data: bytes) -> T:
    """Read a file of this content; a new one each time, since hypothesis shares no fixture."""
    handle, name = tempfile.mkstemp(prefix="ants1_", suffix=".txt")
    try:
        os.write(handle, data)
        os.close(handle)
        return read(Path(name))
    finally:
        Path(name).unlink()


def scan(data: bytes):
    return from_file(scan_plain_file, data)


def parse(data: bytes):
    trajectory, fault = from_file(read_until_fault, data)
    return trajectory, fault and (fault.what, fault.line, fault.hint)


def bits(values) -> bytes:
    return np.asarray(values, dtype=np.float64).tobytes()


def parse_by_lines(data: bytes):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanner, "_scanner", None)
        return parse(data)


@settings(deadline=None, max_examples=120)
@given(st.lists(numbers, min_size=4, max_size=4))
@example(["9007199254740992", "9007199254740993", "0.9007199254740993", "18446744073709551617"])
@example(
    ["0.0000000000000000000000001", "1.0000000000000000000001", "-0.0", "00000000000000000007"]
)
def test_numbers_are_those_of_python(made):
    expected = bits([float(token) for token in made])
    data = (",".join(made) + "\n").encode()
    for parsed in (parse(data), parse_by_lines(data)):
        trajectory, fault = parsed
        assert fault is None
        assert bits(trajectory.values) == expected


@compiled
@settings(deadline=None, max_examples=60)
@given(st.lists(plain_numbers.filter(lambda n: len(n) <= 37), min_size=4, max_size=4))
def test_plain_numbers_are_scanned_and_not_declined(made):
    values, offsets = scan((",".join(made) + "\n").encode())
    assert bits(values) == bits([float(token) for token in made])
    assert offsets.tolist() == [0, 4]


lines = st.one_of(
    st.sampled_from(["0", "1", "2", "1.0", "", " ", "x", "nan", "m0,0,1,1,0,1", "1,2", "1,2,3"]),
    *(st.lists(numbers, min_size=n, max_size=n).map(",".join) for n in (1, 4, 5, 6, 8)),
    st.text("0123456789.,-+eE \r\tnaif_x", max_size=12),
)


@settings(deadline=None, max_examples=120)
@given(st.lists(lines, max_size=6), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_files_are_the_same_with_and_without_the_scanner(made, ending, ended):
    data = (ending.join(made) + (ending if ended else "")).encode()
    with_scanner, fault = parse(data)
    by_lines, same_fault = parse_by_lines(data)
    assert bits(with_scanner.values) == bits(by_lines.values)
    assert with_scanner == by_lines
    assert fault == same_fault


@compiled
@settings(deadline=None, max_examples=120)
@given(st.text("0123456789.,-\n\r x", max_size=30).map(str.encode))
@example(b"4294967296\n-4294967296")
@example(b"4294967296.5")
@example(b"1,2,3," + b"9" * 39)
def test_what_the_scanner_accepts_the_parser_reads_the_same(data):
    plain = scan(data)
    trajectory, fault = parse_by_lines(data)
    if plain is not None:
        assert fault is None
        assert bits(plain[0]) == bits(trajectory.values)
        assert plain[1].tolist() == trajectory.offsets.tolist()


@compiled
@pytest.mark.parametrize(
    "data",
    [b"\n", b"1\n\n", b"1 \n", b"nan\n", b"1e2\n", b"+1\n", b"1,2\n", b"m0,0,1,1,1\n", b"\0"],
)
def test_the_scanner_declines_all_but_plain_regions(data):
    assert scan(data) is None


def test_without_the_compiled_scanner_nothing_is_scanned(monkeypatch):
    monkeypatch.setattr(scanner, "_scanner", None)
    assert scan(b"1\n") is None
