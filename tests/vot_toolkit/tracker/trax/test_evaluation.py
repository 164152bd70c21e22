"""Programs that speak TraX in whole runs of the 2018 protocol."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from rich.console import Console

import vot_toolkit
from vot_toolkit.cli.check import check
from vot_toolkit.cli.list import list_trackers
from vot_toolkit.dataset import open_dataset
from vot_toolkit.errors import ResultsError, TrackerChoiceError
from vot_toolkit.evaluation import evaluate
from vot_toolkit.formats.text import read_trajectory
from vot_toolkit.region import Mask
from vot_toolkit.tracker.registry import TrackerSpec

LENGTHS = {"ball": 14, "cup": 24}

SAME = """
class Same:
    deterministic = False

    def initialize(self, image, region):
        self._region, self._step = region, 0

    def update(self, image):
        self._step += 1
        moved = self._region.copy()
        moved[:2] += 0.07 * self._step**2
        return moved
"""
"""What `programs.rectangle` does, as a class."""

LIBRARY = """
import sys
import numpy as np
import trax

form = sys.argv[1]
with trax.Server([form], [trax.Image.PATH], metadata={"vot": "python"}) as server:
    step, target = 0, None
    while True:
        request = server.wait()
        if request.type not in ("initialize", "frame"):
            break
        if request.objects:
            target, step = request.objects[0][0], 0
        open(request.image["color"].path()).close()
        if form == "mask":
            pixels = target.array()
            reply = trax.Mask.create(pixels, *(int(x + 0.07 * step**2) for x in target.offset()))
        elif form == "polygon":
            points = [target.get(i) for i in range(target.size())]
            shift = 0.07 * step**2
            reply = trax.Polygon.create([(x + shift, y + shift) for x, y in points])
        else:
            x, y, width, height = target.bounds()
            reply = trax.Rectangle.create(x + 0.07 * step**2, y + 0.07 * step**2, width, height)
        step += 1
        server.status([(reply, {"confidence": 0.5})])
"""
"""A tracker with the library of the protocol's authors."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make two short sequences of a target that moves slowly; the images say the frame."""
    root = tmp_path_factory.mktemp("data") / "tiny"
    for name, length in LENGTHS.items():
        (root / name / "color").mkdir(parents=True)
        rows = [f"{10 + 0.3 * frame:.2f},12.00,14.00,11.00\n" for frame in range(length)]
        (root / name / "groundtruth.txt").write_text("".join(rows))
        for frame in range(length):
            image = np.full((48, 64, 3), frame, dtype=np.uint8)
            assert cv2.imwrite(str(root / name / "color" / f"{frame + 1:08d}.png"), image)
    return root


