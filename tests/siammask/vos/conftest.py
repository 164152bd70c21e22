"""Small data sets in the layouts that are downloaded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from siammask.video.index_png import encode_labels

SHAPE = (60, 80)
NUM_FRAMES = 6


def labels_of(frame: int) -> np.ndarray:
    """Make two squares that move to the right, one of label 1, one of label 2."""
    labels = np.zeros(SHAPE, np.uint8)
    labels[5:25, 10 + frame : 30 + frame] = 1
    labels[35:55, 20 + frame : 50 + frame] = 2
    return labels


def write_video(root: Path, name: str, size: str = "480p", encode: object = encode_labels) -> None:
    images, annotations = root / "JPEGImages" / size / name, root / "Annotations" / size / name
    for folder in (images, annotations):
        folder.mkdir(parents=True)
    for frame in range(NUM_FRAMES):
        labels = labels_of(frame)
        image = np.dstack([labels * 100] * 3).astype(np.uint8)
        cv2.imwrite(str(images / f"{frame:05d}.jpg"), image)
        (annotations / f"{frame:05d}.png").write_bytes(encode(labels))  # type: ignore[operator]


def encode_binary(labels: np.ndarray) -> bytes:
    _, coded = cv2.imencode(".png", (labels > 0).astype(np.uint8) * 255)
    return bytes(coded.tobytes())


@pytest.fixture
def davis2017(tmp_path: Path) -> Path:
    root = tmp_path / "DAVIS"
    for name in ("ants", "bees", "cats"):
        write_video(root, name)
    for year, names in (("2016", "bees\n"), ("2017", "cats\nants\n")):
        (root / "ImageSets" / year).mkdir(parents=True)
        (root / "ImageSets" / year / "val.txt").write_text(names)
    (root / "ImageSets" / "2017" / "train.txt").write_text("bees\n")
    return root


@pytest.fixture
def davis2016(tmp_path: Path) -> Path:
    root = tmp_path / "DAVIS-2016"
    write_video(root, "bear", encode=encode_binary)
    (root / "ImageSets" / "480p").mkdir(parents=True)
    lines = [
        f"/JPEGImages/480p/bear/{frame:05d}.jpg /Annotations/480p/bear/{frame:05d}.png\n"
        for frame in range(NUM_FRAMES)
    ]
    (root / "ImageSets" / "480p" / "val.txt").write_text("".join(lines))
    return root


@pytest.fixture
def youtube(tmp_path: Path) -> Callable[..., Path]:
    """Give a maker of a YouTube-VOS folder: object 1 in frames 0-3, object 2 in frames 2-5."""

    def make(split: str = "valid", all_annotated: bool = False) -> Path:
        root = tmp_path / "ytb_vos" / split
        write_video(root, "0a1b", size="")
        frames = [f"{frame:05d}" for frame in range(NUM_FRAMES)]
        objects = {
            "2": {"category": "cat", "frames": frames[2:]},
            "1": {"category": "ant", "frames": frames[:4]},
        }
        meta = {"videos": {"0a1b": {"objects": objects}}}
        (root / "meta.json").write_text(json.dumps(meta))
        for frame in () if all_annotated else (1, 3, 4, 5):
            (root / "Annotations" / "0a1b" / f"{frame:05d}.png").unlink()
        return root.parent

    return make
