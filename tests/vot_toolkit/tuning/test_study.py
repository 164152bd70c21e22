"""Studies: every trial once, the best first, and the same after any interruption."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vot_toolkit.errors import ResultsError, RunError, TrackerChoiceError, TrackerError, UsageError
from vot_toolkit.evaluation import evaluate
from vot_toolkit.run.serial import SerialEngine
from vot_toolkit.tuning.progress import NoTrialProgress

SPACE = "shift=0:6:1"
SHIFTED = f"{Path(__file__).with_name('shifted.py')}:Shifted"


class Heard(NoTrialProgress):
    """Keeps what was told of each trial."""

    def __init__(self):
        super().__init__()
        self.new = {}

    def finish(self, trial, value, *, is_new):
        self.new[trial.label] = is_new


def test_the_best_is_known_by_construction(tune):
    study = tune(SPACE)
    assert study.best.options == {"shift": "2"}
    assert study.best.tuning["accuracy"] == pytest.approx(1.0)
    assert [trial.options["shift"] for trial in study.trials[1:3]] in (["1", "3"], ["3", "1"])
    assert len(study.trials) == 7
    assert study.reference.tuning["accuracy"] < study.best.tuning["accuracy"]


@pytest.mark.parametrize("objective", ["accuracy", "failures", "robustness", "overlap"])
def test_any_measure_ranks(tune, objective):
    study = tune("shift=2:20:9", objective=objective)
    assert study.best.options == {"shift": "2"}
    assert study.trials[-1].options == {"shift": "20"}
    assert study.gains()[0] >= 0


def test_a_trial_has_the_scores_that_eval_gives(tune, dataset, tmp_path):
    study = tune("shift=3:3:1")
    analysis = evaluate(
        SHIFTED, dataset, options={"shift": 3}, results=tmp_path / "results", engine="serial"
    )
    scores = analysis.trackers["Shifted"]["baseline"]
    assert study.best.tuning["eao"] == scores.eao
    assert study.best.tuning["accuracy"] == scores.accuracy


def test_sequences_are_held_out_of_the_choice(tune, dataset):
    study = tune("shift=0:3:1", holdout=0.5, options={"memory": "true"}, seed=1, top=2)
    split = study.plan.split
    assert (len(split.tuning), len(split.held_out)) == (2, 2)
    right = {name: number for number, name in enumerate(sequence.name for sequence in dataset)}
    assert int(study.best.options["shift"]) in {right[name] for name in split.tuning}
    assert study.trials[1].held_out is not None
    assert study.trials[2].held_out is None, "only the best are run on them"
    gain, remains = study.gains()
    assert gain > remains, "what was chosen for some sequences is worth less on others"


def test_what_is_stored_is_kept(tune):
    heard, again = Heard(), Heard()
    first = tune(SPACE, progress=heard)
    second = tune(SPACE, progress=again)
    assert all(heard.new.values())
    assert not any(again.new.values())
    assert second.to_dict() == first.to_dict()


@pytest.mark.parametrize("sampler", ["grid", "tpe"])
def test_an_interrupted_study_goes_on_as_if_nothing_had_been(tune, monkeypatch, sampler):
    if sampler != "grid":
        pytest.importorskip("optuna")
    settings = {"sampler": sampler, "trials": 6, "holdout": 0.25}
    undisturbed = tune("shift=0:8:0.5", out="undisturbed", **settings)
    work, calls = SerialEngine.run, []

    def interrupted(self, *arguments):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return work(self, *arguments)

    monkeypatch.setattr(SerialEngine, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        tune("shift=0:8:0.5", **settings)
    heard = Heard()
    resumed = tune("shift=0:8:0.5", progress=heard, **settings)
    assert sum(not new for new in heard.new.values()) == 3
    assert resumed.to_dict() == undisturbed.to_dict()


def test_options_that_the_tracker_refuses_are_not_ranked(tune):
    study = tune("shift=-1:2:1,mode=steady")
    assert study.trials[-1].options["shift"] == "-1"
    assert "shift below 0" in study.trials[-1].problem
    failing = tune("mode=steady|raising", out="failing")
    assert failing.best.options == {"mode": "steady"}
    assert "no such mode" in failing.trials[1].problem


def test_the_trackers_own_options_must_do(tune):
    with pytest.raises(TrackerError, match="shift below 0"):
        tune("mode=steady", options={"shift": "-1"})


def test_nothing_is_run_for_what_is_wrong_from_the_start(tune, tmp_path):
    for settings, error, said in [
        ({"space": "shfit=1:2:1"}, TrackerChoiceError, "did you mean 'shift'"),
        ({"space": "shift=a|b"}, TrackerChoiceError, "accepted for shift: float"),
        ({"space": SPACE, "options": {"shift": "1"}}, UsageError, "tuned and given"),
        ({"space": SPACE, "objective": "eoa"}, UsageError, "did you mean 'eao'"),
        ({"space": SPACE, "rules": "vot2081"}, Exception, "did you mean"),
        ({}, UsageError, "nothing to tune"),
    ]:
        space = [settings.pop("space")] if "space" in settings else []
        with pytest.raises(error, match=said):
            tune(*space, **settings)
    assert not (tmp_path / "tuning").exists()


def test_an_objective_without_a_value_says_why(tune):
    with pytest.raises(RunError, match=r"baseline\.eao is undefined on 1 sequences"):
        tune("shift=1:2:1", sequences=["ant"])


def test_another_run_in_the_folder_is_named(tune):
    tune("shift=1:2:1")
    with pytest.raises(ResultsError, match=r"option memory was 'False'.*--force runs all trials"):
        tune("shift=1:2:1", options={"memory": "true"})
    assert tune("shift=1:2:1", options={"memory": "true"}, force=True).trials


def test_checkpoints_are_tried_in_turn(tune, tmp_path):
    for epoch, weight in ((1, 3), (2, 0.5), (10, 1)):
        (tmp_path / f"checkpoint_e{epoch}.pth").write_text(str(weight))
    pattern = str(tmp_path / "checkpoint_e*.pth")
    study = tune(checkpoints=pattern, holdout=None, options={"shift": "2"})
    stems = [Path(trial.options["checkpoint"]).stem for trial in study.trials]
    assert stems == ["checkpoint_e2", "checkpoint_e10", "checkpoint_e1"]
    assert study.reference is None
    assert study.plan.split.held_out == ()
    assert study.trials[0].label == "Shifted_checkpoint_e2"
    both = tune("shift=2:3:1", checkpoints=pattern, out="both")
    assert len(both.trials) == 6


def test_checkpoints_beside_a_checkpoint(tune, tmp_path):
    (tmp_path / "e1.pth").write_text("0")
    with pytest.raises(UsageError, match="one of them"):
        tune(checkpoints=str(tmp_path / "*.pth"), checkpoint=tmp_path / "e1.pth")


def test_the_settings_file_does_what_the_best_trial_did(tune, dataset, tmp_path):
    study = tune("shift=0:3:0.5", options={"mode": "steady"})
    best = study.write()
    assert json.loads(best.read_text())["options"] == {"mode": "steady", "shift": "2"}
    analysis = evaluate(
        SHIFTED, dataset, options={"settings": best}, results=tmp_path / "results", engine="serial"
    )
    assert analysis.trackers["Shifted"]["baseline"].eao == study.best.tuning["eao"]
    run = json.loads((tmp_path / "results" / "Shifted" / "run.json").read_text())
    assert run["options"]["shift"] == "2"


DRIVER = """
import sys
from pathlib import Path
from vot_toolkit.dataset import open_dataset
from vot_toolkit.tuning.plan import prepare
from vot_toolkit.tuning.study import run_study
if __name__ == "__main__":
    _, tracker, data, out = sys.argv
    plan, sampler = prepare(
        tracker, open_dataset(data), Path(out), space=["shift=0:9:0.5"], engine="serial"
    )
    print("ready", flush=True)
    run_study(plan, sampler, 3).write()
