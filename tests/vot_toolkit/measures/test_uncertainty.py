"""Intervals: by eye, and on simulated trackers whose true difference is known."""

import time
from functools import partial

import numpy as np
import pytest

from vot_toolkit.measures.accuracy import accuracy
from vot_toolkit.measures.runs import ScoredRun, ScoredSequence
from vot_toolkit.measures.terms import (
    Terms,
    accuracy_terms,
    eao_terms,
    robustness_terms,
)
from vot_toolkit.measures.uncertainty import difference, estimate, repetition_error

INTERVAL = (100, 356)
MANY = 1500
"""Sequences there are in the simulated world; a data set has 60 of them."""


def means(values) -> Terms:
    """Give the terms of a plain mean."""
    column = np.asarray(values, dtype=float)[:, None]
    names = tuple(map(str, range(len(column))))
    return Terms(names, column, np.ones_like(column), np.zeros_like(column, dtype=bool))


def test_of_a_mean_it_is_nearly_the_interval_of_student():
    values = np.random.default_rng(1).normal(0.5, 0.1, 60)
    found = estimate(means(values))
    error = values.std(ddof=1) / np.sqrt(60)
    assert found.value == pytest.approx(values.mean())
    assert found.error == pytest.approx(error)
    # 2.001 is the quantile of Student's distribution with 59 degrees of freedom.
    assert (found.high - found.low) / 2 == pytest.approx(2.001 * error, rel=0.04)
    assert found.p_value is None
    assert found.clipped(0.5, 0.51).low == 0.5


def test_pairing_takes_out_what_both_share():
    generator = np.random.default_rng(2)
    hard = generator.normal(0.5, 0.2, 60)
    first, second = means(hard), means(hard + 0.02 + generator.normal(0, 0.02, 60))
    found = difference(first, second)
    assert found.low > 0.01 and found.high < 0.03 and found.p_value < 0.001
    assert estimate(first).high - estimate(first).low > 4 * (found.high - found.low)


def test_the_same_tracker_differs_by_nothing():
    terms = means([0.1, 0.5, 0.3, 0.9, 0.7])
    found = difference(terms, terms)
    assert (found.value, found.low, found.high, found.p_value) == (0.0, 0.0, 0.0, 1.0)


def test_draws_in_which_all_agree_are_no_evidence():
    ones = np.ones((7, 1))
    failures = Terms(tuple("abcdefg"), np.array([[1.0, 1, 1, 1, 1, 0, 0]]).T, 10 * ones, ones < 0)
    found = estimate(failures)
    assert found.value == pytest.approx(5 / 70) and found.high < 0.3


def test_sequences_that_do_not_count_are_not_drawn():
    some = means([0.1, 0.5, 0.3, 0.9, 0.7])
    zeros = np.zeros((3, 1))
    more = Terms(
        (*some.names, "x", "y", "z"),
        np.concatenate([some.numerators, zeros]),
        np.concatenate([some.denominators, zeros]),
        np.zeros((8, 1), dtype=bool),
    )
    assert estimate(more) == estimate(some)
    assert difference(more, more).p_value == 1.0


def test_too_few_sequences_give_no_interval():
    found = estimate(means([0.1, 0.2, 0.3, 0.4]))
    assert found.value == pytest.approx(0.25)
    assert found.low is None and found.clipped(0, 1) == found
    assert estimate(means([])) is None


def test_a_seed_gives_the_same_interval_and_the_p_value_fits_it():
    terms = means(np.random.default_rng(3).normal(0.0, 1.0, 30))
    zero = means(np.zeros(30))
    assert difference(zero, terms) == difference(zero, terms)
    assert difference(zero, terms, seed=1) != difference(zero, terms)
    found = difference(zero, terms, level=1 - difference(zero, terms).p_value)
    assert min(abs(found.low), abs(found.high)) < 0.02 * (found.high - found.low)


def test_the_error_of_repetitions(all_rules):
    rules = all_rules["vot2018"]
    codes = np.where(np.arange(30) == 0, 1, -1)
    levels = (0.5, 0.6, 0.7)
    runs = tuple(ScoredRun(np.full(30, v), np.full(30, v), codes) for v in levels)
    sequences = [ScoredSequence("a", 30, runs), ScoredSequence("b", 30, runs[:1])]
    measure = partial(accuracy, rules=rules)
    # The second sequence gives 0.5 each time: means are 0.50, 0.55, 0.60.
    assert repetition_error(sequences, measure) == pytest.approx(0.05 / np.sqrt(3))
    assert repetition_error(sequences[1:], measure) is None


