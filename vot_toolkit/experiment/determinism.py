"""Determinism: whether repetitions agree so well that further ones would tell nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.region import Array
from vot_toolkit.trajectory import NO_CODE, Trajectory

Overlaps = Callable[[Trajectory, Trajectory], Array]


def agree(a: Trajectory, b: Trajectory, overlaps: Overlaps, threshold: float) -> bool:
    """Tell whether two repetitions of one sequence are the same, as the 2018 challenge saw it.

    They are when they have the same length, the same special codes in the same frames, and regions
    that all overlap by more than the threshold. A NaN overlap does not.

    Parameters
    ----------
    a, b : Trajectory
        Two repetitions.
    overlaps : callable
        ``overlaps(A, B)``, pair by pair, float64 of shape (pairs,), within (width - 1, height - 1).
    threshold : float
        `Protocol.deterministic_overlap`, 0.999 in 2018.

    Returns
    -------
    bool
        Also True for two empty trajectories.
    """
    if len(a) != len(b) or not np.array_equal(a.codes(), b.codes()):
        return False
    frames = np.flatnonzero(a.codes() == NO_CODE)
    if not len(frames):
        return True
    return bool(np.all(overlaps(_only(a, frames), _only(b, frames)) > threshold))


def _only(trajectory: Trajectory, frames: NDArray[np.intp]) -> Trajectory:
    return Trajectory.from_regions(trajectory[int(frame)] for frame in frames)
