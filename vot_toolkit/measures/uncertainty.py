"""What a measure, or the difference of two, is worth: intervals and p-values by resampling.

Sequences are drawn with replacement, each with all its repetitions: what is asked is what other
sequences of the same kind would have given. The scatter of the repetitions is in that already, as
each drawn sequence brings its own; drawing them once more would count it twice.

The interval is studentised and symmetric: a resample tells by how many standard errors, its own, a
measure is off, and as many are granted on both sides. A resample's error follows from the influence
of each sequence; that of the measurement itself is the jackknife's, which errs on the safe side. On
simulated trackers that lose their target as often and as unevenly as real ones, in 60 sequences of
41 to 1500 frames, plain percentile intervals cover the truth in 91 to 95 % of the cases,
unsymmetric studentised ones in 92 to 96 %, these in 94 to 96 % (`tests/vot_toolkit/measures`).

References
----------
B. Efron and C. Stein, "The jackknife estimate of variance", Annals of Statistics 9, 1981.
P. Hall, "On symmetric bootstrap confidence intervals", J. Royal Statistical Society B 50, 1988.
A. Davison and D. Hinkley, "Bootstrap Methods and their Application", 1997, sections 2.7 and 3.8.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vot_toolkit.measures.runs import ScoredSequence
from vot_toolkit.measures.terms import Terms
from vot_toolkit.region import Array

LEVEL = 0.95
RESAMPLES = 10_000
FEWEST = 5
"""Sequences below which no interval is given: their scatter cannot be told."""

Evaluated = tuple[Array, Array]
"""Values, and the influence of each sequence on them."""

_ROUNDING = 1e-9
"""Errors below this part of the measurement's own are rounding."""

_CHUNK = 1000
"""Resamples at a time: their curves then take some 2 MB each, which a cache holds."""


@dataclass(frozen=True)
class Estimate:
    """A number with what is known about it.

    Parameters
    ----------
    value : float
        As measured.
    low, high : float or None
        The interval; None with too few sequences.
    error : float or None
        Standard error.
    p_value : float or None
        How often a difference as large would arise if there were none, two-sided; None for a
        measure by itself.
    """

    value: float
    low: float | None = None
    high: float | None = None
    error: float | None = None
    p_value: float | None = None

    def clipped(self, low: float, high: float) -> Estimate:
        """Cut the interval to the range of the measure."""
        if self.low is None or self.high is None:
            return self
        return replace(self, low=max(self.low, low), high=min(self.high, high))


def estimate(
    terms: Terms, *, level: float = LEVEL, resamples: int = RESAMPLES, seed: int = 0
) -> Estimate | None:
    """Estimate a measure of one tracker.

    Parameters
    ----------
    terms : Terms
        Of the measure.
    level : float
        Share of cases in which the interval is to cover the truth, in (0, 1).
    resamples : int
        How many to draw.
    seed : int
        Of the draws: the same gives the same interval.

    Returns
    -------
    Estimate or None
        None when the measure is undefined. Without a p-value. Sequences that do not count, for
        they have no frame with an attribute, are not drawn.

    Examples
    --------
    >>> names, ones = tuple("abcdef"), np.ones((6, 1))
    >>> sums = np.array([[0.5], [0.6], [0.4], [0.7], [0.5], [0.6]])
    >>> found = estimate(Terms(names, sums, ones, ones < 0))
    >>> round(found.value, 3), found.low < 0.5 < found.high
    (0.55, True)
    """
    terms = terms.take(terms.counting)
    found = _studentised(terms.evaluate, len(terms), level, resamples, seed)
    return None if found is None else replace(found, p_value=None)


