"""Results on disk: what is run, what is kept, and what must not be mixed."""

import json

import numpy as np
import pytest

from vot_toolkit.errors import ResultsError, UsageError
from vot_toolkit.formats.times import read_times


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_deterministic_tracker_runs_once(run):
    outcome = run("Steady")
    assert outcome.failures == () and outcome.num_run == 3
    assert names(outcome.folder) == [
        "baseline/ball/ball_001.txt",
        "baseline/ball/ball_time.txt",
        "baseline/cup/cup_001.txt",
        "baseline/cup/cup_time.txt",
        "baseline/dove/dove_001.txt",
        "baseline/dove/dove_time.txt",
        "run.json",
    ]


def test_a_result_has_a_line_a_frame(run):
    folder = run("Steady").folder / "baseline" / "ball"
    lines = (folder / "ball_001.txt").read_text().splitlines()
    assert len(lines) == 20
    assert lines[0] == "1" and "2" in lines and lines.count("1") == 1 + lines.count("2")
    times = read_times(folder / "ball_time.txt")
    assert times.shape == (20, 1)
    # The tracker is not asked between a failure and the next start.
    assert np.isnan(times[:, 0]).tolist() == [line == "0" for line in lines]


def test_scores_are_stored_beside_the_result(run):
    folder = run("Sure").folder / "baseline" / "ball"
    scores = (folder / "ball_001_confidence.value").read_text().split("\n")
    assert scores[:3] == ["", "0.500000", "0.333333"]


def test_repetitions_stop_when_the_first_three_agree(run):
    outcome = run("Unsaid", sequences=["ball"])
    assert outcome.num_run == 3
    times = read_times(outcome.folder / "baseline" / "ball" / "ball_time.txt")
    assert times.shape == (20, 15)
    assert (times[:, 3:] == 0).all() and (times[0, :3] > 0).all()


def test_a_stochastic_tracker_runs_fifteen_times(run):
    outcome = run("Random", sequences=["ball"])
    folder = outcome.folder / "baseline" / "ball"
    texts = {path.read_text() for path in folder.glob("ball_0*.txt")}
    assert outcome.num_run == len(texts) == 15


def test_fewer_repetitions_on_demand_and_more_later(run):
    assert run("Random", sequences=["ball"], repetitions=2).num_run == 2
    outcome = run("Random", sequences=["ball"], repetitions=5)
    assert outcome.num_run == 3
    times = read_times(outcome.folder / "baseline" / "ball" / "ball_time.txt")
    assert (times[0] > 0).tolist() == [True] * 5


def test_the_unsupervised_experiment_is_never_reset(run):
    outcome = run("Unsaid", experiments="unsupervised", sequences=["cup"])
    lines = (outcome.folder / "unsupervised" / "cup" / "cup_001.txt").read_text().splitlines()
    assert lines[0] == "1" and all("," in line for line in lines[1:])
    assert outcome.num_run == 1


def test_what_is_stored_is_kept(run, contents):
    first = run("Unsaid", sequences=["ball"])
    stamps = {path: path.stat().st_mtime_ns for path in first.folder.rglob("*_0*.txt")}
    again = run("Unsaid")
    assert again.num_run == 6
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    before = contents(again.folder)
    assert run("Unsaid").num_run == 0
    assert contents(again.folder) == before


def test_a_missing_repetition_is_filled_in_alike(run, contents):
    whole = run("Random", repetitions=4, sequences=["dove"])
    before = contents(whole.folder)
    (whole.folder / "baseline" / "dove" / "dove_002.txt").unlink()
    assert run("Random", repetitions=4, sequences=["dove"]).num_run == 1
    assert contents(whole.folder) == before


def test_leftovers_of_a_killed_run_are_removed(run):
    root = run("Steady").folder
    folder = root / "baseline" / "cup"
    (folder / ".cup_001.txt.4711.part").write_text("1\n")
    (root / ".run.json.4711.part").write_text("{")
    run("Steady")
    assert sorted(path.name for path in root.iterdir()) == ["baseline", "run.json"]
    assert sorted(path.name for path in folder.iterdir()) == ["cup_001.txt", "cup_time.txt"]


def test_a_damaged_time_file_keeps_no_result_back(run):
    folder = run("Random", sequences=["ball"], repetitions=1).folder / "baseline" / "ball"
    (folder / "ball_time.txt").write_text("what\n")
    assert run("Random", sequences=["ball"], repetitions=2).num_run == 1
    assert np.isfinite(read_times(folder / "ball_time.txt")[0]).all()


