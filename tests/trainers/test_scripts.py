"""The shell scripts: arguments, exit status, last lines and the case's log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
NAMES = ("train_performance_1p.sh", "train_performance_8p.sh", "train_full_8p.sh")


def call(
    name: str, *arguments: str, cwd: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(SCRIPTS / name), *arguments],
        env={**os.environ, "PYTHON": sys.executable, "OMP_NUM_THREADS": "1", **variables},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("argument", "device", "said"),
    [
        ("--steps=3", "cpu", "error: --steps=3 (accepted: --data_path=DIR)"),
        ("--data_path=no/such", "cpu", "error: --data_path=no/such: no such folder"),
        ("--data_path=.", "tpu", "error: DEVICE=tpu (accepted: npu, gpu, cpu)"),
    ],
)
def test_wrong_arguments(name: str, argument: str, device: str, said: str, tmp_path: Path) -> None:
    done = call(name, argument, cwd=tmp_path, DEVICE=device)
    assert (done.returncode, done.stderr.strip()) == (2, said)


@pytest.fixture
def fake_python(tmp_path: Path) -> Path:
    """Give a program that stands for Python: a training that is over at once, or fails."""
    program = tmp_path / "python"
    program.write_text(
        "#!/usr/bin/env bash\n"
        'if [ "$1" = - ]; then exec "$REAL" "$@"; fi\n'
        'echo "$@" >> "$SEEN"\n'
        'if [ "$FAIL" ]; then echo "error: no NPU can be used"; exit 2; fi\n'
        'cp "$SUMMARY"/summary.json "$SUMMARY"/trace.jsonl "$OUT"\n'
        'echo "Final Performance images/sec : 1723.567"\n'
    )
    program.chmod(0o755)
    speed = {"images_per_s": 1723.567, "iteration_s": 0.29706}
    summary = {"speed": speed, "devices": 8, "device_batch": 64, "loss": {"mean": 2.59404}}
    (tmp_path / "summary.json").write_text(json.dumps(summary))
    (tmp_path / "trace.jsonl").write_text('{"loss": 3.5}\n{"loss": 2.5}\n')
    return program


@pytest.mark.parametrize(
    ("name", "case", "fps"),
    [
        ("train_performance_1p.sh", "SiamMask_for_Pytorch_bs64_1p_perf", "1723.57"),
        ("train_performance_8p.sh", "SiamMask_for_Pytorch_bs64_8p_perf", "1724"),
        ("train_full_8p.sh", "SiamMask_for_Pytorch_bs64_8p_acc", "1723.57"),
    ],
)
def test_what_is_printed_and_written(
    name: str, case: str, fps: str, fake_python: Path, tmp_path: Path
) -> None:
    out, seen = tmp_path / "out", tmp_path / "seen"
    variables = {
        "PYTHON": str(fake_python),
        "REAL": sys.executable,
        "SUMMARY": str(tmp_path),
        "SEEN": str(seen),
        "FAIL": "",
        "OUT": str(out),
        "EVAL": "none",
    }
    done = call(name, "--data_path=.", "--more_path1=x", cwd=tmp_path, **variables)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Final Performance images/sec : ") == 1
    assert f"Final Performance images/sec : {fps}\n" in done.stdout
    assert ("Final Train Accuracy : 2.5940\n" in done.stdout) == ("full" in name)
    assert done.stdout.splitlines()[-1].startswith("E2E Training Duration sec : ")
    log = dict(line.split(" = ") for line in (out / f"{case}.log").read_text().splitlines())
    assert log["CaseName"] == case and log["ActualFPS"] == fps and log["ActualLoss"] == "2.5"
    assert (out / f"train_{case}_loss.txt").read_text() == "3.5\n2.5\n"
    ranks = "1" if "1p" in name else "8"
    assert f"-m trainers.base --npus {ranks} --batch 64 --amp O1" in seen.read_text()
    assert ("--steps 2000" in seen.read_text()) == ("performance" in name)


@pytest.mark.parametrize("name", NAMES)
def test_a_training_that_fails_is_told_by_the_status(
    name: str, fake_python: Path, tmp_path: Path
) -> None:
    variables = {"PYTHON": str(fake_python), "SEEN": str(tmp_path / "seen"), "FAIL": "1"}
    done = call(name, cwd=tmp_path, **variables, OUT=str(tmp_path / "out"))
    assert done.returncode == 2
    assert "no NPU can be used" in done.stdout and "Final Performance" not in done.stdout


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """Write the four data sets of the recipe, of one video with one frame each."""
    image = np.random.default_rng(0).integers(0, 256, (511, 511, 3), dtype=np.uint8)
    mask = np.zeros((511, 511), np.uint8)
    mask[200:310, 210:300] = 255
    for name, file in (
        ("ytb_vos", "train"),
        ("vid", "train"),
        ("coco", "train2017"),
        ("det", "train"),
    ):
        video = tmp_path / "data" / name / "crop511" / "train" / "v"
        video.mkdir(parents=True)
        cv2.imwrite(str(video / "000000.00.x.jpg"), image)
        if name in ("ytb_vos", "coco"):
            cv2.imwrite(str(video / "000000.00.m.png"), mask)
        boxes = {"train/v": {"00": {"000000": [20, 30, 110, 140]}}}
        (tmp_path / "data" / name / f"{file}.json").write_text(json.dumps(boxes))
    return tmp_path / "data"


def test_the_smallest_case(prepared: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    smallest = {
        "DEVICE": "cpu",
        "STEPS": "3",
        "BATCH": "1",
        # The order of all pairs is made first: of 12 million for all epochs.
        "EPOCHS": "1",
        "TRAIN_ARGS": "--workers 0 --pretrained none",
    }
    name = "train_performance_1p.sh"
    done = call(name, f"--data_path={prepared}", cwd=tmp_path, **smallest)
    assert done.returncode == 0, done.stdout + done.stderr
    *_, speed, duration = done.stdout.splitlines()
    assert float(speed.removeprefix("Final Performance images/sec : ")) > 0
    assert float(duration.removeprefix("E2E Training Duration sec : ")) > 0
    case = "SiamMask_for_Pytorch_bs1_1p_perf"
    out = tmp_path / "test" / "output" / case
    log = dict(line.split(" = ") for line in (out / f"{case}.log").read_text().splitlines())
    assert list(log) == [
        "Network", "RankSize", "BatchSize", "DeviceType", "CaseName", "ActualFPS", "TrainingTime",
        "ActualLoss", "E2ETrainingTime",
    ]  # fmt: skip
    assert (log["RankSize"], log["BatchSize"], log["DeviceType"]) == ("1", "1", "cpu")
    assert log["ActualFPS"] == speed.removeprefix("Final Performance images/sec : ")
    losses = (out / f"train_{case}_loss.txt").read_text().split()
    assert len(losses) == 3 and losses[-1] == log["ActualLoss"]
    failed = call(name, cwd=tmp_path, **smallest, AMP="O9")
    assert failed.returncode == 2
    assert "'O9' is not one of" in failed.stdout and "Final Performance" not in failed.stdout
