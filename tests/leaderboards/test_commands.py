"""The command line as users see it: exit status, streams, and what is loaded."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {"torch", "cv2", "numba", "shapely", "pydantic"}


def run(*arguments: str, store=None) -> subprocess.CompletedProcess[str]:
    """Run a command in a fresh interpreter, which tells on stderr what it has loaded."""
    place = [] if store is None else ["--store", str(store.folder)]
    script = (
        "import sys, atexit\n"
        "atexit.register(lambda: print('\\nloaded', *sys.modules, file=sys.stderr))\n"
        "from leaderboards.cli import main; main()"
    )
    command = [sys.executable, "-c", script, *arguments, *place]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def loaded(done: subprocess.CompletedProcess[str]) -> set[str]:
    last = done.stderr.splitlines()[-1].split()
    assert last[0] == "loaded"
    return {name.split(".")[0] for name in last[1:]}


def test_help_loads_nothing_heavy():
    done = run("--help")
    assert done.returncode == 0 and "Compare trackers" in done.stdout
    assert not loaded(done) & (HEAVY | {"numpy", "rich.table"})


def test_show_loads_neither_torch_nor_cv2(filled):
    done = run("show", store=filled)
    assert done.returncode == 0, done.stderr
    assert "good" in done.stdout and "\x1b" not in done.stdout
    assert not loaded(done) & HEAVY
    # The second time the index knows everything.
    assert "numpy" not in loaded(run("show", store=filled))
    assert not loaded(run("show", "hardware", "--format", "json", store=filled)) & HEAVY


def test_problems_are_on_stderr_and_exit_status_is_1(filled):
    (filled.folder / "evaluation-x-0.json").write_text("{")
    done = run("show", "--format", "json", store=filled)
    assert done.returncode == 1
    assert len(json.loads(done.stdout)) > 1
    assert "1 problem" in done.stderr and "evaluation-x-0.json" in done.stderr


def test_wrong_options_are_one_line_and_exit_status_2(filled):
    done = run("show", "--columns", "eoa", store=filled)
    assert done.returncode == 2
    assert done.stderr.startswith("error: no column 'eoa' (did you mean 'eao'?")
    assert "Traceback" not in done.stderr


def test_add_compare_and_gate(store, results):
    from leaderboards.cli.add import add_command

    folder = [results / "results"]
    dataset = str(results / "toy.json")
    assert add_command(folder, dataset=dataset, rules="vot2018", store=store.folder) == 0
    assert add_command(folder, dataset=None, rules="vot2018", store=store.folder) == 1
    done = run("compare", "poor", "good", store=store)
    assert done.returncode == 0 and "A: B is better" in done.stdout
    assert not loaded(done) & {"torch", "cv2"}
    done = run("gate", "poor", "--baseline", "good", "--max-drop", "eao=0.01", store=store)
    assert done.returncode == 1 and done.stdout.startswith("FAIL  eao")


def test_an_empty_store_says_so(store, capsys):
    from leaderboards.cli.show import show_command

    assert show_command("trackers", published=False, store=store.folder) == 0
    assert "nothing to show" in capsys.readouterr().out


@pytest.mark.parametrize("format", ["markdown", "latex", "csv", "json"])
def test_every_format_is_written(filled, capsys, format):
    from leaderboards.cli.show import show_command

    assert show_command("hardware", format=format, store=filled.folder) == 0
    assert "1724" in capsys.readouterr().out
