"""Conversion between VOT folder and JSON keeps every bit."""

import io
import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from vot_toolkit.cli.convert import convert_command
from vot_toolkit.dataset import Dataset, Sequence, open_dataset
from vot_toolkit.dataset.conversion import (
    common_pattern,
    place_images,
    write_annotations,
    write_folder,
)
from vot_toolkit.errors import DatasetError, UsageError, UserError
from vot_toolkit.formats.text import MAX_COORDINATE
from vot_toolkit.region import Mask
from vot_toolkit.trajectory import Trajectory

coordinates = st.floats(-MAX_COORDINATE, MAX_COORDINATE)
regions = st.one_of(
    st.lists(coordinates, min_size=4, max_size=4),
    st.lists(coordinates, min_size=8, max_size=8),
    st.integers(3, 6).flatmap(lambda n: st.lists(coordinates, min_size=2 * n, max_size=2 * n)),
    st.sampled_from([[0.0], [1.0]]),
)


@st.composite
def sequences(draw, name):
    """Draw a sequence of some frames, with or without size and attributes."""
    truth = Trajectory.of(*draw(st.lists(regions, min_size=1, max_size=5)))
    flags = st.lists(st.booleans(), min_size=len(truth), max_size=len(truth)).map(np.array)
    tags = draw(st.dictionaries(st.sampled_from(["occlusion", "camera_motion"]), flags))
    size = draw(st.none() | st.tuples(st.integers(1, 9999), st.integers(1, 9999)))
    return Sequence(name, truth, size, tags)


datasets = st.tuples(sequences("zebra"), sequences("ants1"), sequences("car 1")).map(
    lambda drawn: Dataset("drawn", drawn)
)


def bits(dataset):
    """Give all that a data set holds, numbers as bytes."""
    return [
        (
            sequence.name,
            sequence.size,
            sequence.groundtruth.values.tobytes(),
            sequence.groundtruth.offsets.tobytes(),
            {tag: flags.tolist() for tag, flags in sequence.tags.items()},
        )
        for sequence in dataset
    ]


@settings(deadline=None, max_examples=60)
@given(datasets)
def test_every_bit_survives_both_ways(dataset):
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        write_folder(dataset, root / "folder")
        folder = open_dataset(root / "folder")
        write_annotations(folder, root / "set.json")
        read = open_dataset(root / "set.json")
        write_folder(read, root / "again")
        again = open_dataset(root / "again")
        assert bits(dataset) == bits(folder) == bits(read) == bits(again)
        assert folder.digest() == read.digest() == dataset.digest()
        write_annotations(again, root / "again.json")
        assert (root / "again.json").read_bytes() == (root / "set.json").read_bytes()


@pytest.mark.real_data
def test_the_annotations_of_vot2018_come_back(real_data, tmp_path):
    source = real_data / "vot2018" / "VOT2018.json"
    write_folder(open_dataset(source), tmp_path / "VOT2018")
    write_annotations(open_dataset(tmp_path / "VOT2018"), tmp_path / "VOT2018.json")
    assert json.loads((tmp_path / "VOT2018.json").read_bytes()) == json.loads(source.read_bytes())


def one(name="ball", **values):
    """Give a set of one sequence with two frames."""
    truth = Trajectory.of([0.1, 2, 3, 4], [1, 2, 3, 4])
    return Dataset("set", (Sequence(name, truth, **values),))


def test_the_files_of_a_folder_by_eye(tmp_path):
    write_folder(one(size=(64, 48), tags={"occlusion": np.array([True, False])}), tmp_path)
    assert (tmp_path / "list.txt").read_text() == "ball\n"
    assert (tmp_path / "ball/groundtruth.txt").read_text() == "0.1,2.0,3.0,4.0\n1.0,2.0,3.0,4.0\n"
    assert (tmp_path / "ball/occlusion.tag").read_text() == "1\n0\n"
    assert (tmp_path / "ball/sequence").read_text() == (
        "name=ball\nformat=default\nchannels.color=color/%08d.jpg\nwidth=64\nheight=48\nlength=2\n"
    )


@pytest.mark.parametrize("layout", ["color/{:08d}.jpg", "{:04d}.png", "color/img{:03d}.bmp"])
def test_names_of_images_come_back_without_the_images(tmp_path, layout):
    names = tuple(f"/elsewhere/ball/{layout.format(number)}" for number in (1, 2))
    write_folder(one(images=names), tmp_path / "folder")
    found = open_dataset(tmp_path / "folder")["ball"].images
    assert [str(path.relative_to(tmp_path / "folder/ball")) for path in found] == [
        layout.format(1),
        layout.format(2),
    ]


