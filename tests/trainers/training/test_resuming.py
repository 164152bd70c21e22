"""Going on after whatever ended a run."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")


@pytest.fixture(scope="module")
def whole(
    tiny: Any, config: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[dict[str, Any]]:
    """Give the trace of a run that nothing interrupted."""
    out = tmp_path_factory.mktemp("whole")
    assert tiny.main(json.dumps({"config": str(config), "out": str(out)})) == 0
    return tiny.read_trace(out)


def wait_for_line(path: Path, count: int) -> None:
    deadline = time.monotonic() + 120
    while not (path.exists() and path.read_text().count("\n") >= count):
        assert time.monotonic() < deadline, f"no {count} lines in {path}"
        time.sleep(0.01)


def test_killed_and_resumed_is_the_same_to_the_last_bit(
    tiny: Any,
    whole: list[dict[str, Any]],
    start: Callable[..., Any],
    config: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    step = random.randint(2, 16)
    process = start(save_every=3, wait_at=step)
    wait_for_line(tmp_path / "out" / "trace.jsonl", step - 1)
    process.send_signal(signal.SIGKILL)
    text, _ = process.communicate()
    done = tiny.read_trace(tmp_path / "out")
    assert len(done) == step - 1, f"killed at {len(done)} of 16: {text}"
    given = {"config": str(config), "out": str(tmp_path / "out"), "save_every": 3}
    assert tiny.main(json.dumps(given)) == 0
    text = capsys.readouterr().out
    assert ("going on from" in text) == (len(done) >= 3), text
    assert tiny.read_trace(tmp_path / "out") == whole, f"killed after step {len(done)}"
    assert [each.name for each in sorted((tmp_path / "out").glob("*.pth"))] == [
        "checkpoint_e1.pth",
        "checkpoint_e2.pth",
    ]


def test_stopped_by_a_signal_it_saves_and_says_how_to_go_on(
    tiny: Any,
    whole: list[dict[str, Any]],
    start: Callable[..., Any],
    config: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    process = start(pause_s=0.3)
    wait_for_line(tmp_path / "out" / "trace.jsonl", 3)
    process.send_signal(signal.SIGINT)
    text, _ = process.communicate(timeout=120)
    assert process.returncode == 130, text
    assert "stopped and saved as" in text and "the same command goes on" in text
    assert "E2E Training Duration sec : " in text
    assert tiny.main(json.dumps({"config": str(config), "out": str(tmp_path / "out")})) == 0
    assert "going on from" in capsys.readouterr().out
    assert tiny.read_trace(tmp_path / "out") == whole


def test_steps_end_a_run_and_more_of_them_go_on(
    tiny: Any,
    whole: list[dict[str, Any]],
    config: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = {"config": str(config), "out": str(tmp_path)}
    assert tiny.main(json.dumps({**given, "steps": 5})) == 0
    assert tiny.read_trace(tmp_path) == whole[:5]
    assert (tmp_path / "part_e0_s5.pth").exists()
    assert tiny.main(json.dumps(given)) == 0
    assert "going on from" in capsys.readouterr().out
    assert tiny.read_trace(tmp_path) == whole


def test_a_broken_newest_file_falls_back_to_the_one_before(
    tiny: Any,
    whole: list[dict[str, Any]],
    config: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = {"config": str(config), "out": str(tmp_path)}
    assert tiny.main(json.dumps({**given, "steps": 11, "save_every": 5})) == 0
    newest = tmp_path / "part_e1_s3.pth"
    newest.write_bytes(newest.read_bytes()[:20_000])
    capsys.readouterr()
    assert tiny.main(json.dumps(given)) == 0
    said = capsys.readouterr().out
    assert "part_e1_s3.pth: broken, or no checkpoint" in said
    assert "going on from part_e1_s2.pth, the one before" in said
    assert tiny.read_trace(tmp_path) == whole


def test_another_training_is_refused(
    tiny: Any, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from trainers.errors import ResumeError

    given = {"config": str(config), "out": str(tmp_path), "steps": 1}
    assert tiny.main(json.dumps(given)) == 0
    with pytest.raises(ResumeError, match=r"recipe.training.seed was 12345, is 5"):
        tiny.main(json.dumps({**given, "seed": 5}))
    capsys.readouterr()
    assert tiny.main(json.dumps({**given, "seed": 5, "resume": "never"})) == 0
    assert "an earlier run's files were moved to" in capsys.readouterr().out
    assert sorted(each.name for each in (tmp_path / "before-1").iterdir()) == [
        "board",
        "part_e0_s1.pth",
        "trace.jsonl",
    ]


def test_checkpoints_are_the_originals(tiny: Any, config: Path, tmp_path: Path) -> None:
    assert tiny.main(json.dumps({"config": str(config), "out": str(tmp_path), "steps": 8})) == 0
    content = torch.load(tmp_path / "checkpoint_e1.pth", weights_only=True)
    assert content["epoch"] == 1 and content["arch"] == "Custom" and content["best_acc"] == 0
    assert content["anchor_cfg"]["ratios"] == [0.33, 0.5, 1, 2, 3]
    assert "mask_model.mask.head.3.weight" in content["state_dict"]
    assert all(each.device.type == "cpu" for each in content["state_dict"].values())
    assert content["optimizer"]["param_groups"][0]["momentum"] == 0.9
    assert content["training"]["progress"] == {"epoch": 1, "step": 0}


def children(pid: int) -> list[int]:
    """List the processes that a process started."""
    told = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = (map(int, line.split()) for line in told.stdout.splitlines())
    return [child for child, parent in pairs if parent == pid]


@pytest.mark.slow
def test_after_one_of_two_is_killed_both_are_started_again(
    tiny: Any, start: Callable[..., Any], tmp_path: Path
) -> None:
    process = start(devices=2, save_every=2, steps=6, pause_s=0.2, max_restarts=1)
    wait_for_line(tmp_path / "out" / "trace.jsonl", 3)
    os.kill(max(children(process.pid)), signal.SIGKILL)
    text, _ = process.communicate(timeout=120)
    assert process.returncode == 0, text
    assert "going on from" in text and "Final Performance" in text
    assert [line["total_steps"] for line in tiny.read_trace(tmp_path / "out")] == list(range(1, 7))
