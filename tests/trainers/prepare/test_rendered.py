"""Rendered scenes: the same for the same seed, masks that fit their boxes, photographs apart."""

import json

import cv2
import numpy as np
import pytest

from trainers.errors import PreparationError
from trainers.prepare.rendered.paths import curve
from trainers.prepare.rendered.photographs import open_library
from trainers.prepare.rendered.scenes import HEIGHT, LEAST_AREA, WIDTH, scene
from trainers.prepare.rendered.sprites import blob
from trainers.prepare.rendered.surfaces import _KINDS, surface
from trainers.prepare.rendered.videos import RenderedPart, box_of, plan

pytest.importorskip("pycocotools")
pytest.importorskip("skimage")

OUTLINE = [20, 15, 90, 15, 95, 60, 60, 80, 20, 70]


@pytest.fixture(scope="module")
def photographs(tmp_path_factory, noise):
    """Write a small folder of COCO: 16 images with an object each."""
    folder = tmp_path_factory.mktemp("coco")
    (folder / "train2017").mkdir()
    (folder / "annotations").mkdir()
    images, annotations = [], []
    for number in range(16):
        name = f"{number:012d}.jpg"
        cv2.imwrite(str(folder / "train2017" / name), noise(number))
        images.append({"id": number, "file_name": name, "height": 90, "width": 120})
        shape = {"bbox": [20, 15, 75, 65], "segmentation": [OUTLINE]}
        annotations.append({"id": number, "image_id": number, **shape})
    text = json.dumps({"images": images, "annotations": annotations})
    (folder / "annotations" / "instances_train2017.json").write_text(text)
    return folder


def test_a_scene_is_the_same_each_time(photographs):
    part = RenderedPart("train", 3, photographs, num_images=2)
    first, second = ([shot.read() for shot in part.shots()] for _ in range(2))
    assert len(first) == 2
    assert all(np.array_equal(*pair) for pair in zip(first, second, strict=True))
    assert not np.array_equal(*first)


def test_targets_are_where_their_masks_say(photographs):
    library = open_library(photographs, False)
    drawn = scene(np.random.default_rng(5), library)
    found = 0
    for time in (0.0, 0.5, 1.0):
        frame = drawn.frame(time)
        assert frame.image.shape == (HEIGHT, WIDTH, 3)
        for mask in frame.masks.values():
            left, top, right, bottom = box_of(mask)
            assert 0 <= left < right <= WIDTH
            assert 0 <= top < bottom <= HEIGHT
            assert mask.sum() == mask[top:bottom, left:right].sum() >= LEAST_AREA
            found += 1
        assert np.sum(list(frame.masks.values()), axis=0).max(initial=0) <= 1, "no pixel has two"
    assert found


def test_validation_has_photographs_of_its_own(photographs):
    train, val = (open_library(photographs, held_out) for held_out in (False, True))
    files = [{each.file for each in library.photographs} for library in (train, val)]
    assert files[0].isdisjoint(files[1])
    assert {each.photograph.file for each in val.cutouts} <= files[1]
    assert len(files[1]) == 2


def test_plan(photographs):
    found = plan(photographs)
    assert found.has_mask
    assert found.splits == ("train", "val")
    assert len({part.key for part in found.parts}) == len(found.parts)


def test_too_few_photographs(tmp_path):
    (tmp_path / "annotations").mkdir()
    text = json.dumps({"images": [], "annotations": []})
    (tmp_path / "annotations" / "instances_train2017.json").write_text(text)
    with pytest.raises(PreparationError, match="too few photographs"):
        open_library(tmp_path, False)


@pytest.mark.parametrize("kind", range(len(_KINDS)))
def test_surfaces(kind):
    image = _KINDS[kind](np.random.default_rng(kind), 40, 60)
    assert (image.shape, image.dtype) == ((40, 60, 3), np.uint8)
    assert surface(np.random.default_rng(1), 8, 8).shape == (8, 8, 3)


def test_an_outline_fills_its_square():
    for seed in range(20):
        cover = blob(np.random.default_rng(seed), 64)
        _, _, width, height = cv2.boundingRect((cover > 0.5).astype(np.uint8))
        assert 55 <= max(width, height) <= 64


def test_curves_stay_near():
    random = np.random.default_rng(2)
    values = [curve(random, 5, 2).at(time) for _ in range(50) for time in (0.0, 0.3, 0.9)]
    assert 1 <= min(values) <= max(values) <= 9
