"""Gates: an exit status that says whether a change made things worse."""

from __future__ import annotations

from dataclasses import replace

import pytest

from leaderboards.cli.gate import gate_command
from vot_toolkit.errors import UsageError
from vot_toolkit.records import write_record


@pytest.fixture
def gate(filled):
    def run(record, baseline, *, drop=(), ratio=(), anyway=False):
        return gate_command(
            record,
            baseline=baseline,
            max_drop=drop,
            min_ratio=ratio,
            anyway=anyway,
            store=filled.folder,
        )

    return run


def test_better_passes_and_worse_does_not(gate, capsys):
    assert gate("good", "fair", drop=["eao=0.01", "robustness=0"]) == 0
    assert gate("fair", "good", drop=["eao=0.01"]) == 1
    assert gate("fair", "good", drop=["eao=0.2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].startswith("FAIL  eao: 0.825 before, 0.688 now, worse by 0.137, allowed 0.01")


def test_ratios_follow_the_measure(gate):
    assert gate("fair", "good", ratio=["fps=0.95"]) == 0
    assert gate("good", "fair", ratio=["fps=0.95"]) == 1
    assert gate("poor", "fair", ratio=["failures=0.2"]) == 0
    # There is no ratio to none.
    assert gate("fair", "good", ratio=["failures=0.0"]) == 0
    assert gate("good", "good", ratio=["failures=0.5"]) == 1


def test_the_limit_itself_passes(filled, gate, evaluated):
    record = evaluated("fair")
    for label, eao in (("before", 0.39), ("after", 0.38)):
        baseline = {**record.results["experiments"]["baseline"], "eao": eao}
        results = {**record.results, "experiments": {"baseline": baseline}}
        filled.add(replace(record, label=label, results=results))
    assert gate("after", "before", drop=["eao=0.01"]) == 0
    assert gate("after", "before", drop=["eao=0.0099"]) == 1


def test_a_missing_value_does_not_pass(gate, capsys):
    assert gate("good", "fair", drop=["overlap=0.1"]) == 1
    assert "overlap: the baseline has no value" in capsys.readouterr().out


def test_the_newest_of_the_label_is_tested_by_default(filled, gate, evaluated):
    with pytest.raises(UsageError, match="no other record of 'good'"):
        gate(None, "good", drop=["eao=0.01"])
    later = replace(evaluated("good"), created="2026-12-01T00:00:00+00:00")
    path, _ = filled.add(later)
    first = evaluated("good").digest
    assert gate(None, first, drop=["eao=0"]) == 0
    assert gate(path.name, first, drop=["eao=0"]) == 0


def test_a_baseline_need_not_be_in_the_store(gate, evaluated, tmp_path):
    path = write_record(evaluated("fair", note="elsewhere"), tmp_path)
    assert gate("good", str(path), drop=["eao=0.01"]) == 0


def test_what_may_not_be_compared_is_no_verdict(filled, gate, evaluated):
    filled.add(replace(evaluated("good", machine=None), label="elsewhere"))
    with pytest.raises(UsageError, match=r"fps may not be compared: machine.*--anyway"):
        gate("elsewhere", "good", ratio=["fps=0.95"])
    assert gate("elsewhere", "good", ratio=["fps=0.95"], anyway=True) == 0
    assert gate("elsewhere", "good", drop=["eao=0.01"]) == 0


def test_trainings(filled, gate, training):
    filled.add(training("cpu", fps=30.0))
    filled.add(training("cpu later", fps=28.0, loss=2.65))
    assert gate("cpu later", "cpu", ratio=["images_per_s=0.9"], drop=["loss=0.1"]) == 0
    assert gate("cpu later", "cpu", ratio=["images_per_s=0.95"]) == 1
    with pytest.raises(UsageError, match="devices: 1 against 8"):
        gate("8p NPU", "1p NPU", ratio=["images_per_s=0.95"])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"drop": ["eao"]}, "--max-drop 'eao' .accepted: MEASURE=NUMBER"),
        ({"drop": ["eao=-1"]}, "--max-drop 'eao=-1'"),
        ({"ratio": ["fps=nan"]}, "--min-ratio 'fps=nan'"),
        ({"drop": ["eoa=1"]}, "no measure 'eoa' .did you mean 'eao'"),
        ({}, "nothing to hold the record to"),
    ],
)
def test_wrong_limits_are_named(gate, values, message):
    with pytest.raises(UsageError, match=message):
        gate("good", "fair", **values)
