"""Fusion of masks, against the definition over the whole stack."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from siammask.fusion import fuse

stacks = arrays.arrays(
    np.float32,
    st.tuples(st.integers(1, 4), st.just(3), st.just(4)),
    # Few values, so that some are equal.
    elements=st.sampled_from([-1.0, 0.0, 0.25, 0.35, 0.5, 1.0]),
)


@given(stacks, st.sampled_from([-1.0, 0.0, 0.3, 0.35, 0.5]))
def test_fusion_is_the_first_highest_above_the_threshold(
    stack: np.ndarray, threshold: float
) -> None:
    expected = np.where(stack.max(axis=0) > threshold, stack.argmax(axis=0) + 1, 0)
    np.testing.assert_array_equal(fuse(list(stack), threshold, (3, 4)), expected)


def test_nothing_to_fuse() -> None:
    assert not fuse([], 0.3, (3, 4)).any()
    assert not fuse([None, None], 0.3, (3, 4)).any()


def test_labels_and_masks_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="zip"):
        fuse([np.ones((3, 4))], 0.3, (3, 4), ids=[1, 2])
