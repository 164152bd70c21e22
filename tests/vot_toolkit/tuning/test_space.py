"""Spaces: what stands on the command line, and the points it means."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vot_toolkit.errors import UsageError
from vot_toolkit.tuning.space import _known, checkpoint_axis, parse_space, space_names


def test_both_ends_of_a_range_are_in_it():
    (axis,) = parse_space(["lr=0.25:0.55:0.05"]).axes
    assert axis.values == ("0.25", "0.3", "0.35", "0.4", "0.45", "0.5", "0.55")


def test_values_are_the_decimals_a_person_would_write():
    (axis,) = parse_space(["search=1:2.5:0.1"]).axes
    assert axis.values[0] == "1"
    assert axis.values[3] == "1.3"
    assert len(axis.values) == 16
    assert parse_space(["size=100:300:100"]).axes[0].values == ("100", "200", "300")


def test_names_keep_their_order_and_count_once():
    (axis,) = parse_space(["mode=fast|exact|fast"]).axes
    assert axis.values == ("fast", "exact")
    assert not axis.ordered


def test_axes_come_from_one_text_or_several():
    once = parse_space(["a=1:2:1,b=x|y"])
    assert once == parse_space(["a=1:2:1", "b=x|y"])
    assert list(once.points()) == [
        {"a": "1", "b": "x"},
        {"a": "1", "b": "y"},
        {"a": "2", "b": "x"},
        {"a": "2", "b": "y"},
    ]


@pytest.mark.parametrize("name", space_names())
def test_named_grids_have_the_points_of_the_original(name):
    space = parse_space([name])
    assert space.size == _known()[name]["points"] == len(list(space.points()))
    assert _known()[name]["source"]


@given(
    st.decimals(-100, 100, places=3),
    st.decimals(min_value=Decimal("0.001"), max_value=5, places=3),
    st.integers(0, 50),
)
def test_a_range_counts_exactly(start, step, count):
    stop = start + count * step
    (axis,) = parse_space([f"x={start}:{stop}:{step}"]).axes
    assert [Decimal(value) for value in axis.values] == [
        start + index * step for index in range(count + 1)
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("siammask-bas", "did you mean 'siammask-base'?"),
        ("lr", "accepted: option=start:stop:step"),
        ("lr=", "--space 'lr='"),
        ("lr=0.5:0.1:0.1", "--space lr=0.5:0.1:0.1"),
        ("lr=0:1:0", "a step is above 0"),
        ("lr=0:1:1e-9", "at most 10000 values"),
        ("lr=0:one:1", "'one' is no number"),
        ("lr=0:nan:1", "'nan' is no number"),
        ("lr=0:1:1:1", "accepted"),
        ("lr=0:1:1,lr=2:3:1", "'lr' twice"),
    ],
)
def test_a_wrong_space_is_named(text, said):
    with pytest.raises(UsageError) as caught:
        parse_space([text])
    assert said in str(caught.value)


def test_an_interval_is_no_grid():
    space = parse_space(["lr=0.1:0.5"])
    assert space.size is None
    with pytest.raises(UsageError, match="has no step"):
        list(space.points())


def test_checkpoints_come_by_number(tmp_path):
    for epoch in (10, 2, 1):
        (tmp_path / f"checkpoint_e{epoch}.pth").touch()
    (tmp_path / "checkpoint_e5.pth").mkdir()
    axis = checkpoint_axis(str(tmp_path / "checkpoint_e*.pth"))
    assert [value[-7:] for value in axis.values] == ["_e1.pth", "_e2.pth", "e10.pth"]


def test_checkpoints_must_be_there_and_be_told_apart(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        checkpoint_axis(str(tmp_path / "*.pth"))
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "e1.pth").touch()
    with pytest.raises(UsageError, match="more than one file named 'e1'"):
        checkpoint_axis(str(tmp_path / "*" / "e1.pth"))
