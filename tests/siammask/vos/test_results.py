"""Folders of results: whole videos, in the layout of each kind, never two runs in one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from siammask.errors import OutputError
from siammask.video.index_png import read_labels
from siammask.vos.dataset import Video, open_dataset
from siammask.vos.results import ResultFolder, find_results


@pytest.fixture
def video(davis2017: Path) -> Video:
    return open_dataset(davis2017).videos[0]


def labels(video: Video, stop: int | None = None) -> Iterator[tuple[str, np.ndarray]]:
    for index, frame in enumerate(video.frames):
        if index == stop:
            raise KeyboardInterrupt
        yield frame.stem, video.labels(index)


@pytest.mark.parametrize(
    ("kind", "place"),
    [("davis2016", "cats"), ("davis2017", "cats"), ("ytb_vos", "Annotations/cats")],
)
def test_a_video_is_written_where_its_kind_has_it(video, tmp_path, kind, place) -> None:
    folder = ResultFolder(tmp_path / "out", kind)
    assert not folder.has(video)
    assert folder.write(video, labels(video)) == 6
    assert folder.has(video)
    files = sorted((tmp_path / "out" / place).iterdir())
    assert [file.name for file in files] == [f"{index:05d}.png" for index in range(6)]
    expected = video.labels(2)
    if kind == "davis2016":
        expected = (expected > 0).astype(np.uint8) * 255
    np.testing.assert_array_equal(read_labels(files[2]), expected)
    assert cv2.imread(str(files[2]), cv2.IMREAD_UNCHANGED).ndim == (2 if kind == "davis2016" else 3)
    assert find_results(tmp_path / "out", [video]) == (tmp_path / "out" / place).parent


def test_a_video_that_is_not_finished_leaves_nothing(video: Video, tmp_path: Path) -> None:
    folder = ResultFolder(tmp_path / "out", "davis2017")
    with pytest.raises(KeyboardInterrupt):
        folder.write(video, labels(video, stop=4))
    assert list((tmp_path / "out").iterdir()) == []
    assert not folder.has(video)


def test_what_a_killed_run_left_is_removed(video: Video, tmp_path: Path) -> None:
    (tmp_path / ".cats.1234.part").mkdir()
    ResultFolder(tmp_path, "davis2017").write(video, labels(video))
    assert [path.name for path in tmp_path.iterdir() if "cats" in path.name] == ["cats"]


def test_a_folder_that_lacks_a_frame_is_named(video: Video, tmp_path: Path) -> None:
    folder = ResultFolder(tmp_path, "davis2017")
    folder.write(video, labels(video))
    (tmp_path / "cats" / "00003.png").unlink()
    with pytest.raises(OutputError, match=r"cats: lacks 00003\.png \(remove the folder"):
        folder.has(video)


def test_results_of_another_run_are_not_mixed_with(tmp_path: Path) -> None:
    folder = ResultFolder(tmp_path / "out", "davis2017")
    folder.claim({"checkpoint": "abc", "threshold": 0.35})
    folder.claim({"checkpoint": "abc", "threshold": 0.35})
    with pytest.raises(OutputError, match=r"run\.json: .*threshold was 0\.35, and is 0\.4 "):
        folder.claim({"checkpoint": "abc", "threshold": 0.4})
    (tmp_path / "out" / "run.json").write_text("<html>")
    with pytest.raises(OutputError, match=r"run\.json: cannot be read"):
        folder.claim({})


def test_a_place_that_cannot_be_written(video: Video, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="cannot be written"):
        ResultFolder(tmp_path / "out", "davis2017").write(video, labels(video))


def test_no_results_at_all(video: Video, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"no results of this data set \(expected folders such"):
        find_results(tmp_path, [video])
