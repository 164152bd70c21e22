"""Segmenting a video: who is followed when, and what becomes of the masks."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pytest

from siammask.errors import DatasetError, ImageError
from siammask.video.index_png import encode_labels
from siammask.vos.dataset import open_dataset
from siammask.vos.segmentation import bounding_box, segment


@dataclass
class Estimate:
    mask: np.ndarray
    region: np.ndarray = field(default_factory=lambda: np.zeros(8))
    score: float = 1.0
    lost: bool = False


@dataclass
class FakeTracker:
    """Finds each target where it was, with a soft value of its own, and notes what is asked."""

    values: dict[int, float] = field(default_factory=dict)
    boxes: dict[int, np.ndarray] = field(default_factory=dict)
    log: list[tuple[object, ...]] = field(default_factory=list)
    added: int = 0

    def initialize(self, image: np.ndarray, regions: list[object]) -> list[int]:
        assert regions == []
        self.log.append(("clear",))
        self.boxes, self.added = {}, 0
        return []

    def add(self, image: np.ndarray, region: np.ndarray) -> int:
        self.log.append(("add", region.tolist()))
        self.boxes[self.added] = region.astype(int)
        self.added += 1
        return self.added - 1

    def remove(self, target: int) -> None:
        self.log.append(("remove", target))
        del self.boxes[target]

    def update(self, image: np.ndarray) -> dict[int, Estimate]:
        self.log.append(("update", *self.boxes))
        found = {}
        for target, (x, y, w, h) in self.boxes.items():
            mask = np.full(image.shape[:2], -1, np.float32)
            mask[y : y + h, x : x + w] = self.values.get(target, 0.8)
            found[target] = Estimate(mask)
        return found


def test_all_objects_are_followed_in_one_pass(davis2017: Path) -> None:
    video, tracker = open_dataset(davis2017).videos[0], FakeTracker()
    frames = list(segment(video, tracker, 0.3))
    assert [name for name, _ in frames] == [f"{index:05d}" for index in range(6)]
    assert tracker.log == [
        ("clear",),
        ("update",),
        ("add", [10.0, 5.0, 20.0, 20.0]),
        ("add", [20.0, 35.0, 30.0, 20.0]),
        *[("update", 0, 1)] * 5,
        ("remove", 0),
        ("remove", 1),
    ]
    first, second = frames[0][1], frames[1][1]
    np.testing.assert_array_equal(first, video.labels(0))
    np.testing.assert_array_equal(second, first)  # the fake finds them where they were


def test_objects_come_and_go(youtube) -> None:
    (video,) = open_dataset(youtube()).videos
    tracker = FakeTracker()
    labels = [frame for _, frame in segment(video, tracker, 0.3)]
    assert [entry for entry in tracker.log if entry[0] == "update"] == [
        ("update",), ("update", 0), ("update", 0), ("update", 0, 1), ("update", 1), ("update", 1),
    ]  # fmt: skip
    present = [set(np.unique(frame).tolist()) - {0} for frame in labels]
    assert present == [{1}, {1}, {1, 2}, {1, 2}, {2}, {2}]


def test_the_given_mask_wins_over_a_soft_one(youtube) -> None:
    root = youtube()
    path = root / "valid" / "Annotations" / "0a1b" / "00002.png"
    given = np.zeros((60, 80), np.uint8)
    given[15:30, 10:40] = 2  # over a part of where object 1 is found
    path.write_bytes(encode_labels(given))
    (video,) = open_dataset(root).videos
    labels = [frame for _, frame in segment(video, FakeTracker({0: 0.9, 1: 0.7}), 0.3)]
    np.testing.assert_array_equal(labels[2] == 2, given == 2)
    assert labels[3][16, 12] == 1  # from then on the higher of the two soft values


def test_values_up_to_the_threshold_are_background(davis2017: Path) -> None:
    video = open_dataset(davis2017).videos[0]
    labels = [frame for _, frame in segment(video, FakeTracker({0: 0.5, 1: 0.6}), 0.5)]
    assert set(np.unique(labels[0])) == {0, 1, 2}
    assert set(np.unique(labels[1])) == {0, 2}


def test_merged_objects_are_one(davis2017: Path) -> None:
    video = open_dataset(davis2017, "davis2016").videos[0]
    tracker = FakeTracker()
    labels = [frame for _, frame in segment(video, tracker, 0.3)]
    assert ("add", [10.0, 5.0, 40.0, 50.0]) in tracker.log
    assert set(np.unique(labels[3])) == {0, 1}


def test_a_frame_that_cannot_be_read_is_named(davis2017: Path) -> None:
    video = open_dataset(davis2017).videos[0]
    video.frames[3].write_bytes(b"junk")
    frames = segment(video, FakeTracker(), 0.3)
    assert [next(frames)[0] for _ in range(3)] == ["00000", "00001", "00002"]
    with pytest.raises(ImageError, match=r"cats/00003\.jpg: an image that cannot be decoded"):
        next(frames)


def test_sizes_must_agree(davis2017: Path) -> None:
    video = open_dataset(davis2017).videos[0]
    cv2.imwrite(str(video.frames[0]), np.zeros((60, 81, 3), np.uint8))
    with pytest.raises(DatasetError, match=r"00000\.png: is 80x60, but its frame is 81x60"):
        next(segment(video, FakeTracker(), 0.3))


def test_bounding_box_of_scattered_pixels() -> None:
    mask = np.zeros((20, 30), bool)
    mask[3, 4] = mask[17, 25] = True
    assert bounding_box(mask).tolist() == [4.0, 3.0, 22.0, 15.0]
