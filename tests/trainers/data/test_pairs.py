"""Which crops make a pair."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from trainers.data.pairs import Mixture

SIZE = [30, 40]


def track(*frames, **more):
    return {**{f"{frame:06d}": SIZE for frame in frames}, **more}


def drawn(mixture, entry, count=400):
    random = np.random.default_rng(0)
    return [mixture.draw(entry, random) for _ in range(count)]


def test_range_counts_frames_of_the_track_not_numbers(annotate):
    source = annotate({"v": {"00": track(0, 10, 20, 30, 90)}}, frame_range=1)
    found = {(each.template.frame, each.search.frame) for each in drawn(Mixture([source]), 0)}
    assert found == {(a, b) for a in range(5) for b in range(5) if abs(a - b) <= 1}


def test_both_frames_are_of_one_track(annotate):
    source = annotate({"v": {"00": track(1, 2), "01": track(3, 4, 5)}, "w": {"00": track(1)}})
    pairs = drawn(Mixture([source]), 0)
    assert {each.template.track for each in pairs} == {0, 1}
    assert all(each.template.track == each.search.track for each in pairs)
    assert all(each.search.frame in source.frames_of(each.search.track) for each in pairs)
    assert not any(each.negative for each in pairs)


def test_hard_frames_are_searched(annotate):
    source = annotate({"v": {"00": track(*range(9), hard=[4, 6])}}, frame_range=2)
    pairs = drawn(Mixture([source]), 0)
    assert {each.search.frame for each in pairs} == {4, 6}
    assert {each.template.frame for each in pairs if each.search.frame == 4} == {2, 3, 4, 5, 6}


@pytest.fixture
def two(annotate):
    small = annotate({"a": {"00": track(0)}}, "small")
    large = annotate({f"v{k}": {"00": track(0, 1)} for k in range(9)}, "large")
    return [small, large]


def test_entries_count_through_all_sets(two):
    mixture = Mixture(two)
    assert [mixture.locate(entry) for entry in (0, 1, 9)] == [(0, 0), (1, 0), (1, 8)]


def test_negative_pairs_take_any_set_alike(two):
    pairs = drawn(Mixture(two, negative=1), entry=3, count=2000)
    assert all(each.negative for each in pairs)
    assert {(each.template.source, each.template.video) for each in pairs} == {(1, 2)}
    sets = Counter(each.search.source for each in pairs)
    assert sets[0] == pytest.approx(1000, abs=100)
    assert {each.search.video for each in pairs if each.search.source == 1} == set(range(9))


def test_share_of_negative_pairs(two):
    pairs = drawn(Mixture(two, negative=0.2), entry=0, count=4000)
    assert np.mean([each.negative for each in pairs]) == pytest.approx(0.2, abs=0.03)


def test_negative_pairs_from_the_same_set(two):
    pairs = drawn(Mixture(two, negative=1, inner_negative=1), entry=3)
    assert {each.search.source for each in pairs} == {1}
