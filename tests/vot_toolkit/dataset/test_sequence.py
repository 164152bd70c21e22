"""Sequences and data sets in memory: images, selection, digest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vot_toolkit.dataset import Dataset, Sequence
from vot_toolkit.errors import DatasetError
from vot_toolkit.region import Mask
from vot_toolkit.trajectory import Trajectory


def make_sequence(name: str = "ants", frames: int = 3, **more) -> Sequence:
    truth = Trajectory.of(*([k, 2, 3, 4] for k in range(frames)))
    return Sequence(name, truth, (32, 24), {"occlusion": np.arange(frames) == 1}, **more)


def make_set(*names: str) -> Dataset:
    return Dataset("made", tuple(make_sequence(name, 3 + k) for k, name in enumerate(names)))


def test_an_image_is_blue_green_red(tmp_path, write_image):
    path = write_image(tmp_path / "1.png", (5, 4), blue=200)
    image = make_sequence(images=(path,)).image(0)
    assert image.dtype == np.uint8
    assert image.shape == (4, 5, 3)
    assert image[0, 0].tolist() == [200, 0, 0]


def test_a_name_of_an_image_may_have_letters_of_any_script(tmp_path, write_image):
    path = write_image(tmp_path / "Škočaj 車.png")
    assert make_sequence(images=(str(path),)).image(0).shape == (24, 32, 3)


@pytest.mark.parametrize("cut", [1, 2, 30, 300])
def test_a_jpeg_that_has_lost_its_end_is_an_error(tmp_path, write_image, capfd, cut):
    """OpenCV 4 gives an image all the same, with grey in place of what is missing."""
    path = write_image(tmp_path / "1.jpg")
    whole = path.read_bytes()
    path.write_bytes(whole + b"more")
    assert make_sequence(images=(path,)).image(0).shape == (24, 32, 3)
    path.write_bytes(whole[:-cut])
    with pytest.raises(DatasetError, match="not an image, or a truncated one"):
        make_sequence(images=(path,)).image(0)


def test_a_missing_image_is_an_error(tmp_path):
    with pytest.raises(DatasetError, match="cannot read the image: No such file") as caught:
        make_sequence(images=(tmp_path / "none.jpg",)).image(0)
    assert caught.value.file == tmp_path / "none.jpg"


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.95])
def test_a_truncated_image_is_an_error(suffix, share, tmp_path, capfd):
    import cv2

    noise = np.random.RandomState(0).randint(0, 256, (60, 80, 3), dtype=np.uint8)
    data = cv2.imencode(suffix, noise)[1].tobytes()
    path = tmp_path / f"1{suffix}"
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(DatasetError, match="not an image, or a truncated one") as caught:
        make_sequence(images=(path,)).image(0)
    assert caught.value.file == path


def test_a_file_that_is_no_image_is_an_error(tmp_path, write_text):
    path = write_text(tmp_path / "1.jpg", "hello")
    with pytest.raises(DatasetError, match="not an image"):
        make_sequence(images=(path,)).image(0)


def test_a_sequence_without_images_says_what_needs_them():
    with pytest.raises(DatasetError, match=r"'ants' has no image.*running a tracker needs"):
        make_sequence().image(0)


@pytest.mark.parametrize("index", [1, 2, -1])
def test_a_frame_without_image_is_an_error(index, tmp_path, write_image):
    sequence = make_sequence(images=(write_image(tmp_path / "1.png"),))
    with pytest.raises(DatasetError, match=f"'ants' has 1 image, none of frame {index}"):
        sequence.image(index)


def test_a_set_is_asked_by_name():
    dataset = make_set("zebra", "ants")
    assert dataset["ants"].name == "ants"
    assert "ants" in dataset
    assert "bag" not in dataset
    with pytest.raises(DatasetError, match=r"no sequence .bag. in made .it has zebra, ants"):
        dataset["bag"]


def test_a_selection_keeps_the_order_of_the_set_and_remembers_it():
    dataset = make_set("zebra", "ants", "bag")
    part = dataset.select(["bag", "zebra"])
    assert [sequence.name for sequence in part] == ["zebra", "bag"]
    assert part.partial
    assert part.full is dataset
    assert (part.num_frames, dataset.num_frames) == (8, 12)
    assert "ants" not in part
    assert not dataset.partial
    assert dataset.full is dataset


def test_a_selection_of_a_selection_belongs_to_the_whole_set():
    dataset = make_set("zebra", "ants", "bag")
    assert dataset.select(["bag", "ants"]).select(["ants"]).full is dataset


def test_a_selection_of_everything_is_not_partial():
    assert not make_set("zebra", "ants").select(["ants", "zebra"]).partial


def test_selecting_an_unknown_name_is_an_error():
    with pytest.raises(DatasetError, match="no sequence 'bag'"):
        make_set("ants").select(["ants", "bag"])


MASK = Mask(0, 0, np.ones((2, 2), dtype=bool))
TRUTH = Trajectory.of([1, 2, 3, 4], [5, 6, 7, 8], MASK)
ORIGINAL = Sequence("ants", TRUTH, (32, 24), {"occlusion": np.array([True, False, False])})

CHANGED = {
    "name": replace(ORIGINAL, name="bag"),
    "width": replace(ORIGINAL, size=(33, 24)),
    "no size": replace(ORIGINAL, size=None),
    "a coordinate": replace(ORIGINAL, groundtruth=Trajectory.of([1, 2, 3, 5], [5, 6, 7, 8], MASK)),
    "cut otherwise": replace(
        ORIGINAL, groundtruth=Trajectory.of([1, 2, 3, 4, 5, 6, 7, 8], 0, MASK)
    ),
    "a frame less": replace(ORIGINAL, groundtruth=TRUTH.head(2)),
    "a mask's pixel": replace(
        ORIGINAL,
        groundtruth=Trajectory.of(
            [1, 2, 3, 4], [5, 6, 7, 8], Mask(0, 0, np.array([[True, True], [True, False]]))
        ),
    ),
    "a mask's place": replace(
        ORIGINAL, groundtruth=Trajectory.of([1, 2, 3, 4], [5, 6, 7, 8], Mask(1, 0, MASK.pixels))
    ),
    "a flag": replace(ORIGINAL, tags={"occlusion": np.array([True, True, False])}),
    "another attribute": replace(ORIGINAL, tags={"dark": np.array([True, False, False])}),
    "one attribute more": replace(ORIGINAL, tags={**ORIGINAL.tags, "dark": np.zeros(3, bool)}),
    "no attribute": replace(ORIGINAL, tags={}),
}


@pytest.mark.parametrize("what", CHANGED)
def test_the_digest_changes_with_any_annotation(what):
    assert Dataset("made", (CHANGED[what],)).digest() != Dataset("made", (ORIGINAL,)).digest()


def test_the_digest_does_not_depend_on_images_or_on_the_name_of_the_set():
    moved = replace(ORIGINAL, images=(Path("/a/1.jpg"),) * 3)
    assert Dataset("other", (moved,)).digest() == Dataset("made", (ORIGINAL,)).digest()


def test_the_digest_depends_on_the_order_of_sequences():
    assert (
        make_set("a", "b").digest() != Dataset("made", make_set("a", "b").sequences[::-1]).digest()
    )


def test_the_digest_does_not_depend_on_the_order_of_attributes():
    tags = {"a": np.ones(3, bool), "b": np.zeros(3, bool)}
    back = dict(reversed(tags.items()))
    digests = {Dataset("", (replace(ORIGINAL, tags=t),)).digest() for t in (tags, back)}
    assert len(digests) == 1
