"""ILSVRC DET and VID."""

import json

import pytest

from trainers.errors import PreparationError
from trainers.prepare import det, vid
from trainers.prepare.dropped import Reason, UnusableError
from trainers.prepare.ilsvrc import read_things


def read(path):
    return json.loads(path.read_text())


def reasons(report):
    return sorted(drop.reason.name for drop in report.dropped)


def test_det(run, det_source):
    layout, report, _ = run("det", det_source)
    assert read(layout.annotations("train")) == {
        "ILSVRC2013_train/n01_5": {
            "00": {"000000": [10, 20, 50, 60]},
            "02": {"000000": [5, 5, 100, 80]},
        },
        "ILSVRC2014_train_0006/ILSVRC2014_train_00060001": {"00": {"000000": [0, 0, 119, 89]}},
    }
    assert reasons(report) == ["FLAT", "MISSING_IMAGE"]
    assert report.dropped[0].place.endswith("n01/n01_5.xml, object 2")
    assert read(layout.properties("train"))["has_mask"] is False
    assert not list(layout.crops.rglob("*.m.png"))


def test_det_has_19_subsets_and_names_those_that_are_absent(det_source):
    assert len(det.SUBSETS) == 19
    (note,) = det.plan(det_source).notes
    assert note.startswith("16 of 19 subsets are absent: ILSVRC2013_train_extra0, ")


def test_vid_keeps_all_runs(run, vid_source):
    layout, report, _ = run("vid", vid_source)
    videos = read(layout.annotations("train"))
    (tracks,) = videos.values()
    assert {track: sorted(map(int, frames)) for track, frames in tracks.items()} == {
        "00": [0, 1, 2],
        "01": [0, 1, 2, 3, 4, 5, 6, 7],
        "02": [6, 7],
    }
    assert tracks["02"]["000007"] == [50, 37, 100, 77]
    name = "ILSVRC2015_VID_train_0001/ILSVRC2015_train_00010"
    assert list(videos) == [name]
    assert layout.crop(name, 6, "02").is_file() and not layout.crop(name, 4, "00").exists()
    assert [(d.reason, d.place) for d in report.dropped] == [
        (Reason.SINGLE_FRAME, f"{name}, track 0, frames 4-4")
    ]
    assert read(layout.annotations("val")) == {
        "val/ILSVRC2015_val_00000": {"03": {"000000": [10, 10, 40, 40], "000001": [10, 10, 40, 40]}}
    }


def test_vid_as_the_original_keeps_the_last_run(run, vid_source):
    layout, report, _ = run("vid", vid_source, original=True)
    (tracks,) = read(layout.annotations("train")).values()
    assert {track: sorted(map(int, frames)) for track, frames in tracks.items()} == {
        "00": [6, 7],
        "01": [0, 1, 2, 3, 4, 5, 6, 7],
    }
    assert reasons(report) == ["EARLIER_RUN", "SINGLE_FRAME"]


def test_val_may_have_been_moved_below_train(vid_source):
    before = [part.key for part in vid.plan(vid_source).parts]
    for kind in ("Annotations", "Data"):
        folder = vid_source / kind / "VID"
        (folder / "val").rename(folder / "train" / "val")
    after = vid.plan(vid_source)
    assert [part.key for part in after.parts] == before
    assert after.parts[-1].images.is_dir()


def test_a_broken_annotation_file_is_a_fault_and_the_rest_goes_on(run, vid_source):
    folder = vid_source / "Annotations/VID/val/ILSVRC2015_val_00000"
    (folder / "000001.xml").write_text("<annotation><object>")
    layout, report, _ = run("vid", vid_source)
    assert "BAD_ANNOTATION" in reasons(report) and report.has_faults
    assert read(layout.annotations("val"))["val/ILSVRC2015_val_00000"]["03"].keys() == {"000000"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<a><object></object></a>",
        "<a><object><bndbox><xmin>x</xmin></bndbox></object></a>",
        "<a><object><bndbox><xmin>1</xmin><xmax>inf</xmax><ymin>1</ymin><ymax>2</ymax></bndbox>"
        "</object></a>",
        "<a><object><bndbox><xmin>1</xmin><xmax>2</xmax></bndbox></object></a>",
    ],
)
def test_what_does_not_parse_is_named(tmp_path, text):
    (tmp_path / "a.xml").write_text(text)
    with pytest.raises(UnusableError) as raised:
        read_things(tmp_path / "a.xml")
    assert raised.value.dropped.place.startswith(f"{tmp_path}/a.xml: ")


@pytest.mark.parametrize(("module", "task"), [(det, "DET"), (vid, "VID")])
def test_a_place_without_the_set_is_refused(tmp_path, module, task):
    with pytest.raises(PreparationError, match=f"no annotations of ILSVRC {task}"):
        module.plan(tmp_path)
    (tmp_path / "Annotations" / task / "train" / "other").mkdir(parents=True)
    with pytest.raises(PreparationError, match=f"no subset of {task}"):
        module.plan(tmp_path)
