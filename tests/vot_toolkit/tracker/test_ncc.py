"""Template matching on images made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from vot_toolkit.errors import TrackerError
from vot_toolkit.tracker.ncc import NCCTracker
from vot_toolkit.tracker.square import moving_square


def image_with(patch: np.ndarray, left: int, top: int) -> np.ndarray:
    """Put a grey patch on a plain image of 40 x 30 px."""
    image = np.full((30, 40, 3), 90, dtype=np.uint8)
    height, width = patch.shape
    image[top : top + height, left : left + width] = patch[:, :, None]
    return image


PATCH = np.arange(48, dtype=np.uint8).reshape(6, 8) * 5


def track(tracker: NCCTracker, first, region, *images):
    """Start on one image and give the matches on the others."""
    tracker.initialize(first, np.array(region, dtype=float))
    return [tracker.update(image) for image in images]


def test_finds_a_copy_exactly():
    (match,) = track(
        NCCTracker(), image_with(PATCH, 10, 12), [10, 12, 8, 6], image_with(PATCH, 14, 9)
    )
    assert match.region.tolist() == [14, 9, 8, 6]
    assert match.score == pytest.approx(1, abs=1e-5)


def test_brightness_and_contrast_do_not_matter():
    other = image_with(PATCH // 2 + 60, 12, 13)
    (match,) = track(NCCTracker(), image_with(PATCH, 10, 12), [10, 12, 8, 6], other)
    assert match.region.tolist() == [12, 13, 8, 6]
    assert match.score > 0.99


def test_polygon_becomes_its_box():
    corners = [14, 12, 18, 15, 14, 18, 10, 15]
    (match,) = track(NCCTracker(), image_with(PATCH, 10, 12), corners, image_with(PATCH, 11, 12))
    assert match.region.tolist() == [11, 12, 8, 6]


def test_search_reaches_so_many_sides():
    near, far = image_with(PATCH, 18, 12), image_with(PATCH, 19, 12)
    first = image_with(PATCH, 10, 12)
    found = [
        track(NCCTracker(1.0), first, [10, 12, 8, 6], image)[0].region[0] for image in (near, far)
    ]
    assert found[0] == 18
    assert found[1] != 19


@pytest.mark.parametrize(
    ("region", "reported"),
    [
        ([-3, -2, 8, 6], [0, 0, 5, 4]),
        ([36, 27, 8, 6], [36, 27, 4, 3]),
        ([100, 100, 8, 6], [39, 29, 1, 1]),
        ([-50, -50, 8, 6], [0, 0, 1, 1]),
        ([0, 0, 40, 30], [0, 0, 40, 30]),
        ([-10, -10, 100, 100], [0, 0, 40, 30]),
        ([5, 5, 0, 0], [5, 5, 1, 1]),
        ([5.4, 5.6, 2.2, 0.1], [5, 6, 3, 1]),
    ],
)
def test_box_at_the_border_is_cut(region, reported):
    noise = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    matches = track(NCCTracker(), noise, region, noise, noise)
    assert [match.region.tolist() for match in matches] == [reported, reported]


def test_single_pixel_is_followed_by_its_grey():
    dot = np.full((1, 1), 200, dtype=np.uint8)
    frames = [image_with(dot, 20 + step, 15 - step) for step in range(4)]
    matches = track(NCCTracker(), frames[0], [20, 15, 1, 1], *frames[1:])
    assert [match.region.tolist()[:2] for match in matches] == [[21, 14], [22, 13], [23, 12]]
    assert matches[-1].score == 1


def test_plain_images_leave_it_where_it_was():
    plain = np.full((30, 40, 3), 90, dtype=np.uint8)
    for first in (plain, image_with(PATCH, 10, 12)):
        (match,) = track(NCCTracker(), first, [10, 12, 8, 6], plain)
        assert match.region.tolist() == [10, 12, 8, 6]
        assert -1 <= match.score <= 1


def test_grey_images():
    (match,) = track(
        NCCTracker(),
        image_with(PATCH, 10, 12)[..., 0],
        [10, 12, 8, 6],
        image_with(PATCH, 12, 12)[..., 0],
    )
    assert match.region.tolist() == [12, 12, 8, 6]


def test_follows_the_square():
    scene = moving_square()
    matches = track(NCCTracker(), scene.images[0], scene.sequence.groundtruth[0], *scene.images[1:])
    for frame, match in enumerate(matches, start=1):
        np.testing.assert_array_equal(match.region, scene.sequence.groundtruth[frame])


@pytest.mark.parametrize("search", [0, -1, float("nan"), float("inf")])
def test_search_is_a_number_above_0(search):
    with pytest.raises(TrackerError, match="option search="):
        NCCTracker(search)
