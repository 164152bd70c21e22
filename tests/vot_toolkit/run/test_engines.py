"""The engines: the same results from each, and trackers that misbehave."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import vot_toolkit
from vot_toolkit.errors import TrackerError

DRIVER = Path(__file__).with_name("driver.py")


@pytest.mark.parametrize("name", ["Sure", "Random"])
def test_the_number_of_workers_does_not_show(run, contents, name):
    values = {"repetitions": 4}
    serial = run(name, results="serial", **values)
    one = run(name, results="one", engine="process", workers=1, **values)
    three = run(name, results="three", engine="process", workers=3, **values)
    assert serial.num_run == one.num_run == three.num_run == (3 if name == "Sure" else 12)
    assert contents(serial.folder) == contents(one.folder) == contents(three.folder)


def test_a_raising_tracker_loses_one_sequence(run, contents):
    whole = contents(run("Steady", results="whole").folder)
    options = {"trouble": "raising"}
    outcomes = [
        run("Troubled", results="serial", options=options),
        run("Troubled", results="two", options=options, engine="process", workers=2),
    ]
    for outcome in outcomes:
        (failure,) = outcome.failures
        assert (failure.experiment, failure.sequence, failure.repetition) == ("baseline", "cup", 1)
        assert "frame 7: update raised ValueError: the target is gone" in failure.what
        results = contents(outcome.folder)
        del results["run.json"]
        expected = {key: value for key, value in whole.items() if key.endswith("_001.txt")}
        del expected["baseline/cup/cup_001.txt"]
        assert results == expected


def test_a_long_text_of_an_exception_is_bounded(run):
    (failure,) = run("Troubled", options={"trouble": "ranting"}).failures
    assert failure.what.startswith("frame 7: update raised ValueError: the target is gone, far far")
    assert "far away (at " in failure.what and len(failure.what) < 600


def test_no_repetition_follows_three_that_failed(run):
    outcome = run("Wavering", options={"trouble": "raising"}, repetitions=5)
    assert [failure.repetition for failure in outcome.failures] == [1, 2, 3]
    assert outcome.num_run == 6


@pytest.mark.parametrize(
    ("trouble", "what"),
    [
        ("hanging", "frame 7: no answer within 1 s"),
        ("exiting", "frame 7: the tracker's process ended with exit code 3"),
        ("crashing", "frame 7: the tracker's process was ended by SIGABRT"),
    ],
)
def test_a_lost_worker_is_replaced(run, trouble, what):
    outcome = run("Troubled", options={"trouble": trouble}, engine="process", workers=1, timeout=1)
    assert [(f.sequence, f.what) for f in outcome.failures] == [("cup", what)]
    # The longest sequence is the first; the others came after the loss.
    assert outcome.num_run == 2
    assert not [line for line in command_lines() if line == "sleep 61"], "its child is ended too"


@pytest.mark.parametrize("engine", ["serial", "process"])
def test_a_tracker_that_cannot_be_built_ends_the_run(run, tmp_path, engine):
    with pytest.raises(TrackerError, match=r"Unbuildable.*: .*OSError: no weights"):
        run("Unbuildable", engine=engine)
    assert not (tmp_path / "results").exists()


def test_a_process_lost_while_building_ends_the_run(run):
    with pytest.raises(TrackerError, match=r"the process that builds it ended with exit code 4"):
        run("Deadly", engine="process", workers=1)


def test_an_unreadable_image_fails_its_sequence(run, dataset):
    image = dataset["dove"].images[5]
    before = image.read_bytes()
    image.write_bytes(before[:50])
    try:
        outcome = run("Steady")
    finally:
        image.write_bytes(before)
    (failure,) = outcome.failures
    assert failure.sequence == "dove" and failure.file == image
    assert "not an image" in failure.what
    assert outcome.num_run == 2


def test_missing_images_fail_their_sequence(run, dataset):
    cup = replace(dataset["cup"], images=dataset["cup"].images[:-1])
    cut = replace(dataset, sequences=(dataset["ball"], cup))
    outcome = run("Steady", dataset=cut)
    assert [f.sequence for f in outcome.failures] == ["cup"]
    assert "29 images for 30 annotated frames" in outcome.failures[0].what


def command_lines():
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield file.read_text().replace("\0", " ").strip()
        except (FileNotFoundError, ProcessLookupError):
            continue


@contextmanager
def start(folder, results, name):
    """Start a driver, and end it however the test ends."""
    command = [sys.executable, str(DRIVER), str(folder), str(results), name, "2"]
    # The package under test, installed or not; a group of its own, as a terminal gives it.
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(vot_toolkit.__file__).parents[1])},
        start_new_session=True,
    ) as driver:
        try:
            yield driver
        finally:
            driver.kill()


def wait_for_a_result(driver, results):
    while driver.poll() is None:
        if any(results.rglob("*_001.txt")):
            return
        time.sleep(0.002)
    raise AssertionError(f"ended before it was stopped: {driver.communicate()[1]}")


def workers_of(pid):
    """List the processes that a driver started, by /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def wait_until_gone(pids):
    end = time.monotonic() + 10
    while time.monotonic() < end and any(map(is_alive, pids)):
        time.sleep(0.01)
    return [pid for pid in pids if is_alive(pid)]


def test_a_killed_run_goes_on_to_the_same_files(run, folder, tmp_path, contents):
    results = tmp_path / "killed"
    with start(folder, results, "Slow") as driver:
        wait_for_a_result(driver, results)
        workers = workers_of(driver.pid)
        driver.kill()
    assert workers and wait_until_gone(workers) == []
    done = list(results.rglob("*_0*.txt"))
    for path in done:
        assert (
            len(path.read_text().splitlines())
            == {"ball": 20, "cup": 30, "dove": 25}[path.parent.name]
        )
    assert len(done) < 9
    stamps = {path: path.stat().st_mtime_ns for path in done}
    outcome = run("Slow", results="killed", engine="process", workers=2)
    assert outcome.num_run == 9 - len(done)
    assert {path: path.stat().st_mtime_ns for path in done} == stamps
    assert contents(outcome.folder) == contents(run("Slow", results="whole").folder)


@pytest.mark.parametrize("reason", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_their_driver(folder, tmp_path, reason):
    results = tmp_path / "ended"
    with start(folder, results, "Stuck") as driver:
        wait_for_a_result(driver, results)
        workers = workers_of(driver.pid)
        # Ctrl-C reaches the whole group of a terminal.
        (os.killpg if reason == signal.SIGINT else os.kill)(driver.pid, reason)
        complaint = driver.communicate(timeout=60)[1]
    assert driver.returncode == -reason
    assert complaint.count("KeyboardInterrupt") == (reason == signal.SIGINT)
    assert workers and wait_until_gone(workers) == []
    # Only a driver that could not do anything any more may leave something to be swept.
    assert reason != signal.SIGINT or not list(results.rglob("*.part"))
