"""When two repetitions count as one."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from vot_toolkit.experiment import agree
from vot_toolkit.region import Mask
from vot_toolkit.region_overlap import overlaps
from vot_toolkit.trajectory import Trajectory

BOX = [10.0, 10.0, 40.0, 30.0]
SHIFTED = [11.0, 10.0, 40.0, 30.0]


def all_overlap(value: float):
    """Give an overlap that is the same for every pair."""
    return lambda ours, theirs: np.full(len(ours), value)


def test_same_codes_and_full_overlap():
    a = Trajectory.of(1, BOX, 2, 0)
    assert agree(a, Trajectory.of(1, SHIFTED, 2, 0), all_overlap(1.0), 0.999)


@pytest.mark.parametrize("value", [0.999, 0.5, np.nan])
def test_overlap_must_exceed_the_threshold(value):
    a = Trajectory.of(1, BOX)
    assert not agree(a, a, all_overlap(value), 0.999)


@pytest.mark.parametrize(
    "other", [(1, BOX), (1, BOX, 2, 0, 0), (1, BOX, 0, 0), (1, 2, 2, 0), (1, BOX, BOX, 0)]
)
def test_length_and_codes_must_be_equal(other):
    a = Trajectory.of(1, BOX, 2, 0)
    assert not agree(a, Trajectory.of(*other), all_overlap(1.0), 0.999)


def test_only_pairs_of_regions_are_compared():
    pairs = []

    def record(ours, theirs):
        pairs.extend(zip(ours, theirs, strict=True))
        return np.ones(len(ours))

    polygon = [0.0, 0.0, 9.0, 0.0, 9.0, 9.0]
    assert agree(Trajectory.of(1, BOX, polygon), Trajectory.of(1, polygon, BOX), record, 0.999)
    assert [(len(a), len(b)) for a, b in pairs] == [(4, 6), (6, 4)]


def test_codes_alone_agree():
    a = Trajectory.of(1, 2, 0)
    assert agree(a, a, all_overlap(0.0), 0.999)


def test_masks_are_regions():
    masks = Trajectory.of(1, Mask(2, 3, np.ones((4, 5), dtype=bool)))
    assert agree(masks, masks, partial(overlaps, bounds=(99, 79)), 0.999)


def test_with_the_true_overlap():
    bounded = partial(overlaps, bounds=(99.0, 79.0))
    a, b = Trajectory.of(1, BOX, BOX), Trajectory.of(1, BOX, SHIFTED)
    assert agree(a, a, bounded, 0.999)
    assert not agree(a, b, bounded, 0.999)
