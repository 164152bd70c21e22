"""A recording: every part of it, and whole wherever it stops."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from siammask.errors import OutputError
from siammask.video.index_png import read_labels
from siammask.video.recording import Places, Recording
from siammask.video.sources import Frame, open_source


@dataclass
class Target:
    region: np.ndarray
    score: float
    mask: np.ndarray | None
    lost: bool = False


def frame(number: int) -> Frame:
    image = np.full((48, 64, 3), 90, np.uint8)
    return Frame(f"{number:05d}", f"frame {number}", image)


def target(x: int, score: float = 0.9, masked: bool = True, lost: bool = False) -> Target:
    mask = np.full((48, 64), -1, np.float32)
    mask[10:30, x : x + 20] = score
    corners = np.array([x, 10, x + 20, 10, x + 20, 30, x, 30], float)
    return Target(corners, score, mask if masked else None, lost)


def record(out: Path, *rows: list[Target], **settings: object) -> Recording:
    recording = Recording(Places.of(out), 0.3, **settings)  # type: ignore[arg-type]
    regions = [np.array([5.0, 10.0, 20.0, 20.0])] * len(rows[0])
    recording.start(frame(0), regions)
    for number, row in enumerate(rows, start=1):
        recording.add(frame(number), row)
    return recording


def test_one_target_into_a_folder(tmp_path: Path) -> None:
    record(tmp_path / "out", [target(6)], [target(7, 0.75)]).close()
    files = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file())
    assert files == [
        "out/frames/00000.jpg", "out/frames/00001.jpg", "out/frames/00002.jpg",
        "out/masks/00001.png", "out/masks/00002.png",
        "out/regions/target_1.txt",
        "out/scores.csv",
    ]  # fmt: skip
    assert (tmp_path / "out/regions/target_1.txt").read_text() == (
        "1\n"
        "6.0000,10.0000,26.0000,10.0000,26.0000,30.0000,6.0000,30.0000\n"
        "7.0000,10.0000,27.0000,10.0000,27.0000,30.0000,7.0000,30.0000\n"
    )
    assert (tmp_path / "out/scores.csv").read_text() == (
        "frame,target,score,lost\n00000,1,1.0000,0\n00001,1,0.9000,0\n00002,1,0.7500,0\n"
    )
    mask = cv2.imread(str(tmp_path / "out/masks/00001.png"), cv2.IMREAD_UNCHANGED)
    assert mask.shape == (48, 64)
    assert set(np.unique(mask)) == {0, 255}
    assert mask[15, 6] == 255


def test_several_targets_have_a_file_each_and_share_a_mask(tmp_path: Path) -> None:
    record(tmp_path / "out", [target(6, 0.6), target(16, 0.9)]).close()
    labels = read_labels(tmp_path / "out/masks/00001.png")
    assert labels[15, [5, 6, 15, 16, 25, 35, 36]].tolist() == [0, 1, 1, 2, 2, 2, 0]
    second = (tmp_path / "out/regions/target_2.txt").read_text().splitlines()
    assert second[1].startswith("16.0000,")


def test_a_lost_target_is_not_drawn_and_has_code_0(tmp_path: Path) -> None:
    row = [target(6, 0.9), target(36, 0.6, lost=True)]
    recording = record(tmp_path / "out", row, suffix=".png")
    recording.close()
    assert recording.num_lost == 1
    assert (tmp_path / "out/regions/target_2.txt").read_text() == "1\n0\n"
    assert "00001,1,0.9000,0\n00001,2,0.6000,1\n" in (tmp_path / "out/scores.csv").read_text()
    assert set(np.unique(read_labels(tmp_path / "out/masks/00001.png"))) == {0, 1}
    picture = cv2.imread(str(tmp_path / "out/frames/00001.png"))
    assert (picture[:, 32:] == 90).all()


def test_a_box_network_leaves_no_masks(tmp_path: Path) -> None:
    rows = [target(6, masked=False)], [target(6, masked=False, lost=True)]
    record(tmp_path / "out", *rows).close()
    assert not (tmp_path / "out/masks").exists()


def test_a_video_with_the_rest_beside_it(tmp_path: Path) -> None:
    record(tmp_path / "cat.mp4", [target(6)], [target(7)], fps=10.0).close()
    assert {p.name for p in tmp_path.iterdir()} == {"cat.mp4", "cat"}
    assert {p.name for p in (tmp_path / "cat").iterdir()} == {"masks", "regions", "scores.csv"}
    source = open_source(str(tmp_path / "cat.mp4"))
    assert (len(list(source)), source.fps) == (3, 10.0)


def test_nothing_is_kept_without_a_place() -> None:
    recording = Recording(None, 0.3)
    picture = recording.start(frame(0), [np.array([5.0, 10.0, 20.0, 20.0])])
    assert (picture != 90).any()
    recording.close()


def test_no_frame_leaves_nothing(tmp_path: Path) -> None:
    Recording(Places.of(tmp_path / "out"), 0.3).close()
    assert not (tmp_path / "out").exists()


def test_a_video_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cat\.webm: no video of kind \.webm .*accepted: \.avi"):
        Places.of(tmp_path / "cat.webm")


@pytest.mark.parametrize("part", ["frames", "masks", "regions", "scores.csv"])
def test_an_earlier_recording_is_not_mixed_with(tmp_path: Path, part: str) -> None:
    (tmp_path / part).mkdir()
    with pytest.raises(OutputError, match=f"{part}: is there already"):
        Places.of(tmp_path)
