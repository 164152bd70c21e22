"""Trackers in processes of their own: alike in every run, and nothing is left of them."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import vot_toolkit
from vot_toolkit.errors import TrackerError
from vot_toolkit.tracker.identity import IdentityTracker
from vot_toolkit.tracker.isolated import IsolatedTracker
from vot_toolkit.tracker.registry import TrackerSpec

IMAGE = np.zeros((48, 64, 3), dtype=np.uint8)
REGION = np.array([10.0, 20.0, 30.0, 15.0])

TRACKERS = """
import os, random, signal, subprocess, sys, time
import numpy as np
from vot_toolkit.errors import TrackerError, UsageError

RUNS = []

class Steady:
    def initialize(self, image, region):
        RUNS.append(self)
        self.images = [image]
        self.region = region

    def update(self, image):
        return self.region

class Telling(Steady):
    # Tells its process as its score, and what depends on the past and on random numbers.
    def update(self, image):
        self.score = float(os.getpid())
        numbers = [len(RUNS), random.random(), np.random.rand(), hash("word") % 997]
        self.region = np.array([*numbers[:3], numbers[3]])
        return self

class Keeping(Steady):
    def update(self, image):
        self.images.append(image)
        image[0, 0, 1] = 9
        return [0, 0, 0, *(kept[0, 0].sum() for kept in self.images)][-4:]

class Chatty(Steady):
    def __init__(self):
        print("hello")
    def update(self, image):
        print("still there")
        os.write(1, b"me too")
        subprocess.run(["echo", "and me"], check=True)
        return self.region

class Masked(Steady):
    score, mask = 0.25, np.eye(3, dtype=bool)

    def update(self, image):
        return self

class Raising(Steady):
    def update(self, image):
        raise ValueError("the target\\n is gone")

class Leaving(Steady):
    def update(self, image):
        sys.exit("enough")

class Wrong(Steady):
    def update(self, image):
        return [1, 2, 3]

class Advising(Steady):
    def update(self, image):
        raise UsageError("not now", file="weights.pt", hint="later")

class Unbuildable(Steady):
    def __init__(self):
        raise OSError("no weights")

class Exiting(Steady):
    def update(self, image):
        os._exit(3)

class Crashing(Steady):
    def update(self, image):
        os.kill(os.getpid(), signal.SIGSEGV)

class Forking(Steady):
    # Its own child keeps the channel open for a while.
    def update(self, image):
        if os.fork() == 0:
            time.sleep(4)
        os._exit(5)

class Hanging(Steady):
    def update(self, image):
        print("hanging", flush=True)
        time.sleep(60)
