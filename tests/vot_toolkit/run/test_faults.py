"""A campaign of faults: whatever happens, running again gives the files of an undisturbed run.

Each test has seeds, which decide when and where it happens: 3, or as many as `VOT_FAULT_SEEDS`
says. Kinds of faults that take long, and are like another, are marked slow.
"""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import vot_toolkit
from vot_toolkit.dataset import open_dataset
from vot_toolkit.errors import ResultsError, UserError
from vot_toolkit.formats.times import read_times
from vot_toolkit.run.lock import FILE_NAME

DRIVER = Path(__file__).with_name("driver.py")
SEEDS = range(int(os.environ.get("VOT_FAULT_SEEDS", "3")))
LONGEST_S = 120

FRAMES = {"ball": 20, "cup": 30, "dove": 25}


@pytest.fixture(params=SEEDS)
def chance(request):
    """Give a source of random numbers, another for each seed."""
    return random.Random(request.param)


@pytest.fixture
def start(folder):
    """Start an evaluation by a program of its own."""
    root = str(Path(vot_toolkit.__file__).parents[1])
    begun = []

    def launch(results, name="Slow", workers=2, lanes=1, **more):
        command = [sys.executable, DRIVER, folder, results, name, workers, lanes]
        begun.append(
            subprocess.Popen(
                [str(part) for part in command],
                stderr=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": root},
                start_new_session=True,
                **more,
            )
        )
        return begun[-1]

    yield launch
    for driver in begun:
        driver.kill()
        driver.wait()
        driver.stderr.close()


@pytest.fixture
def check(run, contents, tmp_path):
    """Run again, and compare with an undisturbed run."""

    def compare(results, name="Slow", **values):
        again = run(name, results=results, **values)
        assert again.failures == ()
        whole = run(name, results="undisturbed", **values)
        assert contents(again.folder) == contents(whole.folder)
        assert not list(again.folder.rglob("*.part")) and not (again.folder / FILE_NAME).exists()
        for path in again.folder.rglob("*_time.txt"):
            assert len(read_times(path)) == FRAMES[path.parent.name]

    return compare


def processes_below(pid):
    """List the processes that one has started, and those that they have, and so on."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = []
    waiting = [pid]
    while waiting:
        waiting = [child for parent in waiting for child in parents.get(parent, [])]
        found += waiting
    return found


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def wait_for_a_result(driver, results):
    while driver.poll() is None and not any(results.rglob("*_001.txt")):
        time.sleep(0.002)


@pytest.mark.parametrize(("name", "lanes"), [("Slow", 1), ("SlowLanes", 3)])
def test_the_driver_is_killed(start, check, chance, tmp_path, name, lanes):
    results = tmp_path / "results"
    for _ in range(3):
        driver = start(results, name, lanes=lanes)
        if chance.random() < 0.7:
            wait_for_a_result(driver, results)
        time.sleep(chance.uniform(0, 0.5))
        below = processes_below(driver.pid)
        driver.kill()
        driver.communicate()
        end = time.monotonic() + 20
        while any(map(command_of, below)) and time.monotonic() < end:
            time.sleep(0.02)
        assert not any(map(command_of, below)), "nothing goes on without its driver"
    check("results", name, lanes=lanes)


@pytest.mark.parametrize(
    ("name", "lanes"), [("Slow", 1), pytest.param("SlowLanes", 3, marks=pytest.mark.slow)]
)
def test_workers_are_killed(start, check, chance, tmp_path, name, lanes):
    results = tmp_path / "results"
    driver = start(results, name, lanes=lanes)
    wait_for_a_result(driver, results)
    for _ in range(3):
        time.sleep(chance.uniform(0, 0.3))
        workers = [pid for pid in processes_below(driver.pid) if "spawn_main" in command_of(pid)]
        if workers:
            kill(chance.choice(workers))
    complaint = driver.communicate(timeout=LONGEST_S)[1]
    # A worker that dies while it builds its tracker ends the run, which says so.
    assert driver.returncode == 0 or "the process that builds it was ended by SIGKILL" in complaint
    check("results", name, lanes=lanes)


@pytest.mark.slow
def test_trackers_are_killed(start, check, chance, tmp_path):
    """They have processes of their own, below the workers."""
    results = tmp_path / "results"
    driver = start(results, "apart")
    wait_for_a_result(driver, results)
    killed = 0
    while killed < 3 and driver.poll() is None:
        time.sleep(chance.uniform(0, 0.3))
        below = processes_below(driver.pid)
        trackers = [pid for pid in below if "vot_toolkit.tracker.isolated" in command_of(pid)]
        if trackers:
            kill(chance.choice(trackers))
            killed += 1
    driver.communicate(timeout=LONGEST_S)
    assert driver.returncode == 0
    check("results", "apart", engine="process", workers=2)


@pytest.fixture
def disk(tmp_path):
    """Give a small disk of its own; with it what sets its size, and whether it can be written."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)],
            capture_output=True,
            check=False,
        ).returncode
    ):
        pytest.skip("no right to mount a disk")

    def change(options):
        subprocess.run([mount, "-o", f"remount,{options}", str(place)], check=True)

    yield place, change
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_the_disk_is_full(start, check, chance, disk):
    place, change = disk
    change(f"size={chance.randrange(4, 56, 4)}k")
    driver = start(place)
    complaint = driver.communicate(timeout=LONGEST_S)[1]
    assert driver.returncode == 1
    assert "cannot be written: No space left on device" in complaint.splitlines()[-1]
    assert processes_below(driver.pid) == []
    change("size=4m")
    check(place)


