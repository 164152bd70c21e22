"""Scoring folders of results: which frames and objects count, and what is wrong with files."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from rich.console import Console

from siammask.errors import DatasetError, OutputError
from siammask.video.index_png import encode_labels, read_labels
from siammask.vos.dataset import open_dataset
from siammask.vos.report import score_dict, score_table
from siammask.vos.scoring import is_annotated, score


def shifted(root: Path, out: Path, by: int, size: str = "480p") -> Path:
    """Copy annotations as results, all of them moved to the right."""
    for path in (root / "Annotations" / size).rglob("*.png"):
        copy = out / path.parent.name / path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(encode_labels(np.roll(read_labels(path), by, axis=1)))
    return out


@pytest.mark.parametrize("kind", ["davis2016", "davis2017"])
def test_the_truth_scores_1(davis2017: Path, kind) -> None:
    scores = score(davis2017, open_dataset(davis2017, kind))
    assert scores.mean == 1.0
    assert vars(scores.region) == vars(scores.contour) == {"mean": 1.0, "recall": 1.0, "decay": 0.0}
    assert not scores.problems


def test_a_shift_by_hand(davis2017: Path, tmp_path: Path) -> None:
    results = shifted(davis2017, tmp_path / "results", 5)
    scores = score(results, open_dataset(davis2017).select(["cats"]))
    (video,) = scores.videos
    # Squares of 20x20 and 30x20 px moved by 5 px to the right.
    assert [item.region.mean for item in video.objects] == pytest.approx([15 / 25, 25 / 35])
    # Boundaries of 80 and 100 px, 1 px of tolerance (the diagonal is 100 px): of the first, 17 px
    # above and below and 1 px more at each end of the left side are near.
    near = 1
    matched = [2 * (side + 1 - 5 + near) + 2 * near for side in (20, 30)]
    expected = [matched[0] / 80, matched[1] / 100]
    assert [item.contour.mean for item in video.objects] == pytest.approx(expected)
    assert scores.region.mean == pytest.approx((15 / 25 + 25 / 35) / 2)
    assert [item.num_frames for item in video.objects] == [4, 4]


def test_each_object_has_the_same_weight(davis2017: Path, tmp_path: Path) -> None:
    for index in range(6):  # one of the two videos has one object only
        path = davis2017 / f"Annotations/480p/ants/{index:05d}.png"
        path.write_bytes(encode_labels(np.minimum(read_labels(path), 1) * (read_labels(path) == 1)))
    results = shifted(davis2017, tmp_path / "results", 5)
    scores = score(results, open_dataset(davis2017))
    assert [len(video.objects) for video in scores.videos] == [2, 1]
    assert scores.region.mean == pytest.approx((15 / 25 + 25 / 35 + 15 / 25) / 3)


def test_davis_leaves_out_the_first_and_the_last_frame(davis2017: Path, tmp_path: Path) -> None:
    results = shifted(davis2017, tmp_path / "results", 0)
    for name in ("cats", "ants"):
        for frame in ("00000", "00005"):
            (results / name / f"{frame}.png").unlink()
    assert score(results, open_dataset(davis2017)).mean == 1.0


def test_youtube_leaves_out_the_first_frame_of_each_object(youtube, tmp_path: Path) -> None:
    root = youtube("train", all_annotated=True)
    dataset = open_dataset(root / "train")
    results = shifted(root / "train", tmp_path / "results", 0, size="")
    (scored,) = score(results, dataset).videos
    assert [item.num_frames for item in scored.objects] == [3, 3]
    for index, there in ((2, 2), (5, 1)):  # object 2's first frame; object 1 after its last
        path = results / "0a1b" / f"{index:05d}.png"
        labels = read_labels(path)
        path.write_bytes(encode_labels(np.where(labels == there, 0, labels).astype(np.uint8)))
    assert score(results, dataset).mean == 1.0


def test_first_frames_only_cannot_be_scored(youtube, davis2017: Path, tmp_path: Path) -> None:
    dataset = open_dataset(youtube())
    assert not is_annotated(dataset)
    with pytest.raises(DatasetError, match="ytb_vos valid has annotations of first frames only"):
        score(tmp_path, dataset)
    for path in davis2017.glob("Annotations/480p/*/*.png"):
        if path.stem != "00000":
            path.unlink()
    assert not is_annotated(open_dataset(davis2017))


def test_void_pixels_do_not_count(davis2017: Path, tmp_path: Path) -> None:
    results = shifted(davis2017, tmp_path / "results", 0)
    for path in results.glob("cats/*.png"):
        labels = read_labels(path)
        labels[:, 60:] = 1
        path.write_bytes(encode_labels(labels))
        truth = davis2017 / "Annotations/480p/cats" / path.name
        labels = read_labels(truth)
        labels[:, 60:] = 255
        truth.write_bytes(encode_labels(labels))
    assert score(results, open_dataset(davis2017).select(["cats"])).mean == 1.0


def test_binary_results_of_davis_2016(davis2016: Path, tmp_path: Path) -> None:
    shutil.copytree(davis2016 / "Annotations/480p", tmp_path / "results/480p")
    assert score(tmp_path / "results", open_dataset(davis2016)).mean == 1.0


def spoil(path: Path, fault: str) -> None:
    labels = read_labels(path)
    if fault == "missing":
        path.unlink()
    elif fault == "junk":
        path.write_bytes(b"junk")
    elif fault == "size":
        path.write_bytes(encode_labels(labels[:-1]))
    elif fault == "label":
        path.write_bytes(encode_labels(labels * 127))
    elif fault == "colour":
        cv2.imwrite(str(path), np.dstack([labels] * 3))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("missing", "cannot be read: No such file"),
        ("junk", "no PNG file"),
        ("size", "is 80x59, but its annotation is 80x60"),
        ("label", r"holds label 127, which is no object's \(labels of cats: 1, 2\)"),
        ("colour", "colour type 2"),
    ],
)
def test_a_fault_is_named_and_the_other_videos_are_scored(
    davis2017: Path, tmp_path: Path, fault: str, expected: str
) -> None:
    results = shifted(davis2017, tmp_path / "results", 0)
    spoil(results / "cats" / "00003.png", fault)
    scores = score(results, open_dataset(davis2017))
    assert [video.name for video in scores.videos] == ["ants"]
    assert list(scores.problems) == ["cats"]
    assert re.search(rf"cats/00003\.png: .*{expected}", scores.problems["cats"])


def test_a_missing_annotation_is_named(davis2017: Path, tmp_path: Path) -> None:
    results = shifted(davis2017, tmp_path / "results", 0)
    (davis2017 / "Annotations/480p/cats/00002.png").unlink()
    scores = score(results, open_dataset(davis2017))
    assert "Annotations/480p/cats/00002.png: cannot be read" in scores.problems["cats"]


def test_no_results(davis2017: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no results of this data set"):
        score(tmp_path / "nowhere", open_dataset(davis2017))


TABLE = """\
DAVIS val (davis2017, 2 videos): J&F 0.581
video  objects  J mean ↑  J recall ↑  J decay ↓  F mean ↑  F recall ↑  F decay ↓
cats         2     0.657       1.000      0.000     0.505       0.500      0.000
  1                0.600       1.000      0.000     0.450       0.000      0.000
  2                0.714       1.000      0.000     0.560       1.000      0.000
