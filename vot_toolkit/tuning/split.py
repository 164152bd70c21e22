"""The split of a data set: sequences that are tuned on, and sequences that are held out."""

from __future__ import annotations

import random
from dataclasses import dataclass

from vot_toolkit.dataset.sequence import Dataset
from vot_toolkit.errors import UsageError


@dataclass(frozen=True)
class Split:
    """Which sequences choose the options, and which show what that choice is worth.

    Parameters
    ----------
    tuning, held_out : tuple of str
        Names, in the order of the data set; none is held out where that was not asked for.
    """

    tuning: tuple[str, ...]
    held_out: tuple[str, ...] = ()


def split_sequences(dataset: Dataset, share: float, seed: int) -> Split:
    """Hold out a share of the sequences, drawn by a seed.

    Parameters
    ----------
    dataset : Dataset
        What is to be split.
    share : float
        From 0, nothing, to below 1. Above 0 there is at least one sequence in each part.
    seed : int
        The same draws the same sequences on every machine.

    Raises
    ------
    UsageError
        If the share is outside [0, 1), or there is but one sequence to split.
    """
    names = [sequence.name for sequence in dataset]
    if not 0 <= share < 1:
        raise UsageError(f"--holdout {share:g}", hint="accepted: 0, or a share below 1 such as 0.3")
    if share == 0:
        return Split(tuple(names))
    if len(names) < 2:
        hint = "--holdout 0 tunes on all there is"
        raise UsageError(f"--holdout {share:g} of {len(names)} sequence", hint=hint)
    count = min(max(1, round(share * len(names))), len(names) - 1)
    # Sorted first, so that two copies of a set that list it differently are split alike.
    chosen = set(random.Random(seed).sample(sorted(names), count))
    return Split(
        tuple(name for name in names if name not in chosen),
        tuple(name for name in names if name in chosen),
    )
