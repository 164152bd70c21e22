"""Two records beside each other: whole outputs, refusals, and what is the same in both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from leaderboards.cli.compare import compare_command
from leaderboards.comparison.evidence import duel
from leaderboards.comparison.rate import compare_rates
from leaderboards.store import find_entry
from vot_toolkit.errors import UsageError


@pytest.fixture
def compared(filled, capsys):
    """Give the exit status and output of a comparison, without the names of files."""

    def run(first, second, *, anyway=False):
        status = compare_command(first, second, anyway=anyway, store=filled.folder)
        lines = capsys.readouterr().out.splitlines()
        return status, "\n".join(line.rstrip() for line in lines[2:])

    return run


TRACKERS = """\
           A      B   B − A             95 %       p  repetitions
─────────────────────────────────────────────────────────────────
EAO ↑  0.332  0.825  +0.493  -0.047 … +1.034   0.064            –
A ↑    0.586  0.834  +0.248  +0.214 … +0.283  <0.001            –
R ↓    2.110  0.000  -2.110  -5.053 … +0.834   0.096            –
B − A: positive is more; 95 % and p by a paired bootstrap over sequences, 10,000
resamples
EAO: 7 sequences cannot tell the two apart
A: B is better
R: 7 sequences cannot tell the two apart
realtime: A and B were not run
unsupervised: A and B were not run
sequences that decide the difference of EAO
sequence  its part  B − A without it
────────────────────────────────────
hand        -0.064            +0.557
car         +0.030            +0.463
ant         +0.013            +0.480
drone       +0.012            +0.481
bag         +0.008            +0.485
B − A by attribute, with 95 %
attribute             EAO               A    failures/100
─────────────────────────────────────────────────────────
occlusion  +0.517 ±0.258*  +0.245 ±0.023*  -7.143 ±2.608*
empty       +0.476 ±0.840  +0.252 ±0.049*   +0.000 ±0.000
fps: 9.5 and 31.2, B is 3.29 times as fast as A"""


def test_trackers(compared):
    assert compared("poor", "good") == (0, TRACKERS)


def with_experiments(record, label, *names):
    """Give a record whose baseline results stand for other experiments too."""
    results = record.results
    experiments, evidence = dict(results["experiments"]), dict(results["evidence"])
    for name in names:
        scores = experiments["baseline"]
        experiments[name] = {**scores, "overlap": scores["accuracy"]}
        evidence[name] = evidence["baseline"]
    results = {**results, "experiments": experiments, "evidence": evidence}
    return replace(record, label=label, results=results)


def test_realtime_and_overlap_are_compared_where_both_have_them(filled, compared, evaluated):
    for tracker in ("good", "poor"):
        record = with_experiments(evaluated(tracker), f"{tracker} 2", "realtime", "unsupervised")
        filled.add(record)
    _, text = compared("poor 2", "good 2")
    lines = text.splitlines()
    eao = next(line for line in lines if line.startswith("EAO ↑"))
    # The same sequences drawn give the same interval.
    assert f"RT ↑   {eao.partition('↑')[2].strip()}" in lines
    assert any(line.startswith("AO ↑") and "…" in line for line in lines)
    assert "AO: B is better" in lines and "were not run" not in text


def test_what_is_missing_of_other_experiments_is_said(filled, compared, evaluated):
    filled.add(with_experiments(evaluated("good"), "both", "realtime"))
    bare = with_experiments(evaluated("poor"), "bare", "realtime")
    evidence = {"baseline": bare.results["evidence"]["baseline"]}
    filled.add(replace(bare, results={**bare.results, "evidence": evidence}))
    assert "realtime: A was not run" in compared("good", "both")[1]
    assert "realtime: B recorded no overlaps" in compared("both", "bare")[1]


def test_without_a_baseline_the_others_are_compared(filled, compared, evaluated):
    for tracker in ("good", "poor"):
        record = with_experiments(evaluated(tracker), f"{tracker} 3", "unsupervised")
        experiments, evidence = (
            {"unsupervised": record.results[key]["unsupervised"]}
            for key in ("experiments", "evidence")
        )
        results = {**record.results, "experiments": experiments, "evidence": evidence}
        filled.add(replace(record, results=results))
    _, text = compared("poor 3", "good 3")
    assert "AO: B is better" in text and "baseline: no overlaps of both are known" in text


def test_a_tracker_with_itself(filled, compared, evaluated):
    filled.add(replace(evaluated("good"), label="twin"))
    _, text = compared("good", "twin")
    assert "EAO ↑  0.825  0.825  +0.000  +0.000 … +0.000  1.000" in text
    assert "EAO: 7 sequences cannot tell the two apart" in text


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"rules": "pysot"}, "rules: vot2018 against pysot"),
        (
            {"dataset": {"name": "toy", "digest": "e" * 64}},
            "version of the data set: dddddddddddd against eeeeeeeeeeee",
        ),
        ({"run": {"device": "cuda", "workers": 2}}, "device: cpu against cuda"),
        ({"options": {"mode": "fast"}}, "mode: exact against fast"),
    ],
)
def test_what_may_not_be_compared_is_said_instead_of_a_number(
    filled, compared, evaluated, changes, obstacle
):
    filled.add(replace(evaluated("fair", **changes), label="other"))
    status, text = compared("good", "other")
    assert status == 1
    assert f"scores may not be compared: {obstacle}" in text.replace("\n", " ")
    assert "EAO" not in text
    status, text = compared("good", "other", anyway=True)
    assert status == 0 and "may not be compared" in text and "EAO ↑" in text


def test_repetitions_and_precision(filled, compared, evaluated):
    record = evaluated("fair", deterministic=False)
    results = dict(record.results)
    baseline = {**results["experiments"]["baseline"], "repetitions": 3}
    results["experiments"] = {"baseline": baseline}
    filled.add(replace(record, label="thrice", results=results))
    # The one with a single repetition is deterministic: more would be the same.
    assert compared("good", "thrice")[0] == 0
    filled.add(replace(evaluated("good", deterministic=False), label="once", precision="float32"))
    _, text = compared("once", "thrice")
    assert "repetitions: 1 against 3" in text
    filled.add(replace(evaluated("good"), label="half", precision="bf16"))
    _, text = compared("once", "half")
    assert "precision: float32 against bf16" in text


def test_speeds_of_two_machines_are_not_compared(filled, compared, evaluated):
    filled.add(replace(evaluated("good", machine=None), label="elsewhere"))
    status, text = compared("good", "elsewhere")
    assert status == 0
    assert "fps may not be compared: machine: Intel Xeon" in text and "times as fast" not in text


def test_a_published_row_has_no_overlaps(compared):
    status, text = compared("KCF", "SiamFC")
    assert status == 0
    assert "no overlaps of both are known: differences without intervals" in text
    assert "EAO ↑       0.135  0.188   +0.053" in text


def test_a_tracker_and_a_training(filled):
    with pytest.raises(UsageError, match="good is an evaluation, 8p NPU is not"):
        compare_command("good", "8p NPU", anyway=True, store=filled.folder)


TRAININGS = """\
images/s: 220.0 and 1540.0, B is 7.00 times as fast as A, 6.61 … 7.40 from
stretch to stretch
images/s per device: 220.0 and 192.5, B is 0.88 times as fast as A
losses may not be compared: batch: 64 against 512"""


def test_trainings(compared):
    status, text = compared("1p NPU", "8p NPU")
    assert status == 0
    assert text == TRAININGS


def test_loss_curves_share_a_scale(filled, training, compared):
    filled.add(training("first", loss=2.6))
    filled.add(training("second", loss=2.4, fps=31.0))
    _, text = compared("first", "second")
    lines = text.splitlines()
    assert "loss at the end: 2.6000 and 2.4000, B − A -0.2000" in lines
    assert lines[-2].startswith("A █") and lines[-2].endswith("5.600 → 2.649")
    assert lines[-1].endswith("▁ 5.400 → 2.449")


def test_trainings_of_other_work(filled, training, compared):
    filled.add(training("small", batch=8))
    status, text = compared("small", "8p NPU")
    assert status == 1 and "batch of a device: 8 against 64" in text.replace("\n", " ")
    assert compared("small", "8p NPU", anyway=True)[0] == 0


def test_trainings_of_two_networks_are_not_compared(filled, training, compared):
    filled.add(training("base"))
    small = training("small")
    recipe = {"network": {"variant": "tiny"}}
    filled.add(replace(small, config={**small.config, "recipe": recipe}))
    assert "network: not known against tiny" in compared("base", "small")[1]


def test_a_rate_without_lines_has_no_spread(training):
    first, second = training("a", fps=10.0, lines={}), training("b", fps=20.0)
    rate = compare_rates(first, second)
    assert rate is not None and (rate.ratio, rate.low) == (2.0, None)
    assert compare_rates(training("c", fps=None), second) is None


def test_evidence_gives_the_recorded_scores(filled):
    entries, _ = filled.entries()
    poor, good = find_entry("poor", entries), find_entry("good", entries)
    match = duel(filled.read(poor), filled.read(good))
    assert match is not None
    for contest in match.contests():
        assert contest.first == pytest.approx(poor.values[contest.measure], rel=1e-12)
        assert contest.second == pytest.approx(good.values[contest.measure], rel=1e-12)
    whole = match.contests()[0].gap.value
    for each in match.decisive():
        assert each.without + each.share == pytest.approx(whole)