def difference(
    first: Terms,
    second: Terms,
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate | None:
    """Estimate by how much the second tracker's measure exceeds the first's, sequence by sequence.

    Parameters
    ----------
    first, second : Terms
        Of the same measure and sequences.
    level, resamples, seed
        As `estimate` has them.

    Returns
    -------
    Estimate or None
        None when one of them is undefined. Two equal trackers differ by 0, in [0, 0], with p = 1.
    """
    assert first.names == second.names, "the caller compares the data sets"
    counting = first.counting | second.counting
    first, second = first.take(counting), second.take(counting)

    def evaluate(counts: Array) -> Evaluated:
        one, of_one = first.evaluate(counts)
        other, of_other = second.evaluate(counts)
        return other - one, of_other - of_one

    return _studentised(evaluate, len(first), level, resamples, seed)


def _studentised(
    evaluate: Callable[[Array], Evaluated], number: int, level: float, resamples: int, seed: int
) -> Estimate | None:
    """Resample a statistic of so many sequences; `evaluate` gives values and influences."""
    value = float(evaluate(np.ones((1, number)))[0][0])
    if math.isnan(value):
        return None
    if number < FEWEST:
        return Estimate(value)
    error = _jackknife(evaluate, number)
    if not error > 0.0:
        same = value == 0.0 and error == 0.0
        return Estimate(value, value, value, 0.0, 1.0) if same else Estimate(value)
    deviations = _deviations(evaluate, value, error, number, resamples, seed)
    if not len(deviations):
        return Estimate(value, error=error)
    reach = float(np.quantile(deviations, level)) * error
    # Counting the measurement itself keeps a p-value above 0.
    larger = int(np.count_nonzero(deviations >= abs(value) / error)) + 1
    return Estimate(value, value - reach, value + reach, error, larger / (len(deviations) + 1))


def _jackknife(evaluate: Callable[[Array], Evaluated], number: int) -> float:
    """Give the standard error by leaving out each sequence in turn; NaN when one decides alone."""
    values = evaluate(1.0 - np.eye(number))[0]
    return float(np.sqrt((number - 1) / number * np.sum((values - values.mean()) ** 2)))


def _deviations(
    evaluate: Callable[[Array], Evaluated],
    value: float,
    error: float,
    number: int,
    resamples: int,
    seed: int,
) -> Array:
    """Draw, and give by how many standard errors of its own each draw is off, unsigned."""
    found = []
    for counts in _draws(number, resamples, seed):
        values, influences = evaluate(counts)
        squares = np.sum(counts * influences**2, axis=1)
        errors = np.sqrt(squares * number / (number - 1))
        # Where all drawn sequences agree, but for rounding, nothing is known of their scatter.
        sound = np.isfinite(values) & (errors > _ROUNDING * error)
        found.append(np.abs(values[sound] - value) / errors[sound])
    return np.concatenate(found)


def _draws(number: int, resamples: int, seed: int) -> Iterator[Array]:
    """Draw so many sequences with replacement, again and again; how often each was drawn."""
    generator = np.random.default_rng(seed)
    equal = np.full(number, 1.0 / number)
    for start in range(0, resamples, _CHUNK):
        size = min(_CHUNK, resamples - start)
        yield generator.multinomial(number, equal, size=size).astype(np.float64)


def repetition_error(
    sequences: Sequence[ScoredSequence],
    measure: Callable[[Sequence[ScoredSequence]], float | None],
) -> float | None:
    """Give the standard error of a measure that repetitions alone leave, the sequences given.

    Parameters
    ----------
    sequences : sequence of ScoredSequence
        With their repetitions; one with fewer than others repeats them in turn.
    measure : callable
        Gives the measure of some sequences.

    Returns
    -------
    float or None
        From the scatter of the measure of each repetition by itself; None with fewer than two, or
        when one is undefined.
    """
    number = max((len(each.runs) for each in sequences), default=0)
    values = [measure(_repetition(sequences, index)) for index in range(number)]
    known = [value for value in values if value is not None]
    if len(known) < 2 or len(known) < number:
        return None
    return float(np.std(known, ddof=1) / math.sqrt(number))


def _repetition(sequences: Sequence[ScoredSequence], index: int) -> list[ScoredSequence]:
    return [
        replace(each, runs=(each.runs[index % len(each.runs)],)) if each.runs else each
        for each in sequences
    ]
