"""Small data sets in the exact form of the large ones, and a preparation with one call."""

from __future__ import annotations

import json
import struct
import zlib
from io import StringIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from rich.console import Console

from trainers.prepare.layout import Layout
from trainers.prepare.options import Options
from trainers.prepare.preparation import prepare
from trainers.prepare.progress import LineProgress
from trainers.prepare.sets import SetName, plan_for

HEIGHT, WIDTH = 90, 120
PALETTE = [(0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0), (0, 0, 128), (64, 64, 64)]
XML_OBJECT = """<object>{track}<name>n0</name><bndbox><xmax>{2}</xmax><xmin>{0}</xmin>
<ymax>{3}</ymax><ymin>{1}</ymin></bndbox><occluded>0</occluded></object>"""


@pytest.fixture(scope="session")
def noise():
    """Give an image of coarse noise, the same for the same seed."""

    def make(seed=0, height=HEIGHT, width=WIDTH):
        random = np.random.default_rng(seed)
        small = random.integers(0, 256, (height // 10, width // 10, 3), dtype=np.uint8)
        return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)

    return make


@pytest.fixture(scope="session")
def write_jpeg(noise):
    """Write an image of noise; its folders are made."""

    def write(path, seed=0, **size):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cv2.imencode(".jpg", noise(seed, **size))[1].tobytes())

    return write


@pytest.fixture(scope="session")
def palette_png():
    """Write indices as PNG with a palette, as Youtube-VOS and DAVIS have them."""

    def chunk(name, data):
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    def write(path, indices, palette=PALETTE):
        path.parent.mkdir(parents=True, exist_ok=True)
        height, width = indices.shape
        header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
        rows = b"".join(b"\0" + row.astype(np.uint8).tobytes() for row in indices)
        table = b"".join(bytes(colour) for colour in palette)
        chunks = [
            (b"IHDR", header),
            (b"PLTE", table),
            (b"IDAT", zlib.compress(rows)),
            (b"IEND", b""),
        ]
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*pair) for pair in chunks))

    return write


@pytest.fixture(scope="session")
def write_xml():
    """Write an annotation file of ILSVRC: boxes, or boxes by track."""

    def write(path, objects):
        path.parent.mkdir(parents=True, exist_ok=True)
        pairs = objects.items() if isinstance(objects, dict) else ((None, box) for box in objects)
        text = "".join(
            XML_OBJECT.format(*box, track="" if t is None else f"<trackid>{t}</trackid>")
            for t, box in pairs
        )
        path.write_text(f"<annotation><filename>x</filename>{text}</annotation>")

    return write


@pytest.fixture
def coco_source(tmp_path, write_jpeg):
    """Make COCO 2017 of three images: polygon, crowd, too thin boxes."""
    source = tmp_path / "coco2017"
    square = [30.0, 20.0, 70.0, 20.0, 70.0, 50.0, 30.0, 50.0]
    crowd = {"size": [HEIGHT, WIDTH], "counts": [HEIGHT * 10 + 5, 40, HEIGHT * (WIDTH - 10) - 45]}
    annotations = [
        annotation(1, 7, [30, 20, 40, 30], [square]),
        annotation(2, 7, [50.5, 60.25, 1.0, 8.5], [[50.5, 60, 51.5, 60, 51.5, 68]]),
        annotation(3, 7, [10, 5, 1.5, 40], crowd, iscrowd=1),
        annotation(4, 9, [30.5, 20.25, 40.25, 30.5], [square, [90, 70, 99, 70, 99, 79]]),
        annotation(5, 8, [0, 0, 0, 0], [square]),
    ]
    images = [
        {"id": number, "file_name": f"{number:012d}.jpg", "height": HEIGHT, "width": WIDTH}
        | {"license": licence}
        for number, licence in ((9, 4), (7, 1), (8, 5), (5, 3))
    ]
    write_coco(source, images, annotations)
    for number in (7, 8, 9):
        write_jpeg(source / "train2017" / f"{number:012d}.jpg", number)
    return source


def annotation(number, image, bbox, segmentation, iscrowd=0):
    """Give one entry of the list ``annotations``."""
    values = {"image_id": image, "bbox": bbox, "segmentation": segmentation}
    return {"id": number, **values, "iscrowd": iscrowd, "category_id": 1, "area": 1}


