"""The commands ``import`` and ``pack`` as users type them."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from vot_toolkit.cli.app import app
from vot_toolkit.errors import ResultsError


@pytest.fixture
def run(dataset, tmp_path, monkeypatch):
    """Run a command in the test's folder, which has the data set as ``tiny.json``."""
    monkeypatch.chdir(tmp_path)
    annotations = {
        sequence.name: {
            "gt_rect": [list(region) for region in sequence.groundtruth],
            "img_names": [],
            "width": 64,
            "height": 48,
        }
        for sequence in dataset
    }
    (tmp_path / "tiny.json").write_text(json.dumps(annotations))

    def start(*words):
        return CliRunner().invoke(app, [*map(str, words), "--dataset", "tiny.json"])

    return start


def test_from_one_tool_to_the_zip(fill, run, tmp_path):
    source = fill("KCF/{}/{}_001.txt")
    (source / "KCF" / "dove" / "dove_001.txt").unlink()
    done = run("import", source, "--tracker", "mine")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        "mine: baseline, 2 files; no results for 1 sequence: dove",
        "results: results",
    ]
    done = run("pack", "mine")
    assert isinstance(done.exception, ResultsError)
    assert "no results for this sequence" in str(done.exception)
    fill("KCF/{}/{}_001.txt")
    assert run("import", source, "--format", "got10k", "--out", "new").exit_code == 0
    done = run("pack", "KCF", "--results", "new", "--out", "a/KCF.zip")
    assert done.output.splitlines() == ["a/KCF.zip: 3 files and a manifest"]
    assert (tmp_path / "a" / "KCF.zip").is_file()


def test_a_format_that_there_is_not(run, tmp_path):
    done = run("import", tmp_path, "--format", "otb")
    assert done.exit_code == 2