def running_in(folder):
    """List the processes that run in a folder, as a program does in that of its section."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if (place / "cwd").resolve() == folder.resolve():
                found.append((place / "cmdline").read_text().replace("\0", " "))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def none_runs_in(folder):
    end = time.monotonic() + 10
    while running_in(folder) and time.monotonic() < end:
        time.sleep(0.01)
    return running_in(folder) == []


def results_in(folder):
    return {
        str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*_0*.txt"))
    }


@pytest.mark.parametrize("engine", ["serial", "process"])
def test_the_whole_protocol(registry, folder, tmp_path, engine):
    """Every experiment, with failures and restarts: the files of the same tracker in Python."""
    (tmp_path / "same.py").write_text(SAME)
    values = {"experiments": ["baseline", "unsupervised"], "results": tmp_path / "results"}
    path = registry(program=("rectangle",))
    evaluate(f"{tmp_path}/same.py:Same", folder, **values, engine="serial")
    analysis = evaluate("program", folder, registry=path, **values, engine=engine)
    assert analysis.problems == () and none_runs_in(tmp_path)
    expected = results_in(tmp_path / "results" / "Same")
    assert len(expected) == 2 * 3 + 2 and "\n2\n" in expected["baseline/cup/cup_001.txt"]
    assert results_in(tmp_path / "results" / "program") == expected
    description = json.loads((tmp_path / "results" / "program" / "run.json").read_text())
    assert description["tracker"] == "trackers.ini:program" and len(description["source"]) == 64


def test_loading_a_program_is_not_in_the_time_of_a_frame(registry, folder, tmp_path):
    path = registry(slow=("sluggish",))
    values = {"results": tmp_path, "repetitions": 1, "sequences": ["ball"], "engine": "serial"}
    evaluate("slow", folder, registry=path, **values)
    times = np.loadtxt(tmp_path / "slow" / "baseline" / "ball" / "ball_time.txt")
    assert np.nanmax(times) < 1.5


def test_the_realtime_experiment(registry, folder, tmp_path):
    path = registry(program=("rectangle",))
    values = {"results": tmp_path, "experiments": "realtime", "engine": "serial"}
    analysis = evaluate("program", folder, registry=path, **values)
    assert analysis.problems == ()
    assert analysis.trackers["program"]["realtime"].accuracy > 0


@pytest.fixture
def theirs(registry, tmp_path):
    """Write a section with a tracker of the library, for a form of regions."""
    pytest.importorskip("trax", reason="vot-trax is not installed")

    def write(form):
        program = tmp_path / "of_the_library.py"
        program.write_text(LIBRARY)
        command = f"{sys.executable} {program} {form}"
        return registry(theirs={"protocol": "trax", "command": command})

    return write


@pytest.mark.parametrize("form", ["rectangle", "polygon", "mask"])
def test_a_tracker_with_the_library(theirs, folder, tmp_path, form):
    tracker = TrackerSpec(f"{theirs(form)}:theirs").build()
    images = sorted((folder / "ball" / "color").iterdir())
    tracker.initialize(images[0], np.array([10.0, 12.0, 14.0, 11.0]))
    for image in images[1:5]:
        region, score = tracker.update(image)
        assert score == 0.5
    moved = 0.07 * 4**2
    if form == "rectangle":
        np.testing.assert_allclose(region, [10 + moved, 12 + moved, 14, 11], atol=1e-4)
    elif form == "polygon":
        corners = np.array([10, 12, 23, 12, 23, 22, 10, 22])
        np.testing.assert_allclose(region, corners + moved, atol=1e-4)
    else:
        assert region == Mask(11, 13, np.ones((11, 14), bool))
    tracker.close()
    assert none_runs_in(tmp_path)


def test_the_whole_protocol_with_the_library(theirs, folder, tmp_path):
    path = theirs("polygon")
    values = {"results": tmp_path / "results", "repetitions": 1, "workers": 2}
    analysis = evaluate("theirs", folder, registry=path, **values)
    assert analysis.problems == () and none_runs_in(tmp_path)
    assert analysis.trackers["theirs"]["baseline"].failures > 0
    lines = (tmp_path / "results/theirs/baseline/cup/cup_001.txt").read_text().splitlines()
    assert lines[0] == "1" and "2" in lines and lines[1].count(",") == 7


def test_a_module_of_python(registry, folder, tmp_path):
    """A section of protocol traxpython, with a path, a variable and an argument of its own."""
    module = tmp_path / "code" / "my_wrapper.py"
    module.parent.mkdir()
    programs = (Path(__file__).with_name("programs.py")).read_text()
    module.write_text(
        programs.partition("if __name__")[0] + "\nsys.argv = ['', '', 'seen']\nsurroundings()\n"
    )
    path = registry(
        mine={
            "protocol": "traxpython",
            "command": "my_wrapper",
            "paths": "code;elsewhere",
            "env_GREETING": "hello ${HOME}",
            "linkpaths": "lib",
        }
    )
    evaluate("mine", folder, registry=path, results=tmp_path / "r", repetitions=1, engine="serial")
    seen = (tmp_path / "seen").read_text().splitlines()
    assert seen[0] == f"GREETING=hello {os.environ['HOME']}"
    assert seen[2].startswith(f"LD_LIBRARY_PATH={tmp_path / 'lib'}")
    assert seen[3] == f"folder={tmp_path}"


@pytest.mark.parametrize(
    ("kind", "engine"),
    [("crash", "process"), ("hang", "serial"), ("text", "serial"), ("flood", "process")],
)
def test_a_fault_is_its_sequence_s(registry, folder, tmp_path, capfd, kind, engine):
    """In frame 18 of a start, which only the longer sequence has."""
    path = registry(bad=("trouble", kind, 18))
    if kind == "hang":
        path.write_text(path.read_text().replace("timeout = 20", "timeout = 2"))
    values = {"results": tmp_path / "results", "repetitions": 1, "engine": engine}
    analysis = evaluate("bad", folder, registry=path, experiments="unsupervised", **values)
    (problem,) = analysis.problems
    assert problem.sequence == "cup" and "repetition 1 failed: frame 18: " in problem.what
    last = "all work and no play" if kind == "flood" else "it began | to go wrong"
    assert "the last it printed: " in problem.what and last in problem.what
    assert analysis.trackers["bad"]["unsupervised"].overlap > 0
    assert none_runs_in(tmp_path)
    if engine == "process":
        # What it printed is kept beside its results, in bounds.
        printed = (tmp_path / "results" / "bad" / "printed.log").read_text()
        assert "to go wrong" in printed and len(printed) < 2**18


def test_an_engine_that_ends_a_worker_ends_the_program(registry, folder, tmp_path):
    """The engine's own limit comes first here: the worker is killed, and the program with it."""
    path = registry(bad=("trouble", "hang", 18))
    analysis = evaluate(
        "bad",
        folder,
        registry=path,
        experiments="unsupervised",
        results=tmp_path / "results",
        timeout=2,
        workers=1,
    )
    (problem,) = analysis.problems
    assert "frame 18: no answer within 2 s" in problem.what
    assert none_runs_in(tmp_path)


