"""Opening a data set from what a user types."""

from __future__ import annotations

import json

import pytest

from vot_toolkit.dataset import open_dataset
from vot_toolkit.dataset import source as source_module
from vot_toolkit.errors import DatasetError


def test_a_folder(tmp_path, write_text):
    write_text(tmp_path / "myset" / "ants" / "groundtruth.txt", "1,2,3,4\n")
    assert open_dataset(tmp_path / "myset").name == "myset"
    assert open_dataset(str(tmp_path / "myset"))["ants"].name == "ants"


def test_a_file(tmp_path, write_text):
    path = write_text(tmp_path / "set.json", json.dumps({"ants": {"gt_rect": [[1, 2, 3, 4]]}}))
    assert open_dataset(str(path)).name == "set"


@pytest.mark.parametrize("source", ["nothing-of-this-name", "/none/VOT2018.json", "none/"])
def test_anything_else_is_an_error_that_lists_what_is_accepted(source):
    with pytest.raises(DatasetError) as caught:
        open_dataset(source)
    assert repr(source) in caught.value.what
    assert caught.value.hint.startswith("accepted: a VOT folder, a VOT2018.json, or a name")
    assert "synthetic" in caught.value.hint


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("syntetic", "synthetic"), ("data/VOT2081", "data/VOT2018"), ("data/my.jsn", "data/my.json")],
)
def test_a_misspelt_source_is_guessed(typed, meant, tmp_path, monkeypatch, write_text):
    monkeypatch.chdir(tmp_path)
    write_text(tmp_path / "data" / "VOT2018" / "list.txt", "")
    write_text(tmp_path / "data" / "my.json", "")
    with pytest.raises(DatasetError) as caught:
        open_dataset(typed)
    assert caught.value.hint.startswith(f"did you mean {meant!r}? accepted: a VOT folder")


def test_the_cache_is_where_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv("VOT_TOOLKIT_CACHE", str(tmp_path))
    assert source_module.cache_folder() == tmp_path


def test_the_cache_has_a_place_of_its_own_otherwise(monkeypatch):
    monkeypatch.delenv("VOT_TOOLKIT_CACHE", raising=False)
    assert "vot_toolkit" in str(source_module.cache_folder())


def test_the_embedded_set_is_rendered_once(tmp_path, monkeypatch, write_text):
    from vot_toolkit.dataset import synthetic

    rendered = []

    def render(folder, workers, progress):
        rendered.append(progress)
        write_text(folder / "ants" / "groundtruth.txt", "1,2,3,4\n")

    monkeypatch.setenv("VOT_TOOLKIT_CACHE", str(tmp_path))
    monkeypatch.setattr(synthetic, "render", render)
    progress = object()
    assert open_dataset("synthetic", progress).name == "synthetic"
    assert open_dataset("synthetic").num_frames == 1
    assert rendered == [progress]
