"""From a tracker's name to scores: labels, several trackers, failures, records."""

import math
import socket

import pytest

from vot_toolkit.errors import RulesError, RunError, TrackerError, UsageError
from vot_toolkit.evaluation import default_dataset, evaluate
from vot_toolkit.records import read_record

SETTINGS = {"engine": "serial"}


@pytest.fixture
def results(tmp_path):
    return tmp_path / "results"


def test_scores_of_two_trackers(spec, folder, results):
    analysis = evaluate([spec("Steady"), spec("Unsaid")], folder, results=results, **SETTINGS)
    assert list(analysis.trackers) == ["Steady", "Unsaid"]
    assert analysis.problems == ()
    steady, unsaid = (found["baseline"] for found in analysis.trackers.values())
    assert (steady.repetitions, unsaid.repetitions) == (1, 3)
    assert 0 < steady.accuracy < 1 and steady.failures > 0
    # The second gives the same in each of its repetitions.
    assert math.isclose(unsaid.accuracy, steady.accuracy)


def test_the_checkpoint_names_the_folder(spec, folder, results, tmp_path):
    weights = tmp_path / "epoch 3.pth"
    weights.write_bytes(b"")
    evaluate(
        spec("Weighted"), folder, results=results, checkpoint=weights, device="cpu", **SETTINGS
    )
    evaluate(spec("Steady"), folder, results=results, name="mine", **SETTINGS)
    assert sorted(path.name for path in results.iterdir()) == ["Weighted_epoch 3", "mine"]


def test_a_selection_is_scored_as_one(spec, folder, results):
    values = {"results": results, "sequences": ["cup"], "experiments": "all", **SETTINGS}
    analysis = evaluate(spec("Steady"), folder, **values)
    assert list(analysis.trackers["Steady"]) == ["baseline", "realtime", "unsupervised"]
    assert analysis.to_dict()["dataset"] == {
        "name": "tiny",
        "sequences": 1,
        "frames": 30,
        "partial": True,
    }
    assert analysis.problems == ()


def test_what_failed_is_a_problem_and_the_rest_is_scored(spec, folder, results):
    broken = spec("Wavering", trouble="raising")
    analysis = evaluate(broken, folder, results=results, repetitions=4, **SETTINGS)
    problem = analysis.problems[0]
    assert (problem.tracker, problem.sequence) == ("Wavering", "cup")
    assert problem.what.startswith("baseline, repetitions 1, 2, 3 failed: frame 7: update raised")
    assert analysis.trackers["Wavering"]["baseline"].accuracy > 0


@pytest.mark.parametrize("name", ["Troubled", "Wavering"])
def test_a_sequence_that_failed_is_one_problem(spec, folder, results, name):
    """That its results are missing follows from it."""
    broken = spec(name, trouble="raising")
    analysis = evaluate(broken, folder, results=results, repetitions=4, **SETTINGS)
    assert [problem.sequence for problem in analysis.problems] == ["cup"]


def test_a_tracker_that_failed_everywhere_is_one_problem_beside_others(spec, folder, results):
    trackers = [spec("Troubled", trouble="raising"), spec("Steady")]
    analysis = evaluate(trackers, folder, results=results, sequences=["cup"], **SETTINGS)
    assert [problem.tracker for problem in analysis.problems] == ["Troubled"]
    assert "update raised" in analysis.problems[0].what


def test_what_an_earlier_run_left_out_is_still_a_problem(spec, folder, results):
    evaluate(spec("Random"), folder, results=results, repetitions=3, **SETTINGS)
    (results / "Random" / "baseline" / "ball" / "ball_002.txt").unlink()
    analysis = evaluate(spec("Random"), folder, results=results, repetitions=1, **SETTINGS)
    (problem,) = analysis.problems
    assert problem.what.startswith("repetition 002 missing")


def test_one_tracker_that_cannot_be_built_does_not_stop_others(spec, folder, results):
    trackers = [spec("Unbuildable"), spec("Steady")]
    analysis = evaluate(trackers, folder, results=results, **SETTINGS)
    assert list(analysis.trackers) == ["Steady"]
    assert [problem.tracker for problem in analysis.problems] == ["Unbuildable"]
    with pytest.raises(TrackerError, match="no weights"):
        evaluate(trackers[0], folder, results=results, **SETTINGS)


