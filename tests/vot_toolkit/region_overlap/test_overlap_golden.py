"""Every overlap that pysot, TraX and vot-toolkit gave for 4,000 pairs, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from vot_toolkit.region_overlap import overlap, overlaps, reference
from vot_toolkit.region_overlap.pairs import count_overlaps
from vot_toolkit.rules import load_rules
from vot_toolkit.trajectory import Trajectory

RULES = ("vot2018", "pysot", "matlab2019", "matlab7", "vot-toolkit")
DISTINCT = ("vot2018", "matlab2019", "matlab7", "vot-toolkit")  # pysot counts as vot2018 does


def assert_same(found, expected, compared=None):
    """Compare doubles exactly, NaN with NaN."""
    wrong = ~((found == expected) | (np.isnan(found) & np.isnan(expected)))
    if compared is not None:
        wrong &= compared
    assert not wrong.any(), [(k, found[k], expected[k]) for k in np.flatnonzero(wrong)[:5]]


def test_pysot_and_vot2018_share_their_golden_numbers():
    assert load_rules("pysot").overlap == load_rules("vot2018").overlap


@pytest.mark.parametrize("rules", DISTINCT)
def test_backends_give_the_golden_overlaps(backend, counted, golden_pairs, rules):
    expected, compared = golden_pairs.expected(rules)
    pairs = golden_pairs.first, golden_pairs.second, golden_pairs.bounds
    out = counted(backend, *pairs, load_rules(rules).overlap, tighter=False)[0]
    assert compared.sum() >= 3805  # unbounded rectangles at negative places are not, in vot-toolkit
    assert 0 < np.isnan(out).sum() < 100
    assert_same(out, expected, compared)


@pytest.mark.parametrize("rules", DISTINCT)
def test_tighter_output_is_the_output_under_bounds_one_pixel_tighter(
    backend, counted, golden_pairs, rules
):
    rows = slice(5, 4000, 16)
    a, b, bounds = [*golden_pairs.first][rows], [*golden_pairs.second][rows], golden_pairs.bounds
    switches = load_rules(rules).overlap
    out, tighter = counted(backend, a, b, bounds[rows], switches)
    again, _ = counted(backend, a, b, bounds[rows] - 1, switches)
    assert (out != tighter).sum() > 15
    assert_same(tighter, again)


def check_reference(golden_pairs, rules, indices):
    expected, compared = golden_pairs.expected(rules)
    switches = load_rules(rules).overlap
    checked = 0
    for k in indices:
        a, b, right = golden_pairs.first[k], golden_pairs.second[k], golden_pairs.bounds[k, 0]
        if not compared[k] or len(b) == 1:
            continue
        bounds = None if np.isinf(right) else tuple(golden_pairs.bounds[k].tolist())
        found = reference.overlap(a, b, bounds, switches)
        assert np.array_equal(found, expected[k], equal_nan=True), (k, found, expected[k])
        checked += 1
    return checked


@pytest.mark.parametrize("rules", DISTINCT)
def test_reference_gives_every_tenth_golden_overlap(golden_pairs, rules):
    assert check_reference(golden_pairs, rules, range(3, 4000, 10)) > 350


@pytest.mark.slow
@pytest.mark.parametrize("rules", DISTINCT)
def test_reference_gives_every_golden_overlap(golden_pairs, rules):
    assert check_reference(golden_pairs, rules, range(4000)) > 3700


@pytest.mark.parametrize("rules", RULES)
def test_the_public_function_gives_the_golden_overlaps_on_any_number_of_threads(
    golden_pairs, rules
):
    """Pairs as trajectories and as lists, with bounds of their own, of which some are none."""
    expected, compared = golden_pairs.expected(rules)
    first, second, bounds = golden_pairs.first, golden_pairs.second, golden_pairs.bounds
    for threads in (1, 3):
        assert_same(overlaps(first, second, bounds, rules, threads=threads), expected, compared)
    rows = slice(0, 4000, 7)
    found = overlaps([*first][rows], [*second][rows], bounds[rows], rules)
    assert_same(found, expected[rows], compared[rows])


def test_threads_give_the_tighter_overlaps_too(golden_pairs):
    pairs = golden_pairs.first, golden_pairs.second, golden_pairs.bounds, "vot2018"
    single = count_overlaps(*pairs, tighter=True)
    threaded = count_overlaps(*pairs, tighter=True, threads=3)
    for one, three in zip(single, threaded, strict=True):
        assert_same(three, one)


def test_overlaps_agree_with_overlap_one_by_one(golden_pairs):
    for rules in RULES:
        together = overlaps(golden_pairs.first, golden_pairs.second, golden_pairs.bounds, rules)
        for k in range(1, 4000, 97):
            right, bottom = golden_pairs.bounds[k].tolist()
            bounds = None if np.isinf(right) else (right, bottom)
            found = overlap(golden_pairs.first[k], golden_pairs.second[k], bounds, rules)
            assert np.array_equal(found, together[k], equal_nan=True)


@pytest.mark.parametrize("width", [4, 8])
def test_arrays_lists_and_trajectories_give_the_same(golden_pairs, width):
    fit = [
        k for k in range(4000) if len(golden_pairs.first[k]) == len(golden_pairs.second[k]) == width
    ]
    a = np.array([golden_pairs.first[k] for k in fit])
    b = np.array([golden_pairs.second[k] for k in fit])
    expected = overlaps(a, b, (100, 80))
    assert len(fit) > 700 and (expected > 0).sum() > 100
    for p, q in ((a.tolist(), b), (Trajectory.from_table(a), b.tolist()), (list(a), iter(b))):
        assert_same(overlaps(p, q, (100, 80)), expected)
    assert_same(overlaps(np.asfortranarray(a), b[::-1][::-1], [[100, 80]]), expected)
    assert_same(overlaps(a, b, np.full((len(a), 2), (100, 80))), expected)
    single = overlaps(a.astype(np.float32), b.astype(np.float32), (100, 80), "vot-toolkit")
    assert_same(single, overlaps(a, b, (100, 80), "vot-toolkit"))


def test_no_pairs_give_no_overlaps():
    for bounds in (None, (640, 480), np.empty((0, 2))):
        for threads in (1, 3):
            assert overlaps([], [], bounds, threads=threads).shape == (0,)
    assert overlaps(np.empty((0, 4)), np.empty((0, 8))).shape == (0,)


def test_more_threads_than_pairs_do_no_harm():
    a = [[0, 0, 10, 10], [0, 0, 9, 9]]
    assert overlaps(a, a, np.array([[50, 50], [60, 60]]), threads=7).tolist() == [1, 1]
