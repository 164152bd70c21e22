"""Every measure against its slow definition, on random runs, under each set of switches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vot_toolkit.measures.accuracy import accuracy, run_accuracy, sequence_accuracy
from vot_toolkit.measures.average_overlap import average_overlap, sequence_overlap, success_curve
from vot_toolkit.measures.eao import eao, eao_curve
from vot_toolkit.measures.robustness import failures, robustness, sequence_failures

TAGS = st.sampled_from([None, "occlusion", "size_change", "empty", "absent"])
common = settings(deadline=None, max_examples=50)


@common
@given(data=st.data())
def test_accuracy(all_rules, slow, random_sets, same, data):
    sequences, tag = data.draw(random_sets), data.draw(TAGS)
    for name, rules in all_rules.items():
        asked = None if rules.accuracy == "weighted-sequences" else tag
        same(name, accuracy(sequences, rules, asked), slow(rules).accuracy(sequences, asked))
        for sequence in sequences:
            expected = slow(rules).accuracy([sequence])
            same(name, sequence_accuracy(sequence, rules), expected)
            for run in sequence.runs:
                burnt_in = slow(rules).burnt_in(run.codes.tolist(), run.overlaps.tolist())
                same(name, run_accuracy(run, rules), slow.mean(burnt_in))


@common
@given(data=st.data())
def test_failures_and_robustness(all_rules, slow, random_sets, same, data):
    sequences, tag = data.draw(random_sets), data.draw(TAGS)
    for name, rules in all_rules.items():
        same(name, failures(sequences, tag), slow(rules).failures(sequences, tag))
        same(name, robustness(sequences, rules), slow(rules).robustness(sequences))
        for sequence in sequences:
            same(name, sequence_failures(sequence), slow(rules).failures([sequence]))


@settings(deadline=None, max_examples=120)
@given(data=st.data())
def test_eao_and_its_curve(all_rules, slow, random_sets, same, data):
    sequences, tag = data.draw(random_sets), data.draw(TAGS)
    low = data.draw(st.integers(1, 70))
    interval = (low, low + data.draw(st.integers(0, 30)))
    for name, rules in all_rules.items():
        asked = None if rules.attributes == "none" else tag
        exact = replace(rules, curve="float64")
        curve = eao_curve(sequences, exact, asked)
        expected = slow(rules).eao_curve(sequences, asked)
        np.testing.assert_allclose(curve, expected, rtol=1e-12, atol=1e-15, err_msg=name)
        same(name, eao(curve, interval, exact), slow(rules).eao(expected, interval))
        stored = eao_curve(sequences, rules, asked)
        assert stored.dtype == rules.curve
        assert stored.tobytes() == curve.astype(rules.curve).tobytes()


@common
@given(data=st.data())
def test_average_overlap(all_rules, slow, random_sets, same, data):
    sequences, tag = data.draw(random_sets), data.draw(TAGS)
    for name, rules in all_rules.items():
        asked = None if rules.average_overlap == "weighted-sequences" else tag
        expected = slow(rules).average_overlap(sequences, asked)
        same(name, average_overlap(sequences, rules, asked), expected)
        for sequence in sequences:
            expected = slow(rules).average_overlap([sequence])
            if rules.average_overlap == "weighted-sequences":
                expected = slow.mean(slow(rules).frame_means(sequence))
            same(name, sequence_overlap(sequence, rules), expected)


@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_success_curve_counts_frames_above_each_threshold(all_rules, slow, random_sets, data):
    sequences = data.draw(random_sets)
    for name, rules in all_rules.items():
        curve = success_curve(sequences, rules)
        if rules.average_overlap == "none":
            assert curve.size == 0
            continue
        pooled = rules.average_overlap == "all-frames"
        rows = [slow(rules).frame_means(s, burn_in=not pooled) for s in sequences]
        if pooled:
            groups = [(1, [0.0 if value != value else value for row in rows for value in row])]
        else:
            kept = [[value for value in row if value == value] for row in rows]
            groups = [(s.length, values) for s, values in zip(sequences, kept, strict=True)]
        total = sum(weight for weight, _ in groups)
        expected = [
            sum(w * sum(v > threshold for v in vs) / max(len(vs), 1) for w, vs in groups) / total
            for threshold in np.linspace(0, 1, 100).tolist()
        ]
        np.testing.assert_allclose(curve, expected, rtol=1e-12, atol=1e-15, err_msg=name)
