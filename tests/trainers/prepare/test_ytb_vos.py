"""Youtube-VOS."""

import json

import cv2
import pytest

from trainers.errors import AnnotationError, PreparationError
from trainers.prepare import ytb_vos
from trainers.prepare.dropped import Reason


def test_the_layout_and_the_json_of_the_original(run, ytb_source):
    layout, report, _ = run("ytb_vos", ytb_source)
    assert json.loads(layout.annotations("train").read_text()) == {
        "train/003": {
            "00": {"000000": [20, 10, 60, 50], "000005": [20, 10, 60, 50]},
            "01": {"000000": [70, 40, 110, 80]},
        },
        "train/0a4": {"00": {"000015": [20, 10, 60, 50]}},
    }
    assert {(drop.reason, drop.place.split("Annotations/")[1]) for drop in report.dropped} == {
        (Reason.SMALL, "003/00005.png, object 2"),
        (Reason.ABSENT, "003/00010.png, object 2"),
    }
    assert json.loads(layout.properties("train").read_text()) == {
        "schema_version": 1,
        "set": "ytb_vos",
        "has_mask": True,
        "videos": 2,
        "tracks": 3,
        "frames": 4,
        "crop_size": 511,
    }
    crops = [path for path in layout.crops.rglob("*") if path.is_file()]
    assert len(crops) == 8


def test_a_mask_shows_one_object(run, ytb_source):
    layout, _, _ = run("ytb_vos", ytb_source)
    mask = cv2.imread(str(layout.mask("train/003", 0, "01")), cv2.IMREAD_UNCHANGED)
    # 40x40 px: the template is 80 px, so that the object is 40 * 510/(80 * 511/127) = 63.4 px.
    assert mask.any(0).sum() == pytest.approx(63.4 + 1, abs=1.5)
    assert mask[255, 255] == 255 and mask[150, 150] == 0


def test_the_folder_train_itself_is_accepted(ytb_source):
    assert ytb_vos.plan(ytb_source / "train").parts == ytb_vos.plan(ytb_source).parts


def test_videos_after_the_first_3000_are_kept_apart(run, ytb_source, monkeypatch):
    monkeypatch.setattr(ytb_vos, "NUM_TRAIN", 1)
    layout, _, _ = run("ytb_vos", ytb_source)
    assert list(json.loads(layout.annotations("train").read_text())) == ["train/003"]
    assert list(json.loads(layout.annotations("val").read_text())) == ["val/0a4"]


def test_missing_files_are_faults(run, ytb_source):
    (ytb_source / "train/Annotations/0a4/00015.png").unlink()
    (ytb_source / "train/JPEGImages/003/00005.jpg").write_bytes(b"broken")
    _, report, _ = run("ytb_vos", ytb_source)
    assert {drop.reason for drop in report.dropped if drop.is_fault} == {
        Reason.MISSING_MASK,
        Reason.UNREADABLE_IMAGE,
    }


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("{", "not JSON"),
        ('{"video": {}}', "no object videos"),
        ('{"videos": {"x": {}}}', "video 'x': KeyError"),
        ('{"videos": {"x": {"objects": {"1": {"frames": ["a"]}}}}}', "video 'x': ValueError"),
    ],
)
def test_a_meta_json_of_another_form_is_refused(ytb_source, content, what):
    (ytb_source / "train" / "meta.json").write_text(content)
    with pytest.raises(AnnotationError, match=what):
        ytb_vos.plan(ytb_source)


def test_a_place_without_meta_json_is_refused(tmp_path):
    with pytest.raises(PreparationError, match=r"no meta\.json of Youtube-VOS"):
        ytb_vos.plan(tmp_path)
