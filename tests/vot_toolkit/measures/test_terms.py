"""Terms: the measures themselves, written as ratios of sums."""

import numpy as np
import pytest

from vot_toolkit.measures.accuracy import accuracy
from vot_toolkit.measures.average_overlap import average_overlap
from vot_toolkit.measures.eao import eao, eao_curve
from vot_toolkit.measures.robustness import robustness
from vot_toolkit.measures.runs import ScoredRun, ScoredSequence
from vot_toolkit.measures.terms import (
    Terms,
    accuracy_terms,
    eao_terms,
    failure_terms,
    overlap_terms,
    robustness_terms,
)

INTERVAL = (10, 30)


def some_run(generator, length):
    overlaps = np.clip(generator.normal(0.6, 0.2, length), 0, 1).astype(np.float32)
    codes = np.full(length, -1)
    codes[0] = 1
    for failure in generator.choice(np.arange(8, length), size=2, replace=False):
        codes[failure : failure + 6] = [2, 0, 0, 0, 0, 1][: length - failure]
    overlaps = np.where(codes >= 0, np.nan, overlaps)
    return ScoredRun(overlaps, np.maximum(overlaps - 0.01, 0), codes)


@pytest.fixture
def sequences():
    generator = np.random.default_rng(0)
    return [
        ScoredSequence(
            f"s{index}",
            length,
            tuple(some_run(generator, length) for _ in range(3)),
            {"occlusion": generator.random(length) < 0.5},
        )
        for index, length in enumerate((40, 25, 60, 33, 50, 21))
    ]


@pytest.fixture
def unscored():
    return ScoredSequence("none", 12, ())


@pytest.mark.parametrize("rules", ["vot2018", "pysot", "matlab2019", "vot-toolkit"])
def test_the_whole_set_gives_the_measure(sequences, unscored, all_rules, rules):
    sequences = [*sequences, unscored]
    rules = all_rules[rules]
    expected = accuracy(sequences, rules)
    assert accuracy_terms(sequences, rules).value == pytest.approx(expected, rel=1e-12)
    expected = robustness(sequences, rules)
    assert robustness_terms(sequences, rules).value == pytest.approx(expected, rel=1e-12)
    expected = eao(eao_curve(sequences, rules), INTERVAL, rules)
    # Rule sets of Python programs store the curve as float32.
    tolerance = 1e-12 if rules.curve == "float64" else 1e-6
    assert eao_terms(sequences, rules, INTERVAL).value == pytest.approx(expected, rel=tolerance)


def test_attributes_and_average_overlap(sequences, all_rules):
    rules = all_rules["vot2018"]
    for tag in ("occlusion", "empty"):
        expected = accuracy(sequences, rules, tag)
        assert accuracy_terms(sequences, rules, tag).value == pytest.approx(expected, rel=1e-12)
        expected = eao(eao_curve(sequences, rules, tag), INTERVAL, rules)
        found = eao_terms(sequences, rules, INTERVAL, tag).value
        assert found == pytest.approx(expected, rel=1e-12)
        expected = average_overlap(sequences, rules, tag)
        assert overlap_terms(sequences, tag).value == pytest.approx(expected, rel=1e-12)
    assert failure_terms(sequences, "occlusion").value > 0


def test_a_count_is_a_repeated_sequence(sequences, all_rules):
    rules = all_rules["vot2018"]
    terms = eao_terms(sequences, rules, INTERVAL)
    counts = np.array([[2.0, 0, 1, 1, 1, 1]])
    repeated = [sequences[index] for index in (0, 0, 2, 3, 4, 5)]
    expected = eao(eao_curve(repeated, rules), INTERVAL, rules)
    assert terms.evaluate(counts)[0][0] == pytest.approx(expected, rel=1e-12)
    without = [eao(eao_curve(sequences[1:], rules), INTERVAL, rules)]
    assert terms.without_each()[:1] == pytest.approx(without, rel=1e-12)


def test_influences_are_derivatives(sequences, all_rules):
    terms = eao_terms(sequences, all_rules["vot2018"], INTERVAL)
    step = 1e-6
    values, influences = terms.evaluate(np.ones((1, 6)))
    moved, _ = terms.evaluate(1.0 + step * np.eye(6))
    assert (moved - values) / step == pytest.approx(influences[0], abs=1e-6)
    assert influences.sum() == pytest.approx(0.0, abs=1e-12)


def test_an_undefined_overlap_drops_its_lengths_only_where_it_counts(sequences, all_rules):
    rules = all_rules["vot2018"]
    overlaps = np.full(60, 0.5)
    overlaps[19] = np.nan
    codes = np.full(60, -1)
    codes[0] = 1
    sequences = [*sequences, ScoredSequence("x", 60, (ScoredRun(overlaps, overlaps, codes),))]
    terms = eao_terms(sequences, rules, INTERVAL)
    expected = eao(eao_curve(sequences, rules), INTERVAL, rules)
    assert terms.value == pytest.approx(expected, rel=1e-12)
    without = eao(eao_curve(sequences[:-1], rules), INTERVAL, rules)
    assert terms.without_each()[-1] == pytest.approx(without, rel=1e-12)


def test_nothing_to_divide_by_is_undefined():
    zero = np.zeros((2, 1))
    assert Terms(("a", "b"), zero, zero, zero > 0).value is None
