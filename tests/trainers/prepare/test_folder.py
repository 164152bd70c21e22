"""Videos of one's own."""

import json

import cv2
import numpy as np
import pytest

from trainers.errors import PreparationError
from trainers.prepare.dropped import Reason
from trainers.prepare.folder import plan
from vot_toolkit.errors import FormatError


def read(layout):
    return json.loads(layout.annotations("train").read_text())


@pytest.fixture
def sequence(tmp_path, write_jpeg):
    """Make a folder of three images, and write regions or masks into it."""

    def make(name="cat", lines=None, masks=None, images="color"):
        folder = tmp_path / "own" / name
        for frame in range(3):
            write_jpeg(folder / images / f"{frame + 1:04d}.jpg", frame)
        if lines is not None:
            (folder / "groundtruth.txt").write_text("".join(f"{line}\n" for line in lines))
        for path, pixels in (masks or {}).items():
            (folder / "masks" / path).parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(folder / "masks" / path), pixels)
        return tmp_path / "own"

    return make


def disk(number=255, top=10, left=20):
    mask = np.zeros((90, 120), np.uint8)
    mask[top : top + 30, left : left + 40] = number
    return mask


@pytest.mark.parametrize("images", ["color", "images", "JPEGImages", "."])
def test_boxes_and_polygons(run, sequence, images):
    lines = ["10,20,30,40", "10.5,20,40,20,40,50.25,10.5,50.25", "0"]
    layout, report, _ = run("folder", sequence(lines=lines, images=images))
    assert read(layout) == {
        "cat": {"00": {"000000": [10, 20, 40, 60], "000001": [10.5, 20, 40, 50.25]}}
    }
    assert [(drop.reason, drop.place[-5:]) for drop in report.dropped] == [
        (Reason.NO_REGION, "txt:3")
    ]
    assert json.loads(layout.properties("train").read_text())["has_mask"] is False


def test_boxes_outside_the_image(run, sequence):
    lines = ["-50,20,49,40", "-50,20,51,40", "120,0,10,10"]
    layout, report, _ = run("folder", sequence(lines=lines))
    assert list(read(layout)["cat"]["00"]) == ["000001"]
    assert [(drop.reason, drop.place[-5:]) for drop in report.dropped] == [
        (Reason.OUTSIDE, "txt:1"),
        (Reason.OUTSIDE, "txt:3"),
    ]


def test_more_lines_than_images_are_faults(run, sequence):
    _, report, _ = run("folder", sequence(lines=["10,20,30,40"] * 5))
    assert [drop.place.split("/")[-1] for drop in report.dropped] == [
        "color, image 4 of 3",
        "color, image 5 of 3",
    ]


def test_masks_in_vot_text(run, sequence):
    lines = ["m20,10,40,30,0,1200", "m-5,10,10,30,0,300", "0"]
    layout, _, _ = run("folder", sequence(lines=lines))
    assert read(layout)["cat"]["00"] == {"000000": [20, 10, 60, 40], "000001": [-5, 10, 5, 40]}
    mask = cv2.imread(str(layout.mask("cat", 1, "00")), cv2.IMREAD_UNCHANGED)
    # Columns -5 to 4, of which those below 0 are outside the image; 3.3 px of the crop are one.
    assert mask[255, 262] == 255 and mask[255, 245] == 0


def test_black_and_white_masks_are_one_object(run, sequence):
    masks = {"0001.png": disk(), "0003.png": disk(top=30)}
    layout, report, _ = run("folder", sequence(masks=masks))
    assert read(layout) == {"cat": {"00": {"000000": [20, 10, 60, 40], "000002": [20, 30, 60, 60]}}}
    assert json.loads(layout.properties("train").read_text())["has_mask"] is True
    assert report.dropped == []


def test_numbers_in_masks_are_objects_and_255_among_them_is_void(run, sequence):
    first = disk(7)
    first[60:80, 70:100] = 3
    first[0:5] = 255
    layout, _, _ = run("folder", sequence(masks={"0001.png": first, "0002.png": disk(7)}))
    assert read(layout)["cat"] == {
        "00": {"000000": [70, 60, 100, 80]},
        "01": {"000000": [20, 10, 60, 40], "000001": [20, 10, 60, 40]},
    }


def test_a_folder_for_each_object(run, sequence):
    masks = {"bird/0002.png": disk(1), "ant/0001.png": disk(), "ant/0009.png": disk()}
    layout, report, _ = run("folder", sequence(masks=masks))
    assert read(layout)["cat"].keys() == {"00", "01"}
    assert read(layout)["cat"]["01"] == {"000001": [20, 10, 60, 40]}
    assert [drop.reason for drop in report.dropped] == [Reason.MISSING_IMAGE]
    assert report.dropped[0].place.endswith("ant/0009.png: no frame of this name")


