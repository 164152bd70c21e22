"""The parts of tuning: split, objective, labels, claims, samplers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vot_toolkit.claim import claimed
from vot_toolkit.dataset.sequence import Dataset, Sequence
from vot_toolkit.errors import UsageError
from vot_toolkit.results import names_a_folder
from vot_toolkit.trajectory import Trajectory
from vot_toolkit.tuning.objective import parse_objective
from vot_toolkit.tuning.sampler import sampler_for
from vot_toolkit.tuning.space import parse_space
from vot_toolkit.tuning.split import split_sequences
from vot_toolkit.tuning.trial import trial_label

EAO = parse_objective("eao")


def named(names):
    """Make a data set of these sequences, each of one frame."""
    truth = Trajectory.of([1, 1, 5, 5])
    return Dataset("set", tuple(Sequence(name, truth) for name in names))


@given(
    st.sets(st.text("abcde", min_size=1, max_size=4), min_size=2),
    st.floats(0.01, 0.99),
    st.integers(0, 5),
)
def test_a_split_has_two_parts_that_make_the_whole(names, share, seed):
    ordered = sorted(names)
    split = split_sequences(named(ordered), share, seed)
    assert split.tuning
    assert split.held_out
    assert sorted(split.tuning + split.held_out) == ordered
    backwards = split_sequences(named(ordered[::-1]), share, seed)
    assert set(backwards.held_out) == set(split.held_out)


def test_a_split_by_eye():
    names = [f"s{number}" for number in range(10)]
    assert len(split_sequences(named(names), 0.3, 0).held_out) == 3
    assert split_sequences(named(names), 0.0, 0).tuning == tuple(names)
    first, second = (split_sequences(named(names), 0.3, seed).held_out for seed in (0, 1))
    assert first != second


@pytest.mark.parametrize(("names", "share"), [("ab", 1.0), ("ab", -0.1), ("a", 0.5)])
def test_a_split_that_cannot_be(names, share):
    with pytest.raises(UsageError, match="--holdout"):
        split_sequences(named(names), share, 0)


def test_objectives():
    assert EAO.gain(0.4, 0.3) == pytest.approx(0.1)
    assert parse_objective("failures").gain(3, 5) == 2
    assert parse_objective("overlap").measures == ("overlap",)
    for text, said in [
        ("aeo", "did you mean 'eao'"),
        ("unsupervised.eao", "baseline and realtime"),
    ]:
        with pytest.raises(UsageError, match=said):
            parse_objective(text)


options = st.dictionaries(
    st.text("ab_", min_size=1, max_size=3),
    st.text("a/.:ä0 1", max_size=200),
    min_size=1,
    max_size=3,
)


@given(options, options)
def test_a_label_names_a_folder_and_one_point_only(one, other):
    labels = [trial_label("tracker", point) for point in (one, other)]
    assert all(names_a_folder(label) for label in labels)
    said = ["_".join(f"{key}_{value}" for key, value in point.items()) for point in (one, other)]
    assert (labels[0] == labels[1]) == (said[0] == said[1])


def test_a_claim_is_held_by_one_and_given_free(tmp_path):
    with claimed(tmp_path / "claims", "trial") as first:
        with claimed(tmp_path / "claims", "trial") as second:
            assert (first, second) == (True, False)
        with claimed(tmp_path / "claims", "other") as other:
            assert other
    with claimed(tmp_path / "claims", "trial", wait=True) as again:
        assert again


SPACE = parse_space(["x=0:9:1,mode=a|b"])


def height(point):
    """Give the value of a point: best at x = 6, mode b."""
    return 1 - abs(int(point["x"]) - 6) / 10 + 0.1 * (point["mode"] == "b")


def proposed(name, count, seed=0, space=SPACE, value=height):
    """List what a sampler proposes."""
    sampler = sampler_for(name, space, EAO, count, seed)
    found = []
    for point in sampler.points():
        found.append(dict(point))
        sampler.learn(value(point))
    return found


def test_a_grid_is_whole_and_shuffled_by_the_seed():
    points = proposed("grid", None)
    key = lambda point: sorted(point.items())  # noqa: E731
    assert sorted(points, key=key) == sorted(map(dict, SPACE.points()), key=key)
    assert points == proposed("grid", None)
    assert points != proposed("grid", None, seed=1)
    assert proposed("grid", 5) == points[:5]


def test_a_list_of_names_keeps_its_order():
    points = proposed("grid", None, space=parse_space(["mode=c|a|b"]), value=lambda _: 0.0)
    assert [point["mode"] for point in points] == ["c", "a", "b"]


@pytest.mark.parametrize("name", ["tpe", "random", "cmaes"])
def test_a_sampler_of_optuna_proposes_anew_what_it_proposed(name):
    pytest.importorskip("optuna")
    if name == "cmaes":
        pytest.importorskip("cmaes")
    points = proposed(name, 12)
    assert len({tuple(point.items()) for point in points}) == 12
    assert proposed(name, 12) == points, "so a run that goes on comes to where it was"
    assert proposed(name, 8) == points[:8]
    assert proposed(name, 12, seed=1) != points


def test_a_sampler_learns():
    pytest.importorskip("optuna")
    space = parse_space(["x=0:1"])
    found = proposed("tpe", 40, space=space, value=lambda point: -abs(float(point["x"]) - 0.3))
    late = np.array([float(point["x"]) for point in found[-10:]])
    assert np.abs(late - 0.3).mean() < 0.15


def test_a_sampler_ends_when_there_is_no_more():
    pytest.importorskip("optuna")
    assert len(proposed("random", 1000)) == SPACE.size
    assert len(proposed("random", 5, value=lambda point: None)) == 5


def test_no_such_sampler():
    with pytest.raises(UsageError, match="grid, tpe"):
        proposed("annealing", 3)


def test_a_sampler_whose_package_is_missing_names_it(monkeypatch):
    pytest.importorskip("optuna")
    monkeypatch.setattr("vot_toolkit.tuning.sampler.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"needs the package cmaes .*pip install cmaes"):
        proposed("cmaes", 4)