@pytest.mark.slow
def test_files_may_not_grow(start, check, chance, tmp_path):
    """A limit of the system, or of a quota."""
    results = tmp_path / "results"
    driver = start(results)
    wait_for_a_result(driver, results)
    limit = chance.randrange(300, 1500)
    resource.prlimit(driver.pid, resource.RLIMIT_FSIZE, (limit, limit))
    complaint = driver.communicate(timeout=LONGEST_S)[1]
    assert driver.returncode == 1 and "cannot be written: File too large" in complaint
    check("results")


def test_writing_fails_now_and_then(run, check, chance, monkeypatch):
    """Full for a moment, at any of the places that write."""
    real, failing = os.replace, [True]

    def replace(source, target):
        if failing[0] and chance.random() < 0.2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    for _ in range(5):
        try:
            run("Slow")
        except UserError as error:
            assert "cannot be written: No space left on device" in str(error)
    failing[0] = False
    check("results")


def test_results_are_read_only(start, run, check, chance, disk):
    place, change = disk
    names = chance.sample(sorted(FRAMES), chance.randrange(1, 3))
    run("Slow", results=place, sequences=names)
    change("ro")
    with pytest.raises(UserError, match="cannot be written: Read-only file system"):
        run("Slow", results=place)
    assert run("Slow", results=place, sequences=names).num_run == 0, "nothing to be written"
    change("rw")
    check(place)


def test_an_image_is_truncated(run, check, chance, folder, tmp_path, capfd):
    copy = tmp_path / "tiny"
    shutil.copytree(folder, copy)
    dataset = open_dataset(copy)
    sequence = chance.choice(dataset.sequences)
    image = chance.choice(sequence.images)
    whole = image.read_bytes()
    image.write_bytes(whole[: chance.randrange(len(whole))])
    outcome = run("Slow", dataset=dataset, repetitions=3)
    assert {failure.sequence for failure in outcome.failures} <= {sequence.name}
    asked = [failure.file for failure in outcome.failures]
    # A frame between a failure and the next start is never looked at.
    assert asked == [image] * 3 or (asked == [] and outcome.num_run == 9)
    image.write_bytes(whole)
    check("results", dataset=dataset, repetitions=3)


def test_the_clock_jumps(run, check, chance, monkeypatch):
    """To any day, between frames and between runs; files get dates of the past and the future."""
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + chance.uniform(-1e8, 1e8))
    folder = run("Slow", sequences=["cup"], engine=chance.choice(["serial", "process"])).folder
    for path in folder.rglob("*.*"):
        day = real() + chance.uniform(-1e8, 1e8)
        os.utime(path, (day, day))
    assert run("Slow", sequences=["cup"]).num_run == 0
    for path in folder.rglob("*_time.txt"):
        assert np.nanmax(read_times(path)) < 10
    check("results")


@pytest.mark.slow
def test_several_runs_on_one_folder(start, run, check, chance, tmp_path):
    results = tmp_path / "results"
    drivers = []
    for _ in range(3):
        drivers.append(start(results, workers=1))
        time.sleep(chance.uniform(0, 0.4))
    complaints = [driver.communicate(timeout=LONGEST_S)[1] for driver in drivers]
    codes = [driver.returncode for driver in drivers]
    assert 0 in codes
    for code, complaint in zip(codes, complaints, strict=True):
        last = complaint.splitlines()[-1] if code else ""
        assert code == 0 or (ResultsError.__name__ in last and "is in use by process" in last)
    check("results")
