"""Images and regions in messages."""

from __future__ import annotations

import base64

import cv2
import numpy as np
import pytest

from vot_toolkit.errors import DatasetError, TrackerError
from vot_toolkit.formats.rle import parse_mask
from vot_toolkit.region import Mask
from vot_toolkit.tracker.trax.forms import image_text, read_region, region_text

BOX = np.array([10.0, 20.0, 3.0, 2.0])
DIAMOND = np.array([3.0, 1.0, 5.0, 3.0, 3.0, 5.0, 1.0, 3.0])


@pytest.mark.parametrize(
    ("region", "formats", "text"),
    [
        (BOX, ["rectangle"], "10.0000,20.0000,3.0000,2.0000"),
        (BOX, ["polygon", "rectangle", "mask"], "10.0000,20.0000,3.0000,2.0000"),
        (
            BOX,
            ["polygon"],
            "10.0000,20.0000,12.0000,20.0000,12.0000,21.0000,10.0000,21.0000",
        ),
        (BOX, ["mask"], "mask:10,20,3,2,0,6"),
        (DIAMOND, ["rectangle"], "1.0000,1.0000,4.0000,4.0000"),
        (
            DIAMOND,
            ["rectangle", "polygon", "mask"],
            "3.0000,1.0000,5.0000,3.0000,3.0000,5.0000,1.0000,3.0000",
        ),
        (DIAMOND, ["rectangle", "mask"], "mask:1,1,5,5,2,1,3,3,1,5,1,3,3,1,2"),
        (np.array([-1.5, -2.0, 3.4, 4.0]), ["mask"], "mask:-2,-2,3,4,0,12"),
        (np.array([5.0, 5.0, 0.0, 0.0]), ["mask"], "mask:5,5,1,1,0,1"),
    ],
)
def test_the_region_to_start_with(region, formats, text):
    assert region_text(region, formats) == text


def test_a_diamond_as_mask():
    drawn = parse_mask(region_text(DIAMOND, ["mask"]))
    pixels = ["..#..", ".###.", "#####", ".###.", "..#.."]
    assert drawn == Mask(1, 1, np.array([[c == "#" for c in row] for row in pixels]))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("1,2,3,4", [1, 2, 3, 4]), ("1,2,3,4,5,6", [1, 2, 3, 4, 5, 6]), ("0", [0]), ("nan", [0])],
)
def test_a_reply(text, numbers):
    assert read_region(text).tolist() == numbers


def test_a_mask_in_a_reply():
    assert read_region("mask:1,2,2,1,1,1") == Mask(2, 2, np.ones((1, 1), bool))


@pytest.mark.parametrize(
    "text", ["", "abc", "1,2,3", "7", "mask:1,2,-3,4,0,12", "mask:1,2,300000,300000,0,5"]
)
def test_no_region_in_a_reply(text):
    with pytest.raises(TrackerError, match="it replied with no region"):
        read_region(text)


def test_an_image_as_file_bytes_and_pixels(tmp_path):
    path = tmp_path / "a b.png"
    pixels = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
    cv2.imwrite(str(path), pixels)
    assert image_text(path, ["path", "memory"]) == f"file://{path}"
    head, data = image_text(path, ["data", "memory"]).split(";")
    assert (head, base64.b64decode(data)) == ("data:image/png", path.read_bytes())
    *head, data = image_text(path, ["memory"]).split(";")
    assert head == ["image:3", "2", "rgb"]
    # Red comes first there.
    assert base64.b64decode(data) == pixels[:, :, ::-1].tobytes()
    # Only these two kinds of file are known to all programs.
    other = path.rename(path.with_suffix(".bmp"))
    assert image_text(other, ["data"]).startswith("image:3;2;rgb;")


def test_an_image_that_is_none(tmp_path):
    with pytest.raises(DatasetError, match="No such file"):
        image_text(tmp_path / "none.png", ["memory"])
    (tmp_path / "broken.png").write_bytes(b"what")
    with pytest.raises(DatasetError, match="not an image"):
        image_text(tmp_path / "broken.png", ["memory"])
