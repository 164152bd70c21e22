"""The command ``eval``: what it says, writes and returns."""

import io
import json

import pytest
from rich.console import Console

from vot_toolkit.cli.eval import evaluate_command
from vot_toolkit.errors import UsageError
from vot_toolkit.run.serial import SerialEngine


@pytest.fixture
def command(folder, tmp_path, monkeypatch):
    """Run ``eval`` on fake trackers; give its exit status and what it printed."""
    monkeypatch.chdir(tmp_path)

    def start(*specs, dataset=str(folder), **settings):
        console = Console(file=io.StringIO(), width=100, color_system=None)
        targets = [spec.target for spec in specs]
        options = [f"{key}={value}" for spec in specs for key, value in spec.options]
        values = {"options": options, "dataset": dataset, "engine": "serial", **settings}
        status = evaluate_command(targets, console, **values)
        return status, console.file.getvalue()

    return start


def test_a_run_from_start_to_table(command, spec, tmp_path):
    status, text = command(spec("Steady"), json_file=tmp_path / "scores.json")
    assert status == 0
    lines = text.splitlines()
    assert lines[0] == "tiny: 3 sequences, 75 frames"
    assert lines[1].startswith("Steady: 75 frames in ")
    assert lines[-1] == "results: results"
    assert "Steady" in text.split("baseline")[-1]
    scores = json.loads((tmp_path / "scores.json").read_text())
    assert scores["trackers"]["Steady"]["baseline"]["failures"] > 0


def test_what_is_kept_is_said(command, spec):
    command(spec("Steady"), sequences=["cup"])
    status, text = command(spec("Steady"))
    assert status == 0
    assert "1 of 3 sequences are already in results/Steady: kept" in text


def test_a_failed_sequence_is_listed(command, spec):
    status, text = command(spec("Troubled", trouble="raising"))
    assert status == 1
    said = "Troubled: baseline/cup, repetition 1 failed: frame 7: update raised ValueError"
    assert said in text
    assert text.count("the target is gone") == 2, "when it happens, and below the table"


def test_the_default_data_set_is_named(command, spec, folder, monkeypatch):
    monkeypatch.setenv("VOT_DATASET", str(folder))
    _, text = command(spec("Steady"), dataset=None, sequences=["ball"])
    assert text.startswith(f"data set {folder}: $VOT_DATASET names it\ntiny: 3 sequences")


def test_remarks_on_the_data_set_are_passed_on(command, spec, folder, tmp_path):
    partly = tmp_path / "partly"
    partly.mkdir()
    (partly / "ball").symlink_to(folder / "ball")
    (partly / "notes").mkdir()
    _, text = command(spec("Steady"), dataset=str(partly))
    assert "passed over, no groundtruth.txt: notes" in text


def test_ctrl_c_says_how_to_go_on(command, spec, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(SerialEngine, "run", interrupt)
    status, text = command(spec("Steady"))
    assert status == 130
    assert text.splitlines()[-1] == (
        "stopped; what is done is in results, the same command goes on from there"
    )


def test_a_place_that_is_not_there_is_found_first(command, spec, tmp_path):
    with pytest.raises(UsageError, match=r"--json .*none/scores\.json \(its folder does not"):
        command(spec("Steady"), json_file=tmp_path / "none" / "scores.json")
    assert not (tmp_path / "results").exists()