"""


def drive(tmp_path, folder, out):
    """Start tuning in another process."""
    script = tmp_path / "driver.py"
    script.write_text(DRIVER)
    return subprocess.Popen(
        [sys.executable, script, SHIFTED, folder, tmp_path / out], stdout=subprocess.PIPE
    )


@pytest.mark.slow
def test_a_killed_study_goes_on(folder, tmp_path):
    for _ in range(3):
        with drive(tmp_path, folder, "killed") as process:
            process.stdout.readline()
            time.sleep(0.3)
            os.kill(process.pid, signal.SIGKILL)
    for out in ("killed", "undisturbed"):
        with drive(tmp_path, folder, out) as process:
            assert process.wait() == 0
    for name in ("trials.json", "best.json"):
        assert (tmp_path / "killed" / name).read_text() == (
            tmp_path / "undisturbed" / name
        ).read_text()


@pytest.mark.slow
def test_two_programs_share_a_grid(folder, tmp_path):
    with drive(tmp_path, folder, "shared") as one, drive(tmp_path, folder, "shared") as other:
        assert (one.wait(), other.wait()) == (0, 0)
    trials = json.loads((tmp_path / "shared" / "trials.json").read_text())["trials"]
    assert len(trials) == 19
    assert not any(trial["problem"] for trial in trials)