def write_coco(source, images, annotations, split="train2017"):
    """Write an annotation file."""
    folder = source / "annotations"
    folder.mkdir(parents=True, exist_ok=True)
    data = {"info": {}, "images": images, "annotations": annotations, "categories": []}
    (folder / f"instances_{split}.json").write_text(json.dumps(data))


@pytest.fixture
def ytb_source(tmp_path, write_jpeg, palette_png):
    """Make Youtube-VOS of two videos; object 2 of the first is small in one frame, then gone."""
    source = tmp_path / "ytb"
    meta = {
        "003": {
            "1": {"category": "ape", "frames": ["00000", "00005"]},
            "2": {"category": "bus", "frames": ["00000", "00005", "00010"]},
        },
        "0a4": {"4": {"category": "cat", "frames": ["00015"]}},
    }
    for seed, (video, name) in enumerate(
        [("003", "00000"), ("003", "00005"), ("003", "00010"), ("0a4", "00015")]
    ):
        write_jpeg(source / "train" / "JPEGImages" / video / f"{name}.jpg", seed)
        indices = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
        indices[10:50, 20:60] = 4 if video == "0a4" else 1
        if name == "00000":
            indices[40:80, 70:110] = 2
        if name == "00005":
            indices[40:65, 70:110] = 2  # 1000 px, not more
        palette_png(source / "train" / "Annotations" / video / f"{name}.png", indices)
    videos = {video: {"objects": objects} for video, objects in meta.items()}
    (source / "train" / "meta.json").write_text(json.dumps({"videos": videos}))
    return source


@pytest.fixture
def det_source(tmp_path, write_jpeg, write_xml):
    """Make DET of three subsets; one box without width, one image missing."""
    source = tmp_path / "det2015"
    files = {
        "ILSVRC2013_train/n01/n01_5": [(10, 20, 50, 60), (30, 30, 30, 50), (5, 5, 100, 80)],
        "ILSVRC2013_train_extra10/extra_1": [(10, 20, 50, 60)],
        "ILSVRC2014_train_0006/ILSVRC2014_train_00060001": [(0, 0, 119, 89)],
    }
    for seed, (name, boxes) in enumerate(files.items()):
        write_xml(source / "ILSVRC/Annotations/DET/train" / f"{name}.xml", boxes)
        if "extra" not in name:
            write_jpeg(source / "ILSVRC/Data/DET/train" / f"{name}.JPEG", seed)
    return source


@pytest.fixture
def vid_source(tmp_path, write_jpeg, write_xml):
    """Make VID of two videos: in the first, track 0 is there in frames 0-2, 4 and 6-7."""
    source = tmp_path / "vid2015"
    video = "train/ILSVRC2015_VID_train_0001/ILSVRC2015_train_00010"
    for frame in range(8):
        objects = {1: (5 + frame, 5, 45 + frame, 45)}
        if frame not in (3, 5):
            objects[0] = (50, 30 + frame, 100, 70 + frame)
        write_frame(source, video, frame, objects, write_xml, write_jpeg)
    for frame in range(2):
        objects = {3: (10, 10, 40, 40)}
        write_frame(source, "val/ILSVRC2015_val_00000", frame, objects, write_xml, write_jpeg)
    return source


def write_frame(source, video, frame, objects, write_xml, write_jpeg):
    """Write one frame of VID and its annotation."""
    write_xml(source / "Annotations/VID" / video / f"{frame:06d}.xml", objects)
    write_jpeg(source / "Data/VID" / video / f"{frame:06d}.JPEG", frame)


@pytest.fixture
def run(tmp_path):
    """Prepare a set into ``out`` of the test; give layout, report and what was said."""

    def start(name, source, *, out="out", workers=1, original=False):
        console = Console(width=100, record=True, file=StringIO())
        set_name = SetName(name)
        layout = Layout(tmp_path / out)
        report = prepare(
            plan_for(set_name, Path(source), original=original),
            Options(name, str(source), original),
            layout,
            workers=workers,
            progress=LineProgress(console),
        )
        return layout, report, console.export_text()

    return start


@pytest.fixture
def contents():
    """Read all files of a prepared folder that the training sees."""

    def read(folder):
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and ".prepare" not in path.parts
        }

    return read
