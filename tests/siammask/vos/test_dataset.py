"""Folders of DAVIS and YouTube-VOS as they are downloaded, and as they should not be."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from siammask.errors import DatasetError, ImageError
from siammask.vos.dataset import Object, open_dataset


def names(root: Path, *words: str | None) -> list[str]:
    return [video.name for video in open_dataset(root, *words).videos]  # type: ignore[arg-type]


def test_davis_2017(davis2017: Path) -> None:
    dataset = open_dataset(davis2017)
    assert (dataset.kind, dataset.split, dataset.told_by) == (
        "davis2017", "val", "ImageSets/2017",
    )  # fmt: skip
    assert [video.name for video in dataset.videos] == ["cats", "ants"]
    video = dataset.videos[0]
    assert video.objects == (Object(1, 0, 5), Object(2, 0, 5))
    assert [frame.name for frame in video.frames][:2] == ["00000.jpg", "00001.jpg"]
    assert video.mask(Object(2, 0, 5)).sum() == 600
    assert names(davis2017, None, "train") == ["bees"]


def test_davis_2016_in_the_folder_of_2017(davis2017: Path) -> None:
    dataset = open_dataset(davis2017, "davis2016")
    assert [video.name for video in dataset.videos] == ["bees"]
    assert dataset.videos[0].objects == (Object(1, 0, 5),)
    assert dataset.videos[0].labels(0).sum() == 400 + 600


def test_davis_2016_as_it_was_first_packed(davis2016: Path) -> None:
    dataset = open_dataset(davis2016)
    assert (dataset.kind, dataset.told_by) == ("davis2016", "ImageSets/480p")
    assert [video.name for video in dataset.videos] == ["bear"]
    assert set(np.unique(dataset.videos[0].labels(0))) == {0, 1}


def test_a_davis_folder_without_lists(davis2016: Path, davis2017: Path) -> None:
    for root, kind, found in (
        (davis2016, "davis2016", ["bear"]),
        (davis2017, "davis2017", ["ants", "bees", "cats"]),
    ):
        shutil.rmtree(root / "ImageSets")
        dataset = open_dataset(root)
        assert (dataset.kind, dataset.split) == (kind, "")
        assert [video.name for video in dataset.videos] == found
        with pytest.raises(DatasetError, match="no list for split 'val'"):
            open_dataset(root, None, "val")


def test_void_is_no_object(davis2017: Path) -> None:
    from siammask.video.index_png import encode_labels, read_labels

    path = davis2017 / "Annotations/480p/cats/00000.png"
    labels = read_labels(path)
    labels[30:40] = 255
    path.write_bytes(encode_labels(labels))
    (video, _) = open_dataset(davis2017).videos
    assert [item.label for item in video.objects] == [1, 2]


@pytest.mark.parametrize("name", ["", "valid"])
def test_youtube_with_annotations_of_first_frames_only(youtube, name: str) -> None:
    dataset = open_dataset(youtube() / name)
    assert (dataset.name, dataset.kind, dataset.split) == ("ytb_vos", "ytb_vos", "valid")
    (video,) = dataset.videos
    assert video.objects == (Object(1, 0, 3), Object(2, 2, 5))
    assert len(video.frames) == 6
    assert video.mask(video.objects[1]).sum() == 600


def test_youtubes_splits(youtube) -> None:
    youtube("train")
    root = youtube("valid")
    assert open_dataset(root, None, "val").split == "valid"
    assert open_dataset(root, None, "train").split == "train"
    assert open_dataset(root / "train").split == "train"
    with pytest.raises(DatasetError, match="no split 'train' in one split"):
        open_dataset(root / "valid", None, "train")
    with pytest.raises(DatasetError, match=r"test/meta\.json: cannot be read: No such file"):
        open_dataset(root, None, "test")


def test_videos_are_selected_by_name(davis2017: Path) -> None:
    dataset = open_dataset(davis2017)
    assert dataset.select([]) is dataset
    assert [video.name for video in dataset.select(["ants"]).videos] == ["ants"]
    with pytest.raises(DatasetError, match=r"no video 'ant' in DAVIS val \(did you mean 'ants'\?"):
        dataset.select(["ant"])
    with pytest.raises(DatasetError, match="there are: cats, ants"):
        dataset.select(["zebra"])


def test_what_is_no_data_set(tmp_path: Path, davis2017: Path) -> None:
    with pytest.raises(DatasetError, match="no folder"):
        open_dataset(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match="expected JPEGImages and Annotations"):
        open_dataset(tmp_path)
    with pytest.raises(DatasetError, match=r"kind 'davis' \(accepted: davis2016, davis2017, ytb"):
        open_dataset(davis2017, "davis")  # type: ignore[arg-type]


def test_what_a_davis_folder_may_lack(davis2017: Path) -> None:
    with pytest.raises(DatasetError, match=r"test-dev\.txt.*there are: train, val"):
        open_dataset(davis2017, None, "test-dev")
    shutil.rmtree(davis2017 / "JPEGImages/480p/ants")
    with pytest.raises(DatasetError, match="480p/ants: no frame of this video"):
        open_dataset(davis2017)
    shutil.rmtree(davis2017 / "JPEGImages/480p")
    with pytest.raises(DatasetError, match="expected 480p; there are: none"):
        open_dataset(davis2017)


def test_another_size_of_davis_is_taken_where_there_is_no_480p(davis2017: Path) -> None:
    for part in ("JPEGImages", "Annotations"):
        (davis2017 / part / "480p").rename(davis2017 / part / "Full-Resolution")
    video = open_dataset(davis2017).videos[0]
    assert video.frames[0].parts[-3] == video.annotations[0].parts[-3] == "Full-Resolution"


def test_a_frame_that_is_missing_is_named(davis2017: Path) -> None:
    (davis2017 / "JPEGImages/480p/ants/00003.jpg").unlink()
    with pytest.raises(DatasetError, match=r"480p/ants: no frame 00003, which is annotated"):
        open_dataset(davis2017)


def test_annotations_that_cannot_be_used(davis2017: Path) -> None:
    (video, other) = open_dataset(davis2017).videos
    video.annotations[0].write_bytes(b"junk")
    with pytest.raises(ImageError, match=r"cats/00000\.png: no PNG file"):
        _ = video.objects
    with pytest.raises(DatasetError, match=r"00000\.png: object 3 has no pixel"):
        other.mask(Object(3, 0, 5))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<html>", "is no JSON"),
        ("[]", "has no videos"),
        ('{"videos": {}}', "no video"),
        ('{"videos": {"a": {}}}', "video 'a' has no objects with frames"),
        ('{"videos": {"a": {"objects": {}}}}', "video 'a' has no objects"),
        ('{"videos": {"a": {"objects": {"1": {"frames": []}}}}}', "video 'a' has no objects"),
        ('{"videos": {"a": {"objects": {"255": {"frames": ["0"]}}}}}', "video 'a' has no"),
        ('{"videos": {"a": {"objects": {"x": {"frames": ["0"]}}}}}', "video 'a' has no objects"),
    ],
)
def test_a_meta_json_that_is_none(youtube, content: str, expected: str) -> None:
    root = youtube()
    (root / "valid" / "meta.json").write_text(content)
    with pytest.raises(DatasetError, match=rf"meta\.json: {expected}"):
        open_dataset(root)


def test_frames_may_be_listed_in_any_order(youtube) -> None:
    path = youtube() / "valid" / "meta.json"
    meta = json.loads(path.read_text())
    meta["videos"]["0a1b"]["objects"]["2"]["frames"].reverse()
    path.write_text(json.dumps(meta))
    (video,) = open_dataset(path.parent).videos
    assert video.objects == (Object(1, 0, 3), Object(2, 2, 5))


def test_labels_with_gaps_are_kept(youtube) -> None:
    path = youtube() / "valid" / "meta.json"
    meta = json.loads(path.read_text())
    objects = meta["videos"]["0a1b"]["objects"]
    objects["7"] = objects.pop("2")
    path.write_text(json.dumps(meta))
    (video,) = open_dataset(path.parent).videos
    assert [item.label for item in video.objects] == [1, 7]


@pytest.mark.real_data
def test_a_real_folder_without_lists(real_data: Path) -> None:
    dataset = open_dataset(real_data / "davis")
    assert dataset.kind == "davis2016"
    (video,) = dataset.videos
    assert (video.name, len(video.frames)) == ("car-shadow", 40)