@pytest.mark.parametrize("reason", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_programs_end_with_the_run(registry, folder, tmp_path, reason):
    path = registry(bad=("trouble", "hang", 18))
    command = [sys.executable, "-m", "vot_toolkit", "eval", "--tracker", "bad", "--registry", path]
    command += ["--dataset", folder, "--results", tmp_path / "results", "--workers", "2"]
    driver = subprocess.Popen(
        list(map(str, [*command, "--experiment", "unsupervised"])),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(vot_toolkit.__file__).parents[1])},
        start_new_session=True,
    )
    with driver:
        try:
            while driver.poll() is None and not list(tmp_path.glob("results/**/ball_001.txt")):
                time.sleep(0.01)
            assert driver.poll() is None and running_in(tmp_path)
            (os.killpg if reason == signal.SIGINT else os.kill)(driver.pid, reason)
            driver.communicate(timeout=60)
        finally:
            driver.kill()
    assert none_runs_in(tmp_path)


def test_a_section_that_changes_is_another_tracker(registry, folder, tmp_path):
    values = {"results": tmp_path / "results", "repetitions": 1, "engine": "serial"}
    path = registry(program=("rectangle",), other=("polygon",))
    evaluate("program", folder, registry=path, **values)
    path = registry(program=("rectangle",), other=("sure",))
    evaluate("program", folder, registry=path, **values)
    path = registry(program=("sure",), other=("sure",))
    with pytest.raises(ResultsError, match=r"source was [0-9a-f]{12}…, is [0-9a-f]{12}… now"):
        evaluate("program", folder, registry=path, **values)


def test_a_misspelt_section_is_found_first(registry, folder, tmp_path):
    path = registry(program=("rectangle",))
    with pytest.raises(TrackerChoiceError, match=r"no tracker 'programm'.*did you mean 'program'"):
        evaluate("programm", folder, registry=path, results=tmp_path / "results")
    assert not (tmp_path / "results").exists()


def test_check_and_list(registry, tmp_path):
    path = registry(program=("sure",))
    console = Console(file=io.StringIO(), width=100, color_system=None)
    assert check("program", (), console, registry=path) == 0
    text = console.file.getvalue()
    assert "a rectangle: 15 regions of 4 numbers, with scores" in text
    assert "program keeps the contract" in text
    list_trackers(console, registry=path)
    assert "program  " in console.file.getvalue()
    assert none_runs_in(tmp_path)


@pytest.mark.slow
def test_the_embedded_set(theirs, tmp_path):
    """All experiments on ``synthetic``, with a tracker of the library."""
    path, results = theirs("polygon"), tmp_path / "results"
    analysis = evaluate("theirs", "synthetic", registry=path, results=results, experiments="all")
    assert analysis.problems == () and none_runs_in(tmp_path)
    scores = analysis.trackers["theirs"]
    assert list(scores) == ["baseline", "realtime", "unsupervised"]
    dataset = open_dataset("synthetic")
    for experiment, repetitions in (("baseline", 3), ("realtime", 1), ("unsupervised", 1)):
        for sequence in dataset:
            place = results / "theirs" / experiment / sequence.name
            files = sorted(place.glob("*_0*.txt"))
            assert len(files) == repetitions
            assert all(len(read_trajectory(file)) == len(sequence) for file in files)
