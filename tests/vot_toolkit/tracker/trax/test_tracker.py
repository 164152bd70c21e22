"""Programs that speak TraX: what they answer, how they fail, and that nothing is left of them."""

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
from vot_toolkit.region import Mask
from vot_toolkit.tracker.registry import TrackerSpec
from vot_toolkit.tracker.trax import program

BOX = np.array([10.0, 20.0, 30.0, 15.0])
CORNERS = np.array([10.0, 20.0, 40.0, 20.0, 40.0, 35.0, 10.0, 35.0])


def group_of(tracker):
    """Give the processes of a tracker's group, by number."""
    return members(tracker._client._program._process.pid)


def members(group):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, leader = stat.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(leader) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found


def wait_until(holds):
    end = time.monotonic() + 30
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def wait_until_empty(group):
    end = time.monotonic() + 10
    while members(group) and time.monotonic() < end:
        time.sleep(0.01)
    return members(group)


@pytest.mark.parametrize("kind", ["rectangle", "chatty"])
def test_a_rectangle(tracker, images, kind):
    it = tracker(kind)
    assert (it.name, it.deterministic, it.takes_files) == ("it", False, True)
    it.initialize(images[0], BOX)
    found = [it.update(image) for image in images[1:]]
    assert [item.region.tolist() for item in found] == [
        [10.07, 20.07, 30, 15],
        [10.28, 20.28, 30, 15],
        [10.63, 20.63, 30, 15],
    ]
    assert all(item.score is None for item in found)


def test_every_start_is_a_new_program(tracker, images):
    it = tracker("rectangle")
    it.initialize(images[0], BOX)
    first = group_of(it)
    it.initialize(images[1], BOX + 1)
    assert wait_until_empty(first[0]) == [] and group_of(it) != first
    assert it.update(images[2]).region.tolist() == [11.07, 21.07, 31, 16]


def test_a_rectangle_for_a_program_of_polygons(tracker, images):
    it = tracker("polygon")
    it.initialize(images[0], BOX)
    expected = np.array([10, 20, 39, 20, 39, 34, 10, 34]) + 0.07
    np.testing.assert_allclose(it.update(images[1]).region, expected)


def test_a_polygon_for_a_program_of_rectangles(tracker, images):
    it = tracker("rectangle")
    it.initialize(images[0], CORNERS)
    assert it.update(images[1]).region.tolist() == [10.07, 20.07, 30, 15]


def test_a_mask(tracker, images):
    it = tracker("mask")
    it.initialize(images[0], BOX)
    assert it.update(images[1]).region == Mask(10, 20, np.ones((15, 30), bool))


def test_a_score(tracker, images):
    it = tracker("sure")
    it.initialize(images[0], BOX)
    assert it.update(images[1]).score == 0.25


def test_the_first_version(tracker, images):
    it = tracker("old")
    it.initialize(images[0], BOX)
    assert it.update(images[1]).region.tolist() == BOX.tolist()


def test_pixels_for_a_program_that_asks_for_them(tracker, images):
    it = tracker("memory")
    it.initialize(images[0], BOX)
    red_green_size, score = it.update(images[3])
    assert (red_green_size.tolist(), score) == ([30, 20, 64, 48], 3)


def test_bytes_for_a_program_that_asks_for_them(tracker, images):
    it = tracker("data")
    it.initialize(images[0], BOX)
    assert it.update(images[1]).region.tolist() == [1, 2, 3, images[1].stat().st_size]


def test_what_is_said(registry, tmp_path, images):
    """Word for word what the library's own client says, which was recorded."""
    log = tmp_path / "log"
    path = registry(it=("echo", log))
    path.write_text(path.read_text() + "arg_seq = x\n")
    it = TrackerSpec.parse(f"{path}:it", 'mode=a "b"').build()
    it.initialize(images[0], BOX)
    it.update(images[1])
    it.close()
    assert log.read_text().splitlines() == [
        '@@TRAX:initialize "10.0000,20.0000,30.0000,15.0000"',
        f'@@TRAX:frame "file://{images[0]}" "seq=x" "mode=a \\"b\\""',
        f'@@TRAX:frame "file://{images[1]}"',
        "@@TRAX:quit",
    ]


FAULTS = {
    "crash": "its program was ended by SIGSEGV",
    "exit": "its program ended with exit code 3",
    "raise": "its program ended with exit code 1",
    "hang": "its program gave no reply within 1 s",
    "child": "its program gave no reply within 1 s",
    "orphan": "its program ended with exit code 5",
    "text": "it replied with no region: not a number: 'abc'",
    "three": "it replied with no region: a line of 3 numbers: '1,2,3'",
    "empty": "it replied with no region: an empty line",
    "mask": "it replied with no region: a mask of -3x4 px",
    "huge": "it replied with no region: a mask of 300000x300000 px",
    "none": "its program replied with 0 regions for one target",
    "two": "its program replied with 2 regions for one target",
    "quote": "its program sent a message that cannot be taken apart",
    "nameless": "its program sent a message without a name: '@@TRAX:'",
    "hello": "its program sent 'hello' instead of 'state'",
    "quit": "its program quit: out of memory",
    "confidence": "its program replied with the confidence 'much'",
}


IN_THE_REPLY_TO_THE_START = ("crash", "hang", "text", "none", "quit")


