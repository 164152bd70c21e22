"""Whole preparations: resumed, repeated, refused, with faults."""

import json
import os
from io import StringIO

import cv2
import numpy as np
import pytest
from rich.console import Console

from trainers.data.jpeg import read_layout
from trainers.data.packed import Packed
from trainers.errors import PreparationError
from trainers.prepare.dropped import Dropped, Reason
from trainers.prepare.journal import Journal
from trainers.prepare.layout import Layout
from trainers.prepare.outcome import Outcome
from trainers.prepare.packing import pack_crops
from trainers.prepare.progress import LineProgress
from trainers.prepare.window import Window, mean_colour


def test_the_number_of_workers_changes_nothing(run, contents, vid_source):
    alone, _, _ = run("vid", vid_source, out="alone")
    together, _, _ = run("vid", vid_source, out="together", workers=2)
    assert contents(alone.root) == contents(together.root)


def test_a_finished_part_is_not_done_again(run, ytb_source):
    layout, first, _ = run("ytb_vos", ytb_source)
    crop = layout.crop("train/003", 0, "00")
    os.utime(crop, (1, 1))
    _, second, said = run("ytb_vos", ytb_source)
    assert crop.stat().st_mtime == 1
    assert said == "ytb_vos: 4 of 4 images are there from a run before\n"
    assert second == first


