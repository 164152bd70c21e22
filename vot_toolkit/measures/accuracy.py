"""Accuracy: mean overlap of the frames in which the tracker was on its own.

References
----------
Kristan et al., "The Visual Object Tracking VOT2015 challenge results", section 3.1: burn-in of ten
frames after each initialisation.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vot_toolkit.measures.runs import (
    Flags,
    ScoredRun,
    ScoredSequence,
    mean_over_repetitions,
    nan_mean,
)
from vot_toolkit.region import Array, Code
from vot_toolkit.rules import MeasureRules


def accuracy(
    sequences: Sequence[ScoredSequence], rules: MeasureRules, tag: str | None = None
) -> float | None:
    """Accuracy over sequences, of all frames or of those with one attribute.

    Parameters
    ----------
    sequences : sequence of ScoredSequence
        The set.
    rules : MeasureRules
        Burn-in, and how frames are combined.
    tag : str, optional
        An attribute; ``empty`` for frames without any.

    Returns
    -------
    float or None
        In [0, 1]; None when no frame has an overlap.
    """
    if rules.accuracy == "weighted-sequences":
        return _weighted_accuracy(sequences, rules.burn_in)
    frames = [frame_overlaps(sequence, rules.burn_in, tag) for sequence in sequences]
    return nan_mean(np.concatenate(frames)) if frames else None


def frame_overlaps(sequence: ScoredSequence, burn_in: int, tag: str | None = None) -> Array:
    """Mean overlap of each frame over the repetitions, NaN where none counts.

    Parameters
    ----------
    sequence : ScoredSequence
        One sequence of n annotated frames.
    burn_in : int
        Frames left out from each initialisation on.
    tag : str, optional
        Keep the frames with this attribute only; burn-in then counts among the kept ones.

    Returns
    -------
    float64 array, shape (n,) or (frames with the attribute,)
    """
    if tag is None:
        rows = [after_burn_in(run, burn_in) for run in sequence.runs]
        return mean_over_repetitions(rows, sequence.length)
    flags = sequence.flags(tag)
    rows = [after_burn_in(_kept(run, flags), burn_in) for run in sequence.runs]
    return mean_over_repetitions(rows, int(flags.sum()))


def after_burn_in(run: ScoredRun, burn_in: int) -> Array:
    """Overlaps of a run, NaN in the frames from each initialisation on.

    Examples
    --------
    >>> run = ScoredRun(np.array([np.nan, 0.9, 0.8]), np.empty(3), np.array([1, -1, -1]))
    >>> after_burn_in(run, 2)
    array([nan, nan, 0.8])
    """
    overlaps = run.overlaps.copy()
    for start in run.initialisations.tolist():
        overlaps[start : start + burn_in] = np.nan
    return overlaps


def _kept(run: ScoredRun, flags: Flags) -> ScoredRun:
    kept = flags[: len(run)]
    return ScoredRun(run.overlaps[kept], run.eao_overlaps[kept], run.codes[kept])


def sequence_accuracy(sequence: ScoredSequence, rules: MeasureRules) -> float | None:
    """Accuracy in one sequence; None when no frame counts."""
    if rules.accuracy == "weighted-sequences":
        return _mean_of_runs(sequence, rules.burn_in)
    return nan_mean(frame_overlaps(sequence, rules.burn_in))


def run_accuracy(run: ScoredRun, rules: MeasureRules) -> float | None:
    """Accuracy in one repetition on one sequence; None when no frame counts."""
    return nan_mean(after_burn_in(run, rules.burn_in))


def _weighted_accuracy(sequences: Sequence[ScoredSequence], burn_in: int) -> float | None:
    total = sum(sequence.length for sequence in sequences if sequence.runs)
    if not total:
        return None
    means = ((_mean_of_runs(sequence, burn_in), sequence.length) for sequence in sequences)
    return sum(mean * length for mean, length in means if mean is not None) / total


def _mean_of_runs(sequence: ScoredSequence, burn_in: int) -> float | None:
    """Mean over repetitions of each repetition's mean; one without a valid frame counts 0.

    A failure or a skipped frame is left out, a region without overlap is not.
    """
    if not sequence.runs:
        return None
    means = [_mean_of_regions(run, burn_in) for run in sequence.runs]
    return sum(means) / len(means)


def _mean_of_regions(run: ScoredRun, burn_in: int) -> float:
    overlaps = after_burn_in(run, burn_in)
    overlaps[run.codes >= Code.UNKNOWN] = np.nan
    return nan_mean(overlaps) or 0.0
