"""The command lines: help, what goes together, errors as one line and a status."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from trainers.backends import backend_names, choose_backend, find_backend
from trainers.backends.protocol import Backend
from trainers.cli import chosen_devices
from trainers.errors import BackendError
from vot_toolkit.errors import UsageError

NOTHING: dict[str, Any] = {
    "npus": None,
    "gpus": None,
    "cpus": None,
    "cpu": False,
    "device": None,
}


@pytest.mark.parametrize("stage", ["base", "sharp", "rpn"])
def test_help_loads_neither_torch_nor_cv2(stage: str) -> None:
    script = (
        f"import sys; from trainers.{stage} import main\n"
        "sys.argv = ['x', '--help']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "found = {'torch', 'cv2', 'pydantic'} & set(sys.modules)\n"
        "assert not found, found"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "--npus" in done.stdout
    assert ("--base-checkpoint" in done.stdout) == (stage == "sharp")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, (None, None)),
        ({"npus": 8}, ("npu", 8)),
        ({"gpus": 1}, ("cuda", 1)),
        ({"cpus": 2}, ("cpu", 2)),
        ({"cpu": True}, ("cpu", 1)),
        ({"device": "xpu"}, ("xpu", None)),
        ({"device": "xpu:3"}, ("xpu", 3)),
    ],
)
def test_devices(given: dict[str, Any], wanted: Any) -> None:
    assert chosen_devices(**{**NOTHING, **given}) == wanted


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"npus": 1, "cpu": True}, "--npus and --cpu"),
        ({"device": "xpu:0"}, "accepted: NAME or NAME:COUNT"),
        ({"device": "xpu:all"}, "accepted: NAME or NAME:COUNT"),
    ],
)
def test_devices_that_do_not_go_together(given: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        chosen_devices(**{**NOTHING, **given})


WRONG = [
    (("--cpu", "--config", "no/such.json"), "error: no/such.json: cannot read the recipe"),
    (("--cpu", "--epochs", "1", "--steps", "1"), "is not there (--data DIR names the folder"),
    (("--device", "tpu"), "error: no backend 'tpu' ("),
    (("--cpu", "--gpus", "1"), "error: --gpus and --cpu (one of them)"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_errors_are_one_line(
    arguments: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("torch")
    from trainers.base import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["trainers.base", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    text = capsys.readouterr().err
    assert end.value.code == 2, text
    assert said in text and len(text.splitlines()) == 1, text


def test_an_error_of_the_program(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    arguments, said = WRONG[0]
    command = [sys.executable, "-m", "trainers.base", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr


def test_backends_by_name() -> None:
    assert backend_names() == ["cpu", "cuda", "npu"]
    with pytest.raises(BackendError, match=r"no backend 'gpu' .*there are cpu, cuda, npu"):
        find_backend("gpu")


def test_every_backend_keeps_the_contract() -> None:
    torch = pytest.importorskip("torch")
    for name in backend_names():
        backend = find_backend(name)
        assert isinstance(backend, Backend)
        assert backend.name == name
        assert backend.group == {"cpu": "gloo", "cuda": "nccl", "npu": "hccl"}[name]
        assert isinstance(backend.memory_format(), torch.memory_format)


def test_an_accelerator_that_is_not_there() -> None:
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    with pytest.raises(BackendError, match="or use"):
        find_backend("cuda").count()
    with pytest.raises(BackendError, match="torch_npu"):
        find_backend("npu").count()
    backend, why = choose_backend()
    assert (backend.name, why) == ("cpu", "no npu and no cuda can be used")


def test_a_backend_of_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    from importlib.metadata import EntryPoint

    import trainers.backends

    entry = EntryPoint("xpu", "trainers.backends.cpu:Cpu", trainers.backends.GROUP)
    monkeypatch.setattr(trainers.backends, "entry_points", lambda group: (entry,))
    assert backend_names() == ["cpu", "cuda", "npu", "xpu"]
    assert find_backend("xpu").device_type == "cpu"
    broken = EntryPoint("bad", "no_such_package:Thing", trainers.backends.GROUP)
    monkeypatch.setattr(trainers.backends, "entry_points", lambda group: (broken,))
    with pytest.raises(BackendError, match="backend 'bad' cannot be loaded"):
        find_backend("bad")
