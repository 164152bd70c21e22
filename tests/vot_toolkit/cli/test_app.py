"""The commands as users type them: output, exit status, errors of one line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def toolkit(*words: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m vot_toolkit`` in a process of its own."""
    import os

    return subprocess.run(
        [sys.executable, "-m", "vot_toolkit", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **variables},
    )


def test_help_names_every_command() -> None:
    done = toolkit("--help")
    assert done.returncode == 0
    for command in ("analyze", "eval", "list", "check", "verify"):
        assert command in done.stdout


def test_analyze_prints_a_table_and_writes_json(small_results: Path, tmp_path: Path) -> None:
    file = tmp_path / "scores.json"
    done = toolkit(
        "analyze", small_results / "results", "--dataset", small_results / "set.json",
        "--json", file, "--attributes", "--per-sequence",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "EAO ↑" in done.stdout
    data = json.loads(file.read_text())
    assert data["schema_version"] == 1
    assert data["trackers"]["good"]["baseline"]["failures"] == 0.0
    assert data["problems"] == []


def test_analyze_finds_a_place_of_no_use_first(small_results: Path, tmp_path: Path) -> None:
    results = small_results / "results"
    done = toolkit("analyze", results, "--dataset", small_results / "set.json", "--json", results)
    assert (done.returncode, done.stdout) == (2, "")
    assert "this is a folder" in done.stderr


def test_problems_give_exit_status_1(small_results: Path) -> None:
    (small_results / "results" / "good" / "baseline" / "beta" / "beta_001.txt").unlink()
    done = toolkit("analyze", small_results / "results", "--dataset", small_results / "set.json")
    assert done.returncode == 1
    assert "good beta: no results for this sequence" in done.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["analyze", "nowhere", "--dataset", "synthetic-typo"], "no data set 'synthetic-typo'"),
        (["verify", "nowhere"], "no data set 'nowhere'"),
        (["eval", "--tracker", "ncx", "--dataset", "nowhere"], "no data set 'nowhere'"),
        (["eval", "--tracker", "ncx"], "ncc"),
        (["eval", "--tracker", "ncc", "--option", "search"], "key=value"),
        (["eval", "--tracker", "ncc", "--workers", "2", "--engine", "serial"], "--workers 2"),
        (["eval", "--tracker", "nowhere.py:A"], "nowhere.py: no such file"),
        (["eval", "--tracker", "ncc", "--option", "serch=2"], "did you mean 'search'?"),
        (["list", "nothing"], "nothing"),
        (["analyze"], "results"),
    ],
)
def test_bad_usage_is_one_clear_line_and_exit_status_2(
    words: list[str], expected: str, small_set: Path
) -> None:
    done = toolkit(*words, VOT_DATASET=str(small_set))
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("engine", ["serial", "process"])
def test_a_tracker_that_cannot_be_built_gives_exit_status_1(
    small_set: Path, tmp_path: Path, engine: str
) -> None:
    file = tmp_path / "mine.py"
    file.write_text("class A:\n    def __init__(self):\n        raise OSError('no weights')\n")
    words = ("--tracker", f"{file}:A", "--dataset", small_set, "--results", tmp_path / "results")
    done = toolkit("eval", *words, "--engine", engine)
    assert done.returncode == 1
    assert "building it raised OSError: no weights" in done.stderr


def test_eval_runs_scores_and_goes_on(small_set: Path, tmp_path: Path) -> None:
    words = ("eval", "--tracker", "ncc", "--tracker", "identity", "--dataset", small_set,
             "--results", tmp_path / "results", "--workers", "1")  # fmt: skip
    first = toolkit(*words)
    assert first.returncode == 0, first.stderr
    assert "ncc" in first.stdout and "identity" in first.stdout
    second = toolkit(*words)
    assert second.returncode == 0
    assert "kept" in second.stdout


def test_verify_lists_faults(small_set: Path) -> None:
    assert toolkit("verify", small_set).returncode == 0
    image = next((small_set / "one" / "color").iterdir())
    image.unlink()
    done = toolkit("verify", small_set)
    assert done.returncode == 1
    assert "one: 7 images for 8 annotated frames" in done.stdout


def test_lists() -> None:
    assert "csrt" in toolkit("list", "trackers").stdout
    assert "synthetic" in toolkit("list", "datasets").stdout
    assert "pysot" in toolkit("list", "rules").stdout
