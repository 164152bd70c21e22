"""Challenges as data."""

from __future__ import annotations

import tomllib
from dataclasses import FrozenInstanceError
from importlib.resources import files

import pytest

from vot_toolkit.challenges import Protocol, challenge_names, known_interval, load_challenge
from vot_toolkit.errors import RulesError

INTERVALS = {
    "VOT2015": (108, 371),
    "VOT2016": (108, 371),
    "VOT2017": (100, 356),
    "VOT2018": (100, 356),
    "VOT2019": (46, 291),
}


def test_there_are_the_challenges_of_2015_to_2019():
    assert challenge_names() == tuple(INTERVALS)


@pytest.mark.parametrize("name", INTERVALS)
def test_intervals_are_the_published_ones(name):
    challenge = load_challenge(name)
    assert challenge.name == name
    assert challenge.interval == INTERVALS[name]
    assert known_interval(name) == INTERVALS[name]


@pytest.mark.parametrize("name", ["vot2018", "Vot2018", "VOT2018"])
def test_names_are_found_in_any_case(name):
    assert load_challenge(name) == load_challenge("VOT2018")
    assert known_interval(name) == (100, 356)


@pytest.mark.parametrize("name", ["my set", "", "VOT2018-subset", "VOT2014", "VOT2020"])
def test_other_sets_have_no_known_interval_and_are_no_challenge(name):
    assert known_interval(name) is None
    with pytest.raises(RulesError, match=rf"no challenge '{name}' \(there are VOT2015, VOT2016"):
        load_challenge(name)


def test_the_baseline_of_2018_resets_after_5_frames_at_overlap_0_and_repeats_15_times():
    baseline = load_challenge("VOT2018").experiments["baseline"]
    assert baseline == Protocol(
        type="supervised",
        repetitions=15,
        skip_initialize=5,
        failure_overlap=0.0,
        skip_tags=(),
        deterministic_after=3,
        deterministic_overlap=0.999,
    )
    with pytest.raises(FrozenInstanceError):
        baseline.repetitions = 1


def test_the_unsupervised_experiment_of_2018_runs_once_without_reset():
    unsupervised = load_challenge("VOT2018").experiments["unsupervised"]
    assert (unsupervised.type, unsupervised.repetitions) == ("unsupervised", 1)


EXPERIMENTS = {
    "VOT2015": ["baseline"],
    "VOT2016": ["baseline", "unsupervised"],
    "VOT2017": ["baseline", "realtime", "unsupervised"],
    "VOT2018": ["baseline", "realtime", "unsupervised"],
    "VOT2019": ["baseline", "realtime", "unsupervised"],
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_experiments_of_a_year_are_those_of_2018_as_far_as_it_had_them(name):
    found = load_challenge(name).experiments
    assert list(found) == EXPERIMENTS[name]
    of_2018 = load_challenge("VOT2018").experiments
    assert found == {experiment: of_2018[experiment] for experiment in found}


@pytest.mark.parametrize("name", INTERVALS)
def test_every_constant_names_its_source(name):
    file = files("vot_toolkit.challenges") / f"{name.lower()}.toml"
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    entries = [data["interval"]]
    for experiment in data.get("experiments", {}).values():
        entries += experiment.values()
    assert all(set(entry) == {"value", "source"} for entry in entries)
    assert all(len(entry["source"]) > 10 for entry in entries)
