"""Trajectories."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vot_toolkit.errors import RegionError
from vot_toolkit.region import Mask
from vot_toolkit.trajectory import NO_CODE, Trajectory

MASK = Mask(2, 3, np.eye(3, dtype=bool))
BOX = [10.0, 20.0, 30.0, 40.0]
TRIANGLE = [0.0, 0.0, 9.0, 0.0, 9.0, 9.0]

NUMBERS = st.integers(-99, 99).map(float)
REGIONS = st.sampled_from([1, 4, 6, 8, 10]).flatmap(
    lambda n: st.lists(NUMBERS, min_size=n, max_size=n).map(np.array)
) | st.just(MASK)
FEW = [np.array([1.0]), np.array([2.0]), np.array(BOX), np.array(TRIANGLE), MASK]


def same(a, b) -> bool:
    """Compare two regions."""
    if isinstance(a, Mask) or isinstance(b, Mask):
        return a is b
    return a.tolist() == b.tolist()


def test_regions_of_all_kinds_keep_their_places():
    made = Trajectory.of(1, BOX, MASK, TRIANGLE, [2])
    assert len(made) == 5
    assert made.sizes().tolist() == [1, 4, 0, 6, 1]
    assert made[1].tolist() == BOX and made[3].tolist() == TRIANGLE
    assert made[2] is MASK


@given(st.lists(REGIONS, max_size=9))
def test_regions_come_out_as_they_went_in(regions):
    made = Trajectory.from_regions(regions)
    assert len(made) == len(regions)
    assert all(same(a, b) for a, b in zip(made, regions, strict=True))
    assert all(same(made[k], made[k - len(regions)]) for k in range(len(regions)))
    for beyond in (len(regions), -len(regions) - 1):
        with pytest.raises(IndexError):
            made[beyond]


def test_a_wrong_region_is_refused():
    with pytest.raises(RegionError, match="3 numbers"):
        Trajectory.of(BOX, [1, 2, 3])


def test_codes_are_those_of_single_numbers_and_failures_their_frames():
    made = Trajectory.of(1, BOX, 2, 0, MASK, 0, 1, TRIANGLE, 2)
    assert made.codes().tolist() == [1, NO_CODE, 2, 0, NO_CODE, 0, 1, NO_CODE, 2]
    assert made.codes().dtype == np.int64
    assert made.failures().tolist() == [2, 8]
    assert Trajectory.of(BOX).failures().tolist() == []
    assert Trajectory.of().codes().tolist() == []


def test_decimals_of_a_code_are_cut_off():
    made = Trajectory.from_regions(np.array([value]) for value in (1.0, 2.9, 0.5))
    assert made.codes().tolist() == [1, 2, 0]


@given(st.lists(REGIONS, max_size=6), st.integers(0, 8))
def test_the_head_holds_the_first_frames(regions, count):
    made = Trajectory.from_regions(regions)
    head = made.head(count)
    assert head == Trajectory.from_regions(regions[:count])
    assert head.codes().tolist() == made.codes().tolist()[:count]
    assert all(index < count for index in head.masks)


@given(st.lists(st.sampled_from(FEW), max_size=3), st.lists(st.sampled_from(FEW), max_size=3))
def test_trajectories_are_equal_when_every_region_is(first, second):
    a, b = Trajectory.from_regions(first), Trajectory.from_regions(second)
    assert a == Trajectory.from_regions(first)
    alike = len(first) == len(second) and all(map(same, first, second))
    assert (a == b) is alike


def test_equality_sees_masks_splits_and_nan():
    other = Mask(2, 4, MASK.pixels)
    assert Trajectory.of(MASK) != Trajectory.of(other)
    assert Trajectory.of(MASK, 1) != Trajectory.of(1, MASK)
    assert Trajectory.of([1, 2, 3, 4], 0, 1) != Trajectory.of([1, 2, 3, 4, 0, 1])
    broken = Trajectory(np.array([np.nan]), np.array([0, 1]))
    assert broken == Trajectory(np.array([np.nan]), np.array([0, 1]))
    assert Trajectory.of(BOX) != BOX
    with pytest.raises(TypeError):
        hash(broken)


@pytest.mark.parametrize("width", [4, 8])
def test_a_table_is_taken_over_without_a_copy(width):
    table = np.arange(3.0 * width).reshape(3, width)
    made = Trajectory.from_table(table)
    assert made == Trajectory.of(*table)
    assert np.shares_memory(made.values, table)
    assert Trajectory.from_table(np.asfortranarray(table)) == made
    assert len(Trajectory.from_table(table[:0])) == 0


def test_single_precision_rounds_the_numbers_and_keeps_the_rest():
    made = Trajectory.of([0.1, 0.2, 2.0**24 + 1, 1.0], 1, MASK)
    rounded = made.as_float32()
    assert rounded.values.dtype == np.float64
    assert rounded[0].tolist() == [float(np.float32(0.1)), float(np.float32(0.2)), 2.0**24, 1.0]
    assert rounded.as_float32() == rounded != made
    assert rounded.codes().tolist() == made.codes().tolist()
    assert rounded[2] is MASK


def test_a_trajectory_survives_another_process():
    made = Trajectory.of(1, BOX, MASK, TRIANGLE, 2)
    assert pickle.loads(pickle.dumps(made)) == made
    assert made.codes().tolist() == pickle.loads(pickle.dumps(made)).codes().tolist()
