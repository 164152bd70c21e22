"""Every measure against its slow definition, on random runs, under the switches of all rule sets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vot_toolkit.measures.accuracy import accuracy, run_accuracy, sequence_accuracy
from vot_toolkit.measures.average_overlap import average_overlap, sequence_overlap, success_curve
from vot_toolkit.measures.eao import eao, eao_curve
from vot_toolkit.measures.robustness import failures, robustness, sequence_failures
from vot_toolkit.rules import load_rules, rule_names

TAGS = st.sampled_from([None, "occlusion", "size_change", "empty", "absent"])
common = settings(deadline=None, max_examples=60)


@common
@given(data=st.data())
def test_accuracy(rules, slow, random_sets, same, data):
    sequences, tag = data.draw(random_sets), data.draw(TAGS)
    if rules.accuracy == "weighted-sequences":
        tag = None
    same(accuracy(sequences, rules, tag), slow(rules).accuracy(sequences, tag))


@common
@given(data=st.data())
def test_accuracy_of_a_sequence_and_of_a_run(rules, slow, random_sets, same, data):
    for sequence in data.draw(random_sets):
        expected = slow(rules).accuracy([sequence])
        same(sequence_accuracy(sequence, rules), expected)
        for run in sequence.runs:
            burnt_in = slow(rules).burnt_in(run.codes.tolist(), run.overlaps.tolist())
            same(run_accuracy(run, rules), slow.mean(burnt_in))


@common
@given(data=st.data())
def test_failures_and_robustness(rules, slow, random_sets, same, data):
    sequences, tag = data.draw(random_sets), data.draw(TAGS)
    same(failures(sequences, tag), slow(rules).failures(sequences, tag))
    same(robustness(sequences, rules), slow(rules).robustness(sequences))
    for sequence in sequences:
        same(sequence_failures(sequence), slow(rules).failures([sequence]))


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_eao_and_its_curve(rules, slow, random_sets, same, data):
    sequences, tag = data.draw(random_sets), data.draw(TAGS)
    if rules.attributes == "none":
        tag = None
    curve = eao_curve(sequences, rules, tag)
    expected = slow(rules).eao_curve(sequences, tag)
    np.testing.assert_allclose(curve, expected, rtol=1e-12, atol=1e-15)
    low = data.draw(st.integers(1, 70))
    interval = (low, low + data.draw(st.integers(0, 30)))
    same(eao(curve, interval, rules), slow(rules).eao(expected, interval))


@common
@given(data=st.data())
def test_average_overlap(rules, slow, random_sets, same, data):
    sequences, tag = data.draw(random_sets), data.draw(TAGS)
    if rules.average_overlap == "weighted-sequences":
        tag = None
    same(average_overlap(sequences, rules, tag), slow(rules).average_overlap(sequences, tag))
    for sequence in sequences:
        expected = slow(rules).average_overlap([sequence])
        if rules.average_overlap == "weighted-sequences":
            expected = slow.mean(slow(rules).frame_means(sequence))
        same(sequence_overlap(sequence, rules), expected)


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_success_curve_counts_frames_above_each_threshold(rules, slow, random_sets, data):
    sequences = data.draw(random_sets)
    curve = success_curve(sequences, rules)
    if rules.average_overlap == "none":
        assert curve.size == 0
        return
    by_sequence = []
    pooled = []
    for sequence in sequences:
        if rules.average_overlap == "all-frames":
            means = slow(rules).frame_means(sequence, burn_in=False)
            pooled += [0.0 if value != value else value for value in means]
        else:
            means = [value for value in slow(rules).frame_means(sequence) if value == value]
            by_sequence.append((sequence.length, means))
    groups = by_sequence or [(1, pooled)]
    for index, threshold in enumerate(np.linspace(0, 1, 100)):
        total = sum(weight for weight, _ in groups)
        shares = [sum(v > threshold for v in values) / max(len(values), 1) for _, values in groups]
        expected = sum(w * share for (w, _), share in zip(groups, shares, strict=True)) / total
        assert curve[index] == pytest.approx(expected, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", rule_names())
def test_the_curve_has_the_type_of_the_rules(name, rules, perfect):
    curve_type = load_rules(name).measures.curve
    curve = eao_curve([perfect(40, [20])], load_rules(name).measures)
    assert curve.dtype == curve_type


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_a_curve_of_single_precision_is_the_other_one_rounded(random_sets, data):
    sequences = data.draw(random_sets)
    for name in rule_names():
        rules = load_rules(name).measures
        if rules.curve == "float32":
            from dataclasses import replace

            double = eao_curve(sequences, replace(rules, curve="float64"))
            single = eao_curve(sequences, rules)
            assert single.tobytes() == double.astype(np.float32).tobytes()
