"""Closed forms that can be checked by eye."""

from __future__ import annotations

import numpy as np
import pytest

from vot_toolkit.measures.accuracy import accuracy, frame_overlaps
from vot_toolkit.measures.average_overlap import average_overlap, success_curve
from vot_toolkit.measures.eao import eao, eao_curve
from vot_toolkit.measures.robustness import failures, robustness
from vot_toolkit.measures.runs import ScoredSequence
from vot_toolkit.measures.speed import fps, sequence_fps
from vot_toolkit.rules import load_rules, rule_names

M6 = load_rules("vot2018").measures
PT = load_rules("pysot").measures
VT = load_rules("vot-toolkit").measures


@pytest.mark.parametrize("name", rule_names())
def test_a_perfect_tracker_scores_one_without_failures(name, perfect):
    rules = load_rules(name).measures
    sequences = [perfect(400), perfect(120, repetitions=3)]
    assert accuracy(sequences, rules) == 1
    assert failures(sequences) == robustness(sequences, rules) == 0
    assert eao(eao_curve(sequences, rules), (100, 356), rules) == 1


def test_one_failure_in_the_middle(perfect):
    """101 frames, lost in frame 50: of a fragment of 55 steps the first 49 overlap by 1."""
    sequences = [perfect(101, [50])]
    curve = eao_curve(sequences, M6)
    expected = [1.0 if i <= 49 else 49 / i for i in range(101)]
    np.testing.assert_allclose(curve, expected, rtol=1e-15)
    assert failures(sequences) == 1
    assert robustness(sequences, M6) == pytest.approx(100 / 101)
    assert accuracy(sequences, M6) == 1


def test_one_failure_in_the_middle_as_the_official_python_toolkit_cuts_it(perfect):
    curve = eao_curve([perfect(101, [50])], VT)
    expected = [0.0] + [1.0 if i <= 49 else 49 / i for i in range(1, 101)]
    np.testing.assert_allclose(curve, expected, rtol=1e-6)
    assert robustness([perfect(101, [50])], VT) == 1


def test_a_failure_exactly_five_frames_before_the_end_counts_in_pysot_only(perfect):
    """The other sequence goes on perfectly: the failed one weighs 20/21 of it, or nothing."""
    sequences = [perfect(20, [15]), perfect(40)]
    at_30 = eao_curve(sequences, PT)[30]
    weight = 20 / 21
    assert at_30 == pytest.approx((weight * 14 / 30 + 1) / (weight + 1), rel=1e-7)
    assert eao_curve(sequences, M6)[30] == 1


def test_a_failure_nearer_to_the_end_ends_a_fragment_in_the_official_python_toolkit_only(perfect):
    sequences = [perfect(20, [17]), perfect(40)]
    assert eao_curve(sequences, PT)[30] == eao_curve(sequences, M6)[30] == 1
    assert eao_curve(sequences, VT)[30] == pytest.approx((16 / 30 + 1) / 2)
    assert failures(sequences) == 1


def test_one_undefined_overlap_in_an_unfailed_run_leaves_eao_undefined(make):
    """Spec 4.3: one perfect sequence of 400 frames with a single 0 at frame 50."""
    codes = np.full(400, -1)
    codes[0], codes[50] = 1, 0
    sequences = [ScoredSequence("made", 400, (make(codes, np.ones(400)),))]
    curve = eao_curve(sequences, M6)
    assert np.isnan(curve[51:]).all()
    assert curve[:50].tolist() == [1.0] * 50
    assert curve[50] == 0
    assert eao(curve, (100, 356), M6) is None
    assert eao(eao_curve(sequences, PT), (100, 356), PT) is None
    assert eao(eao_curve(sequences, VT), (100, 356), VT) == pytest.approx(1 - 0.005, abs=3e-3)
    assert accuracy(sequences, M6) == 1


