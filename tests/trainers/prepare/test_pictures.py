"""Reading images and mask files."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainers.prepare.dropped import Reason, UnusableError
from trainers.prepare.pictures import read_image, read_indices, read_palette


def test_a_palette_gives_the_indices_back(tmp_path, palette_png):
    indices = np.arange(6, dtype=np.uint8).reshape(2, 3)
    palette_png(tmp_path / "m.png", indices)
    np.testing.assert_array_equal(read_indices(tmp_path / "m.png"), indices)
    assert read_palette((tmp_path / "m.png").read_bytes())[1].tolist() == [128, 0, 0]


def test_of_equal_colours_the_first_counts(tmp_path, palette_png):
    palette_png(tmp_path / "m.png", np.array([[1, 2, 3]]), [(0, 0, 0), (9, 9, 9), (7, 7, 7)] * 2)
    assert read_indices(tmp_path / "m.png").tolist() == [[1, 2, 0]]


@given(st.integers(0, 2**32 - 1), st.integers(2, 256))
def test_any_palette_of_distinct_colours(tmp_path_factory, palette_png, seed, count):
    random = np.random.default_rng(seed)
    colours = random.choice(1 << 24, count, replace=False)
    palette = [(int(c) >> 16, int(c) >> 8 & 255, int(c) & 255) for c in colours]
    indices = random.integers(0, count, (5, 7))
    path = tmp_path_factory.getbasetemp() / "any.png"
    palette_png(path, indices, palette)
    np.testing.assert_array_equal(read_indices(path), indices)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_one_channel_holds_the_numbers(tmp_path, dtype):
    values = np.array([[0, 1, 2], [0, 255, 7]], dtype=dtype)
    cv2.imwrite(str(tmp_path / "m.png"), values)
    np.testing.assert_array_equal(read_indices(tmp_path / "m.png"), values)


def test_three_equal_channels_are_one(tmp_path):
    values = np.array([[0, 255], [255, 0]], dtype=np.uint8)
    cv2.imwrite(str(tmp_path / "m.png"), np.dstack([values] * 3))
    assert read_indices(tmp_path / "m.png").tolist() == values.tolist()


def test_colours_without_palette_are_named(tmp_path):
    cv2.imwrite(str(tmp_path / "m.png"), np.arange(12, dtype=np.uint8).reshape(2, 2, 3))
    with pytest.raises(UnusableError) as raised:
        read_indices(tmp_path / "m.png")
    assert raised.value.dropped.reason is Reason.UNREADABLE_MASK
    assert "colours without a palette" in raised.value.dropped.place


@pytest.mark.parametrize("content", [None, b"", b"not an image"])
def test_what_is_no_image_is_named(tmp_path, content):
    path = tmp_path / "a.jpg"
    if content is not None:
        path.write_bytes(content)
    missing = content is None
    for read, reasons in (
        (read_image, (Reason.MISSING_IMAGE, Reason.UNREADABLE_IMAGE)),
        (read_indices, (Reason.MISSING_MASK, Reason.UNREADABLE_MASK)),
    ):
        with pytest.raises(UnusableError) as raised:
            read(path)
        assert raised.value.dropped.reason is reasons[not missing]
        assert str(path) in raised.value.dropped.place
