"""Measures as ratios of sums over sequences, from which any weighting of them is one product.

Accuracy, robustness and average overlap are one such ratio; EAO is the mean of one for each length
of its interval. A sequence that counts w times adds w times its terms: what resampling needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.measures.accuracy import frame_overlaps, sequence_accuracy
from vot_toolkit.measures.average_overlap import all_frames
from vot_toolkit.measures.eao import WeightedSums, fragments_by_sequence
from vot_toolkit.measures.robustness import sequence_failures
from vot_toolkit.measures.runs import ScoredSequence
from vot_toolkit.region import Array
from vot_toolkit.rules import MeasureRules

_NOTHING = 1e-9
"""Denominators below this are rounding: the least is a frame's share of a fragment's weight."""


@dataclass(frozen=True, eq=False)
class Terms:
    """A measure of S sequences as the mean of L ratios of sums over them.

    Parameters
    ----------
    names : tuple of str
        Of the sequences.
    numerators, denominators : float64 array, shape (S, L)
        What each sequence adds.
    undefined : bool array, shape (S, L)
        Where a sequence, if it counts at all, makes a ratio undefined. Undefined ratios, and those
        of 0 / 0, are left out of the mean.
    """

    names: tuple[str, ...]
    numerators: Array
    denominators: Array
    undefined: NDArray[np.bool_]

    def __len__(self) -> int:
        """Count the sequences."""
        return len(self.names)

    @property
    def value(self) -> float | None:
        """The measure of the whole set; None when every ratio is undefined."""
        values, _ = self.evaluate(np.ones((1, len(self))))
        return None if np.isnan(values[0]) else float(values[0])

    @property
    def counting(self) -> NDArray[np.bool_]:
        """Which sequences count at all: have results, and frames with the attribute."""
        counting: NDArray[np.bool_] = self.denominators.max(axis=1, initial=0.0) > 0
        return counting

    def take(self, chosen: NDArray[np.bool_]) -> Terms:
        """Give the terms of some of the sequences."""
        names = tuple(name for name, taken in zip(self.names, chosen, strict=True) if taken)
        rows = self.numerators[chosen], self.denominators[chosen], self.undefined[chosen]
        return Terms(names, *rows)

    def evaluate(self, counts: Array) -> tuple[Array, Array]:
        """Give the measure where each sequence counts so many times, and its influences.

        Parameters
        ----------
        counts : float64 array, shape (B, S)
            B ways to count.

        Returns
        -------
        tuple of float64 arrays, shape (B,) and (B, S)
            Values, NaN where undefined; and the derivative of each value by each count, which
            is what one more of that sequence would add.
        """
        sums, weights = counts @ self.numerators, counts @ self.denominators
        valid = weights > _NOTHING
        if self.undefined.any():
            valid &= counts @ self.undefined == 0
        number = valid.sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = np.where(valid, 1.0 / weights, 0.0) / number
            ratios = np.where(valid, sums / weights, 0.0)
            values = ratios.sum(axis=1) / number[:, 0]
        influences = shares @ self.numerators.T - (ratios * shares) @ self.denominators.T
        return values, influences

    def without_each(self) -> Array:
        """Give the measure without each sequence in turn, shape (S,); NaN where undefined."""
        return self.evaluate(1.0 - np.eye(len(self)))[0]


def accuracy_terms(
    sequences: Sequence[ScoredSequence], rules: MeasureRules, tag: str | None = None
) -> Terms:
    """Give the terms of `vot_toolkit.measures.accuracy.accuracy`."""
    if rules.accuracy == "weighted-sequences":
        means = [sequence_accuracy(each, rules) or 0.0 for each in sequences]
        lengths = _scored_lengths(sequences)
        return _ratio(sequences, np.multiply(means, lengths), lengths)
    frames = [frame_overlaps(each, rules.burn_in, tag) for each in sequences]
    sums = [np.nansum(values) for values in frames]
    return _ratio(sequences, sums, [int(np.count_nonzero(~np.isnan(values))) for values in frames])


def robustness_terms(sequences: Sequence[ScoredSequence], rules: MeasureRules) -> Terms:
    """Give the terms of `vot_toolkit.measures.robustness.robustness`."""
    failures = np.array([sequence_failures(each) for each in sequences])
    if rules.robustness == "weighted-failures":
        lengths = _scored_lengths(sequences)
        return _ratio(sequences, failures * lengths, lengths)
    compared = rules.robustness == "per-compared-frame"
    frames = [each.compared if compared else each.length for each in sequences]
    return _ratio(sequences, 100.0 * failures, frames)


def failure_terms(sequences: Sequence[ScoredSequence], tag: str) -> Terms:
    """Give failures in 100 frames that carry an attribute, among the frames that carry it."""
    failures = [100.0 * sequence_failures(each, tag) for each in sequences]
    return _ratio(sequences, failures, [int(each.flags(tag).sum()) for each in sequences])


def overlap_terms(sequences: Sequence[ScoredSequence], tag: str | None = None) -> Terms:
    """Give the terms of average overlap where all frames count."""
    frames = [all_frames([each], tag) for each in sequences]
    return _ratio(sequences, [each.sum() for each in frames], [len(each) for each in frames])


def eao_terms(
    sequences: Sequence[ScoredSequence],
    rules: MeasureRules,
    interval: tuple[int, int],
    tag: str | None = None,
) -> Terms:
    """Give the terms of `vot_toolkit.measures.eao.eao` over an interval of lengths.

    The type in which a rule set stores the curve is left aside: they are float64.
    """
    longest = max((each.length for each in sequences), default=0)
    first = interval[0] - rules.first_length
    part = slice(first, min(interval[1] - rules.first_length + 1, longest))
    divisors = np.maximum(np.arange(longest), 1)[part]
    rows = list(_curve_terms(sequences, rules, longest, part, tag))
    sums = np.array([row for row, _ in rows]).reshape(len(rows), len(divisors)) / divisors
    weights = np.array([row for _, row in rows]).reshape(sums.shape)
    undefined = np.isnan(sums)
    return Terms(_names(sequences), np.where(undefined, 0.0, sums), weights, undefined)


def _curve_terms(
    sequences: Sequence[ScoredSequence],
    rules: MeasureRules,
    longest: int,
    part: slice,
    tag: str | None,
) -> Iterator[tuple[Array, Array]]:
    for fragments in fragments_by_sequence(sequences, rules, tag):
        total = WeightedSums(longest)
        for fragment in fragments:
            total.add(fragment)
        sums, weights = total.terms()
        yield sums[part], weights[part]


def _ratio(
    sequences: Sequence[ScoredSequence],
    numerators: Sequence[float] | Array,
    denominators: Sequence[int] | Array,
) -> Terms:
    shape = (len(sequences), 1)
    top = np.asarray(numerators, dtype=np.float64).reshape(shape)
    bottom = np.asarray(denominators, dtype=np.float64).reshape(shape)
    return Terms(_names(sequences), top, bottom, np.zeros(shape, dtype=bool))


def _scored_lengths(sequences: Sequence[ScoredSequence]) -> Array:
    """Give the length of each sequence, 0 for one without results."""
    return np.array([each.length if each.runs else 0 for each in sequences], dtype=np.float64)


def _names(sequences: Sequence[ScoredSequence]) -> tuple[str, ...]:
    return tuple(each.name for each in sequences)
