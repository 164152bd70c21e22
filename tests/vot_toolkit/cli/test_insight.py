"""The commands that show what is behind the scores, as users type them."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vot_toolkit.cli.app import app
from vot_toolkit.errors import UsageError, UserError


def typed(*words: object) -> tuple[int, str]:
    """Run a command in this process; give its exit status and what it printed."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


@pytest.fixture
def common(small_results: Path) -> tuple[str, ...]:
    return ("--results", f"{small_results}/results", "--dataset", f"{small_results}/set.json")


@pytest.mark.parametrize("kind", ["latex", "markdown"])
def test_report_as_tables(small_results: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "new" / "tables"
    status, text = typed(
        "report", small_results / "results", "--dataset", small_results / "set.json",
        "--format", kind, "--out", out,
    )  # fmt: skip
    assert status == 0 and text.strip().replace("\n", "") == str(out)
    assert "EAO" in out.read_text() and "alpha" in out.read_text()


def test_report_finds_a_place_of_no_use_first(small_results: Path) -> None:
    with pytest.raises(UsageError, match=r"--out .*: this is a folder"):
        typed("report", small_results / "results", "--dataset", "nowhere", "--out", small_results)


def test_without_the_extra_the_way_to_it_is_named(
    small_results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        "vot_toolkit.report.extra.find_spec",
        lambda name: None if name == "altair" else real(name),
    )
    hint = r"reports need altair \(pip install 'siammask-bench\[report\]'\)"
    results, dataset = small_results / "results", small_results / "set.json"
    for words in (
        ("report", results, "--dataset", dataset, "--out", tmp_path / "a.html"),
        ("analyze", results, "--dataset", dataset, "--html", tmp_path / "a.html"),
    ):
        with pytest.raises(UsageError, match=hint):
            typed(*words)
    assert not (tmp_path / "a.html").exists()


def test_analyze_writes_a_page_and_intervals(small_results: Path, tmp_path: Path) -> None:
    pytest.importorskip("altair", reason="pages come with the extra `report`")
    status, _ = typed(
        "analyze", small_results / "results", "--dataset", small_results / "set.json", "--ci",
        "--html", tmp_path / "a.html", "--json", tmp_path / "a.json",
    )  # fmt: skip
    assert status == 0
    assert (tmp_path / "a.html").read_text().startswith("<!doctype html>")
    data = json.loads((tmp_path / "a.json").read_text())
    assert data["trackers"]["good"]["baseline"]["intervals"] == {}


def test_explain(common: tuple[str, ...], tmp_path: Path) -> None:
    status, text = typed("explain", "poor", *common, "--json", tmp_path / "why.json")
    assert status == 0
    assert "poor · baseline" in text and "from vot2018 to vot-toolkit" in text
    (data,) = json.loads((tmp_path / "why.json").read_text())
    assert len(data["differences"]) == 4


def test_failures(common: tuple[str, ...], tmp_path: Path) -> None:
    status, text = typed("failures", "poor", *common, "--json", tmp_path / "lost.json")
    assert status == 0 and "2 failures; frames with occlusion 2" in text
    assert [each["frame"] for each in json.loads((tmp_path / "lost.json").read_text())] == [16, 16]
    status, text = typed("failures", "poor", *common, "--sequence", "beta")
    assert "1 failure;" in text and "alpha" not in text


def test_strips_need_images(common: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot read the image"):
        typed("failures", "poor", *common, "--strips", tmp_path / "strips")


@pytest.fixture
def seen(small_set: Path, tmp_path: Path) -> tuple[str, ...]:
    """Give options that name results on a set with images: lost in the third frame of ``one``."""
    for name, frames in (("one", 8), ("two", 10)):
        folder = tmp_path / "results" / "mine" / "baseline" / name
        folder.mkdir(parents=True)
        lines = (small_set / name / "groundtruth.txt").read_text().splitlines()
        lines[0] = "1"
        if name == "one":
            lines[2:8] = ["2", "0", "0", "0", "0", "1"]
        (folder / f"{name}_001.txt").write_text("\n".join(lines[:frames]) + "\n")
    return ("--results", str(tmp_path / "results"), "--dataset", str(small_set))


def test_strips_of_failures(seen: tuple[str, ...], tmp_path: Path) -> None:
    status, text = typed("failures", "mine", *seen, "--strips", tmp_path / "strips")
    assert status == 0 and "1 strip in" in text
    assert [each.name for each in (tmp_path / "strips").iterdir()] == ["one_001_00003.png"]


@pytest.mark.parametrize("name", ["strip.png", "video.mp4"])
def test_view_writes(seen: tuple[str, ...], tmp_path: Path, name: str) -> None:
    out = tmp_path / "new" / name
    status, _ = typed("view", "one", *seen, "--tracker", "mine", "--out", out, "--scale", "2")
    assert status == 0 and out.stat().st_size > 1000


def test_view_of_the_ground_truth_alone(small_set: Path, tmp_path: Path) -> None:
    out = tmp_path / "strip.png"
    status, _ = typed("view", "one", "--dataset", small_set, "--frames", "2:4", "--out", out)
    assert status == 0 and out.is_file()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["one", "--out", "x.gif"], r"no such kind of picture \(accepted: \.mp4, \.png\)"),
        (["one", "--frames", "4:99", "--out", "x.png"], r"names no frames.*from 1 to 8"),
        (["one", "--frames", "a", "--out", "x.png"], "names no frames"),
        (["three", "--out", "x.png"], "no sequence 'three'"),
        (["one", "--tracker", "yours", "--out", "x.png"], "no results of tracker 'yours'"),
        (["one", "--tracker", "mine", "--repetition", "2", "--out", "x.png"], "one_001.txt"),
    ],
)
def test_view_names_what_is_wrong(seen: tuple[str, ...], words: list[str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        typed("view", *words, *seen)


def test_view_needs_images(seen: tuple[str, ...], small_set: Path) -> None:
    shutil.rmtree(small_set / "one" / "color")
    with pytest.raises(UserError):
        typed("view", "one", *seen, "--out", "x.png")
