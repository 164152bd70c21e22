"""Checking a prepared folder."""

import json

import cv2
import numpy as np
import pytest
from rich.console import Console

from trainers.errors import AnnotationError, PreparationError
from trainers.prepare.progress import LineProgress
from trainers.prepare.verify import verify


@pytest.fixture
def check(run, ytb_source, tmp_path):
    """Prepare, spoil, verify: give the faults without the folder, and what was said."""
    layout, _, _ = run("ytb_vos", ytb_source)

    def spoil_and_verify(spoil=lambda layout: None, workers=1):
        spoil(layout)
        console = Console(record=True, width=100)
        findings = verify(layout, workers=workers, progress=LineProgress(console))
        (finding,) = findings.values()
        faults = [fault.replace(f"{layout.root}/crop511/", "") for fault in finding.faults]
        return faults, finding, console.export_text()

    return spoil_and_verify


@pytest.mark.parametrize("workers", [1, 2])
def test_a_sound_folder(check, workers):
    faults, finding, _ = check(workers=workers)
    assert faults == []
    assert (finding.videos, finding.tracks, finding.crops, finding.masks) == (2, 3, 4, 4)


def test_missing_cut_off_and_foreign_files_are_named(check):
    def spoil(layout):
        layout.crop("train/003", 0, "00").unlink()
        cut = layout.crop("train/003", 5, "00")
        cut.write_bytes(cut.read_bytes()[:-500])
        layout.mask("train/003", 0, "01").write_bytes(b"")
        other = layout.mask("train/0a4", 15, "00")
        cv2.imwrite(str(other), np.zeros((100, 511), np.uint8))

    faults, _, _ = check(spoil)
    assert [fault.split(" bytes")[0].rsplit(" ", 1)[0] for fault in faults[1:2]] == [
        "train/003/000000.01.m.png: unreadable, or cut off at"
    ]
    assert faults[0] == "train/003/000000.00.x.jpg: No such file or directory"
    assert faults[2].startswith("train/003/000005.00.x.jpg: unreadable, or cut off at ")
    assert faults[3] == (
        "train/0a4/000015.00.m.png: an image of shape (100, 511), expected (511, 511)"
    )
    assert len(faults) == 4


def test_what_is_broken_is_made_anew_by_the_next_preparation(check, run, ytb_source):
    spoiled = []

    def spoil(layout):
        spoiled.append(layout.crop("train/003", 0, "00"))
        spoiled[0].write_bytes(b"")

    _, finding, _ = check(spoil)
    assert finding.broken == ["train/003"]
    _, _, said = run("ytb_vos", ytb_source)
    assert said.startswith("ytb_vos: 1 of 4 images are there from a run before")
    assert spoiled[0].stat().st_size > 0
    faults, finding, _ = check()
    assert faults == [] and finding.crops == 4


def test_boxes_that_break_a_training_are_named(check):
    def spoil(layout):
        path = layout.annotations("train")
        boxes = json.loads(path.read_text())
        boxes["train/003"]["00"] = {"000000": [5, 5, 4.5, 9], "000005": [1, 2, 3], "hard": [1]}
        path.write_text(json.dumps(boxes))

    faults, finding, _ = check(spoil)
    assert faults == [
        "train/003, track 00, frame 000000: a box of -0.5x4 px",
        "train/003, track 00, frame 000005: [1, 2, 3] is no box of 2 or 4 numbers",
    ]
    assert finding.crops == 4


def test_a_folder_that_the_original_made(check):
    faults, finding, said = check(lambda layout: layout.properties("train").unlink())
    assert faults == [] and finding.masks == 4
    assert said.startswith(
        "train.json: no train.properties.json beside it, taken as data with masks, since"
    )


@pytest.mark.parametrize(
    ("content", "what"),
    [("[]", "no object"), ("{", "not JSON"), ('{"v": {"00": 1}}', "video 'v': no tracks")],
)
def test_a_json_of_another_form_is_refused(check, content, what):
    with pytest.raises(AnnotationError, match=what):
        check(lambda layout: layout.annotations("train").write_text(content))


def test_properties_without_the_mask_are_refused(check):
    with pytest.raises(AnnotationError, match=r"train\.properties\.json: has_mask is 1 \(accepted"):
        check(lambda layout: layout.properties("train").write_text('{"has_mask": 1}'))


def test_nothing_to_check(check):
    with pytest.raises(PreparationError, match="the preparation is not finished"):
        check(lambda layout: layout.annotations("train").unlink())
    with pytest.raises(PreparationError, match="nothing is prepared here"):
        check(lambda layout: layout.options.unlink())
