"""Expected average overlap (EAO): what overlap to expect on sequences of typical length.

A run is cut into fragments at its resets. A fragment that ended in a failure goes on with overlap
0, one that ended with the sequence says nothing about longer lengths. The curve gives, for each
length, the weighted mean over fragments of their mean overlap up to there, the initialisation left
out; EAO is its mean over an interval of lengths.

References
----------
Kristan et al., "The Visual Object Tracking VOT2015 challenge results", section 3.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from vot_toolkit.measures.runs import (
    Flags,
    ScoredRun,
    ScoredSequence,
    nan_mean,
    zero_for_nan,
)
from vot_toolkit.region import Array
from vot_toolkit.rules import MeasureRules


class Fragment(NamedTuple):
    """A stretch of a run between resets.

    Parameters
    ----------
    overlaps : float64 array, shape (n,)
        From the initialisation on.
    failed : bool
        Whether it goes on with overlap 0.
    weight : float
        Its weight in the curve.
    """

    overlaps: Array
    failed: bool
    weight: float


def eao(curve: Array, interval: tuple[int, int], rules: MeasureRules) -> float | None:
    """Mean of the curve over an interval of lengths.

    Parameters
    ----------
    curve : float array, shape (longest,)
        As `eao_curve` gives it.
    interval : tuple of int
        First and last length in frames; what exceeds the curve is left out.
    rules : MeasureRules
        Which index the first length has.

    Returns
    -------
    float or None
        In [0, 1]; None when the curve is nowhere defined there.
    """
    low, high = interval
    part = curve[low - rules.first_length : high - rules.first_length + 1]
    return nan_mean(part.astype(np.float64))


def eao_curve(
    sequences: Sequence[ScoredSequence], rules: MeasureRules, tag: str | None = None
) -> Array:
    """Give the expected overlap for each sequence length.

    Parameters
    ----------
    sequences : sequence of ScoredSequence
        The set.
    rules : MeasureRules
        How runs are cut and weighted.
    tag : str, optional
        Weight each fragment by its share of frames with this attribute.

    Returns
    -------
    float array, shape (longest,)
        Of the rules' type. Index i belongs to fragments of i + 1 frames; 0 where there are none;
        NaN where an unfailed run has an undefined overlap before, and where no fragment that lasts
        so long has a frame with the attribute.
    """
    length = _curve_length(sequences, rules)
    sums = WeightedSums(length)
    for fragment in fragments(sequences, rules, tag):
        sums.add(fragment)
    curve = sums.curve()
    if length and rules.first_length:
        curve[0] = 1.0
    return curve.astype(rules.curve)


def _curve_length(sequences: Sequence[ScoredSequence], rules: MeasureRules) -> int:
    if rules.longest == "sequence":
        return max((sequence.length for sequence in sequences), default=0)
    return max((sequence.compared for sequence in sequences), default=0)


class WeightedSums:
    """Weighted sums over fragments of their cumulated overlaps, for every length at once.

    A fragment adds its cumulated sum while it lasts; when it failed, its whole sum counts for all
    greater lengths, so that only the step at its end is kept and cumulated at the end.

    Parameters
    ----------
    length : int
        Of the curve, in frames.
    """

    def __init__(self, length: int) -> None:
        self.sums = np.zeros(length)
        self.weights = np.zeros(length + 1)
        self.counts = np.zeros(length + 1, dtype=np.int64)
        self.steps = np.zeros(length + 1)

    def add(self, fragment: Fragment) -> None:
        """Add a fragment, whose sums are NaN behind an undefined overlap."""
        overlaps, weight = fragment.overlaps, fragment.weight
        n = len(overlaps)
        if n == 0:
            return
        cumulated = np.cumsum(overlaps[1:])
        if n > 1 and cumulated[-1] != cumulated[-1]:  # NaN
            missing = np.isnan(overlaps[1:])
            cumulated[missing] = 0.0
            self.weights[1:n][missing] -= weight
            self.weights[2 : n + 1][missing] += weight
            self.counts[1:n][missing] -= 1
            self.counts[2 : n + 1][missing] += 1
        self.sums[1:n] += weight * cumulated
        self.weights[0] += weight
        self.counts[0] += 1
        if not fragment.failed:
            self.weights[n] -= weight
            self.counts[n] -= 1
        elif n > 1:
            self.steps[n] += weight * cumulated[-1]

    def curve(self) -> Array:
        """Divide them; 0 where there is no fragment, NaN where those there have no weight."""
        sums, weights = self.terms()
        curve = np.where(np.cumsum(self.counts)[: len(weights)] > 0, np.nan, 0.0)
        present = weights > _NO_WEIGHT
        curve[present] = sums[present] / (weights * self._divisors)[present]
        return curve

    def terms(self) -> tuple[Array, Array]:
        """Give the weighted sums of cumulated overlaps, and the weights, for every length."""
        length = len(self.sums)
        sums = self.sums + np.cumsum(self.steps)[:length]
        return sums, np.cumsum(self.weights)[:length]

    @property
    def _divisors(self) -> Array:
        """Frames that a cumulated sum is of: the initialisation is none of them."""
        return np.maximum(np.arange(len(self.sums)), 1).astype(np.float64)


_NO_WEIGHT = 1e-9
"""Sums of weights below this are rounding: a single fragment weighs at least 1 / (100 * 10000)."""


def fragments(
    sequences: Sequence[ScoredSequence], rules: MeasureRules, tag: str | None = None
) -> Iterator[Fragment]:
    """Cut all runs of a set into weighted fragments."""
    for each in fragments_by_sequence(sequences, rules, tag):
        yield from each


def fragments_by_sequence(
    sequences: Sequence[ScoredSequence], rules: MeasureRules, tag: str | None = None
) -> Iterator[Iterator[Fragment]]:
    """Cut all runs of a set into weighted fragments, those of each sequence apart."""
    last = next((len(sequence.runs) for sequence in reversed(sequences) if sequence.runs), 1)
    for sequence in sequences:
        flags = None if tag is None else sequence.flags(tag)
        base = {
            "own-sequence": 1 / max(len(sequence.runs), 1),
            "last-sequence": 1 / last,
            "one": 1.0,
        }[rules.fragment_weight]
        yield _of_runs(sequence.runs, rules, base, flags)


def _of_runs(
    runs: Iterable[ScoredRun], rules: MeasureRules, base: float, flags: Flags | None
) -> Iterator[Fragment]:
    for run in runs:
        yield from run_fragments(run, rules, base, flags)


def run_fragments(
    run: ScoredRun, rules: MeasureRules, base: float = 1.0, flags: Flags | None = None
) -> Iterator[Fragment]:
    """Cut one run at its resets.

    Parameters
    ----------
    run : ScoredRun
        One repetition on one sequence.
    rules : MeasureRules
        Which failures close a fragment, and what NaN becomes.
    base : float
        Weight of a fragment whose frames all count.
    flags : bool array, optional
        Frames that count; a fragment weighs by their share. All by default.
    """
    n = len(run)
    if not len(run.failures):
        keep = rules.unfailed_nan == "keep"
        overlaps = run.eao_overlaps if keep else zero_for_nan(run.eao_overlaps)
        yield Fragment(overlaps, False, base * _share(flags, 0, n, n))
        return
    overlaps = zero_for_nan(run.eao_overlaps)
    for start, stop, failed in _stretches(run, rules):
        part = overlaps[start:stop]
        frames = stop - start
        yield Fragment(part, failed, base * _share(flags, start, min(stop, n), frames))


def _stretches(run: ScoredRun, rules: MeasureRules) -> Iterator[tuple[int, int, bool]]:
    """Give first frame, frame after the last, and whether a failure ended the stretch.

    Under ``every`` a stretch ends before its failure. Otherwise it reaches up to and including the
    frame of the restart, which may lie past the end of the run.
    """
    n = len(run)
    if rules.closing == "every":
        starts, ends = run.initialisations.tolist(), run.failures.tolist()
        for start, end in zip(starts, ends, strict=False):
            yield start, end, True
        if len(starts) > len(ends):
            yield starts[len(ends)], n, False
        return
    last_restart = n if rules.closing == "restart-at-end" else n - 1
    restarts = [int(f) + rules.skip_initialize for f in run.failures]
    points = [0, *(point for point in restarts if point <= last_restart)]
    for start, restart in pairwise(points):
        yield start, restart + 1, True
    yield points[-1], n, False


def _share(flags: Flags | None, start: int, stop: int, frames: int) -> float:
    """Share of the stretch's frames that count; those past the end of the run never do."""
    if frames <= 0:
        return 0.0
    counted = stop - start if flags is None else int(flags[start:stop].sum())
    return counted / frames
