"""The zip of a tracker's results."""

from __future__ import annotations

import zipfile
from datetime import datetime

import pytest

from vot_toolkit.errors import ResultsError
from vot_toolkit.exchange.packing import pack


@pytest.fixture
def results(fill):
    """Write whole results of one tracker in two experiments."""
    fill("KCF/unsupervised/{}/{}_001.txt", "kept", root="results")
    source = fill("KCF/baseline/{}/{}_001.txt", root="results")
    (source / "KCF" / "baseline" / "cup" / "cup_time.txt").write_text("0.1\n" * 8)
    (source / "KCF" / "baseline" / "cup" / "notes.md").write_text("mine")
    (source / "KCF" / "run.json").write_text("{}")
    return source


def test_the_zip(results, dataset, tmp_path):
    out = tmp_path / "new folder" / "KCF.zip"
    assert pack(results, "KCF", dataset, out) == 7
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[0] == "manifest.txt"
        assert names[1:] == sorted(names[1:])
        assert "baseline/cup/cup_001.txt" in names and "baseline/cup/cup_time.txt" in names
        assert len(names) == 8
        for name in names[1:]:
            assert archive.read(name) == (results / "KCF" / name).read_bytes()
        manifest = dict(line.split("=", 1) for line in archive.read(names[0]).decode().splitlines())
    # The keys of the published results of 2018, in their order.
    assert list(manifest)[:9] == [
        "toolkit.version",
        "tracker.identifier",
        "tracker.interpreter",
        "timestamp",
        "platform",
        "platform.maxsize",
        "platform.endian",
        "environment",
        "environment.version",
    ]
    assert manifest["tracker.identifier"] == "KCF" and manifest["environment"] == "python"
    assert datetime.strptime(manifest["timestamp"], "%Y-%m-%d %H:%M:%S").year >= 2026
    assert manifest["dataset.name"] == "tiny"
    assert manifest["dataset.sha256"] == dataset.digest()


def test_equal_results_are_equal_zips(results, dataset, tmp_path):
    for name in ("a.zip", "b.zip"):
        pack(results, "KCF", dataset, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda folder: (folder / "cup_001.txt").unlink(), "no results for this sequence"),
        (lambda folder: (folder / "cup_001.txt").write_text("1\n"), "1 line for 8 frames"),
        (lambda folder: (folder / "cup_003.txt").write_text("1\n"), "repetition 003 too many"),
    ],
)
def test_only_whole_results_are_packed(results, dataset, tmp_path, change, message):
    change(results / "KCF" / "baseline" / "cup")
    with pytest.raises(ResultsError, match=message):
        pack(results, "KCF", dataset, tmp_path / "KCF.zip")
    assert not (tmp_path / "KCF.zip").exists()


def test_a_tracker_without_results(results, dataset, tmp_path):
    with pytest.raises(ResultsError, match=r"no results of tracker 'KFC' \(did you mean 'KCF'"):
        pack(results, "KFC", dataset, tmp_path / "KCF.zip")
    (results / "SRDCF").mkdir()
    with pytest.raises(ResultsError, match="no folder of an experiment"):
        pack(results, "SRDCF", dataset, tmp_path / "KCF.zip")