ants         2     0.657       1.000      0.000     0.505       0.500      0.000
  1                0.600       1.000      0.000     0.450       0.000      0.000
  2                0.714       1.000      0.000     0.560       1.000      0.000
all          4     0.657       1.000      0.000     0.505       0.500      0.000
"""


def test_the_table_and_the_json(davis2017: Path, tmp_path: Path) -> None:
    results = shifted(davis2017, tmp_path / "results", 5)
    scores = score(results, open_dataset(davis2017))
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(score_table(scores, per_object=True))
    lines = [line.rstrip() for line in console.export_text().splitlines()]
    assert "\n".join(lines) + "\n" == TABLE
    data = json.loads(json.dumps(score_dict(scores), allow_nan=False))
    assert data["schema_version"] == 1
    assert data["dataset"] == {"name": "DAVIS", "kind": "davis2017", "split": "val", "videos": 2}
    assert data["J"]["mean"] == pytest.approx(0.657142857)
    assert data["videos"]["ants"]["objects"]["2"]["F"]["recall"] == 1.0


def test_nothing_scored_is_null_in_json(davis2017: Path, tmp_path: Path) -> None:
    results = shifted(davis2017, tmp_path / "results", 0)
    for name in ("cats", "ants"):
        spoil(results / name / "00003.png", "junk")
    data = score_dict(score(results, open_dataset(davis2017)))
    assert data["j_and_f"] is None
    assert len(data["problems"]) == 2


@pytest.mark.real_data
def test_a_real_video(real_data: Path, tmp_path: Path) -> None:
    dataset = open_dataset(real_data / "davis")
    assert score(real_data / "davis", dataset).mean == 1.0
    truth = real_data / "davis/Annotations/480p/car-shadow"
    expected = []
    for path in sorted(truth.iterdir()):
        mask = read_labels(path) > 0
        moved = np.roll(mask, 12, axis=1)
        (tmp_path / "car-shadow").mkdir(exist_ok=True)
        (tmp_path / "car-shadow" / path.name).write_bytes(encode_labels(moved.astype(np.uint8)))
        expected.append((mask & moved).sum() / (mask | moved).sum())
    scores = score(tmp_path, dataset)
    assert scores.region.mean == pytest.approx(np.mean(expected[1:-1]), rel=1e-12)
    assert 0.5 < scores.contour.mean < 1.0  # 12 px is beyond the 8 px of tolerance