def test_ten_thousand_resamples_take_less_than_a_second():
    generator = np.random.default_rng(4)
    shape = (60, 257)
    names = tuple(map(str, range(60)))
    terms = Terms(names, generator.random(shape), np.ones(shape), np.zeros(shape, dtype=bool))
    begin = time.process_time()
    estimate(terms, resamples=10_000)
    # Seconds of the processor, as others may use it too.
    assert time.process_time() - begin < 2.0


def simulated_run(generator, length: int, hazard: float, level: float) -> ScoredRun:
    """Play a run by the protocol; the target is lost in any frame with the same probability."""
    overlaps, codes = np.full(length, np.nan), np.full(length, -1)
    start = 0
    while start < length:
        stop = min(start + 1 + generator.geometric(hazard), length)
        tracked = level + 0.15 * generator.standard_normal(stop - start - 1)
        overlaps[start + 1 : stop] = np.clip(tracked, 0.01, 1.0)
        codes[start] = 1
        codes[stop : stop + 1] = 2
        codes[stop + 1 : stop + 5] = 0
        start = stop + 5
    return ScoredRun(overlaps, overlaps, codes)


def simulated_world(rate: float, spread: float, repetitions: int = 1):
    """Simulate two trackers on `MANY` sequences, hard for both or easy for both.

    Lengths are log-normal as those of VOT2018 (mean of the logarithm 5.59, deviation 0.76, from 41
    to 1500 frames); failures are as rare and as uneven as with SiamMask (-5.7, 0.7: 53 in the real
    set, at most 5 in a sequence) or KCF (-5, 0.9: 165, at most 21).
    """
    generator = np.random.default_rng(1)
    world: tuple[list[ScoredSequence], list[ScoredSequence]] = ([], [])
    for index in range(MANY):
        length = int(np.clip(generator.lognormal(5.59, 0.76), 41, 1500))
        hard = generator.standard_normal()
        own = generator.standard_normal((2, 2))
        for tracker, worse in ((0, 0.0), (1, 1.0)):
            log_rate = rate + spread * hard + 0.4 * own[0, tracker] + 0.25 * worse
            level = 0.6 - 0.08 * hard + 0.05 * own[1, tracker] - 0.04 * worse
            hazard, level = min(np.exp(log_rate), 0.5), float(np.clip(level, 0.1, 0.95))
            runs = (simulated_run(generator, length, hazard, level) for _ in range(repetitions))
            world[tracker].append(ScoredSequence(str(index), length, tuple(runs)))
    return world


def chosen(terms: Terms, rows) -> Terms:
    names = tuple(map(str, range(len(rows))))
    return Terms(names, terms.numerators[rows], terms.denominators[rows], terms.undefined[rows])


def coverage(first: Terms, second: Terms, sets: int) -> tuple[float, float]:
    """Give how often the intervals of a difference, and of a measure, hold the truth."""
    truth, hits = second.value - first.value, np.zeros(2)
    generator = np.random.default_rng(5)
    for index in range(sets):
        rows = generator.integers(0, MANY, 60)
        one, other = chosen(first, rows), chosen(second, rows)
        found = difference(one, other, resamples=400, seed=index)
        alone = estimate(one, resamples=400, seed=index)
        hits += [found.low <= truth <= found.high, alone.low <= first.value <= alone.high]
    return tuple(hits / sets)


def of_measure(name, world, rules):
    """Give both trackers' terms; EAO at every 24th length of its interval, to be quick."""
    if name == "eao":
        return [thinned(eao_terms(each, rules, INTERVAL)) for each in world]
    function = {"accuracy": accuracy_terms, "robustness": robustness_terms}[name]
    return [function(each, rules) for each in world]


def thinned(terms: Terms) -> Terms:
    part = np.s_[:, ::24]
    return Terms(
        terms.names, terms.numerators[part], terms.denominators[part], terms.undefined[part]
    )


@pytest.fixture(scope="module")
def world():
    return simulated_world(-5.7, 0.7)


@pytest.mark.parametrize("name", ["eao", "accuracy", "robustness"])
def test_the_interval_holds_the_truth_as_often_as_it_says(name, world, all_rules):
    found = coverage(*of_measure(name, world, all_rules["vot2018"]), sets=400)
    assert all(0.93 <= share <= 0.97 for share in found), found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rate", "spread", "repetitions"), [(-5.7, 0.7, 1), (-5.0, 0.9, 1), (-5.4, 0.8, 3)]
)
@pytest.mark.parametrize("name", ["eao", "accuracy", "robustness"])
def test_coverage_with_other_trackers_and_more_sets(name, rate, spread, repetitions, all_rules):
    world = simulated_world(rate, spread, repetitions)
    found = coverage(*of_measure(name, world, all_rules["vot2018"]), sets=4000)
    assert all(0.93 <= share <= 0.97 for share in found), found
