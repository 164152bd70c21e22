"""The shell scripts: arguments, exit status, last lines and the case's log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

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
