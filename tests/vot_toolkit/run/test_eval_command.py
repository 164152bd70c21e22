"""The command ``eval``: what it says, writes and returns."""

import io
import json

import pytest
from rich.console import Console

from vot_toolkit.cli.eval import evaluate_command
from vot_toolkit.cli.output import Output
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
    status, text = command(spec("Steady"), output=Output(json_file=tmp_path / "scores.json"))
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
    assert "1 of 3 sequences is already in results/Steady: kept" in text


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


def test_places_of_no_use_are_found_first(command, spec, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"--json .*: this is a folder"):
        command(spec("Steady"), output=Output(json_file=tmp_path))
    with pytest.raises(UsageError, match=r"--record .*file: cannot be written"):
        command(spec("Steady"), record=tmp_path / "file")
    assert not (tmp_path / "results").exists()


def test_missing_folders_are_made(command, spec, tmp_path):
    file, records = tmp_path / "a" / "b.json", tmp_path / "c" / "d"
    places = {"output": Output(json_file=file), "record": records}
    assert command(spec("Steady"), sequences=["ball"], **places)[0] == 0
    assert file.is_file() and len(list(records.iterdir())) == 1


def test_repetitions_of_a_deterministic_tracker_are_said_to_be_one(command, spec):
    said = "Steady is deterministic: one repetition each, not --repetitions 3"
    for _ in ("now", "stored"):
        _, text = command(spec("Steady"), repetitions=3)
        assert text.splitlines().count(said) == 1
    assert "deterministic" not in command(spec("Unsaid"), repetitions=3)[1]
    assert "deterministic" not in command(spec("Steady"))[1]
