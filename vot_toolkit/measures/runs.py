"""What every measure starts from: the overlaps of one tracker in one experiment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.region import Array, Code

Flags = NDArray[np.bool_]
Frames = NDArray[np.int64]

EMPTY = "empty"
"""Name of the attribute of frames that carry none of the set's."""


@dataclass(frozen=True, eq=False)
class ScoredRun:
    """One repetition on one sequence, n frames of which exist.

    Parameters
    ----------
    overlaps : float64 array, shape (n,)
        Overlap with the ground truth under the bounds of accuracy; NaN where a special code stands.
    eao_overlaps : float64 array, shape (n,)
        The same under the bounds of EAO.
    codes : int64 array, shape (n,)
        Special codes, `vot_toolkit.trajectory.NO_CODE` elsewhere.
    """

    overlaps: Array
    eao_overlaps: Array
    codes: Frames

    def __len__(self) -> int:
        """Count the frames that exist."""
        return len(self.overlaps)

    @cached_property
    def failures(self) -> Frames:
        """Frames (from 0) with a failure."""
        frames: Frames = (self.codes == Code.FAILURE).nonzero()[0]
        return frames

    @cached_property
    def initialisations(self) -> Frames:
        """Frames (from 0) with an initialisation."""
        frames: Frames = (self.codes == Code.INITIALISATION).nonzero()[0]
        return frames


@dataclass(frozen=True, eq=False)
class ScoredSequence:
    """All repetitions on one sequence.

    Parameters
    ----------
    name : str
        Name of the sequence.
    length : int
        Annotated frames.
    runs : tuple of ScoredRun
        The repetitions there are; may be empty.
    tags : mapping from attribute to bool array, shape (length,)
        Which frames carry it.
    seconds : float64 array, shape (frames, columns), or None
        Time of each frame in each repetition, as `vot_toolkit.formats.times` reads it.
    """

    name: str
    length: int
    runs: tuple[ScoredRun, ...]
    tags: Mapping[str, Flags] = field(default_factory=dict)
    seconds: Array | None = None

    def flags(self, tag: str) -> Flags:
        """Give the frames that carry an attribute; ``empty`` names those that carry none."""
        if tag == EMPTY:
            tagged: Flags = np.any([*self.tags.values(), np.zeros(self.length, dtype=bool)], axis=0)
            return ~tagged
        found = self.tags.get(tag)
        return np.zeros(self.length, dtype=bool) if found is None else found

    @property
    def compared(self) -> int:
        """Frames that have both a result and ground truth, in the longest repetition."""
        return max((len(run) for run in self.runs), default=0)


def nan_mean(values: Array) -> float | None:
    """Mean of the values that are no NaN, None when there are none.

    Examples
    --------
    >>> nan_mean(np.array([1.0, np.nan, 2.0])), nan_mean(np.array([np.nan]))
    (1.5, None)
    """
    valid = values[~np.isnan(values)]
    return float(valid.sum() / len(valid)) if len(valid) else None


def zero_for_nan(values: Array) -> Array:
    """Give a copy in which 0 stands for NaN."""
    copied: Array = np.where(np.isnan(values), 0.0, values)
    return copied


def mean_over_repetitions(rows: Iterable[Array], length: int) -> Array:
    """Mean of each frame over the repetitions that have a value there.

    Parameters
    ----------
    rows : iterable of float64 arrays, shape (n,), n <= length
        One a repetition; frames past its end have no value.
    length : int
        Frames of the sequence.

    Returns
    -------
    float64 array, shape (length,)
        NaN where no repetition has a value.

    Examples
    --------
    >>> mean_over_repetitions([np.array([1.0, np.nan]), np.array([0.5])], 3)
    array([0.75,  nan,  nan])
    """
    table = padded(rows, length)
    valid = ~np.isnan(table)
    with np.errstate(invalid="ignore"):
        mean: Array = np.where(valid, table, 0.0).sum(axis=0) / valid.sum(axis=0)
    return mean


def padded(rows: Iterable[Array], length: int) -> Array:
    """Put rows of up to `length` values below each other, NaN behind their ends.

    Examples
    --------
    >>> padded([np.array([1.0, 2.0]), np.array([3.0])], 2)
    array([[ 1.,  2.],
           [ 3., nan]])
    """
    rows = tuple(rows)
    if rows and all(len(row) == length for row in rows):
        return np.array(rows)
    table = np.full((len(rows), length), np.nan)
    for values, row in zip(table, rows, strict=True):
        values[: len(row)] = row
    return table
