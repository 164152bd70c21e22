"""JPEG files in parts."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainers.data import compiled
from trainers.data.jpeg import (
    JPEGError,
    cut,
    decode,
    decode_whole,
    encode,
    read_layout,
)
from trainers.data.window import Area

SIDE = 203


def texture():
    random = np.random.default_rng(3)
    coarse = random.integers(0, 256, (12, 12, 3), dtype=np.uint8)
    return cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)


def encoded(interval, sampling=cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420):
    options = [cv2.IMWRITE_JPEG_RST_INTERVAL, interval]
    options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    return cv2.imencode(".jpg", texture(), options)[1].tobytes()


FILES = {
    "13 blocks, each": encoded(1),
    "13 blocks, a row": encoded(13),
    "4:4:4": encoded(2, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),
    "4:2:2": encoded(1, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422),
    "none": encoded(0),
    "no columns": encoded(5),
}

areas = st.tuples(*[st.integers(0, SIDE - 1)] * 2, *[st.integers(1, SIDE)] * 2).map(
    lambda t: Area(t[0], t[1], min(t[0] + t[2], SIDE), min(t[1] + t[3], SIDE))
)


@settings(deadline=None)
@given(st.sampled_from(sorted(FILES)), areas)
def test_part_decodes_as_in_the_whole(name, area):
    whole = decode_whole(FILES[name])
    part = decode(FILES[name], area).part(area).pixels
    assert np.array_equal(part, whole[area.top : area.bottom, area.left : area.right])


@settings(deadline=None)
@given(areas, areas)
def test_cut_of_a_cut(first, second):
    data = FILES["13 blocks, each"]
    once, covered = cut(data, read_layout(data), first)
    inner = Area(
        max(second.left, first.left), max(second.top, first.top),
        min(second.right, first.right), min(second.bottom, first.bottom),
    )  # fmt: skip
    if inner.width <= 0 or inner.height <= 0:
        return
    within = Area(
        inner.left - covered.left, inner.top - covered.top,
        inner.right - covered.left, inner.bottom - covered.top,
    )  # fmt: skip
    twice, _ = cut(once, read_layout(once), within)
    assert len(twice) <= len(once) <= len(data)
    expected = decode(data, inner).part(inner).pixels
    assert np.array_equal(decode(once, within).part(within).pixels, expected)


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(["13 blocks, each", "13 blocks, a row", "4:4:4", "4:2:2"]), areas)
def test_the_kernel_cuts_the_same_bytes(name, area):
    if compiled.kernel is None:
        pytest.skip("the package was installed without a compiler")
    data = FILES[name]
    with pytest.MonkeyPatch.context() as patch:
        made = cut(data, read_layout(data), area)
        patch.setattr(compiled, "kernel", None)
        assert cut(data, read_layout(data), area) == made


@pytest.mark.parametrize("name", ["none", "no columns"])
def test_files_that_cannot_be_cut_are_decoded_whole(name):
    assert read_layout(FILES[name]) is None
    assert decode(FILES[name], Area(50, 50, 60, 60)).pixels.shape == (SIDE, SIDE, 3)


def test_a_part_decodes_little():
    assert decode(FILES["13 blocks, each"], Area(50, 50, 60, 60)).pixels.shape == (16, 16, 3)


def test_cut_file_is_a_jpeg_file_without_a_complaint(capfd):
    data = FILES["13 blocks, each"]
    part, covered = cut(data, read_layout(data), Area(40, 40, 170, 120))
    assert decode_whole(part).shape == (covered.height, covered.width, 3)
    assert capfd.readouterr().err == ""


def test_what_is_encoded_here_can_be_cut():
    layout = read_layout(encode(texture(), 90))
    assert (layout.width, layout.height) == (SIDE, SIDE)
    assert layout.tile_width in (16, 32)


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a JPEG"),
        (b"PNG", "not a JPEG"),
        (FILES["none"][:-300], "without its end"),
        (b"\xff\xd8 \xff\xd9", "broken header"),
        (b"\xff\xd8\xff\xe0\x00\x02\xff\xd9", "broken header"),
        (FILES["13 blocks, each"][:3000] + FILES["13 blocks, each"][3600:], "tiles, expected 169"),
    ],
)
def test_broken_files(data, message):
    with pytest.raises(JPEGError, match=message):
        decode(data, Area(0, 0, 10, 10))
