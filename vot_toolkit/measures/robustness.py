"""Robustness: how often a tracker lost its target and was reset."""

from __future__ import annotations

from collections.abc import Sequence

from vot_toolkit.measures.runs import ScoredSequence
from vot_toolkit.rules import MeasureRules


def sequence_failures(sequence: ScoredSequence, tag: str | None = None) -> float:
    """Failures in one sequence, mean over its repetitions; 0 without any.

    Parameters
    ----------
    sequence : ScoredSequence
        One sequence.
    tag : str, optional
        Count the failures in frames with this attribute only.
    """
    if not sequence.runs:
        return 0.0
    if tag is None:
        return sum(len(run.failures) for run in sequence.runs) / len(sequence.runs)
    flags = sequence.flags(tag)
    return int(sum(flags[run.failures].sum() for run in sequence.runs)) / len(sequence.runs)


def failures(sequences: Sequence[ScoredSequence], tag: str | None = None) -> float:
    """Failures in the whole set: the sum of the sequences' means over repetitions."""
    return sum(sequence_failures(sequence, tag) for sequence in sequences)


def robustness(sequences: Sequence[ScoredSequence], rules: MeasureRules) -> float | None:
    """Failures related to frames; lower is better.

    Parameters
    ----------
    sequences : sequence of ScoredSequence
        The set.
    rules : MeasureRules
        Its switch ``robustness`` says what the number is.

    Returns
    -------
    float or None
        Failures in 100 frames; or failures of a sequence weighted by its length. None for no frame.
    """
    if rules.robustness == "weighted-failures":
        lengths = [sequence.length for sequence in sequences if sequence.runs]
        if not lengths:
            return None
        weighted = [sequence_failures(sequence) * sequence.length for sequence in sequences]
        return sum(weighted) / sum(lengths)
    compared = rules.robustness == "per-compared-frame"
    frames = sum(sequence.compared if compared else sequence.length for sequence in sequences)
    return 100.0 * failures(sequences) / frames if frames else None
