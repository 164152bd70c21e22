"""The lock on a folder of results: who holds it, and what becomes of a dead one's."""

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from vot_toolkit.errors import ResultsError, UserError
from vot_toolkit.run import lock
from vot_toolkit.run.lock import FILE_NAME, Holder, held


def dead_holder():
    """Describe a process of this machine that has ended."""
    code = "from vot_toolkit.run.lock import *; print(json.dumps(asdict(Holder.current())))"
    root = str(Path(lock.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    return Holder(**json.loads(done.stdout))


def write(folder, holder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_text(json.dumps(asdict(holder)))


def test_nothing_is_left(tmp_path):
    folder = tmp_path / "results" / "tracker"
    with held(folder):
        assert [path.name for path in folder.iterdir()] == [FILE_NAME]
    assert list(tmp_path.iterdir()) == []
    with held(folder):
        (folder / "run.json").write_text("{}")
    assert [path.name for path in folder.iterdir()] == ["run.json"]


def test_a_folder_is_held_by_one(tmp_path):
    with held(tmp_path), pytest.raises(ResultsError) as error, held(tmp_path):
        pass
    me = Holder.current()
    assert f"{tmp_path} is in use by process {me.pid} on {me.host} since 20" in str(error.value)
    assert f"or take another --name; if it is no more, remove {tmp_path}/.lock)" in str(error.value)
    with held(tmp_path):
        pass


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path):
    write(tmp_path, dead_holder())
    with held(tmp_path):
        assert json.loads((tmp_path / FILE_NAME).read_text())["pid"] == os.getpid()
    assert not (tmp_path / FILE_NAME).exists()


def test_a_number_given_out_again_is_another_process(tmp_path):
    write(tmp_path, replace(dead_holder(), pid=os.getpid()))
    with held(tmp_path):
        pass


@pytest.mark.parametrize("change", [{"host": "elsewhere"}, {"kernel": "another"}])
def test_a_lock_of_elsewhere_is_respected(tmp_path, change):
    write(tmp_path, replace(dead_holder(), **change))
    with pytest.raises(ResultsError, match="is in use by process"), held(tmp_path):
        pass
    assert (tmp_path / FILE_NAME).exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', "null"])
def test_a_lock_that_says_nothing_is_respected(tmp_path, text):
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(ResultsError, match="a run that does not say who it is"), held(tmp_path):
        pass


def test_of_many_that_find_a_dead_one_each_has_it_alone(tmp_path):
    dead, inside, most = dead_holder(), [0], [0]
    (tmp_path / "kept").touch()

    def work(_):
        try:
            with held(tmp_path):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                threading.Event().wait(0.001)
                inside[0] -= 1
                return 1
        except ResultsError:
            return 0

    with ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            write(tmp_path, dead)
            assert sum(pool.map(work, range(8))) >= 1
    assert most == [1]


def test_where_nothing_can_be_written_nothing_is_locked(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with held(tmp_path):
        pass


def test_a_full_disk_is_named(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", refuse)
    folder = tmp_path / "results" / "tracker"
    with pytest.raises(UserError, match=r"tracker: cannot be written: No space left"), held(folder):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_run_holds_its_folder(run, tmp_path):
    first = run("Steady", sequences=["ball"])
    assert not (first.folder / FILE_NAME).exists()
    with held(first.folder), pytest.raises(ResultsError, match="is in use by"):
        run("Steady", force=True)
    assert list(first.folder.rglob("ball_001.txt")), "nothing was removed"
    write(first.folder, dead_holder())
    assert run("Steady").num_run == 2
    assert not (first.folder / FILE_NAME).exists()
