"""VOT folders: layouts, image sizes, attributes, what is missing and what is broken."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vot_toolkit.dataset.folder import image_size, read_flags, read_folder
from vot_toolkit.errors import DatasetError, FormatError
from vot_toolkit.region import Mask
from vot_toolkit.trajectory import Trajectory

TRUTH = "1,2,3,4\n2,2,3,4\n3,2,3,4\n"


@pytest.fixture
def add(tmp_path, write_text):
    """Add a sequence of three frames with the given files to the set, and give its folder."""

    def add_sequence(name: str, truth: str | bytes = TRUTH, **files: str | bytes):
        folder = tmp_path / "myset" / name
        write_text(folder / "groundtruth.txt", truth)
        for key, text in files.items():
            write_text(folder / key.replace("__", "."), text)
        return folder

    return add_sequence


@pytest.fixture
def read(tmp_path):
    """Read the set."""
    return lambda: read_folder(tmp_path / "myset")


def test_every_folder_with_ground_truth_is_a_sequence_in_sorted_order(add, read):
    for name in ("zebra", "ants", "bag"):
        add(name)
    dataset = read()
    assert dataset.name == "myset"
    assert [sequence.name for sequence in dataset] == ["ants", "bag", "zebra"]
    assert dataset.num_frames == 9
    assert dataset["bag"].groundtruth == Trajectory.of([1, 2, 3, 4], [2, 2, 3, 4], [3, 2, 3, 4])
    assert dataset.notes == ()


def test_other_folders_are_named_in_one_note(add, read, tmp_path):
    add("ants")
    for name in ("results", "docs"):
        (tmp_path / "myset" / name).mkdir()
    (tmp_path / "myset" / "README.txt").write_text("hello")
    dataset = read()
    assert [sequence.name for sequence in dataset] == ["ants"]
    assert dataset.notes == ("passed over, no groundtruth.txt: docs, results",)


def test_a_list_decides_which_sequences_there_are_and_their_order(add, read, tmp_path, write_text):
    for name in ("zebra", "ants", "bag"):
        add(name)
    write_text(tmp_path / "myset" / "list.txt", "zebra\r\n bag \r\n\r\n")
    dataset = read()
    assert [sequence.name for sequence in dataset] == ["zebra", "bag"]
    assert dataset.notes == ()


def test_a_listed_sequence_that_is_missing_is_an_error(add, read, tmp_path, write_text):
    add("ants")
    write_text(tmp_path / "myset" / "list.txt", "ants\nbag\n")
    with pytest.raises(DatasetError, match=r"no groundtruth\.txt") as caught:
        read()
    assert caught.value.file == tmp_path / "myset" / "bag"


def test_a_sequence_listed_twice_is_an_error(add, read, tmp_path, write_text):
    add("ants")
    write_text(tmp_path / "myset" / "list.txt", "ants\nants\n")
    with pytest.raises(DatasetError, match="'ants' is listed twice"):
        read()


@pytest.mark.parametrize("listing", [None, "", "\n\n"])
def test_a_folder_without_sequences_is_an_error(listing, read, tmp_path, write_text):
    (tmp_path / "myset").mkdir()
    if listing is not None:
        write_text(tmp_path / "myset" / "list.txt", listing)
    with pytest.raises(DatasetError, match="no sequence in this folder"):
        read()


@pytest.mark.parametrize(
    ("truth", "line"), [("1,2,3,4\n\n1,2,3,4\n", 2), ("1,2,3\n", 1), (b"1,2,3,4\n\xff\n", 2)]
)
def test_a_fault_in_the_ground_truth_is_named(truth, line, add, read):
    folder = add("ants", truth)
    with pytest.raises(FormatError) as caught:
        read()
    assert (caught.value.file, caught.value.line) == (folder / "groundtruth.txt", line)


def test_ground_truth_without_any_region_is_an_error(add, read):
    folder = add("ants", "\n")
    with pytest.raises(FormatError, match="no region") as caught:
        read()
    assert caught.value.file == folder / "groundtruth.txt"


def test_ground_truth_may_be_masks(add, read):
    add("ants", "m1,2,2,1,0,2\n0\n")
    assert read()["ants"].groundtruth == Trajectory.of(Mask(1, 2, np.ones((1, 2), bool)), 0)


@pytest.mark.parametrize("place", ["color", "."])
def test_images_lie_in_color_or_beside_the_ground_truth(place, add, read, write_image):
    folder = add("ants")
    paths = [write_image(folder / place / f"{k:08d}.jpg", blue=k) for k in (1, 2, 3)]
    sequence = read()["ants"]
    assert list(sequence.images) == paths
    assert sequence.size == (32, 24)
    assert sequence.image(2).shape == (24, 32, 3)


def test_another_count_of_images_is_noted(add, read, write_image):
    folder = add("ants")
    write_image(folder / "color" / "00000001.jpg")
    assert read().notes == ("ants: 1 image for 3 regions",)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".JPG"])
def test_the_size_comes_from_the_header_of_the_first_image(suffix, add, read, write_image):
    folder = add("ants")
    write_image(folder / "color" / f"00000001{suffix}", (1201, 681))
    write_image(folder / "color" / f"00000002{suffix}", (20, 10))
    assert read()["ants"].size == (1201, 681)


def test_the_size_in_the_file_sequence_comes_first(add, read, write_image):
    folder = add("ants", sequence="name=ants\nfps = 30\nwidth=640\r\nheight = 480\n\nrubbish\n")
    write_image(folder / "color" / "00000001.jpg")
    assert read()["ants"].bounds == (640, 480)


@pytest.mark.parametrize("text", ["width=640\n", "height=480\nwidht=640\n"])
def test_half_a_size_in_the_file_sequence_is_none(text, add, read, write_image):
    folder = add("ants", sequence=text)
    write_image(folder / "color" / "00000001.jpg")
    assert read()["ants"].size == (32, 24)


@pytest.mark.parametrize("width", ["0", "-5", "640.0", "wide", ""])
def test_a_size_that_is_none_is_an_error(width, add, read):
    folder = add("ants", sequence=f"width={width}\nheight=480\n")
    with pytest.raises(FormatError, match="not positive integers") as caught:
        read()
    assert caught.value.file == folder / "sequence"


def test_an_unknown_size_is_an_error_only_when_it_is_needed(add, read):
    add("ants")
    sequence = read()["ants"]
    assert sequence.size is None
    with pytest.raises(DatasetError, match="'ants': the image size is unknown") as caught:
        _ = sequence.bounds
    for source in ("VOT2018.json", "`sequence`", "first image"):
        assert source in caught.value.hint


def test_an_image_without_known_header_tells_no_size(add, read, write_text):
    folder = add("ants")
    write_text(folder / "color" / "00000001.jpg", b"no image")
    assert read()["ants"].size is None


@settings(deadline=None, max_examples=60)
@given(
    head=st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0"])
    | st.sampled_from([b"<?xml ", b"<svg ", b"BM", b"\0\0\0 ftypavif", b"RIFF    WEBPVP8 "]),
    tail=st.binary(max_size=64),
)
def test_any_bytes_give_a_size_or_none(head, tail, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "header.jpg"
    path.write_bytes(head + tail)
    size = image_size(path)
    assert size is None or min(size) > 0


@pytest.mark.parametrize("suffix", ["tag", "label"])
def test_tags_are_read_from_both_endings(suffix, add, read):
    add("ants", **{f"occlusion__{suffix}": "0\n1\n1\n"})
    dataset = read()
    assert dataset["ants"].tags["occlusion"].tolist() == [False, True, True]
    assert dataset.tags == ("occlusion",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1\n", [True, False, False]),
        ("", [False, False, False]),
        ("0.0\r\n0.5\r\n-1\r\n\r\n", [False, True, False]),
        ("nan\n1.0", [False, True, False]),
    ],
)
def test_a_short_tag_file_is_filled_with_zeros(text, expected, add, read):
    add("ants", occlusion__tag=text)
    assert read()["ants"].tags["occlusion"].tolist() == expected


def test_a_long_tag_file_is_left_out_with_a_note(add, read):
    add("ants", occlusion__tag="1\n1\n1\n1\n")
    dataset = read()
    assert dict(dataset["ants"].tags) == {}
    (note,) = dataset.notes
    assert "ants/occlusion.tag has 4 lines for 3 frames: left out" in note


def test_a_missing_tag_file_is_noted(add, read):
    add("ants", occlusion__tag="1\n1\n1\n")
    add("bag", size_change__tag="1\n1\n1\n")
    dataset = read()
    assert dataset.tags == ("occlusion", "size_change")
    assert dataset.notes == (
        "no data for the attributes ants/size_change, bag/occlusion: counted as not set",
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [("1\n\n1\n", 2), ("yes\n", 1), (b"1\n0\n\xff\n", 3), ("1_0\n", 1), ("inf", 1)],
)
def test_a_fault_in_a_tag_file_is_named(text, line, tmp_path, write_text):
    path = write_text(tmp_path / "occlusion.tag", text)
    with pytest.raises(FormatError, match="not a flag") as caught:
        read_flags(path)
    assert (caught.value.file, caught.value.line) == (path, line)


def test_a_tag_that_is_a_folder_is_an_error(add, read):
    (add("ants") / "occlusion.tag").mkdir()
    with pytest.raises(FormatError, match="cannot be read"):
        read()


def test_bytes_that_are_no_utf8_in_the_list_name_no_sequence(add, read, tmp_path, write_text):
    add("ants")
    write_text(tmp_path / "myset" / "list.txt", b"\xff\xfe\n")
    with pytest.raises(DatasetError, match=r"no groundtruth\.txt"):
        read()


@pytest.mark.real_data
def test_a_real_sequence(real_data):
    dataset = read_folder(real_data / "sequences")
    bag = dataset["bag"]
    assert (len(bag), bag.bounds, len(bag.images)) == (196, (480, 360), 196)
    assert bag.image(195).shape == (360, 480, 3)
    assert any("tennis" in note for note in dataset.notes)
