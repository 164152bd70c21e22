"""The realtime experiment in whole runs, with measured time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vot_toolkit.evaluation import evaluate
from vot_toolkit.formats.text import read_trajectory
from vot_toolkit.formats.times import read_times
from vot_toolkit.machine import Machine
from vot_toolkit.run import runner
from vot_toolkit.run.disturbance import disturbance

IDLE = Machine("a CPU", 2, 4, 4, None, "Linux", "3.11", load=(0.1, 0.0, 0.0))


class Notes:
    """Collects what is noted; the rest of the progress is silence."""

    def __init__(self):
        self.texts = []

    def note(self, text):
        self.texts.append(text)

    def __getattr__(self, name):
        return lambda *arguments: None


def test_a_whole_evaluation(spec, folder, tmp_path):
    """A tracker of 0.13 s a frame: 2.6 frames of the camera, so that it misses most of them."""
    spec = spec("Late", seconds=0.13)
    analysis = evaluate(
        spec, folder, experiments="realtime", sequences=["ball"], results=tmp_path, engine="serial"
    )
    scores = analysis.trackers["Late"]["realtime"]
    assert analysis.problems == () and scores.repetitions == 1
    assert 0 < scores.accuracy < 1
    place = tmp_path / "Late" / "realtime" / "ball"
    run = read_trajectory(place / "ball_001.txt")
    times = read_times(place / "ball_time.txt")[:, 0]
    asked = np.flatnonzero(~np.isnan(times))
    # In the grace every frame is answered; then between 2 and 4 frames go by each time.
    assert asked[:4].tolist() == [0, 1, 2, 3]
    assert set(np.diff(asked[3:])) <= {2, 3, 4}
    assert (times[asked[1:]] >= 0.13).all()
    # While the tracker works on an image, the region it reported last is held.
    held = [frame for frame in asked[3:] if len(run[frame]) > 1]
    assert held and all(run[frame].tolist() == run[frame - 1].tolist() for frame in held)


def test_a_fast_tracker_gets_its_baseline(run):
    outcome = run("Steady", experiments=["baseline", "realtime"])
    for name in ("ball", "cup", "dove"):
        texts = {
            (outcome.folder / experiment / name / f"{name}_001.txt").read_text()
            for experiment in ("baseline", "realtime")
        }
        assert len(texts) == 1


def test_a_machine_that_is_shared_is_told_once(run, monkeypatch):
    busy = replace(IDLE, load=(3.2, 1.0, 1.0))
    monkeypatch.setattr(runner, "describe_machine", lambda: busy)
    notes = Notes()
    run("Steady", experiments="all", progress=notes)
    (warning,) = [text for text in notes.texts if text.startswith("realtime: ")]
    assert warning.startswith("realtime: the load is 3.2 already on 2 cores, so that trackers take")
    assert "\n" not in warning and "--workers 1" in warning


@pytest.mark.parametrize("experiments", ["baseline", "unsupervised"])
def test_other_experiments_do_not_care(run, monkeypatch, experiments):
    monkeypatch.setattr(runner, "describe_machine", lambda: replace(IDLE, load=(9.0, 9.0, 9.0)))
    notes = Notes()
    run("Steady", experiments=experiments, progress=notes)
    assert not [text for text in notes.texts if "realtime" in text]


def test_nothing_is_said_when_nothing_is_left_to_run(run, monkeypatch):
    monkeypatch.setattr(runner, "describe_machine", lambda: replace(IDLE, load=(9.0, 9.0, 9.0)))
    run("Steady", experiments="realtime")
    notes = Notes()
    run("Steady", experiments="realtime", progress=notes)
    assert not [text for text in notes.texts if text.startswith("realtime: ")]


@pytest.mark.parametrize(
    ("machine", "workers", "device", "expected"),
    [
        (IDLE, 1, None, None),
        (IDLE, 2, "cpu", None),
        (IDLE, 3, None, "3 workers share 2 cores"),
        (replace(IDLE, usable_cores=1), 2, None, "2 workers share 1 core"),
        (replace(IDLE, physical_cores=None), 4, None, None),
        (replace(IDLE, load=(1.4, 0, 0)), 1, None, None),
        (replace(IDLE, load=(1.6, 0, 0)), 1, None, "the load is 1.6 already on 2 cores"),
        (replace(IDLE, load=None), 2, None, None),
        (IDLE, 2, "cuda", "2 workers share the device cuda"),
        (IDLE, 4, "npu", "4 workers share 2 cores and 4 workers share the device npu"),
    ],
)
def test_what_disturbs(machine, workers, device, expected):
    assert disturbance(machine, workers, device) == expected
