"""The crop: by eye, by property, and against a slow definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainers.prepare.window import Window, mean_colour, template_side

SIDES = st.floats(1, 2000)
PLACES = st.floats(-500, 2500)


def slow_bilinear(image, x, y, border):
    """Give the value at a place, border colour outside: the definition, one pixel at a time."""
    left, top = int(np.floor(x)), int(np.floor(y))
    total = 0.0
    for row, wy in ((top, top + 1 - y), (top + 1, y - top)):
        for column, wx in ((left, left + 1 - x), (left + 1, x - left)):
            inside = 0 <= row < image.shape[0] and 0 <= column < image.shape[1]
            total = total + wx * wy * (image[row, column] if inside else border)
    return total


def test_a_square_of_which_the_crop_is_a_tile_for_tile_copy():
    # 63.5 px with context is 127 px, so that 511 px of the image become 510 steps of the crop.
    window = Window.around((255.0, 255.0), (63.5, 63.5))
    assert window == Window(left=-0.5, top=-0.5, side=511.0)
    image = np.zeros((511, 511, 3), np.uint8)
    image[224:287, 224:287] = 200
    crop = window.crop(image, (0.0, 0.0, 0.0))
    assert crop.shape == (511, 511, 3) and crop.dtype == np.uint8
    np.testing.assert_array_equal(np.flatnonzero(crop[255, :, 0] == 200)[[0, -1]], [225, 285])
    np.testing.assert_array_equal(crop, crop.transpose(1, 0, 2))


def test_outside_is_the_mean_and_in_masks_zero():
    image = np.full((20, 30, 3), (10, 20, 30), np.uint8)
    image[:10] = (30, 40, 50)
    window = Window.around((15.0, 10.0), (8.0, 8.0))
    crop = window.crop(image, mean_colour(image))
    assert mean_colour(image) == pytest.approx((20.0, 30.0, 40.0))
    assert crop[0, 0].tolist() == crop[510, 510].tolist() == [20, 30, 40]
    mask = window.crop_mask(np.ones((20, 30), bool), 0.5)
    assert mask[0, 0] == 0 and mask[255, 255] == 255
    assert set(np.unique(mask)) == {0, 255}


@pytest.mark.parametrize(("threshold", "num_set"), [(0.2, 13), (0.5, 7)])
def test_the_threshold_decides_how_far_a_mask_reaches(threshold, num_set):
    # Eight px of the crop are one of the image; the value of a column of one px falls to both sides
    # as 1 - |d|/8, which is above 0.2 for |d| <= 6 and above 0.5 for |d| <= 3.
    window = Window(left=0.0, top=0.0, side=510 / 8)
    mask = np.zeros((70, 70), bool)
    mask[:, 25] = True
    row = window.crop_mask(mask, threshold)[255]
    assert np.flatnonzero(row).tolist() == [*range(200 - num_set // 2, 201 + num_set // 2)]


def test_a_ramp_stays_a_ramp():
    # Centre (305, 200.5), size 120x200: the template is 317.4902 px, the crop 1277.46 px.
    assert template_side((120.0, 200.0)) == pytest.approx(317.4902, abs=1e-4)
    window = Window.around((305.0, 200.5), (120.0, 200.0))
    assert window.side == pytest.approx(1277.4604, abs=1e-3)
    image = np.repeat((np.arange(250, dtype=np.uint8))[None, :, None], 300, 0).repeat(3, 2)
    crop = window.crop(image, (0.0, 0.0, 0.0))
    # Column 200 is 55 steps of 2.50482 px left of the centre: 305 - 137.765 = 167.235.
    assert crop[255, 200].tolist() == [167, 167, 167]
    assert crop[255, 175].tolist() == [105, 105, 105]


@pytest.mark.parametrize(
    ("size", "box"),
    [
        ((120, 200), (230.9993, 214.9988, 279.0007, 295.0012)),
        ((300, 80), (202.6261, 241.0336, 307.3739, 268.9664)),
        ((64, 64), (223.25, 223.25, 286.75, 286.75)),
    ],
)
def test_the_label_box_of_the_original(size, box):
    """Numbers that the original's label function printed for the middle of the crop."""
    scale = 127 / template_side(size)
    width, height = size[0] * scale, size[1] * scale
    ours = (255 - width / 2, 255 - height / 2, 255 + width / 2, 255 + height / 2)
    assert ours == pytest.approx(box, abs=1e-4)


@given(PLACES, PLACES, SIDES, SIDES)
def test_the_centre_lands_on_255_and_the_edges_on_0_and_510(x, y, width, height):
    window = Window.around((x, y), (width, height))
    transform = window.transform()
    assert transform @ [x, y, 1] == pytest.approx([255, 255], abs=1e-6)
    assert transform @ [window.left, window.top, 1] == pytest.approx([0, 0], abs=1e-6)
    right, bottom = window.left + window.side, window.top + window.side
    assert transform @ [right, bottom, 1] == pytest.approx([510, 510], abs=1e-6)
    # The scale of the crop is that of the label but for 510/511 (quirk 17).
    assert transform[0, 0] == transform[1, 1]
    assert transform[0, 0] * 511 / 510 == pytest.approx(127 / template_side((width, height)))


@given(st.integers(0, 2**32 - 1))
def test_the_crop_is_bilinear(seed):
    random = np.random.default_rng(seed)
    image = random.integers(0, 256, (int(random.integers(5, 60)), 40, 3), dtype=np.uint8)
    centre, size = random.uniform(0, 60, 2), random.uniform(2, 60, 2)
    window = Window.around(tuple(centre), tuple(size))
    border = mean_colour(image)
    crop = window.crop(image, border)
    step = window.side / 510
    for u, v in random.integers(0, 511, (20, 2)):
        x, y = window.left + u * step, window.top + v * step
        expected = slow_bilinear(image.astype(float), x, y, np.array(border))
        # OpenCV before 5 rounds coordinates to 1/32 px: up to 255/32 + rounding in both directions.
        np.testing.assert_allclose(crop[v, u], expected, atol=17)


@given(st.floats(8, 200), st.floats(8, 200))
def test_a_mask_in_the_middle_keeps_its_area(width, height):
    size = round(width), round(height)
    mask = np.zeros((420, 420), bool)
    mask[210 - size[1] // 2 :, 210 - size[0] // 2 :][: size[1], : size[0]] = True
    top, left = 210 - size[1] // 2, 210 - size[0] // 2
    centre = left + (size[0] - 1) / 2, top + (size[1] - 1) / 2
    window = Window.around(centre, size)
    crop = window.crop_mask(mask, 0.5)
    scale = 510 / window.side
    rows, columns = np.flatnonzero(crop.any(1)), np.flatnonzero(crop.any(0))
    assert len(columns) == pytest.approx(size[0] * scale, abs=1.1)
    assert len(rows) == pytest.approx(size[1] * scale, abs=1.1)
    assert (columns[0] + columns[-1]) / 2 == pytest.approx(255, abs=0.6)
