"""Runs: the stretches without gap of a track that comes and goes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from trainers.prepare.dropped import Reason

LEAST_FRAMES = 2
"""Shorter runs of a track with gaps are left out, as the original does."""


@dataclass(frozen=True)
class Run:
    """Consecutive frames of a track.

    Parameters
    ----------
    track : int
        Number of the track in the annotation.
    number : int
        Number under which it is stored.
    frames : tuple of int
        Without gap unless the run is the whole track.
    """

    track: int
    number: int
    frames: tuple[int, ...]

    @property
    def span(self) -> str:
        """First and last frame."""
        return f"{self.frames[0]}-{self.frames[-1]}"


def numbered_runs(
    frames: dict[int, list[int]], last_only: bool = False
) -> tuple[list[Run], list[tuple[Reason, Run]]]:
    """Split tracks at their gaps and number the runs.

    Parameters
    ----------
    frames : dict
        Frames of each track, rising.
    last_only : bool
        Whether only the last run of a track is kept. The original stores all under one number, so
        that each run replaces the one before.

    Returns
    -------
    tuple of list of Run and list of tuple
        The runs kept: the first of a track has the track's number, the others the next free ones
        above all tracks. And those left out, each with its reason.

    Examples
    --------
    >>> kept, left_out = numbered_runs({0: [1, 2, 3, 7, 8], 1: [1, 2]})
    >>> [(run.track, run.number, run.span) for run in kept]
    [(0, 0, '1-3'), (0, 2, '7-8'), (1, 1, '1-2')]
    """
    free = max(frames, default=0) + 1
    kept: list[Run] = []
    left_out = []
    for track in sorted(frames):
        pieces = split_at_gaps(frames[track])
        short = [piece for piece in pieces if len(pieces) > 1 and len(piece) < LEAST_FRAMES]
        long = [piece for piece in pieces if piece not in short]
        earlier = long[:-1] if last_only else []
        left_out += [(Reason.SINGLE_FRAME, Run(track, track, piece)) for piece in short]
        left_out += [(Reason.EARLIER_RUN, Run(track, track, piece)) for piece in earlier]
        for index, piece in enumerate(long[len(earlier) :]):
            kept.append(Run(track, track if index == 0 else free, piece))
            free += index > 0
    return kept, left_out


def split_at_gaps(frames: list[int]) -> list[tuple[int, ...]]:
    """Split rising numbers into runs of consecutive ones.

    Examples
    --------
    >>> split_at_gaps([1, 2, 5, 7, 8])
    [(1, 2), (5,), (7, 8)]
    """
    cuts = [index for index, (a, b) in enumerate(pairwise(frames), start=1) if b != a + 1]
    return [tuple(frames[a:b]) for a, b in pairwise([0, *cuts, len(frames)]) if b > a]
