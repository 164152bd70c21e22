"""The engine for clusters, on two nodes of this machine, each test in a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path

import pytest

import vot_toolkit
from vot_toolkit.errors import UsageError
from vot_toolkit.run.config import engine_for, run_config
from vot_toolkit.run.runner import run_tracker

DRIVER = Path(__file__).with_name("ray_driver.py")
LONGEST_S = 300


@pytest.fixture
def cluster(folder, tmp_path):
    """Run a case of the driver on a cluster; give what it says."""
    pytest.importorskip("ray", reason="the extra ray is not installed")

    def start(case, *arguments):
        root = str(Path(vot_toolkit.__file__).parents[1])
        driver = subprocess.Popen(
            [sys.executable, str(DRIVER), case, str(folder), str(tmp_path / "ray"), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": root},
            start_new_session=True,
        )
        try:
            out, errors = driver.communicate(timeout=LONGEST_S)
        finally:
            # With a driver that was not waited for, its cluster would stay.
            with suppress(ProcessLookupError):
                os.killpg(driver.pid, signal.SIGKILL)
        assert driver.returncode == 0, errors[-3000:]
        return json.loads(out.splitlines()[-1])

    return start


@pytest.mark.cluster
def test_a_node_lost_in_mid_run_changes_nothing(cluster, run, contents, tmp_path):
    found = cluster("lost")
    assert found["run"] == 9 and found["failures"] == []
    assert found["actors"] > 0, "the lost node had work"
    whole = run("Slow", results="serial", repetitions=4)
    assert contents(tmp_path / "ray" / "fake") == contents(whole.folder)


@pytest.mark.cluster
@pytest.mark.slow
@pytest.mark.parametrize(("case", "name"), [("whole", "Random"), ("lanes", "RandomLanes")])
def test_the_files_are_those_of_the_serial_engine(cluster, run, contents, tmp_path, case, name):
    assert cluster(case) == {"run": 12, "failures": []}
    whole = run(name, results="serial", repetitions=4)
    assert contents(tmp_path / "ray" / "fake") == contents(whole.folder)


@pytest.mark.cluster
@pytest.mark.slow
@pytest.mark.parametrize(
    ("trouble", "what"),
    [
        ("hanging", "frame 7: no answer within 1 s"),
        ("exiting", "frame 7: the tracker's process ended with exit code 3"),
        ("orphaning", "3 workers lost with it, the last one: The actor died"),
    ],
)
def test_trouble_is_dealt_with_as_by_the_process_engine(cluster, trouble, what):
    found = cluster("trouble", trouble)
    ((sequence, said),) = found["failures"]
    assert found["run"] == 2 and sequence == "cup" and said.startswith(what)
    assert found["chatty"] == 3 and found["log"] == ["", "by a child", "started"]


@pytest.mark.cluster
@pytest.mark.slow
def test_ctrl_c_leaves_nothing(folder, tmp_path):
    pytest.importorskip("ray", reason="the extra ray is not installed")
    mark = f"VOT_TEST_MARK={uuid.uuid4()}"
    root = str(Path(vot_toolkit.__file__).parents[1])
    tracker = f"{Path(__file__).with_name('fake_trackers.py')}:Slow"
    command = [sys.executable, "-m", "vot_toolkit", "eval", "--tracker", tracker]
    command += ["--dataset", str(folder), "--engine", "ray", "--workers", "2"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root, **dict([mark.split("=")])},
        start_new_session=True,
    ) as driver:
        while driver.poll() is None and not list(tmp_path.rglob("*_001.txt")):
            time.sleep(0.005)
        assert marked(mark)
        os.killpg(driver.pid, signal.SIGINT)
        said = driver.communicate(timeout=60)[0]
    assert driver.returncode == 130
    assert "the same command goes on from there" in said
    end = time.monotonic() + 20
    while marked(mark) and time.monotonic() < end:
        time.sleep(0.1)
    assert marked(mark) == []
    assert not list(tmp_path.rglob("*.part")) and not list(tmp_path.rglob(".lock"))


def marked(mark):
    """Give the command lines of the processes that have a mark in their environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (place / "environ").read_bytes():
                found.append((place / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


@pytest.mark.cluster
def test_an_address_where_nothing_answers(dataset, spec, tmp_path):
    pytest.importorskip("ray", reason="the extra ray is not installed")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # without listen: a connection is refused
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        config = run_config("baseline", dataset, engine="ray", address=address)
        with pytest.raises(UsageError, match=rf"--address {address}: .*refused"):
            run_tracker(
                spec("Steady"), dataset, config, label="it", results=tmp_path,
                engine=engine_for(config),
            )  # fmt: skip


def test_without_ray_the_extra_is_named(dataset, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "vot_toolkit.run.ray", raising=False)
    config = run_config("baseline", dataset, engine="ray")
    with pytest.raises(UsageError, match=r"ray is not installed .pip install 'siammask-bench"):
        engine_for(config)