@pytest.mark.parametrize(
    ("kind", "frame"),
    [*((kind, 2) for kind in FAULTS), *((kind, 0) for kind in IN_THE_REPLY_TO_THE_START)],
)
def test_a_fault(tracker, images, kind, frame):
    it = tracker("trouble", kind, frame)
    it.prepare()
    if kind in ("hang", "child"):
        # Of the replies alone: on a busy machine a program takes longer to start.
        it._client._timeout_s = 1.0
    group = group_of(it)[0]
    with pytest.raises(TrackerError) as error:
        it.initialize(images[0], BOX)
        it.update(images[1])
        it.update(images[2])
    assert error.value.what.startswith(FAULTS[kind])
    if kind != "confidence":
        last = "ZeroDivisionError" if kind == "raise" else "it began | to go wrong"
        assert "the last it printed: " in str(error.value) and last in str(error.value)
    assert wait_until_empty(group) == []
    with pytest.raises(TrackerError, match="no run is under way"):
        it.update(images[3])
    # It can be started again.
    it.prepare()


def test_a_reply_too_many(tracker, images):
    it = tracker("trouble", "twice", 1)
    it.initialize(images[0], BOX)
    with pytest.raises(TrackerError, match="sent 'state', which nothing asked for"):
        it.update(images[1])
        time.sleep(0.2)
        it.update(images[2])


@pytest.mark.parametrize(
    ("kind", "what"),
    [("flood", r"printed more than 1 MiB"), ("endless", r"a line of over 1048576 bytes")],
)
def test_a_flood(tracker, images, monkeypatch, capfd, kind, what):
    monkeypatch.setattr(program, "MOST_PRINTED", 2**20)
    monkeypatch.setattr(program, "LONGEST_LINE", 2**20)
    it = tracker("trouble", kind, 1)
    it.initialize(images[0], BOX)
    group = group_of(it)[0]
    with pytest.raises(TrackerError, match=what):
        it.update(images[1])
    assert wait_until_empty(group) == []
    # What is passed on is bounded too.
    assert len(capfd.readouterr().err) < 2**17


def test_a_program_that_closes_its_output(tracker, images, monkeypatch):
    monkeypatch.setattr(program, "EXIT_GRACE_S", 0.2)
    it = tracker("trouble", "deaf", 1)
    it.initialize(images[0], BOX)
    with pytest.raises(TrackerError, match="its program has closed its output"):
        it.update(images[1])


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("late",), "its program gave no reply within 1 s"),
        (("dumb",), r"its program ended with exit code 4 \(the last it printed: no licence\)"),
        (("future",), r"its program speaks version '9' of TraX; versions 1 to 4 are spoken here"),
        (("circle",), r"asks for trax\.region 'circle;'; there is rectangle, polygon, mask"),
        (("depth",), r"asks for trax\.channels 'depth;'; there is color"),
    ],
)
def test_a_greeting_that_will_not_do(tracker, images, words, what):
    it = tracker(*words, timeout=1 if words == ("late",) else 20)
    with pytest.raises(TrackerError, match=what):
        it.prepare()


def test_a_program_that_is_not_there(registry, images):
    path = registry(it={"protocol": "trax", "command": "/no/such/program --fast"})
    with pytest.raises(TrackerError, match=r"cannot be started: .* '/no/such/program'"):
        TrackerSpec(f"{path}:it").build().prepare()
    path = registry(it={"protocol": "trax", "command": "no_such_program 2>&1"})
    with pytest.raises(TrackerError, match=r"exit code 127 \(the last it printed: .*not found"):
        TrackerSpec(f"{path}:it").build().prepare()


def test_the_end_of_a_tracker_is_that_of_its_program(tracker, registry, images):
    path = registry(it=("rectangle",))
    it = TrackerSpec(f"{path}:it").build()
    it.initialize(images[0], BOX)
    group = group_of(it)[0]
    del it
    gc.collect()
    assert wait_until_empty(group) == []


DRIVER = """
import os, signal, sys, time
from pathlib import Path
import numpy as np
from vot_toolkit.tracker.registry import TrackerSpec
it = TrackerSpec(sys.argv[1]).build()
it.prepare()
print(it._client._program._process.pid, flush=True)
if sys.argv[2] == "wait":
    time.sleep(60)
"""


@pytest.mark.parametrize("end", ["normal", signal.SIGKILL, signal.SIGTERM])
def test_a_program_ends_with_who_runs_it(registry, end):
    """Even if that is killed with its own group and the program does not listen."""
    path = registry(
        it={
            "protocol": "trax",
            "command": (
                """echo '@@TRAX:hello "trax.version=4"'; sleep 63 & trap '' TERM; sleep 63"""
            ),
        }
    )
    driver = subprocess.Popen(
        [sys.executable, "-c", DRIVER, f"{path}:it", "end" if end == "normal" else "wait"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(vot_toolkit.__file__).parents[1])},
        start_new_session=True,
    )
    with driver:
        group = int(driver.stdout.readline())
        if end != "normal":
            # The shell greets before it starts the other one.
            assert wait_until(lambda: len(members(group)) >= 2)
            os.killpg(driver.pid, end)
    assert wait_until_empty(group) == []
    assert wait_until_empty(driver.pid) == []
