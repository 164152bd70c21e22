"""The door: quick help, errors of one line, exit statuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from siammask.cli import main


def siammask(*words: object) -> subprocess.CompletedProcess[str]:
    """Run ``python -m siammask`` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "siammask", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", [(), ("track",), ("vos",), ("vos-score",), ("export",)])
def test_help_loads_nothing_heavy(command: tuple[str, ...]) -> None:
    script = (
        "import sys, atexit; atexit.register(lambda: print('\\n', *sys.modules))\n"
        "from siammask.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command, "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert not loaded & {"torch", "cv2", "numpy", "onnx", "openvino"}
    assert "vot_toolkit" not in loaded


def test_ctrl_c_while_exporting(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("siammask.cli.export.export", stopped)
    monkeypatch.setattr(sys, "argv", ["siammask", "export", "--checkpoint", "f", "--out", "o"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 130


def test_help_names_every_command() -> None:
    done = siammask("--help")
    assert done.returncode == 0
    for command in ("track", "vos", "vos-score", "export"):
        assert command in done.stdout


def test_an_error_is_one_line(tmp_path: Path) -> None:
    done = siammask("vos-score", "--results", tmp_path, "--dataset", tmp_path / "nowhere")
    assert done.returncode == 2
    assert done.stderr.startswith("error: no folder '")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_bad_usage() -> None:
    assert siammask("track", "clip").returncode == 2
    assert siammask("vos", "--kind", "davis").returncode == 2
    assert siammask().returncode == 2
