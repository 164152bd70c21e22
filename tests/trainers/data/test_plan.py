"""Who gets which samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainers.data.plan import Plan, Position
from vot_toolkit.errors import UsageError

ORDER = np.arange(1000, dtype=np.int32) * 7


@given(st.integers(1, 8), st.integers(1, 4), st.integers(0, 2), st.integers(0, 2))
def test_devices_together_see_what_one_sees(batch, world, epoch, step):
    one = Plan(ORDER, 200, batch * world)
    several = [Plan(ORDER, 200, batch, rank, world) for rank in range(world)]
    position = Position(epoch, step)
    together = [place for each in several for place in each.places(position)]
    assert together == one.places(position)


@given(st.integers(1, 30), st.integers(1, 4))
def test_no_sample_is_left_out_or_given_twice(batch, world):
    plans = [Plan(ORDER, 300, batch, rank, world) for rank in range(world)]
    seen = [
        place
        for epoch in range(3)
        for plan in plans
        for places in plan.remaining(Position(epoch))
        for place in places
    ]
    steps = 300 // (batch * world)
    assert sorted(seen) == [(k, k * 7) for k in range(3 * steps * batch * world)]


def test_what_is_left_of_an_epoch():
    plan = Plan(ORDER, 100, 16)
    assert plan.steps == 6
    assert list(plan.remaining(Position(1, 4))) == [
        plan.places(Position(1, 4)),
        plan.places(Position(1, 5)),
    ]
    assert list(plan.remaining(Position(1, 6))) == []


def test_an_epoch_without_a_step_is_refused():
    with pytest.raises(
        UsageError, match="7 pairs an epoch do not fill one batch of 4 on each of 2"
    ):
        Plan(ORDER, 7, 4, 0, 2)
