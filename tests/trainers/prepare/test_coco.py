"""COCO 2017."""

import json

import cv2
import numpy as np
import pytest

from trainers.errors import AnnotationError, PreparationError
from trainers.prepare.coco import draw, plan
from trainers.prepare.dropped import Reason, UnusableError

maskapi = pytest.importorskip("pycocotools.mask")


def read(path):
    return json.loads(path.read_text())


def test_the_layout_and_the_json_of_the_original(run, coco_source):
    layout, report, _ = run("coco", coco_source)
    assert read(layout.annotations("train2017")) == {
        "train2017/000000000007": {
            "00": {"000000": [30, 20, 69, 49]},
            "02": {"000000": [10, 5, 10.5, 44]},
        },
        "train2017/000000000009": {"00": {"000000": [30.5, 20.25, 69.75, 49.75]}},
    }
    assert sorted(
        path.relative_to(layout.crops).as_posix() for path in layout.crops.rglob("*.*")
    ) == [
        "train2017/000000000007/000000.00.m.png",
        "train2017/000000000007/000000.00.x.jpg",
        "train2017/000000000007/000000.02.m.png",
        "train2017/000000000007/000000.02.x.jpg",
        "train2017/000000000009/000000.00.m.png",
        "train2017/000000000009/000000.00.x.jpg",
    ]
    assert read(layout.properties("train2017"))["has_mask"] is True
    assert [(drop.reason, drop.place) for drop in report.dropped] == [
        (Reason.SUBPIXEL, "train2017/000000000007.jpg, annotation 2: 1x8.5 px"),
        (Reason.SUBPIXEL, "train2017/000000000008.jpg, annotation 5: 0x0 px"),
    ]
    assert not report.has_faults


def test_the_crop_is_decided_by_the_whole_box(run, coco_source):
    # 40x30 px: template 60.2 px, crop 511/127 times that, scale 510 over it. The polygon covers
    # columns 30-69, whose middle 49.5 is the middle of the box less one pixel.
    layout, _, _ = run("coco", coco_source)
    mask = cv2.imread(str(layout.mask("train2017/000000000007", 0, "00")), cv2.IMREAD_UNCHANGED)
    side = np.sqrt((40 + 35) * (30 + 35)) * 511 / 127
    columns, rows = np.flatnonzero(mask.any(0)), np.flatnonzero(mask.any(1))
    assert len(columns) == pytest.approx(40 * 510 / side, abs=1.1)
    assert len(rows) == pytest.approx(30 * 510 / side, abs=1.1)
    assert (columns[0] + columns[-1]) / 2 == pytest.approx(255, abs=0.6)
    crop = cv2.imread(str(layout.crop("train2017/000000000007", 0, "00")))
    image = cv2.imread(str(coco_source / "train2017" / "000000000007.jpg"))
    np.testing.assert_allclose(crop[0, 0], image.mean((0, 1)), atol=4)
    np.testing.assert_allclose(crop[255, 255], image[34:36, 49:51].mean((0, 1)), atol=12)


def test_crowds_are_run_lengths_and_are_kept(run, coco_source):
    layout, _, _ = run("coco", coco_source)
    mask = cv2.imread(str(layout.mask("train2017/000000000007", 0, "02")), cv2.IMREAD_UNCHANGED)
    assert mask[255, 255] == 255 and mask[0, 0] == 0


def test_every_form_of_segmentation_is_the_same_mask():
    size = 12, 10
    polygon = [[2.0, 3.0, 7.0, 3.0, 7.0, 9.0, 2.0, 9.0]]
    expected = np.zeros(size, bool)
    expected[3:9, 2:7] = True
    packed = maskapi.encode(np.asfortranarray(expected.astype(np.uint8)))
    flat = expected.ravel(order="F")
    counts = np.diff([0, *(np.flatnonzero(np.diff(flat.astype(int))) + 1), len(flat)]).tolist()
    forms = [
        polygon,
        {"size": list(size), "counts": counts},
        {"size": list(size), "counts": packed["counts"].decode()},
        packed,
    ]
    for form in forms:
        np.testing.assert_array_equal(draw(form, "here", size), expected)
    two = draw([*polygon, [0, 0, 2, 0, 2, 2, 0, 2]], "here", size)
    assert two[1, 1] and two[5, 5] and not two[1, 8]


@pytest.mark.parametrize(
    "segmentation",
    [None, [], [[1, 2]], {"size": [2, 2]}, {"size": [2, 2], "counts": [4]}, "text", 7],
)
def test_a_broken_segmentation_is_named(segmentation):
    with pytest.raises(UnusableError) as raised:
        draw(segmentation, "image 1, annotation 5", (12, 10))
    assert raised.value.dropped.reason is Reason.BAD_ANNOTATION
    assert raised.value.dropped.place.startswith("image 1, annotation 5: ")


def test_an_image_of_another_size_is_a_fault(run, coco_source, write_jpeg):
    write_jpeg(coco_source / "train2017" / "000000000009.jpg", height=100, width=200)
    _, report, _ = run("coco", coco_source)
    faults = [drop.place for drop in report.dropped if drop.reason is Reason.OTHER_SIZE]
    assert faults == ["train2017/000000000009.jpg: 200x100 px, annotated as 120x90"]


def test_both_subsets_when_both_are_there(coco_source):
    folder = coco_source / "annotations"
    assert plan(coco_source).notes == (
        "no annotations/instances_val2017.json: val2017 is left out",
    )
    text = (folder / "instances_train2017.json").read_text()
    (folder / "instances_val2017.json").write_text(text)
    both = plan(coco_source)
    assert both.splits == ("train2017", "val2017") and not both.notes
    assert both.parts[-1].key == "val2017/000000000008"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("{", "not JSON"),
        ("[]", "no lists images and annotations"),
        ('{"images": [{"id": 1}], "annotations": []}', "'file_name'"),
        ('{"images": [], "annotations": [{"id": 3, "image_id": 1}]}', "'bbox'"),
        ('{"images": [], "annotations": [{"id": 3, "image_id": 1, "bbox": [1, 2]}]}', "unpack"),
        (
            '{"images": [], "annotations": [{"id": 3, "image_id": 1, "bbox": [1, 2, NaN, 4]}]}',
            "a box of",
        ),
        ('{"images": [], "annotations": [7]}', "annotations: "),
    ],
)
def test_a_file_of_another_form_is_refused(coco_source, content, what):
    file = coco_source / "annotations" / "instances_train2017.json"
    file.write_text(content)
    with pytest.raises(AnnotationError, match=what) as raised:
        plan(coco_source)
    assert raised.value.file == file


def test_a_place_without_coco_is_refused(tmp_path):
    with pytest.raises(PreparationError, match=r"no annotations of COCO 2017 \(expected annot"):
        plan(tmp_path)


def test_only_images_under_some_licences(coco_source):
    names = [part.key for part in plan(coco_source, licences=frozenset({4, 5})).parts]
    assert names == ["train2017/000000000009", "train2017/000000000008"]
    # The only image under 3 has no object.
    with pytest.raises(PreparationError, match="no image with objects is under licence 3, 7"):
        plan(coco_source, licences=frozenset({3, 7}))
