"""Index PNG: what Pillow reads is what was written, and the other way round."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from siammask.errors import ImageError
from siammask.video.index_png import decode_labels, encode_labels, palette, read_labels

LABELS = (np.add.outer(np.arange(40), 3 * np.arange(61)) % 256).astype(np.uint8)


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20))))
def test_labels_survive(labels: np.ndarray) -> None:
    np.testing.assert_array_equal(decode_labels(encode_labels(labels)), labels)


def test_pillow_sees_an_indexed_image_with_the_palette() -> None:
    pillow = pytest.importorskip("PIL.Image")
    image = pillow.open(io.BytesIO(encode_labels(LABELS)))
    assert image.mode == "P"
    np.testing.assert_array_equal(np.asarray(image), LABELS)
    assert image.getpalette() == palette().ravel().tolist()


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_files_of_pillow_of_any_depth_are_read(bits: int) -> None:
    pillow = pytest.importorskip("PIL.Image")
    labels = LABELS & (2**bits - 1)
    image = pillow.fromarray(labels)
    image.putpalette(palette().ravel().tolist())
    file = io.BytesIO()
    image.save(file, "png", bits=bits, transparency=0)
    assert file.getvalue()[24:26] == bytes([bits, 3])
    np.testing.assert_array_equal(decode_labels(file.getvalue()), labels)


def test_a_palette_in_which_colours_are_alike_does_no_harm() -> None:
    pillow = pytest.importorskip("PIL.Image")
    image = pillow.fromarray(LABELS)
    image.putpalette([7, 7, 7] * 256)
    file = io.BytesIO()
    image.save(file, "png")
    np.testing.assert_array_equal(decode_labels(file.getvalue()), LABELS)


def test_grey_files_are_read_as_they_are(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "grey.png"), LABELS)
    np.testing.assert_array_equal(read_labels(tmp_path / "grey.png"), LABELS)


def test_opencv_shows_the_colours(tmp_path: Path) -> None:
    path = tmp_path / "indexed.png"
    path.write_bytes(encode_labels(LABELS))
    np.testing.assert_array_equal(cv2.imread(str(path))[..., ::-1], palette()[LABELS])


def broken_files() -> dict[str, bytes]:
    whole = encode_labels(LABELS)
    _, colour = cv2.imencode(".png", np.zeros((4, 4, 3), np.uint8))
    _, deep = cv2.imencode(".png", np.zeros((4, 4), np.uint16))
    return {
        "no PNG file": b"<html>",
        "without its header": whole[:20],
        "cut off": whole[:-20],
        "colour type 2": colour.tobytes(),
        "16 bits": deep.tobytes(),
        "cannot be decoded": whole[:33] + b"\0\0\0\4IDATjunkcrc!" + whole[-12:],
    }


@pytest.mark.parametrize("what", broken_files())
def test_what_is_no_label_file_is_named(what: str, tmp_path: Path) -> None:
    path = tmp_path / "00003.png"
    path.write_bytes(broken_files()[what])
    with pytest.raises(ImageError, match=f"00003.png: .*{what}"):
        read_labels(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"00009\.png: cannot be read: No such file"):
        read_labels(tmp_path / "00009.png")
