"""Average overlap (AO) and success curve of the unsupervised experiment: one run, no reset."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vot_toolkit.measures.accuracy import frame_overlaps
from vot_toolkit.measures.runs import (
    ScoredSequence,
    mean_over_repetitions,
    nan_mean,
    zero_for_nan,
)
from vot_toolkit.region import Array
from vot_toolkit.rules import MeasureRules

THRESHOLDS = 100
"""Points of the success curve, evenly from 0 to 1 (MATLAB toolkit 6.0.3)."""


def average_overlap(
    sequences: Sequence[ScoredSequence], rules: MeasureRules, tag: str | None = None
) -> float | None:
    """Mean overlap over a set, of all frames or of those with one attribute.

    Returns
    -------
    float or None
        In [0, 1]; None when the rules do not define it, or no frame counts.
    """
    if rules.average_overlap == "none":
        return None
    if rules.average_overlap == "weighted-sequences":
        means = [(sequence_overlap(sequence, rules), sequence.length) for sequence in sequences]
        total = sum(length for _, length in means)
        return sum((mean or 0.0) * length for mean, length in means) / total if total else None
    frames = all_frames(sequences, tag)
    return float(frames.mean()) if len(frames) else None


def sequence_overlap(sequence: ScoredSequence, rules: MeasureRules) -> float | None:
    """Mean overlap in one sequence; None when the rules do not define it."""
    if rules.average_overlap == "none":
        return None
    if rules.average_overlap == "weighted-sequences":
        return nan_mean(frame_overlaps(sequence, rules.burn_in))
    frames = all_frames([sequence])
    return float(frames.mean()) if len(frames) else None


def all_frames(sequences: Sequence[ScoredSequence], tag: str | None = None) -> Array:
    """Overlap of every annotated frame, 0 where there is none.

    Parameters
    ----------
    sequences : sequence of ScoredSequence
        The set.
    tag : str, optional
        Only the frames with this attribute.

    Returns
    -------
    float64 array, shape (frames,)
        Initialisation, special and missing frames are 0.
    """
    rows = []
    for sequence in sequences:
        mean = mean_over_repetitions((run.overlaps for run in sequence.runs), sequence.length)
        frames = zero_for_nan(mean)
        rows.append(frames if tag is None else frames[sequence.flags(tag)])
    return np.concatenate(rows) if rows else np.empty(0)


def success_curve(sequences: Sequence[ScoredSequence], rules: MeasureRules) -> Array:
    """Share of frames whose overlap exceeds 0, 1/99, …, 1.

    Returns
    -------
    float64 array, shape (100,), or (0,)
        Empty when the rules do not define it. Frames that are left out of the mean are left out
        here; sequences are weighted as there.
    """
    if rules.average_overlap == "none" or not sequences:
        return np.empty(0)
    if rules.average_overlap == "all-frames":
        return _shares(all_frames(sequences))
    weights = [sequence.length for sequence in sequences]
    curves = [_shares(frame_overlaps(sequence, rules.burn_in)) for sequence in sequences]
    mean: Array = np.average(curves, axis=0, weights=weights)
    return mean


def _shares(overlaps: Array) -> Array:
    valid = np.sort(overlaps[~np.isnan(overlaps)])
    if not len(valid):
        return np.zeros(THRESHOLDS)
    above = len(valid) - np.searchsorted(valid, np.linspace(0, 1, THRESHOLDS), side="right")
    shares: Array = above / len(valid)
    return shares
