"""J, F and their statistics: closed forms, definitions written out, scikit-image, shapely."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from siammask.vos.measures import (
    Statistics,
    boundary,
    contour_accuracy,
    mean_statistics,
    region_similarity,
    statistics,
    tolerance,
)

SHAPE = (200, 300)  # the diagonal is 360.6 px, so boundaries may be 3 px apart
SIDE = 40
pairs_of_masks = arrays.arrays(np.bool_, (2, 12, 17))


def square(x: int, y: int, side: int = SIDE, shape: tuple[int, int] = SHAPE) -> np.ndarray:
    mask = np.zeros(shape, dtype=bool)
    mask[y : y + side, x : x + side] = True
    return mask


@pytest.mark.parametrize("shift", [0, 1, 7, 39, 40, 60])
def test_j_of_a_shifted_square(shift: int) -> None:
    overlap = max(0, SIDE - shift)
    expected = overlap / (2 * SIDE - overlap)
    assert region_similarity(square(50, 50), square(50 + shift, 50)) == expected


@pytest.mark.parametrize("shift", [4, 5, 9, 20])
def test_f_of_a_square_shifted_beyond_the_tolerance(shift: int) -> None:
    near = tolerance(SHAPE)
    assert near == 3
    # Of the 4 SIDE pixels of a boundary these are matched: on the upper and the lower line those
    # that lie on the other square's line or at most `near` beyond its end; and `near` more on the
    # side between the lines, below the upper and above the lower one.
    matched = 2 * (SIDE + 1 - shift + near) + 2 * near
    value = contour_accuracy(square(50, 50), square(50 + shift, 50))
    assert value == pytest.approx(matched / (4 * SIDE), rel=1e-15)


@pytest.mark.parametrize("shift", [0, 1, 2, 3])
def test_f_is_1_within_the_tolerance(shift: int) -> None:
    assert contour_accuracy(square(50, 50), square(50 + shift, 50)) == 1.0


def test_f_of_squares_far_apart() -> None:
    assert contour_accuracy(square(10, 10), square(200, 100)) == 0.0


def test_precision_and_recall_are_averaged_harmonically() -> None:
    # All of the small square's boundary is on the large one's, not the other way round.
    truth = square(50, 50)
    result = truth | square(150, 50)
    precision, recall = 0.5, 1.0
    expected = 2 * precision * recall / (precision + recall)
    assert contour_accuracy(truth, result) == pytest.approx(expected, rel=1e-15)
    assert contour_accuracy(result, truth) == pytest.approx(expected, rel=1e-15)


def test_empty_masks() -> None:
    empty, some = np.zeros(SHAPE, bool), square(50, 50)
    assert region_similarity(empty, empty) == contour_accuracy(empty, empty) == 1.0
    assert region_similarity(some, empty) == contour_accuracy(some, empty) == 0.0
    assert region_similarity(empty, some) == contour_accuracy(empty, some) == 0.0


def test_a_mask_that_fills_the_image_has_no_boundary() -> None:
    full = np.ones(SHAPE, bool)
    assert not boundary(full).any()
    assert contour_accuracy(full, full) == 1.0
    assert contour_accuracy(full, square(50, 50)) == 0.0


def test_void_pixels_count_neither_way() -> None:
    truth, result = square(50, 50), square(50, 50)
    result[:, 80:] = True
    void = np.zeros(SHAPE, bool)
    void[:, 80:] = True
    assert region_similarity(truth, result) < 0.1
    assert region_similarity(truth, result, void) == 1.0
    assert contour_accuracy(truth, result, void) == 1.0


def test_masks_of_different_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(200, 300\) and \(200, 301\)"):
        region_similarity(np.zeros((200, 300), bool), np.zeros((200, 301), bool))


@pytest.mark.parametrize(("shape", "expected"), [((480, 854), 8), ((720, 1280), 12), ((9, 12), 1)])
def test_the_tolerance_is_a_share_of_the_diagonal_rounded_up(shape, expected) -> None:
    assert tolerance(shape) == expected


def boundary_by_definition(mask: np.ndarray) -> np.ndarray:
    """Compare each pixel with its three neighbours, those that there are."""
    edge = np.zeros_like(mask)
    height, width = mask.shape
    for y, x in np.ndindex(mask.shape):
        for down, right in ((0, 1), (1, 0), (1, 1)):
            beside = min(y + down, height - 1), min(x + right, width - 1)
            edge[y, x] |= mask[y, x] != mask[beside]
    return edge


@given(arrays.arrays(np.bool_, (6, 9)))
def test_boundary_by_definition(mask: np.ndarray) -> None:
    np.testing.assert_array_equal(boundary(mask), boundary_by_definition(mask))


def contour_accuracy_by_definition(truth: np.ndarray, result: np.ndarray, limit: int) -> float:
    """Match by comparing all pixels of one boundary with all of the other."""
    one, other = np.argwhere(boundary(truth)), np.argwhere(boundary(result))
    if not len(one) or not len(other):
        return float(len(one) == len(other))
    near = ((one[:, None] - other[None]) ** 2).sum(axis=2) <= limit**2
    recall, precision = near.any(axis=1).mean(), near.any(axis=0).mean()
    return 0.0 if precision + recall == 0 else 2 * precision * recall / (precision + recall)


@settings(deadline=None)
@given(pairs_of_masks, st.sampled_from([(1, 1), (10, 10), (20, 12)]))
def test_f_by_definition(masks: np.ndarray, scale: tuple[int, int]) -> None:
    truth, result = (np.kron(mask, np.ones(scale, bool)).astype(bool) for mask in masks)
    expected = contour_accuracy_by_definition(truth, result, tolerance(truth.shape))
    assert contour_accuracy(truth, result) == pytest.approx(expected, abs=1e-12)


def blobs(seed: int) -> np.ndarray:
    """Make a mask of discs, some of which are cut by the rim."""
    random = np.random.RandomState(seed)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    mask = np.zeros(SHAPE, bool)
    for _ in range(6):
        cx, cy, radius = random.rand(3) * (SHAPE[1], SHAPE[0], 40)
        mask |= (x - cx) ** 2 + (y - cy) ** 2 < radius**2
    return mask


@pytest.mark.parametrize("seed", range(5))
def test_f_by_dilation_with_scikit_image(seed: int) -> None:
    morphology = pytest.importorskip("skimage.morphology")
    truth, result = blobs(seed), np.roll(blobs(seed), (seed, 2 * seed), (0, 1)) ^ blobs(seed + 10)
    disk = morphology.disk(tolerance(SHAPE))
    one, other = boundary(truth), boundary(result)
    recall = (one & morphology.dilation(other, disk)).sum() / one.sum()
    precision = (other & morphology.dilation(one, disk)).sum() / other.sum()
    expected = 2 * precision * recall / (precision + recall)
    assert 0.1 < expected < 0.999
    assert contour_accuracy(truth, result) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_j_of_polygons_against_shapely(seed: int) -> None:
    shapely = pytest.importorskip("shapely")
    random = np.random.RandomState(seed)
    x0, y0, x1, y1 = random.randint(0, 60, 4)
    w0, h0, w1, h1 = random.randint(30, 100, 4)
    truth, result = np.zeros(SHAPE, bool), np.zeros(SHAPE, bool)
    truth[y0 : y0 + h0, x0 : x0 + w0] = True
    result[y1 : y1 + h1, x1 : x1 + w1] = True
    # Whole pixels are unit squares: the areas are those of the rectangles.
    one, other = shapely.box(x0, y0, x0 + w0, y0 + h0), shapely.box(x1, y1, x1 + w1, y1 + h1)
    expected = one.intersection(other).area / one.union(other).area
    assert region_similarity(truth, result) == pytest.approx(expected, rel=1e-12)


@given(pairs_of_masks)
def test_both_measures_are_symmetric_in_0_to_1_and_1_of_equals(masks: np.ndarray) -> None:
    for measure in (region_similarity, contour_accuracy):
        value = measure(*masks)
        assert 0 <= value <= 1
        assert measure(*masks[::-1]) == pytest.approx(value, rel=1e-12)
        assert measure(masks[0], masks[0]) == 1.0


def test_statistics_by_hand() -> None:
    # 9 frames are cut at frames 1, 3, 5, 7, 9: the quarters are 1-3 and 7-9.
    values = [0.9, 0.8, 0.7, 0.5, 0.6, 0.5, 0.4, 0.3, 0.2]
    assert statistics(values).mean == pytest.approx(4.9 / 9)
    assert statistics(values).recall == 4 / 9  # 0.5 is not above 0.5
    assert statistics(values).decay == pytest.approx(0.8 - 0.3)


def test_cuts_between_frames_are_rounded_up() -> None:
    # 7 frames: 1, 2.5, 4, 5.5, 7 give 1, 3, 4, 6, 7.
    assert statistics([1, 1, 1, 0, 0, 0, 0]).decay == 1.0
    assert statistics([0, 0, 0, 0, 0, 1, 0]).decay == -0.5


def test_statistics_of_few_frames() -> None:
    assert statistics([0.7]) == Statistics(0.7, 1.0, 0.0)
    assert all(math.isnan(value) for value in vars(statistics([])).values())
    assert all(math.isnan(value) for value in vars(mean_statistics([])).values())


def test_an_object_without_a_frame_has_no_weight() -> None:
    known, unknown = Statistics(0.75, 0.5, 0.1), statistics([])
    assert mean_statistics([known, unknown, known]) == known
    assert math.isnan(mean_statistics([unknown]).mean)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=300))
def test_decay_as_numpy_cuts(values: list[float]) -> None:
    cut = np.round(np.linspace(1, len(values), 5) + 1e-10).astype(int) - 1
    expected = np.mean(values[: cut[1] + 1]) - np.mean(values[cut[3] :])
    assert statistics(values).decay == pytest.approx(expected, abs=1e-12)
