"""Speed: frames per second of the tracker itself, as the VOT toolkit of 2018 averages it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vot_toolkit.measures.runs import ScoredSequence
from vot_toolkit.region import Array


def fps(sequences: Sequence[ScoredSequence]) -> float | None:
    """Mean over sequences of their frames per second; None without any time."""
    rates = [sequence_fps(sequence.seconds) for sequence in sequences]
    known = [rate for rate in rates if rate is not None]
    return sum(known) / len(known) if known else None


def sequence_fps(seconds: Array | None) -> float | None:
    """Frames per second in one sequence.

    Parameters
    ----------
    seconds : float64 array, shape (frames, repetitions), or None
        NaN where the tracker was not asked; a repetition without a positive time was not run.

    Returns
    -------
    float or None
        Inverse of the mean over repetitions of the mean time; None without any time.

    Examples
    --------
    >>> sequence_fps(np.array([[0.1, 0.0], [np.nan, 0.0], [0.3, 0.0]]))
    5.0
    """
    if seconds is None or not seconds.size:
        return None
    columns = [column[~np.isnan(column)] for column in seconds.T if (column > 0).any()]
    if not columns:
        return None
    return float(1 / np.mean([column.mean() for column in columns]))