def test_run_json_names_no_path(run, tmp_path):
    text = (run("Steady").folder / "run.json").read_text()
    assert json.loads(text)["tracker"] == "fake_trackers.py:Steady"
    assert str(tmp_path) not in text


def test_another_tracker_must_not_join(run):
    run("Steady")
    with pytest.raises(ResultsError) as error:
        run("Sure")
    assert "tracker was 'fake_trackers.py:Steady', is 'fake_trackers.py:Sure' now" in str(
        error.value
    )
    assert "--force" in str(error.value) and "--name" in str(error.value)


def test_every_difference_is_named(run):
    run("Troubled", options={"trouble": "raising", "frame": 3})
    with pytest.raises(ResultsError) as error:
        run("Troubled", options={"trouble": "exiting"})
    message = str(error.value)
    assert "option frame was '3', is '7' now" in message
    assert "option trouble was 'raising', is 'exiting' now" in message


def test_options_by_default_count_as_if_they_were_given(run):
    run("Troubled", options={"trouble": "raising", "sequence": 9, "frame": 7})
    assert run("Troubled", options={"trouble": "raising", "sequence": 9}).num_run == 0


def test_an_option_that_names_a_file_counts_by_its_content(run, tmp_path):
    config = tmp_path / "config.json"
    config.write_text("{}")
    identity = run("Noted", options={"note": config}).identity
    assert identity.options["note"].startswith("config.json sha256:")
    config.write_text("{ }")
    with pytest.raises(ResultsError, match=r"option note was 'config\.json sha256:"):
        run("Noted", options={"note": config})


def test_the_checkpoint_counts_by_its_content(run, tmp_path):
    first, second = tmp_path / "first.pth", tmp_path / "second.pth"
    first.write_bytes(b"weights")
    second.write_bytes(b"weights")
    run("Weighted", options={"checkpoint": first})
    assert run("Weighted", options={"checkpoint": second}).num_run == 0
    second.write_bytes(b"others")
    with pytest.raises(ResultsError, match=r"checkpoint was 9a129038d9a0…, is [0-9a-f]{12}… now"):
        run("Weighted", options={"checkpoint": second})


def test_a_missing_checkpoint_is_bad_usage(run, tmp_path):
    with pytest.raises(UsageError, match=r"--checkpoint .*none\.pth: No such file"):
        run("Weighted", options={"checkpoint": tmp_path / "none.pth"})


def test_force_runs_anew(run):
    folder = run("Steady").folder
    run("Sure", force=True)
    assert (folder / "baseline" / "cup" / "cup_001_confidence.value").exists()
    outcome = run("Sure", force=True, sequences=["cup"])
    assert outcome.num_run == 1


def test_force_never_leaves_two_runs_in_one_folder(run, contents):
    folder = run("Steady").folder
    before = contents(folder)
    with pytest.raises(ResultsError, match=r"ball_001.txt in baseline is of the former one"):
        run("Sure", force=True, sequences=["cup"])
    assert contents(folder) == before


def test_results_made_elsewhere_are_not_added_to(run):
    folder = run("Steady").folder
    (folder / "run.json").unlink()
    with pytest.raises(ResultsError, match=r"has no run.json, so they were made elsewhere"):
        run("Steady")
    assert run("Steady", force=True).num_run == 3


@pytest.mark.parametrize("text", ["{", "[]", '{"schema_version": 9}', '{"schema_version": 1}'])
def test_a_damaged_run_json_is_named(run, text):
    path = run("Steady").folder / "run.json"
    path.write_text(text)
    with pytest.raises(Exception, match=r"run\.json: "):
        run("Steady")
    assert run("Steady", force=True).num_run == 3


def test_other_experiments_join(run):
    run("Steady")
    outcome = run("Steady", experiments="all")
    assert outcome.num_run == 6
    protocol = json.loads((outcome.folder / "run.json").read_text())["protocol"]
    assert sorted(protocol) == ["baseline", "realtime", "unsupervised"]


def test_a_stored_file_without_all_its_lines_is_run_again(run):
    file = run("Steady").folder / "baseline" / "ball" / "ball_001.txt"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert run("Steady").num_run == 1
    assert file.read_bytes() == whole
