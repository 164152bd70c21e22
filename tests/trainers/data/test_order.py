"""The order of the videos."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainers.data.order import SEED, Share, order, shuffle


@given(st.integers(0, 300), st.integers())
def test_shuffle_is_python_s(length, seed):
    ours, theirs = list(range(length)), list(range(length))
    chances = random.Random(seed), random.Random(seed)
    shuffle(ours, chances[0])
    chances[1].shuffle(theirs)
    assert ours == theirs
    assert chances[0].random() == chances[1].random()


def plain(shares, length, seed):
    """Do what the released code did, twice, and give the second list."""
    chance = random.Random(seed)
    for _ in range(2):
        entries = []
        while len(entries) < length:
            part, start = [], 0
            for share in shares:
                videos, picked = list(range(start, start + share.videos)), []
                while len(picked) < (share.num_use or share.videos):
                    chance.shuffle(videos)
                    picked += videos
                part += picked[: share.num_use or share.videos]
                start += share.videos
            chance.shuffle(part)
            entries += part
    return entries


@pytest.mark.parametrize("seed", [SEED, 12345])
def test_order_is_the_plain_one(seed):
    shares = [Share(7, 20), Share(5), Share(30, 10)]
    assert order(shares, 100, seed).tolist() == plain(shares, 100, seed)


def test_a_round_holds_what_each_set_contributes():
    found = order([Share(3, 7), Share(4), Share(10, 5)], 1)
    counts = Counter(np.digitize(found, [3, 7]).tolist())
    assert counts == {0: 7, 1: 4, 2: 5}
    videos = Counter(found[found < 3].tolist())
    assert set(videos.values()) == {2, 3}


def test_whole_rounds_reach_the_length():
    assert len(order([Share(4)], 9)) == 12
    assert order([Share(4)], 0).tolist() == []