def test_nothing_to_score(spec, folder, results):
    lost = spec("Troubled", trouble="raising")
    with pytest.raises(RunError, match=r"nothing could be run.*: cup: .* the target is gone"):
        evaluate(lost, folder, results=results, sequences=["cup"], **SETTINGS)


@pytest.mark.parametrize(
    ("names", "values", "message"),
    [
        ([], {}, "no tracker"),
        (["Steady", "Sure"], {"name": "one"}, r"--name 'one' for 2 trackers"),
        (["Steady", "Steady"], {}, r"two trackers named 'Steady'"),
        (["Steady"], {"name": "a/b"}, r"--name 'a/b' \(accepted: a name for a folder\)"),
        (["Steady"], {"name": ".."}, r"--name '\.\.'"),
        (["Steady"], {"name": ".hidden"}, r"--name '\.hidden'"),
        (["Steady"], {"name": "realtime"}, r"--name 'realtime'"),
        (["Steady"], {"sequences": ["none"]}, r"--sequence 'none'"),
    ],
)
def test_bad_usage_starts_nothing(spec, folder, results, names, values, message):
    with pytest.raises(UsageError, match=message):
        evaluate(list(map(spec, names)), folder, results=results, **SETTINGS, **values)
    assert not results.exists()


def test_a_misspelt_tracker_is_found_before_others_run(spec, folder, results):
    with pytest.raises(TrackerError, match="no tracker 'steedy'"):
        evaluate([spec("Steady"), "steedy"], folder, results=results, **SETTINGS)
    assert not results.exists()


def test_a_misspelt_rule_set_is_found_before_running(spec, folder, results):
    with pytest.raises(RulesError):
        evaluate(spec("Steady"), folder, results=results, rules="vot2081", **SETTINGS)
    assert not results.exists()


def test_the_record_says_what_was_run(spec, folder, results, tmp_path):
    evaluate(
        spec("Random"),
        folder,
        results=results,
        repetitions=2,
        record=tmp_path / "records",
        options={"shift": 2},
        **SETTINGS,
    )
    (path,) = (tmp_path / "records").iterdir()
    record = read_record(path)
    assert (record.kind, record.label, record.seed) == ("evaluation", "Random", 0)
    assert record.config["options"] == {"shift": "2"}
    assert record.config["run"]["workers"] == 1
    assert "address" not in record.config["run"], "it names a machine"
    assert record.config["run"]["repetitions"] == 2 and not record.config["deterministic"]
    runs = record.results["experiments"]["baseline"]["sequences"]["cup"]["repetitions"]
    assert len(runs) == 2 and runs[0] != runs[1]
    assert all(fps > 0 for fps in record.results["fps"]["baseline"]["cup"])
    assert str(tmp_path) not in path.read_text()
    assert "host" not in record.config


def test_user_and_host_are_in_the_record_when_asked_for(
    spec, folder, results, tmp_path, monkeypatch
):
    monkeypatch.setenv("LOGNAME", "somebody")
    asked = {"results": results, "repetitions": 1, "record_host": True, **SETTINGS}
    with pytest.raises(UsageError, match="--record-host without a record"):
        evaluate(spec("Steady"), folder, **asked)
    evaluate(spec("Steady"), folder, record=tmp_path / "records", **asked)
    (path,) = (tmp_path / "records").iterdir()
    assert read_record(path).config["host"] == {
        "user": "somebody",
        "host": socket.gethostname(),
    }


def test_the_default_data_set(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VOT_DATASET", raising=False)
    assert default_dataset()[0] == "synthetic"
    (tmp_path / "data" / "VOT2018").mkdir(parents=True)
    assert default_dataset() == ("data/VOT2018", "it is there")
    monkeypatch.setenv("VOT_DATASET", "elsewhere.json")
    assert default_dataset() == ("elsewhere.json", "$VOT_DATASET names it")
