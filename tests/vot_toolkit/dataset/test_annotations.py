"""The JSON of a whole set: what is read, and how each fault is named."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vot_toolkit.dataset.annotations import read_annotations
from vot_toolkit.errors import DatasetError, FormatError, UserError
from vot_toolkit.trajectory import Trajectory

RECTANGLE = [1, 2, 3, 4]
POLYGON = [0, 0, 9, 0, 9, 9.5, 0, 9]


def entry(*regions, **more):
    """Give the JSON of one sequence."""
    size = {"width": 32, "height": 24}
    return {"gt_rect": list(regions or (RECTANGLE, RECTANGLE)), **size, **more}


@pytest.fixture
def read(tmp_path):
    """Read a set from the given entries, or from raw text."""

    def read_set(text=None, **entries):
        path = tmp_path / "MySet.json"
        path.write_bytes((json.dumps(entries) if text is None else text).encode())
        return read_annotations(path)

    return read_set


def test_sequences_keep_the_order_of_the_file(read):
    dataset = read(zebra=entry(), ants=entry(), bag=entry())
    assert dataset.name == "MySet"
    assert [sequence.name for sequence in dataset] == ["zebra", "ants", "bag"]
    assert [sequence.bounds for sequence in dataset] == [(32, 24)] * 3
    assert dataset.notes == ()


def test_rectangles_and_polygons_may_be_mixed(read):
    dataset = read(
        ants=entry(POLYGON, POLYGON), bag=entry(RECTANGLE), car=entry(RECTANGLE, POLYGON, [2])
    )
    assert dataset["ants"].groundtruth == Trajectory.of(POLYGON, POLYGON)
    assert dataset["bag"].groundtruth == Trajectory.of(RECTANGLE)
    assert dataset["car"].groundtruth == Trajectory.of(RECTANGLE, POLYGON, [2])


def test_a_region_with_nan_is_a_special_code(read):
    dataset = read('{"ants": {"gt_rect": [[1, 2, 3, 4], [NaN, NaN, NaN, NaN], [1, NaN, 2, 3]]}}')
    assert dataset["ants"].groundtruth == Trajectory.of(RECTANGLE, 0, 0)


def test_attributes_are_set_above_zero_and_may_be_missing(read):
    dataset = read(ants=entry(occlusion=[0, 1], size_change=[]), bag=entry(occlusion=[2, -1]))
    assert dataset["ants"].tags["occlusion"].tolist() == [False, True]
    assert dataset["bag"].tags["occlusion"].tolist() == [True, False]
    assert set(dataset["ants"].tags) == {"occlusion"}
    assert dataset.notes == ("no data for the attributes ants/size_change: counted as not set",)


def test_missing_width_and_height_are_noted_and_an_error_when_needed(read):
    dataset = read(ants={"gt_rect": [RECTANGLE]}, bag={"gt_rect": [RECTANGLE], "width": 5})
    assert dataset.notes == ("no width and height for 2 of 2 sequences",)
    with pytest.raises(DatasetError, match="image size is unknown"):
        _ = dataset["bag"].bounds


@pytest.mark.parametrize("place", [".", "MySet"])
def test_images_lie_beside_the_file_or_in_a_folder_of_its_stem(place, read, tmp_path, write_image):
    names = ["ants/color/00000001.jpg", "ants/color/00000002.jpg"]
    write_image(tmp_path / place / names[0])
    sequence = read(ants=entry(img_names=names))["ants"]
    assert [str(image) for image in sequence.images] == [
        str(tmp_path / place / name) for name in names
    ]
    assert sequence.image(0).shape == (24, 32, 3)


def test_images_need_not_exist(read, tmp_path):
    sequence = read(ants=entry(img_names=["a.jpg", "b.jpg"]))["ants"]
    assert str(sequence.images[1]) == str(tmp_path / "b.jpg")


FAULTY = {
    "no gt_rect": ({"ants": {"width": 3}}, "'ants' has no list gt_rect"),
    "gt_rect no list": ({"ants": {"gt_rect": 5}}, "'ants' has no list gt_rect"),
    "gt_rect empty": ({"ants": {"gt_rect": []}}, "'ants': gt_rect is empty"),
    "sequence no object": ({"ants": [1, 2]}, "'ants' has no list gt_rect"),
    "later sequence": ({"ants": entry(), "bag": 5}, "'bag' has no list gt_rect"),
    "3 numbers": ({"ants": entry([1, 2, 3])}, "'ants', gt_rect: a region of 3 numbers"),
    "text": ({"ants": entry(["a", 2, 3, 4])}, "'ants', gt_rect"),
    "object": ({"ants": entry({"x": 1})}, "'ants', gt_rect"),
    "huge integer": ({"ants": entry([10**400, 2, 3, 4])}, "'ants', gt_rect"),
    "beyond single precision": ({"ants": entry([1e39, 2, 3, 4])}, "number too large"),
    "beyond single precision among polygons": ({"ants": entry(POLYGON, [1e39] * 8)}, "too large"),
    "infinite": ({"ants": entry([float("inf"), 2, 3, 4])}, "'ants', gt_rect"),
    "tag of wrong length": ({"ants": entry(dark=[1])}, "'dark': not a list of 0 or 2 flags"),
    "tag no list": ({"ants": entry(dark=1)}, "'dark': not a list of 0 or 2 flags"),
    "tag of text": ({"ants": entry(dark=["a", "b"])}, "'dark': not a list of 0 or 2 flags"),
    "tag of lists": ({"ants": entry(dark=[[1], [0]])}, "'dark': not a list of 0 or 2 flags"),
    "ragged tag": ({"ants": entry(dark=[[1], 0])}, "'dark': not a list of 0 or 2 flags"),
    "wrong count of images": ({"ants": entry(img_names=["a"])}, "1 img_names for 2 gt_rect"),
    "images no list": ({"ants": entry(img_names="ab")}, "img_names is no list of names"),
    "images no names": ({"ants": entry(img_names=[1, 2])}, "img_names is no list of names"),
    "width of text": ({"ants": entry(width="wide")}, "'ants': width 'wide', height 24"),
    "width null": ({"ants": entry(width=None)}, "'ants': width None, height 24"),
    "width zero": ({"ants": entry(width=0)}, "'ants': width 0, height 24"),
    "width broken": ({"ants": entry(width=1.5)}, "'ants': width 1.5, height 24"),
    "no object": ([entry()], "no sequences"),
    "empty object": ({}, "no sequences"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_names_file_sequence_and_field_of_a_fault(name, read, tmp_path):
    data, message = FAULTY[name]
    with pytest.raises(FormatError) as caught:
        read(json.dumps(data))
    assert caught.value.file == tmp_path / "MySet.json"
    assert message in caught.value.what


@pytest.mark.parametrize("text", ["", "{", "not JSON", "{'a': 1}", "[" * 100_000])
def test_text_that_is_no_json_is_a_fault(text, read):
    with pytest.raises(FormatError, match="not JSON"):
        read(text)


def test_bytes_that_are_no_utf8_are_a_fault(tmp_path):
    path = tmp_path / "set.json"
    path.write_bytes(b'{"\xff": 1}')
    with pytest.raises(FormatError, match="not JSON"):
        read_annotations(path)


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(DatasetError, match="cannot be read"):
        read_annotations(tmp_path / "none.json")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 10**30) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=8,
)
fields = st.sampled_from(["gt_rect", "img_names", "width", "height", "occlusion", "init_rect"])
regions = st.lists(
    st.sampled_from([RECTANGLE, POLYGON, [1], []]) | json_values, min_size=1, max_size=3
)


@settings(deadline=None, max_examples=50)
@given(
    st.dictionaries(
        st.text(max_size=3),
        json_values | st.dictionaries(fields, json_values | regions, max_size=4),
        max_size=2,
    )
)
def test_any_json_gives_a_set_or_a_named_error(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(data))
    try:
        dataset = read_annotations(path)
    except UserError as error:
        assert error.file == path
    else:
        assert all(np.isfinite(sequence.groundtruth.values).all() for sequence in dataset)


@pytest.mark.real_data
def test_the_annotations_of_vot2018(real_data, golden):
    dataset = read_annotations(real_data / "vot2018" / "VOT2018.json")
    assert (dataset.name, len(dataset), dataset.num_frames) == ("VOT2018", 60, 21356)
    sizes = {
        name: [len(s.groundtruth[k]) for k in range(len(s))]
        for name, s in ((s.name, s) for s in dataset)
    }
    rectangles = {name for name, counts in sizes.items() if set(counts) != {8}}
    assert rectangles == {"conduction1"}
    assert set(sizes["conduction1"]) == {4}
    frames = {
        tag: sum(int(s.tags[tag].sum()) for s in dataset if tag in s.tags) for tag in dataset.tags
    }
    assert frames == {
        "camera_motion": 7801,
        "illum_change": 531,
        "motion_change": 3829,
        "occlusion": 2311,
        "size_change": 3426,
    }
    assert dataset.notes == (
        "no data for the attributes ball1/occlusion, car1/occlusion, matrix/camera_motion: "
        "counted as not set",
    )
    lines = (golden / "vot" / "vot2018_lengths.txt").read_text(encoding="utf-8").splitlines()
    known = {line.split()[0]: int(line.split()[1]) for line in lines}
    assert {sequence.name: len(sequence) for sequence in dataset} == known