def test_patterns():
    assert common_pattern(["2.jpg", "3.jpg"]) is None, "counted from 1"
    assert common_pattern(["a1b1.jpg"]) == "a1b%01d.jpg"
    assert common_pattern(["first.jpg"]) is None
    assert common_pattern(["50%1.jpg"]) is None


@pytest.mark.parametrize(
    "pattern", ["../../%08d.jpg", "/etc/%08d", "%s%08d.jpg", "%0999999999d", "%08d%n"]
)
def test_a_hostile_pattern_names_nothing(tmp_path, pattern):
    write_folder(one(), tmp_path)
    (tmp_path / "ball/sequence").write_text(f"channels.color={pattern}\n")
    assert open_dataset(tmp_path)["ball"].images == ()


@pytest.mark.parametrize("how", ["link", "copy"])
def test_images_are_placed_when_asked_for(tmp_path, how):
    sources = []
    for number in (1, 2):
        sources.append(tmp_path / "raw" / f"{number:08d}.jpg")
        sources[-1].parent.mkdir(exist_ok=True)
        sources[-1].write_bytes(b"%d" % number)
    dataset = one(images=tuple(sources))
    place_images(dataset, tmp_path / "none", "none")
    assert not (tmp_path / "none").exists()
    for _ in range(2):
        place_images(dataset, tmp_path / "out", how)
    placed = sorted((tmp_path / "out/ball/color").iterdir())
    assert [path.read_bytes() for path in placed] == [b"1", b"2"]
    assert all(path.is_symlink() == (how == "link") for path in placed)


def test_a_missing_image_is_named(tmp_path):
    with pytest.raises(DatasetError, match="--images none converts without"):
        place_images(one(images=("/no/1.jpg", "/no/2.jpg")), tmp_path, "copy")


@pytest.mark.parametrize("name", ["../up", "a/b", "..", "", " a", ".hidden", "a\nb"])
def test_a_name_that_leaves_the_folder_is_refused(tmp_path, name):
    for dataset in (one(name), one(tags={name: np.array([True, True])})):
        with pytest.raises(DatasetError, match="accepted: a name"):
            write_folder(dataset, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_a_form_cannot_hold_is_named(tmp_path):
    mask = Dataset("set", (Sequence("ball", Trajectory.of(Mask(0, 0, np.ones((2, 2), bool)))),))
    for dataset, said in [
        (mask, "has masks"),
        (one(images=("1.jpg",)), "1 images for 2 regions"),
        (one(tags={"width": np.array([True, False])}), "'width' has a field's name"),
    ]:
        with pytest.raises(DatasetError, match=said):
            write_annotations(dataset, tmp_path / "set.json")
    assert not (tmp_path / "set.json").exists()


def test_masks_stay_in_a_folder(tmp_path):
    mask = Mask(3, 4, np.array([[True, False], [True, True]]))
    write_folder(Dataset("set", (Sequence("ball", Trajectory.of(mask)),)), tmp_path)
    assert open_dataset(tmp_path)["ball"].groundtruth[0] == mask


def test_other_content_is_kept(tmp_path):
    for write, place in (
        (write_folder, tmp_path / "set"),
        (write_annotations, tmp_path / "s.json"),
    ):
        write(one(), place)
        write(one(), place)
        with pytest.raises(UserError, match=r"exists with other content.*--force"):
            write(one("cup") if place.suffix else one(size=(1, 2)), place)
        write(one(size=(1, 2)), place, force=True)
        assert open_dataset(place)["ball"].size == (1, 2)


def test_the_command_says_that_both_are_the_same(tmp_path):
    write_folder(one(size=(64, 48)), tmp_path / "set")
    console = Console(file=io.StringIO(), width=100)
    assert convert_command(str(tmp_path / "set"), tmp_path / "set.json", console) == 0
    assert convert_command(str(tmp_path / "set.json"), tmp_path / "new", console) == 0
    lines = console.file.getvalue().splitlines()
    digest = one(size=(64, 48)).digest()[:12]
    said = f"1 sequence, 2 frames, the same annotations in both, digest {digest}"
    assert lines == [f"{tmp_path}/set.json: {said}", f"{tmp_path}/new: {said}"]
    with pytest.raises(UsageError, match="--images copy with a JSON file"):
        convert_command(str(tmp_path / "set"), tmp_path / "x.json", console, images="copy")
