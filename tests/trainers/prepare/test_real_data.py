"""Real images: COCO with crowds, a video of DAVIS with masks, a sequence of VOT2018."""

import json
from io import StringIO

import cv2
import numpy as np
import pytest
from rich.console import Console

from trainers.prepare.coco import draw
from trainers.prepare.progress import LineProgress
from trainers.prepare.verify import verify

pytestmark = pytest.mark.real_data


def boxes(layout, split="train"):
    return json.loads(layout.annotations(split).read_text())


def test_coco(run, real_data):
    pytest.importorskip("pycocotools")
    source = real_data / "coco128"
    file = source / "annotations" / "instances_train2017.json"
    data = json.loads(file.read_text())
    annotations = data["annotations"]
    sizes = {image["id"]: (image["height"], image["width"]) for image in data["images"]}
    layout, report, _ = run("coco", source, workers=2)
    videos = boxes(layout, "train2017")
    assert report.dropped == [] and len(videos) == 126
    assert sum(map(len, videos.values())) == len(annotations) == 939
    by_image: dict[int, list[dict]] = {}
    for entry in annotations:
        by_image.setdefault(entry["image_id"], []).append(entry)
    for number, entries in by_image.items():
        for track, entry in enumerate(entries):
            check_coco(
                layout, videos, f"train2017/{number:012d}", f"{track:02d}", entry, sizes[number]
            )
    (finding,) = verify(layout, workers=2, progress=LineProgress(Console(file=StringIO()))).values()
    assert finding.faults == [] and finding.masks == 939


def check_coco(layout, videos, video, track, entry, size):
    """Compare a box with its annotation, and the mask's area with that of the one drawn."""
    x, y, width, height = entry["bbox"]
    box = videos[video][track]["000000"]
    assert box == pytest.approx([x, y, x + width - 1, y + height - 1])
    mask = cv2.imread(str(layout.mask(video, 0, track)), cv2.IMREAD_UNCHANGED)
    side = np.sqrt((1.5 * width + 0.5 * height) * (1.5 * height + 0.5 * width)) * 511 / 127
    area = np.count_nonzero(mask) * (side / 510) ** 2
    drawn = np.count_nonzero(draw(entry["segmentation"], video, size))
    assert area == pytest.approx(drawn, rel=0.06, abs=1)


def test_davis(run, real_data):
    layout, report, _ = run("folder", real_data / "davis")
    tracks = boxes(layout)["car-shadow"]
    assert report.dropped == [] and list(tracks) == ["00"] and len(tracks["00"]) == 40
    for frame in tracks["00"]:
        mask = cv2.imread(str(layout.mask("car-shadow", int(frame), "00")), cv2.IMREAD_UNCHANGED)
        columns, rows = np.flatnonzero(mask.any(0)), np.flatnonzero(mask.any(1))
        assert (columns[0] + columns[-1]) / 2 == pytest.approx(255, abs=1.5)
        assert (rows[0] + rows[-1]) / 2 == pytest.approx(255, abs=1.5)


def test_vot(run, real_data):
    layout, report, _ = run("folder", real_data / "sequences" / "bag")
    assert report.dropped == [] and len(boxes(layout)["bag"]["00"]) == 196
    assert boxes(layout)["bag"]["00"]["000000"] == [292.23, 128.36, 438.19, 260.83]
