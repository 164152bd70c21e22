"""Evidence: what is packed comes back bit for bit, and small."""

import json

import numpy as np
import pytest

from vot_toolkit.analysis import analyze
from vot_toolkit.errors import FormatError
from vot_toolkit.evidence import pack, unpack
from vot_toolkit.measures.runs import ScoredRun, ScoredSequence
from vot_toolkit.scorecard import scorecard
from vot_toolkit.scores import SupervisedScores


def run(values, inner=None) -> ScoredRun:
    values = np.asarray(values, dtype=float)
    codes = np.where(np.isnan(values), 2, -1)
    return ScoredRun(values, values if inner is None else np.asarray(inner, dtype=float), codes)


SEQUENCES = (
    ScoredSequence(
        "a", 9, (run([np.nan, 0.5, 0.25]), run([1.0], [0.5])), {"tag": np.arange(9) % 2 == 0}
    ),
    ScoredSequence("none", 4, ()),
    ScoredSequence("empty run", 2, (run([]),)),
)


def assert_same(found, expected):
    assert [(each.name, each.length) for each in found] == [(s.name, s.length) for s in expected]
    for one, other in zip(found, expected, strict=True):
        assert len(one.runs) == len(other.runs)
        for got, given in zip(one.runs, other.runs, strict=True):
            np.testing.assert_array_equal(got.overlaps, given.overlaps)
            np.testing.assert_array_equal(got.eao_overlaps, given.eao_overlaps)
            np.testing.assert_array_equal(got.codes, given.codes)


def test_everything_comes_back():
    packed = json.loads(json.dumps(pack(SEQUENCES), allow_nan=False))
    found = unpack(packed)
    assert_same(found, SEQUENCES)
    assert packed["precision"] == "float32"
    np.testing.assert_array_equal(found[0].flags("tag"), SEQUENCES[0].flags("tag"))
    assert not found[1].flags("tag").any()


def test_doubles_are_kept_as_doubles():
    sequences = (ScoredSequence("a", 3, (run([0.1, 0.2, np.nan]),)),)
    packed = pack(sequences)
    assert packed["precision"] == "float64"
    assert_same(unpack(packed), sequences)


def test_a_repeated_run_costs_next_to_nothing():
    values = np.random.default_rng(0).random(1500).astype(np.float32)
    once = pack([ScoredSequence("a", 1500, (run(values),))])
    thrice = pack([ScoredSequence("a", 1500, (run(values),) * 3)])
    assert len(thrice["overlaps"]) < 1.1 * len(once["overlaps"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 2}, "evidence of format 2 .*upgrade"),
        ({"overlaps": "AAAA"}, "damaged evidence: error"),
        ({"overlaps": 3}, "damaged evidence: TypeError"),
        ({"lengths": [1]}, "damaged evidence: ValueError"),
        ({"precision": "float16"}, "damaged evidence: KeyError"),
        ({"frames": [[3, 2], [], []]}, "damaged evidence: ValueError: 4 bytes, expected 5"),
    ],
)
def test_damage_is_named(change, message):
    with pytest.raises(FormatError, match=message):
        unpack({**pack(SEQUENCES), **change})


def test_a_scorecard_can_be_scored_again(small_results):
    analysis = analyze(small_results / "results", small_results / "set.json")
    card = json.loads(json.dumps(scorecard("poor", analysis), allow_nan=False))
    sequences = unpack(card["evidence"]["baseline"])
    measures, tags = analysis.rules.measures, analysis.dataset.tags
    interval = tuple(card["experiments"]["baseline"]["eao_interval"])
    again = SupervisedScores(sequences, measures, tags, interval=interval)
    stored = {key: value for key, value in again.to_dict().items() if key != "fps"}
    assert stored == {key: card["experiments"]["baseline"][key] for key in stored}


@pytest.mark.real_data
def test_real_results_take_a_tenth_of_a_megabyte_each(real_data):
    vot2018 = real_data / "vot2018"
    analysis = analyze(vot2018 / "results", vot2018 / "VOT2018.json", "KCF", "baseline")
    sequences = analysis.trackers["KCF"]["baseline"].sequences
    packed = pack(sequences)
    assert_same(unpack(packed), sequences)
    assert packed["precision"] == "float32"
    # Three repetitions, equal ones, of 21356 frames.
    assert len(json.dumps(packed)) < 130_000
