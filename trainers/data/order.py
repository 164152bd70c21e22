"""In which order the videos of all data sets are used, over the whole training.

References
----------
The released SiamMask training code: rounds, each of them all sets' lists shuffled together, from a
generator with a seed of its own, whatever else is random.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

SEED = 123456
"""The released code's; the Ascend port's is 12345."""


@dataclass(frozen=True)
class Share:
    """What a data set contributes to a round.

    Parameters
    ----------
    videos : int
        How many it has.
    num_use : int, optional
        How many entries of the round are its; None for one for each video.
    """

    videos: int
    num_use: int | None = None


def order(shares: Sequence[Share], length: int, seed: int = SEED) -> NDArray[np.int32]:
    """List the videos of a whole training.

    Parameters
    ----------
    shares : sequence of Share
        The data sets; a video's number counts through all of them.
    length : int
        Pairs of the training: pairs of an epoch times epochs.
    seed : int
        Of the lists alone.

    Returns
    -------
    int32 array, shape (N,)
        Video numbers; N is the first whole number of rounds that reaches ``length``.

    Notes
    -----
    The released code made its list twice and used the second one, from the same generator. So does
    this function.

    Examples
    --------
    >>> order([Share(3), Share(2, num_use=3)], 6).tolist()
    [4, 0, 3, 2, 4, 1]
    """
    chance = random.Random(seed)
    _rounds(shares, length, chance)
    return _rounds(shares, length, chance)


def _rounds(shares: Sequence[Share], length: int, chance: random.Random) -> NDArray[np.int32]:
    rounds: list[NDArray[np.int32]] = []
    while sum(map(len, rounds)) < length:
        entries = [entry for part in _parts(shares, chance) for entry in part]
        shuffle(entries, chance)
        rounds.append(np.array(entries, dtype=np.int32))
    return np.concatenate(rounds) if rounds else np.empty(0, dtype=np.int32)


def _parts(shares: Sequence[Share], chance: random.Random) -> Iterable[list[int]]:
    starts = accumulate((share.videos for share in shares), initial=0)
    for start, share in zip(starts, shares, strict=False):
        yield _part(range(start, start + share.videos), share, chance)


def _part(videos: range, share: Share, chance: random.Random) -> list[int]:
    """Shuffle a set's videos as often as it takes, each time from the order that was left."""
    wanted = len(videos) if share.num_use is None else share.num_use
    shuffled, entries = list(videos), list[int]()
    while len(entries) < wanted:
        shuffle(shuffled, chance)
        entries += shuffled
    return entries[:wanted]


def shuffle(items: list[int], chance: random.Random) -> None:
    """Do what ``chance.shuffle(items)`` does, in half the time: the lists have millions of items.

    From the end, each item changes places with one of those up to it.
    """
    draw = chance.getrandbits
    length = len(items)
    while length > 1:
        bits = length.bit_length()
        shortest = max(1 << (bits - 1), 2)  # as long as a place takes as many bits
        for last in range(length - 1, shortest - 2, -1):
            place = draw(bits)
            while place > last:
                place = draw(bits)
            items[last], items[place] = items[place], items[last]
        length = shortest - 1
