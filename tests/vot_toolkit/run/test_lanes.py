"""Lanes: the same files as one by one, faults of one target, time shared out."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from vot_toolkit.errors import TrackerChoiceError, UsageError
from vot_toolkit.run.ahead import ImagesAhead
from vot_toolkit.run.attempt import Slot
from vot_toolkit.run.config import run_config
from vot_toolkit.run.jobs import Job, challenge
from vot_toolkit.run.lanes import LockStep


def without_names(found):
    """Leave out ``run.json``, which names the tracker's class."""
    return {name: data for name, data in found.items() if not name.endswith(".json")}


@pytest.mark.parametrize(
    ("engine", "workers", "lanes"), [("serial", None, 2), ("process", 1, 3), ("process", 2, 5)]
)
def test_the_files_are_those_of_one_by_one(run, contents, engine, workers, lanes):
    names = ["baseline", "unsupervised"] if engine == "serial" else ["baseline"]
    values = {"experiments": names, "repetitions": 4}
    alone = run("RandomLanes", results="alone", **values)
    many = run("RandomLanes", engine=engine, workers=workers, lanes=lanes, **values)
    assert many.num_run == alone.num_run == 12 * len(names) and many.failures == ()
    assert contents(many.folder) == contents(alone.folder)


def test_scores_are_kept_and_a_run_goes_on_with_and_without_lanes(run, contents):
    alone = run("SteadyLanes", results="alone")
    run("SteadyLanes", sequences=["cup"])
    many = run("SteadyLanes", lanes=8)
    assert many.num_run == 2
    found = contents(many.folder)
    assert "baseline/ball/ball_001_confidence.value" in found
    whole = contents(alone.folder)
    assert found["run.json"] == whole["run.json"]
    assert {n: d for n, d in found.items() if n in whole} == whole


@pytest.mark.parametrize("engine", ["serial", "process"])
def test_a_target_that_raises_ends_its_own_job(run, contents, engine):
    alone = run("TroubledLanes", results="alone", options={"trouble": "raising"})
    many = run("TroubledLanes", options={"trouble": "raising"}, engine=engine, lanes=3)
    (failure,) = many.failures
    assert failure.sequence == "cup"
    assert failure.what == alone.failures[0].what
    assert "frame 7: update raised ValueError: the target is gone (at " in failure.what
    assert contents(many.folder) == contents(alone.folder)


@pytest.mark.parametrize(
    ("trouble", "what"),
    [
        ("hanging", "frame 7: no answer within 1 s"),
        ("exiting", "frame 7: the tracker's process ended with exit code 3"),
    ],
)
def test_of_a_lost_worker_only_the_job_at_fault_is_lost(run, contents, trouble, what):
    whole = without_names(contents(run("Steady", results="whole").folder))
    options = {"trouble": trouble}
    values = {"engine": "process", "workers": 1, "lanes": 3, "timeout": 1}
    outcome = run("TroubledLanes", options=options, **values)
    assert [(f.sequence, f.what) for f in outcome.failures] == [("cup", what)]
    del whole["baseline/cup/cup_001.txt"]
    assert without_names(contents(outcome.folder)) == whole


def test_images_that_cannot_be_read_end_their_job(run, dataset):
    image = dataset["dove"].images[5]
    before = image.read_bytes()
    image.write_bytes(before[:50])
    try:
        outcome = run("SteadyLanes", lanes=3)
    finally:
        image.write_bytes(before)
    (failure,) = outcome.failures
    assert failure.sequence == "dove" and failure.file == image and outcome.num_run == 2


@pytest.mark.parametrize(
    ("engine", "name", "message"),
    [
        ("serial", "Steady", r"--lanes: Steady follows one target at a time \(accepted for it"),
        ("process", "Steady", r"--lanes: Steady follows one target at a time \(accepted for it"),
        ("serial", "Halfway", "--lanes: Halfway has no add and no restart and no remove and no up"),
    ],
)
def test_trackers_without_lanes(run, engine, name, message, tmp_path):
    with pytest.raises(TrackerChoiceError, match=message):
        run(name, engine=engine, lanes=2)
    assert not list(tmp_path.glob("results/*/*/*"))


def test_realtime_has_no_lanes(dataset):
    with pytest.raises(UsageError, match=r"--lanes 2 with --experiment realtime \(in a step of"):
        run_config("realtime", dataset, lanes=2)


class Sleeper:
    """Takes as long for a step with many targets as with one."""

    def __init__(self, step_s):
        self._step_s = step_s
        self.sizes = []
        self.known = set()

    def add(self, image, region):
        self.known.add(len(self.known))
        return len(self.known) - 1

    def restart(self, target, image, region):
        raise AssertionError("nothing is lost here")

    def remove(self, target):
        self.known.remove(target)

    def update_many(self, images):
        self.sizes.append(len(images))
        time.sleep(self._step_s)
        return dict.fromkeys(images, np.array([1.0, 2.0, 30.0, 40.0]))


def lock_step(dataset, tracker, names):
    """Run sequences without resets; give their outcomes by lane."""
    protocol = challenge().experiments["unsupervised"]
    cells = [0.0] * (Slot.SIZE * len(names))
    lanes = LockStep(tracker, [Slot(cells, lane) for lane in range(len(names))])
    for lane, name in enumerate(names):
        assert lanes.begin(lane, Job("unsupervised", dataset[name], protocol, 1)) is None
    outcomes = {}
    while lanes.busy:
        outcomes.update(lanes.step())
    lanes.close()
    return outcomes


def test_the_time_of_a_step_is_shared_out(dataset):
    tracker = Sleeper(0.01)
    outcomes = lock_step(dataset, tracker, ["ball", "cup"])
    assert tracker.sizes == [2] * 19 + [1] * 10 and not tracker.known
    ball, cup = (outcomes[lane].times for lane in (0, 1))
    assert 0.005 <= np.median(ball[1:]) < 0.01 and 0.005 <= np.median(cup[1:20]) < 0.01
    assert np.median(cup[20:]) >= 0.01
    total = ball.sum() + cup.sum()
    assert 0.29 <= total < 0.6, "all shares together are the time of all steps"


def test_a_mapping_without_a_target_is_a_fault(dataset):
    tracker = Sleeper(0)
    tracker.update_many = lambda images: {t: [1, 2, 3, 4] for t in images if t == 0}
    outcomes = lock_step(dataset, tracker, ["ball", "cup"])
    assert len(outcomes[0].trajectory) == 20
    assert "update_many gave nothing for target 1" in outcomes[1].what


def test_a_target_that_cannot_be_removed_is_a_fault(dataset):
    tracker = Sleeper(0)
    tracker.remove = lambda target: 1 / 0
    (outcome,) = lock_step(dataset, tracker, ["ball"]).values()
    assert outcome.what == "frame 19: ZeroDivisionError: division by zero"


class Reader:
    """A sequence whose images are being read when they are allowed to."""

    def __init__(self):
        self.read = []
        self.open = threading.Event()

    def __len__(self):
        return 5

    def image(self, frame):
        self.open.wait(5)
        self.read.append(frame)
        return frame


def test_the_next_image_is_read_ahead():
    sequence = Reader()
    with ThreadPoolExecutor(1) as pool:
        images = ImagesAhead(sequence, pool)
        images.seek(0)
        sequence.open.set()
        assert images.read(0) == 0
        pool.submit(int).result()
        assert sequence.read == [0, 1]
        # After a failure frames are left out; the last one has no successor.
        assert [images.read(frame) for frame in (1, 4)] == [1, 4]
        images.close()
    assert set(sequence.read) <= {0, 1, 2, 4}
