"""Annotation files of prepared data sets."""

from __future__ import annotations

import json

import pytest

from trainers.data.sources import SourceConfig, read_source
from trainers.errors import AnnotationError

BOX = [10, 20, 40, 60]


def stems(source):
    return [
        source.stem(video, track, frame)
        for video in range(len(source))
        for track in source.tracks_of(video)
        for frame in source.frames_of(track)
    ]


def test_videos_in_the_file_s_order_and_frames_in_theirs(annotate):
    source = annotate({"b": {"01": {"000010": BOX, "000002": BOX}}, "a/x": {"00": {"000000": BOX}}})
    assert stems(source) == [
        ("b", "000002", "01"),
        ("b", "000010", "01"),
        ("a/x", "000000", "00"),
    ]
    assert source.image_name(0, 0, 1) == "b/000010.01.x.jpg"
    assert source.mask_name(1, 1, 2) == "a/x/000000.00.m.png"


def test_boxes_and_sizes(annotate):
    source = annotate({"v": {"00": {"0": BOX, "1": [7.5, 8]}}})
    assert source.sizes.tolist() == [[30, 40], [7.5, 8]]


def test_boxes_without_a_side_are_dropped(annotate):
    """COCO's boxes under a pixel have sides below 0 in the JSON, and no logarithm."""
    frames = {"0": BOX, "1": [5, 5, 5, 9], "2": [5, 5, 9, 4.5], "3": [0, 3], "4": [-0.3, 8]}
    source = annotate({"v": {"00": frames, "01": {"0": [1, 0]}}, "w": {"00": {"0": [0, 0]}}})
    assert stems(source) == [("v", "000000", "00")]
    assert source.dropped == {
        "boxes without width or height": 6,
        "tracks without a box": 2,
        "videos without a track": 1,
    }


def test_keys_that_are_no_frame_are_kept_but_not_counted(annotate):
    source = annotate({"v": {"00": {"0": BOX, "1": BOX, "hard": [1], "note": "x"}}})
    assert len(source.frames) == 2
    assert {track: hard.tolist() for track, hard in source.hard.items()} == {0: [1]}


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("coco", None, True),
        ("ytb_vos", None, True),
        ("vid", None, False),
        ("mine", True, True),
        ("coco", False, False),
    ],
)
def test_masks_are_said_or_told_from_the_name(annotate, name, given, expected):
    assert annotate({"v": {"00": {"0": BOX}}}, name, has_mask=given).has_mask is expected


def test_masks_are_what_the_preparation_wrote(annotate, tmp_path):
    (tmp_path / "mine.properties.json").write_text(json.dumps({"has_mask": True}))
    assert annotate({"v": {"00": {"0": BOX}}}, "mine").has_mask


@pytest.mark.parametrize(
    ("boxes", "message"),
    [
        ([], "no object of videos"),
        ({"v": []}, "video 'v' is no object of tracks"),
        ({"v": {"00": [1]}}, "video 'v', track '00' is no object of frames"),
        ({"v": {"00": {"3": [1, 2, 3]}}}, "track '00', frame '3': box [1, 2, 3] (accepted: [x1"),
        ({"v": {"00": {"3": "ab"}}}, "frame '3': box 'ab'"),
        ({"v": {"00": {"3": [1, None]}}}, "frame '3': box [1, None]"),
        ({"v": {"00": {"3": [1, 1e999]}}}, "box [1, inf]"),
        ({"v": {"00": {"0": BOX, "hard": [1]}}}, "'hard': [1] (accepted: a list of positions"),
        ({}, "no boxes"),
        ({"v": {"00": {"0": [0, 0]}}}, "no boxes (1 boxes without width or height"),
    ],
)
def test_other_files_are_refused(annotate, tmp_path, boxes, message):
    with pytest.raises(AnnotationError) as error:
        annotate(boxes)
    assert message in str(error.value)
    assert str(tmp_path / "vid.json") in str(error.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(AnnotationError, match=r"No such file.*trainers\.prepare makes it"):
        read_source(SourceConfig("vid", tmp_path, tmp_path / "none.json"))


def test_a_file_that_is_not_json(tmp_path):
    path = tmp_path / "x.json"
    path.write_text("{")
    with pytest.raises(AnnotationError, match="not JSON"):
        read_source(SourceConfig("vid", tmp_path, path))
