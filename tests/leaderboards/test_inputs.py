"""What can be added: records, results, analyses, logs; and what cannot, each named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leaderboards.boards.board import View
from leaderboards.boards.hardware import hardware_board
from leaderboards.inputs.addition import add_all
from leaderboards.store import find_entry
from vot_toolkit.analysis import analyze
from vot_toolkit.errors import FormatError
from vot_toolkit.records import write_record

LOG = """\
Network = SiamMask_ID0000_for_PyTorch
RankSize = 8
BatchSize = 64
DeviceType = aarch64
CaseName = SiamMask_bs64_8p_acc
ActualFPS = 1615.05
TrainingTime = 39.6
TrainAccuracy = 2.5940
ActualLoss = 2.41
E2ETrainingTime = 9731
"""


def test_results_are_scored_and_twice_the_same(store, results):
    dataset = str(results / "toy.json")
    done = add_all([results / "results"], store, dataset)
    assert len(done.added) == 3 and done.problems == [] and done.known == []
    again = add_all([results / "results"], store, dataset)
    assert (again.added, len(again.known)) == ([], 3)
    poor = find_entry("poor", store.entries()[0])
    assert poor.fact("origin") == "results" and poor.fact("machine") is None
    analysis = analyze(results / "results", results / "toy.json", "poor")
    assert poor.values["eao"] == analysis.trackers["poor"]["baseline"].eao
    assert "evidence" in store.read(poor).results
    assert str(results) not in (store.folder / poor.file).read_text()


def test_results_need_annotations(store, results):
    (problem,) = add_all([results / "results"], store).problems
    assert "scoring results needs annotations (--dataset names" in problem.what


def test_damage_in_results_is_a_problem_and_the_rest_is_added(store, results, tmp_path):
    import shutil

    folder = tmp_path / "results"
    shutil.copytree(results / "results", folder)
    shutil.rmtree(folder / "good" / "baseline" / "ant")
    (folder / "poor" / "baseline" / "bag" / "bag_001.txt").write_text("1\n3,x\n")
    done = add_all([folder], store, str(results / "toy.json"))
    assert len(done.added) == 3
    assert {problem.tracker for problem in done.problems} == {"good", "poor"}
    assert find_entry("good", store.entries()[0]).notes


def test_an_analysis(store, results, tmp_path):
    path = tmp_path / "analysis.json"
    analysis = analyze(results / "results", results / "toy.json")
    analysis.write_json(path)
    done = add_all([path], store)
    assert len(done.added) == 3 and done.problems == []
    fair = find_entry("fair", store.entries()[0])
    assert fair.values["eao"] == analysis.trackers["fair"]["baseline"].eao
    assert fair.fact("origin") == "analysis" and fair.fact("dataset_digest") is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema_version": 7}, "an analysis of schema_version 7 (this version reads 1; a newer"),
        ({"dataset": None}, "no analysis: dataset, rules or trackers are missing"),
        ({"trackers": []}, "no analysis"),
    ],
)
def test_other_analyses_are_refused(store, results, tmp_path, change, message):
    data = analyze(results / "results", results / "toy.json", "good").to_dict()
    path = tmp_path / "analysis.json"
    path.write_text(json.dumps({**data, **change}))
    (problem,) = add_all([path], store).problems
    assert message in problem.what and problem.file == str(path)


def test_a_log_of_the_port(store, tmp_path):
    path = tmp_path / "SiamMask_bs64_8p_acc.log"
    path.write_text(LOG)
    (tmp_path / "train_SiamMask_bs64_8p_acc_loss.txt").write_text("5.5\n4.5\n2.5\n")
    (added,) = add_all([path], store).added
    (entry,) = store.entries()[0]
    assert added[1].name == entry.file
    assert entry.label == "SiamMask_bs64_8p_acc"
    assert entry.values == {
        "loss": 2.594,
        "images_per_s": 1615.05,
        "device_images_per_s": 1615.05 / 8,
        "duration_s": 9731.0,
    }
    facts = {name: entry.fact(name) for name in ("devices", "batch", "architecture", "origin")}
    assert facts == {"devices": 8, "batch": 64, "architecture": "ARM", "origin": "log"}
    assert store.read(entry).results["lines"]["loss"] == [5.5, 4.5, 2.5]


def test_a_log_of_our_scripts_names_the_device(store, tmp_path):
    path = tmp_path / "SiamMask_for_Pytorch_bs1_1p_perf.log"
    path.write_text("DeviceType = cpu\nRankSize = 1\nActualFPS = 0.62\nActualLoss = \n")
    add_all([path], store)
    (entry,) = store.entries()[0]
    assert (entry.fact("device"), entry.fact("architecture")) == ("CPU", None)
    assert "loss" not in entry.values


CPU_LOG = """\
Network = SiamMask_for_Pytorch
RankSize = 1
BatchSize = 2
DeviceType = cpu
CaseName = SiamMask_for_Pytorch_bs2_1p_perf
ActualFPS = 4.34
TrainingTime = 460.75
ActualLoss = 10.563701629638672
E2ETrainingTime = 22
"""
"""What ``DEVICE=cpu STEPS=12 BATCH=2 scripts/train_performance_1p.sh`` wrote."""


@pytest.fixture
def output(tmp_path, training):
    """Make the folder of that run: its log, what it printed, its summary and its record."""
    case = "SiamMask_for_Pytorch_bs2_1p_perf"
    folder = tmp_path / "output"
    record = training(case, fps=4.340774660654252, batch=2, loss=10.8919)
    write_record(record, folder / "records")
    (folder / f"{case}.log").write_text(CPU_LOG)
    printed = "on cpu\nFinal Performance images/sec : 4.34\nE2E Training Duration sec : 17.9\n"
    (folder / f"train_{case}.log").write_text(printed)
    (folder / "summary.json").write_text("{}")
    return folder


def rows(store):
    (table,) = hardware_board(store.entries()[0], View(published=False))
    return [{key: cell.text for key, cell in row.cells.items()} for row in table.rows]


def test_a_run_of_the_scripts_is_one_row_however_it_is_added(store, output):
    done = add_all([output], store)
    assert (len(done.added), done.problems) == (1, [])
    (row,) = rows(store)
    assert (row["images_per_s"], row["batch"], row["device"]) == ("4.34", "2", "CPU")
    done = add_all(sorted(output.glob("*.log")), store)
    assert (len(done.added), len(done.known), done.problems) == (1, 1, [])
    assert rows(store) == [row]


def test_a_log_alone_is_on_the_board(store, output):
    add_all(sorted(output.glob("*.log")), store)
    (row,) = rows(store)
    assert (row["images_per_s"], row["devices"], row["loss"]) == ("4.34", "1", "10.5637")


def test_the_lines_that_scripts_look_for_are_enough(store, tmp_path):
    path = tmp_path / "run.log"
    path.write_text(
        "epoch 1/1 done\nFinal Performance images/sec : 236.05\nE2E Training Duration sec : 12.3\n"
    )
    assert len(add_all([path], store).added) == 1
    (entry,) = store.entries()[0]
    assert (entry.label, entry.values["images_per_s"]) == ("run", 236.05)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("nothing", None, "names no speed (expected a line ActualFPS"),
        ("RankSize = 8\nActualFPS = nan\n", 2, "ActualFPS is 'nan' (accepted: a finite number"),
        ("ActualFPS = 3\nBatchSize = x\n", 2, "BatchSize is 'x'"),
    ],
)
def test_other_logs_are_refused(store, tmp_path, text, line, message):
    path = tmp_path / "a.log"
    path.write_text(text)
    (problem,) = add_all([path], store).problems
    assert message in problem.what and (problem.file, problem.line) == (str(path), line)


def test_bad_files_are_named_and_the_good_ones_added(store, evaluated, tmp_path):
    folder = tmp_path / "mixed"
    good = write_record(evaluated("good"), folder)
    (folder / "evaluation-cut-0123456789abcdef.json").write_text(good.read_text()[:500])
    (folder / "notes.json").write_text("[]")
    empty = tmp_path / "empty"
    empty.mkdir()
    text = tmp_path / "notes.txt"
    text.write_text("hello")
    done = add_all([folder, empty, text, tmp_path / "none.json"], store)
    assert [file.name for _, file in done.added] == [good.name]
    found = {Path(problem.file or "").name: problem.what for problem in done.problems}
    assert "cut off" in found["evaluation-cut-0123456789abcdef.json"]
    assert "no JSON object" in found["notes.json"]
    assert "nothing to add in this folder" in found["empty"]
    assert "neither a record nor results" in found["notes.txt"]
    assert "cannot be read" in found["none.json"]
    assert len(found) == 5


def test_a_renamed_record_is_refused(store, evaluated, tmp_path):
    path = write_record(evaluated("good"), tmp_path)
    renamed = path.rename(tmp_path / "evaluation-mine.json")
    (problem,) = add_all([renamed], store).problems
    assert "the name says 'mine'" in problem.what


def test_a_log_that_is_a_folder(tmp_path):
    from leaderboards.inputs.logs import record_of_log

    with pytest.raises(FormatError, match="cannot be read"):
        record_of_log(tmp_path)