def test_a_run_goes_on_where_it_was_stopped(run, contents, ytb_source, monkeypatch):
    whole, _, _ = run("ytb_vos", ytb_source, out="whole")

    def interrupt(journal, outcome):
        append(journal, outcome)
        raise KeyboardInterrupt

    append = Journal.append
    monkeypatch.setattr(Journal, "append", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run("ytb_vos", ytb_source, out="cut")
    monkeypatch.undo()
    cut, _, said = run("ytb_vos", ytb_source, out="cut")
    assert said.startswith("ytb_vos: 3 of 4 images are there from a run before\n")
    assert contents(cut.root) == contents(whole.root)


def test_what_a_killed_run_left_half_written_is_removed(run, ytb_source, tmp_path):
    leftover = tmp_path / "out" / "crop511" / "train" / "003" / ".000000.00.x.jpg.7.part"
    leftover.parent.mkdir(parents=True)
    leftover.write_text("")
    run("ytb_vos", ytb_source)
    assert not leftover.exists()


def test_faults_are_tried_again(run, det_source, write_jpeg):
    _, report, _ = run("det", det_source)
    assert report.has_faults
    write_jpeg(det_source / "ILSVRC/Data/DET/train/ILSVRC2013_train_extra10/extra_1.JPEG")
    layout, report, said = run("det", det_source)
    assert not report.has_faults and said.startswith("det: 2 of 3 images")
    assert "ILSVRC2013_train_extra10/extra_1" in json.loads(layout.annotations("train").read_text())
    assert layout.dropped.read_text().startswith("box without width or height\t")


def test_other_options_are_refused(run, vid_source, tmp_path):
    run("vid", vid_source)
    with pytest.raises(PreparationError, match="prepared with original False, asked for is True"):
        run("vid", vid_source, original=True)
    with pytest.raises(PreparationError, match=r"out: was prepared with source '.*/vid2015', "):
        run("vid", vid_source.rename(tmp_path / "moved"))


def test_a_set_without_annotations_is_refused(run, ytb_source):
    (ytb_source / "train" / "meta.json").write_text('{"videos": {}}')
    with pytest.raises(PreparationError, match="ytb: nothing is annotated"):
        run("ytb_vos", ytb_source)


def test_another_set_is_refused(run, vid_source, det_source):
    run("vid", vid_source)
    with pytest.raises(PreparationError, match="prepared with set 'vid', asked for is 'det'"):
        run("det", det_source)


@pytest.mark.parametrize("content", ["", "{}", '{"schema_version": 9}', "["])
def test_options_that_are_none_are_refused(run, vid_source, tmp_path, content):
    file = Layout(tmp_path / "out").options
    file.parent.mkdir(parents=True)
    file.write_text(content)
    with pytest.raises(PreparationError, match=r"options\.json: "):
        run("vid", vid_source)


def test_a_place_that_cannot_be_written_is_named(run, ytb_source, tmp_path):
    (tmp_path / "out" / "crop511" / "train").mkdir(parents=True)
    (tmp_path / "out" / "crop511" / "train" / "003").write_text("in the way")
    with pytest.raises(PreparationError, match=r"m\.png: cannot be written: "):
        run("ytb_vos", ytb_source)
    with pytest.raises(PreparationError, match=r"m\.png: cannot be written: "):
        run("ytb_vos", ytb_source, workers=2)


def outcome(key, dropped=()):
    tracks = {"00": {"000003": (1, 2, 3.5, 4)}}
    return Outcome(key, "train", "print", 2, tracks, list(dropped))


class Named:
    """A part by its key and fingerprint."""

    def __init__(self, key, fingerprint="print"):
        self.key, self.fingerprint = key, fingerprint


def test_the_journal_forgets_a_line_cut_off(tmp_path):
    path = tmp_path / "new" / "parts.jsonl"
    with Journal(path) as journal:
        journal.append(outcome("a"))
        journal.append(outcome("b"))
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    with Journal(path) as journal:
        assert journal.has(Named("a")) and not journal.has(Named("b"))
        journal.append(outcome("b"))
        (read,) = journal.outcomes([Named("b")])
    assert path.read_bytes() == whole
    assert read.num_crops == 1 and read.tracks == {"00": {"000003": [1, 2, 3.5, 4]}}


def test_the_journal_knows_what_is_to_be_done_again(tmp_path):
    path = tmp_path / "parts.jsonl"
    fault = Dropped(Reason.MISSING_IMAGE, "x.jpg")
    rule = Dropped(Reason.SMALL, "x.jpg")
    with Journal(path) as journal:
        journal.append(outcome("a", [rule]))
        journal.append(outcome("b", [fault, rule]))
    with Journal(path) as journal:
        assert journal.has(Named("a")) and not journal.has(Named("b"))
        assert not journal.has(Named("a", "another print"))
        (read,) = journal.outcomes([Named("b")])
        assert read.dropped == [fault, rule]
        journal.append(outcome("b"))
        assert journal.has(Named("b"))


def test_crops_can_be_decoded_in_part_and_are_as_opencv_writes_them(run, ytb_source):
    layout, _, _ = run("ytb_vos", ytb_source)
    data = layout.crop("train/003", 0, "00").read_bytes()
    assert read_layout(data) is not None
    window = Window.around((40.0, 30.0), (40.0, 40.0))
    image = cv2.imread(str(ytb_source / "train/JPEGImages/003/00000.jpg"))
    plain = cv2.imencode(".jpg", window.crop(image, mean_colour(image)))[1]
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    np.testing.assert_array_equal(found, cv2.imdecode(plain, cv2.IMREAD_COLOR))


def test_packing_and_no_packed_form_of_crops_that_have_changed(run, vid_source, ytb_source):
    layout, report, _ = run("ytb_vos", ytb_source)
    console = Console(record=True, width=100, file=StringIO())
    pack_crops(report, layout, workers=1, progress=LineProgress(console))
    said = console.export_text()
    assert said.endswith("out/packed511: 4 crops in 1 files\n")
    assert len(Packed(layout.packed)) == 4
    run("ytb_vos", ytb_source)
    assert layout.packed.exists()
    (ytb_source / "train/Annotations/0a4/00015.png").unlink()
    journal = layout.journal.read_bytes().splitlines(keepends=True)
    layout.journal.write_bytes(journal[0])
    run("ytb_vos", ytb_source)
    assert not layout.packed.exists()