def test_lengths_that_an_undefined_overlap_spoils_drop_out_of_the_mean(make, perfect):
    codes = np.full(150, -1)
    codes[0], codes[120] = 1, 0
    spoiled = ScoredSequence("made", 150, (make(codes, np.full(150, 0.5)),))
    curve = eao_curve([spoiled, perfect(400)], M6)
    assert np.isnan(curve[121:150]).all()
    assert not np.isnan(curve[[*range(121), *range(150, 400)]]).any()
    part = [0.75] * (120 - 99) + [1.0] + [1.0] * (356 - 150)
    assert eao(curve, (100, 356), M6) == pytest.approx(np.mean(part), rel=1e-12)


def test_a_set_without_overlap_in_the_interval_has_no_eao(perfect):
    sequences = [perfect(50), perfect(60)]
    for rules in (M6, PT, VT):
        assert eao(eao_curve(sequences, rules), (100, 356), rules) is None


def test_the_mean_runs_over_the_part_of_the_interval_that_exists(perfect):
    curve = eao_curve([perfect(110, [50])], M6)
    assert eao(curve, (100, 356), M6) == pytest.approx(np.mean([49 / i for i in range(99, 110)]))


def test_lengths_that_no_fragment_reaches_count_zero_up_to_the_longest_sequence(perfect):
    sequences = [perfect(150), ScoredSequence("no result", 200, ())]
    curve = eao_curve(sequences, M6)
    assert len(curve) == 200
    assert eao(curve, (101, 200), M6) == pytest.approx(0.5)
    assert len(eao_curve(sequences, PT)) == 150
    assert eao(eao_curve(sequences, PT), (101, 200), PT) == 1


def test_an_attribute_of_no_frame_has_no_eao(perfect):
    curve = eao_curve([perfect(150)], M6, "occlusion")
    assert np.isnan(curve[1:]).all()
    assert eao(curve, (100, 356), M6) is None


def test_the_first_length_is_one_in_matlab_and_zero_in_the_python_toolkit():
    curve = np.arange(10.0)
    assert eao(curve, (3, 4), M6) == 2.5
    assert eao(curve, (3, 4), VT) == 3.5


def test_fragments_weigh_by_the_repetitions_of_their_own_or_of_the_last_sequence(perfect):
    """At length 31 the first, failed after 10 frames, has two repetitions, the last one."""
    sequences = [perfect(40, [11], repetitions=2), perfect(40)]
    late = {rules: float(eao_curve(sequences, rules)[31]) for rules in (M6, PT)}
    assert late[M6] == pytest.approx((10 / 31 + 1) / 2)
    assert late[PT] == pytest.approx((2 * 10 / 31 + 1) / 3)


def test_burn_in_takes_ten_frames_from_each_initialisation(make, protocol):
    run = make(protocol(40, [15]), np.arange(40) / 40)
    kept = frame_overlaps(ScoredSequence("made", 40, (run,)), 10)
    assert np.flatnonzero(~np.isnan(kept)).tolist() == [10, 11, 12, 13, 14, *range(30, 40)]


def test_burn_in_counts_among_the_frames_of_an_attribute(make):
    run = make([1] + [-1] * 39, np.arange(40) / 40)
    flags = np.arange(40) % 2 == 0
    tagged = ScoredSequence("made", 40, (run,), {"occlusion": flags, "late": np.arange(40) > 0})
    overlaps = frame_overlaps(tagged, 10, "occlusion")
    assert np.isnan(overlaps[:10]).all()
    assert overlaps[10:].tolist() == [frame / 40 for frame in range(20, 40, 2)]
    assert not np.isnan(frame_overlaps(tagged, 10, "late")).any()


def test_accuracy_pools_frames_or_weighs_sequences(make):
    """20 frames at 0.2 and 40 at 0.8, of which burn-in leaves 10 and 30."""
    sequences = [
        ScoredSequence(f"{n}", n, (make([1] + [-1] * (n - 1), np.full(n, value)),))
        for n, value in ((20, 0.2), (40, 0.8))
    ]
    assert accuracy(sequences, M6) == pytest.approx((10 * 0.2 + 30 * 0.8) / 40)
    assert accuracy(sequences, VT) == pytest.approx((20 * 0.2 + 40 * 0.8) / 60)