def test_masks_of_another_size_are_faults(run, sequence):
    masks = {"0001.png": disk()[:50], "0002.png": disk(), "0003.png": np.zeros((90, 120), np.uint8)}
    layout, report, _ = run("folder", sequence(masks=masks))
    assert list(read(layout)["cat"]["00"]) == ["000001"]
    (fault,) = report.dropped
    assert fault.reason is Reason.OTHER_SIZE and fault.place.endswith("120x50 px, the image 120x90")


def test_the_tree_of_davis(run, tmp_path, write_jpeg, palette_png):
    for frame in range(2):
        write_jpeg(tmp_path / "davis/JPEGImages/480p/dog" / f"{frame:05d}.jpg", frame)
        palette_png(tmp_path / "davis/Annotations/480p/dog" / f"{frame:05d}.png", disk(2))
    layout, _, _ = run("folder", tmp_path / "davis")
    assert read(layout) == {"dog": {"00": {"000000": [20, 10, 60, 40], "000001": [20, 10, 60, 40]}}}


def test_two_resolutions_of_a_video_are_refused(run, tmp_path, write_jpeg, palette_png):
    for size in ("480p", "1080p"):
        write_jpeg(tmp_path / "davis/JPEGImages" / size / "dog/00000.jpg")
        palette_png(tmp_path / "davis/Annotations" / size / "dog/00000.png", disk(2))
    with pytest.raises(PreparationError, match="2 videos are called 'dog'"):
        run("folder", tmp_path / "davis")


def test_a_video_file(run, tmp_path, noise):
    folder = tmp_path / "own" / "clip"
    folder.mkdir(parents=True)
    writer = cv2.VideoWriter(
        str(folder / "clip.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 25, (120, 90)
    )
    if not writer.isOpened():
        pytest.skip("this OpenCV writes no videos")
    for frame in range(4):
        writer.write(noise(frame))
    writer.release()
    lines = ["10,20,30,40", "0", "30,20,30,40", "40,20,30,40", "40,20,30,40"]
    (folder / "groundtruth.txt").write_text("\n".join(lines))
    layout, report, _ = run("folder", tmp_path / "own")
    assert list(read(layout)["clip"]["00"]) == ["000000", "000002", "000003"]
    assert [drop.reason for drop in report.dropped] == [Reason.NO_REGION, Reason.MISSING_IMAGE]
    crop = cv2.imread(str(layout.crop("clip", 2, "00")))
    np.testing.assert_allclose(crop[255, 255], noise(2)[39:41, 44:46].mean((0, 1)), atol=20)


def test_one_sequence_alone_and_folders_that_are_none(sequence):
    own = sequence(lines=["1,2,30,40"])
    (own / "notes").mkdir()
    assert plan(own).notes == ("passed over, no groundtruth.txt and no masks/: notes",)
    assert [part.key for part in plan(own / "cat").parts] == ["cat"]


@pytest.mark.parametrize(
    ("lines", "masks", "images", "error", "what"),
    [
        (None, None, "color", PreparationError, "no video in this folder"),
        (["1,2,30,40"], {"0001.png": disk()}, "color", PreparationError, "both groundtruth.txt"),
        (["1,2,30,40"], None, "elsewhere", PreparationError, "no videos, and no images"),
        (["1,2,30"], None, "color", FormatError, r"groundtruth.txt:1: a line of 3 numbers"),
        (["1,2,30,40", "m1,1,3,1,0,3"], None, "color", PreparationError, "1 boxes and 1 masks"),
    ],
)
def test_what_cannot_be_used_is_refused(sequence, lines, masks, images, error, what):
    with pytest.raises(error, match=what):
        plan(sequence(lines=lines, masks=masks, images=images))


def test_masks_in_some_videos_only_are_refused(sequence):
    sequence("cat", lines=["1,2,30,40"])
    own = sequence("dog", masks={"0001.png": disk()})
    with pytest.raises(PreparationError, match="'dog' has masks, 'cat' has none"):
        plan(own)


def test_a_corrected_label_is_prepared_again(run, sequence):
    own = sequence(lines=["10,20,30,40"])
    run("folder", own)
    layout, _, _ = run("folder", sequence(lines=["10,20,30,45"]))
    assert read(layout) == {"cat": {"00": {"000000": [10, 20, 40, 65]}}}
