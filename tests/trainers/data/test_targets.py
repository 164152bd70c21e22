"""Labels, deltas and weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siammask.anchors import Anchors, training_grid
from trainers.data import reference
from trainers.data.targets import (
    Grid,
    Sampling,
    delta_weights,
    mask_weights,
    negative_labels,
    positive_labels,
)
from trainers.data.window import Corners

GRID = Grid.of(Anchors(), 255, 25)
ANCHORS = training_grid(Anchors(), 255, 25)
ORDER = np.random.default_rng(0).permutation(3125)
PRIORITIES = np.argsort(ORDER).astype(np.uint32)

boxes = st.builds(
    lambda x, y, w, h: Corners(x - w / 2, y - h / 2, x + w / 2, y + h / 2),
    st.floats(40, 215),
    st.floats(40, 215),
    st.floats(4, 220),
    st.floats(4, 220),
)


def deltas(box, grid=GRID):
    found = np.empty((4, *grid.shape), dtype=np.float32)
    grid.write_deltas(box, found)
    return found


@pytest.mark.parametrize("number", range(3))
def test_numbers_of_the_released_code(data_golden, number):
    expected = data_golden["anchor"][number]
    box = Corners(*expected["target"])
    overlaps = GRID.overlaps(box)
    labels = positive_labels(overlaps, PRIORITIES, Sampling())
    assert overlaps.sum() == pytest.approx(expected["iou_sum"], rel=1e-14)
    assert overlaps[2, 12, 12] == expected["iou_at"]
    assert deltas(box)[:, 2, 12, 12].tolist() == pytest.approx(expected["delta_at"], rel=1e-7)
    assert (overlaps > 0.6).sum() == expected["n_pos_before"]
    assert (overlaps < 0.3).sum() == expected["n_neg_before"]
    assert (labels == 1).sum() == expected["n_pos"]
    assert (labels == 0).sum() == expected["n_neg"]
    assert float(delta_weights(labels).sum()) == pytest.approx(expected["wsum"], abs=1.2e-7)


def test_target_that_is_an_anchor():
    box = Corners(95, 87, 159, 151)  # the square one at column 12, row 11
    overlaps = GRID.overlaps(box)
    assert np.unravel_index(overlaps.argmax(), overlaps.shape) == (2, 11, 12)
    assert overlaps.max() == 1
    assert not deltas(box)[:, 2, 11, 12].any()


@settings(deadline=None)
@given(boxes)
def test_overlaps_and_deltas_are_the_reference_s(box):
    assert np.allclose(GRID.overlaps(box), reference.overlaps(ANCHORS, box), rtol=1e-12, atol=0)
    assert np.array_equal(deltas(box), reference.deltas(ANCHORS, box))


@settings(deadline=None)
@given(boxes, st.integers(1, 40), st.integers(0, 100))
def test_labels_are_the_reference_s(box, positives, total):
    sampling = Sampling(positives=positives, total=max(positives, total))
    overlaps = GRID.overlaps(box)
    expected = reference.labels(overlaps, ORDER, sampling, negative_pair=False)
    assert np.array_equal(positive_labels(overlaps, PRIORITIES, sampling), expected)
    assert np.array_equal(GRID.labels(box, PRIORITIES, sampling), expected)


@settings(deadline=None)
@given(boxes, st.integers(0, 40), st.integers(0, 100), st.integers(1, 2**32), st.integers(0, 99))
def test_labels_of_the_kernel_are_numpy_s(box, positives, total, most, seed):
    pytest.importorskip("trainers.data._kernel")
    # Few different priorities: of equal ones, the first are taken.
    priorities = np.random.default_rng(seed).integers(0, most, 3125, dtype=np.uint32)
    sampling = Sampling(positives=positives, total=total)
    expected = positive_labels(GRID.overlaps(box), priorities, sampling)
    assert np.array_equal(GRID.labels(box, priorities, sampling), expected)


@pytest.mark.parametrize("cells", [3, 5, 25])
def test_negative_pairs_are_the_reference_s(cells):
    order = np.random.default_rng(1).permutation(5 * cells * cells)
    nothing = np.zeros((5, cells, cells))
    expected = reference.labels(nothing, order, Sampling(), negative_pair=True)
    found = negative_labels(nothing.shape, np.argsort(order).astype(np.uint32), Sampling())
    assert np.array_equal(found, expected)
    assert (found == 0).sum() == 16
    assert not (found == 1).any()


def test_weights():
    labels = np.full((5, 3, 3), -1, dtype=np.int8)
    labels[0, 0, 0] = labels[1, 0, 0] = labels[4, 2, 2] = 1
    labels[3, 1, 1] = labels[2, 2, 2] = 0
    weights = delta_weights(labels)
    assert weights[0, 0, 0] == np.float32(1 / (3 + 1e-6))
    assert np.count_nonzero(weights) == 3
    assert mask_weights(labels).tolist() == [[[1, -1, -1], [-1, 0, -1], [-1, -1, 1]]]


def test_a_target_can_have_no_positive_anchor():
    labels = positive_labels(
        GRID.overlaps(Corners(100.2, 60.4, 150.9, 190.1)), PRIORITIES, Sampling()
    )
    assert not (labels == 1).any()
    assert not delta_weights(labels).any()
    assert (labels == 0).sum() == 64