def test_accuracy_takes_the_mean_over_repetitions_of_each_frame_first(make):
    """Frame 10 has one overlap, frame 11 two: each frame counts once."""
    first = make([1] + [-1] * 11, [0] * 10 + [0.9, 0.2])
    second = make([1] + [-1] * 9 + [0, -1], [0] * 10 + [0.0, 0.4])
    sequences = [ScoredSequence("made", 12, (first, second))]
    assert accuracy(sequences, M6) == pytest.approx((0.9 + 0.3) / 2)
    assert accuracy(sequences, VT) == pytest.approx(((0.9 + 0.2) / 2 + 0.4) / 2)


def test_without_any_frame_accuracy_is_undefined_or_zero(make):
    sequences = [ScoredSequence("made", 5, (make([1, -1, -1, -1, -1], np.ones(5)),))]
    assert accuracy(sequences, M6) is None
    assert accuracy(sequences, VT) == 0
    assert accuracy([], M6) is accuracy([], VT) is None


def test_robustness_divides_by_annotated_or_by_compared_frames(perfect):
    short = ScoredSequence("short", 200, perfect(100, [50]).runs)
    assert robustness([short], M6) == 0.5
    assert robustness([short], PT) == 1.0
    assert robustness([], M6) is robustness([], PT) is robustness([], VT) is None


def test_average_overlap_counts_the_initialisation_and_missing_frames_as_zero(make):
    run = make([1] + [-1] * 14 + [0], np.ones(16))
    sequence = ScoredSequence("made", 20, (run,))
    assert average_overlap([sequence], M6) == 14 / 20
    assert average_overlap([sequence], VT) == 1
    assert average_overlap([sequence], PT) is None


def test_success_curve_starts_with_the_frames_that_overlap_at_all(make):
    run = make([1] + [-1] * 9, [0, 0, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5])
    curve = success_curve([ScoredSequence("made", 10, (run,))], M6)
    assert curve[[0, 49, 50, 98, 99]].tolist() == [0.8, 0.8, 0.4, 0.4, 0]


def test_frames_without_attribute_are_empty():
    flags = {"a": np.array([True, False, False]), "b": np.array([False, True, False])}
    assert ScoredSequence("made", 3, (), flags).flags("empty").tolist() == [False, False, True]
    assert ScoredSequence("made", 2, ()).flags("empty").tolist() == [True, True]
    assert ScoredSequence("made", 2, ()).flags("a").tolist() == [False, False]


SECONDS = {
    "one column": (np.array([[0.1], [0.3]]), 5.0),
    "frames not asked": (np.array([[0.1], [np.nan], [0.3]]), 5.0),
    "repetitions not run": (np.array([[0.25, 0, np.nan]] * 4), 4.0),
    "mean of columns, not of frames": (np.array([[0.1, 0.3], [np.nan, 0.3], [np.nan, 0.3]]), 5.0),
    "a zero in a column that was run": (np.array([[0.0], [0.5]]), 4.0),
    "nothing run": (np.zeros((3, 2)), None),
    "nothing asked": (np.full((3, 2), np.nan), None),
    "no frame": (np.empty((0, 3)), None),
    "no file": (None, None),
}


@pytest.mark.parametrize("name", SECONDS)
def test_speed_of_a_sequence(name):
    seconds, expected = SECONDS[name]
    assert sequence_fps(seconds) == pytest.approx(expected)


def test_speed_is_the_mean_of_the_sequences_that_have_times():
    sequences = [
        ScoredSequence(f"{k}", 1, (), seconds=seconds)
        for k, seconds in enumerate([np.array([[0.1]]), np.array([[0.05]]), None])
    ]
    assert fps(sequences) == pytest.approx(15)
    assert fps(sequences[2:]) is fps([]) is None