"""


@pytest.fixture
def isolated(write_tracker):
    """Isolate a tracker of this module, by its class name."""
    file = write_tracker(TRACKERS, "theirs.py")

    def build(name: str) -> IsolatedTracker:
        return IsolatedTracker("x", TrackerSpec(f"{file}:{name}").build, deterministic=True)

    return build


def is_there(pid: int) -> bool:
    """Tell whether there is a process; one that ended and was not waited for is."""
    return Path(f"/proc/{pid}").exists()


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and was not waited for does not."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return text.rpartition(")")[2].split()[0] != "Z"


def test_every_run_starts_alike_in_a_new_process(isolated):
    tracker = isolated("Telling")
    found = []
    for _ in range(2):
        tracker.initialize(IMAGE, REGION)
        found.append(tracker.update(IMAGE))
    other = isolated("Telling")
    other.initialize(IMAGE, REGION)
    regions = [each.region.tolist() for each in (*found, other.update(IMAGE))]
    assert regions[0][0] == 1
    assert regions == [regions[0]] * 3
    processes = [int(each.score) for each in found]
    assert len({os.getpid(), *processes}) == 3
    assert [is_there(pid) for pid in processes] == [False, True]


def test_images_stay_apart_and_can_be_written_to(isolated):
    tracker = isolated("Keeping")
    images = [np.full((48, 64, 3), value, dtype=np.uint8) for value in range(4)]
    tracker.initialize(images[0], REGION)
    for image in images[1:3]:
        found = tracker.update(image).region.tolist()
    # One value of three is overwritten with 9.
    assert found == [0, 0, 11, 13]
    assert [image[0, 0].tolist() for image in images] == [[n, n, n] for n in range(4)]
    # As without isolation, an image that must not be written to cannot be.
    images[3].flags.writeable = False
    with pytest.raises(TrackerError, match="assignment destination is read-only"):
        tracker.update(images[3])


def test_images_of_any_size_and_layout():
    tracker = IsolatedTracker("identity", IdentityTracker, deterministic=True)
    tracker.initialize(IMAGE[:, ::2], REGION)
    for image in (np.asfortranarray(IMAGE), IMAGE[:1, :1], np.zeros((1080, 1920, 3), np.uint8)):
        assert tracker.update(image).region.tolist() == REGION.tolist()


def test_score_and_mask_come_back(isolated):
    tracker = isolated("Masked")
    tracker.initialize(IMAGE, REGION)
    found = tracker.update(IMAGE)
    assert (found.region.tolist(), found.score) == (REGION.tolist(), 0.25)
    assert found.mask.tolist() == np.eye(3, dtype=bool).tolist()


def test_prints_go_to_the_standard_error_stream(isolated, capfd):
    tracker = isolated("Chatty")
    tracker.initialize(IMAGE, REGION)
    assert tracker.update(IMAGE).region.tolist() == REGION.tolist()
    assert capfd.readouterr() == ("", "hello\nstill there\nme tooand me\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Raising", r"^ValueError: the target is gone \(at .*theirs.py:\d+, in update\)$"),
        ("Leaving", r"^SystemExit: enough \(at .*theirs.py:\d+, in update\)$"),
        ("Wrong", r"^update returned 3 numbers: \[1, 2, 3\] \(accepted: 4 numbers"),
        ("Advising", r"^weights.pt: not now \(later\)$"),
        ("Exiting", r"^the tracker's process ended with exit code 3$"),
        ("Crashing", r"^the tracker's process was ended by SIGSEGV$"),
        ("Forking", r"^the tracker's process ended with exit code 5$"),
    ],
)
def test_faults_end_the_process(isolated, name, text):
    tracker = isolated(name)
    tracker.initialize(IMAGE, REGION)
    pid = tracker._child._process.pid
    with pytest.raises(TrackerError, match=text) as caught:
        tracker.update(IMAGE)
    assert type(caught.value) is TrackerError
    assert not is_there(pid)


def test_goes_on_after_a_fault(isolated):
    tracker = isolated("Raising")
    for _ in range(2):
        tracker.initialize(IMAGE, REGION)
        with pytest.raises(TrackerError, match="the target is gone"):
            tracker.update(IMAGE)
        with pytest.raises(TrackerError, match="no run is under way"):
            tracker.update(IMAGE)


def test_tracker_that_cannot_be_built(isolated):
    with pytest.raises(TrackerError, match="building it raised OSError: no weights"):
        isolated("Unbuildable").initialize(IMAGE, REGION)


def test_process_killed_between_two_frames(isolated):
    tracker = isolated("Steady")
    tracker.initialize(IMAGE, REGION)
    os.kill(tracker._child._process.pid, signal.SIGKILL)
    with pytest.raises(TrackerError, match="was ended by SIGKILL"):
        tracker.update(IMAGE)


@pytest.mark.parametrize("way", ["close", "delete"])
def test_no_process_outlives_its_tracker(isolated, way):
    tracker = isolated("Steady")
    tracker.initialize(IMAGE, REGION)
    pid = tracker._child._process.pid
    assert is_alive(pid)
    if way == "close":
        tracker.close()
    else:
        del tracker
        gc.collect()
    assert not is_there(pid)


PROGRAM = """
import os, signal, sys
import numpy as np
from vot_toolkit.tracker.isolated import IsolatedTracker
from vot_toolkit.tracker.registry import TrackerSpec
tracker = IsolatedTracker("x", TrackerSpec(sys.argv[1]).build, deterministic=True)
image = np.zeros((48, 64, 3), dtype=np.uint8)
tracker.initialize(image, np.array([10.0, 20, 30, 15]))
print(tracker._child._process.pid, flush=True)
if sys.argv[2] != "end":
    tracker.update(image)
"""


@pytest.mark.parametrize(
    ("name", "way"),
    [("Steady", "end"), ("Hanging", "interrupt"), ("Hanging", "kill")],
)
def test_no_process_outlives_the_program(write_tracker, name, way):
    file = write_tracker(TRACKERS)
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, f"{file}:{name}", way],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(vot_toolkit.__file__).parents[1])},
        # A group of its own, as a terminal gives it.
        start_new_session=True,
    ) as program:
        try:
            pid = int(program.stdout.readline())
            if way != "end":
                assert program.stderr.readline() == "hanging\n"
                # Ctrl-C reaches the whole group of a terminal.
                (program.kill if way == "kill" else lambda: os.killpg(program.pid, signal.SIGINT))()
            complaint = program.communicate(timeout=60)[1]
        finally:
            program.kill()
    assert program.returncode == {"end": 0, "interrupt": -signal.SIGINT, "kill": -9}[way]
    assert complaint.count("KeyboardInterrupt") == (way == "interrupt")
    end = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < end:
        time.sleep(0.01)
    assert not is_alive(pid)
