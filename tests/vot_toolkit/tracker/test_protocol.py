"""What counts as a tracker's reply."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from vot_toolkit.errors import TrackerError
from vot_toolkit.region import Mask
from vot_toolkit.tracker.protocol import missing_parts, reply, starting_region

CORNERS = [0, 0, 9, 0, 9, 9, 0, 9]


class ArrayLike:
    """Converts itself to an array, as tensors do."""

    def __init__(self, result) -> None:
        self.result = result

    def __array__(self, dtype=None, copy=None):
        """Give the array, or raise."""
        if isinstance(self.result, Exception):
            raise self.result
        return np.asarray(self.result, dtype=dtype)


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        ([1, 2, 3, 4], [1, 2, 3, 4]),
        ((1.5, 2, 3, 4), [1.5, 2, 3, 4]),
        (np.array([[1, 2, 3, 4]], dtype=np.int16), [1, 2, 3, 4]),
        (np.float32([1, 2, 3, 4]), [1, 2, 3, 4]),
        (CORNERS, CORNERS),
        (np.reshape(CORNERS, (4, 2)), CORNERS),
        ([0, 0, 9, 0, 9, 9], [0, 0, 9, 0, 9, 9]),
        (0, [0]),
        ([2], [2]),
        (np.float64(1), [1]),
        (ArrayLike([1, 2, 3, 4]), [1, 2, 3, 4]),
    ],
)
def test_array_likes(value, numbers):
    found = reply(value)
    assert found.region.dtype == np.float64
    assert found.region.tolist() == numbers
    assert (found.score, found.mask) == (None, None)


def test_object_with_region_score_and_mask():
    mask = np.ones((2, 2), dtype=bool)
    found = reply(SimpleNamespace(region=(1, 2, 3, 4), score=np.float32(0.5), mask=mask))
    assert (found.region.tolist(), found.score) == ([1, 2, 3, 4], 0.5)
    assert found.mask is mask


def test_object_with_region_alone():
    found = reply(SimpleNamespace(region=CORNERS))
    assert (found.region.tolist(), found.score, found.mask) == (CORNERS, None, None)


@pytest.mark.parametrize("score", [None, float("nan")])
def test_no_score(score):
    assert reply(SimpleNamespace(region=[0], score=score)).score is None


def test_mask_is_a_region():
    mask = Mask(1, 2, np.ones((3, 3), dtype=bool))
    assert reply(mask).region is mask


def test_reply_is_a_copy():
    held = np.array([1.0, 2.0, 3.0, 4.0])
    found = reply(held)
    held[:] = 0
    assert found.region.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "update returned None"),
        ("1,2,3,4", "update returned '1,2,3,4'"),
        (True, "update returned True"),
        ((True, [1, 2, 3, 4]), r"update returned \(True, \[1, 2, 3, 4\]\)"),
        ([], r"update returned 0 numbers: \[\]"),
        ([1, 2, 3], r"update returned 3 numbers: \[1, 2, 3\]"),
        (range(5), r"update returned 5 numbers: range\(0, 5\)"),
        (np.zeros(7), "update returned 7 numbers"),
        ([1, 2, float("nan"), 4], "not finite: .*nan"),
        ([1, 2, float("inf"), 4], "not finite: .*inf"),
        (float("nan"), "not finite: nan"),
        (3, "the special code 3"),
        (-1, "the special code -1"),
        (0.5, "the special code 0.5"),
        ({"region": [1, 2, 3, 4]}, "update returned {'region'"),
        ([1 + 2j] * 4, "update returned"),
        (ArrayLike(RuntimeError("it is on the GPU")), "update returned <"),
        (SimpleNamespace(region=[1, 2]), r"update returned 2 numbers: \[1, 2\]"),
        (SimpleNamespace(region=[0], score="high"), "the score 'high'"),
        (SimpleNamespace(region=[0], score=[1, 2]), r"the score \[1, 2\]"),
        (SimpleNamespace(region=[0], score=float("inf")), "the score inf"),
    ],
)
def test_anything_else_is_named(value, text):
    with pytest.raises(TrackerError, match=text) as caught:
        reply(value)
    assert caught.value.hint


def test_long_values_are_cut():
    with pytest.raises(TrackerError) as caught:
        reply(np.zeros(1001))
    assert len(caught.value.what) < 200


@pytest.mark.parametrize(
    ("region", "given"),
    [
        (np.array([1.0, 2, 3, 4]), [1, 2, 3, 4]),
        (np.array(CORNERS, dtype=float), CORNERS),
        (np.array([0.0, 0, 4, 0, 2, 3]), [0, 0, 4, 3]),
        (np.array([0.0, 0, 4, 0, 5, 2, 2, 3, 1, 1]), [0, 0, 5, 3]),
        (Mask(3, 4, np.array([[0, 1, 1], [0, 0, 0]], dtype=bool)), [4, 4, 2, 1]),
    ],
)
def test_starting_region(region, given):
    found = starting_region(region)
    assert found.tolist() == given
    assert found is not region


def test_missing_parts():
    tracker = SimpleNamespace(name="x", initialize=print, update=3)
    assert missing_parts(tracker) == ["update", "deterministic"]
