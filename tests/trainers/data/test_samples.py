"""Whole samples."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from trainers.data import reference
from trainers.data.draws import Blur
from trainers.data.samples import ATTEMPTS, Arrays, BlurredImage, SampleConfig, Samples
from trainers.data.sources import read_source
from trainers.data.targets import Sampling
from trainers.data.window import Augmentation, label_box
from trainers.errors import CropsError

CONFIG = SampleConfig(
    search=Augmentation(shift=64, scale=0.18, blur=0.9, flip=0.5),
    template=Augmentation(shift=4, scale=0.05, flip=0.5),
)
PLACES = [(position, position % 2) for position in range(24)]


@pytest.fixture(scope="module")
def samples(prepared):
    return Samples([read_source(prepared)], CONFIG, seed=1)


@pytest.fixture(scope="module")
def batch(samples):
    return samples.batch(PLACES)


def whole(samples, crop, suffix=".x.jpg"):
    source = samples.mixture.sources[crop.source]
    name = source.image_name(crop.video, crop.track, crop.frame).replace(".x.jpg", suffix)
    return cv2.imread(str(source.config.root / name), int(suffix == ".x.jpg"))


def plain(samples, pair, draws):
    """Make a sample by the reference; no blur and no offset, which come on the device."""
    config, source = samples.config, samples.mixture.sources[pair.search.source]
    own = [replace(each, colour=(0, 0, 0), blur=None) for each in (draws.template, draws.search)]
    nothing = np.zeros((511, 511), dtype=np.float32)
    template, _, _ = reference.augment(
        whole(samples, pair.template), label_box(1, 1), nothing, own[0], config.template, 127,
        gray=draws.gray,
    )  # fmt: skip
    mask = whole(samples, pair.search, ".m.png") > 0
    search, box, mask = reference.augment(
        whole(samples, pair.search), label_box(*source.sizes[pair.search.frame].tolist()),
        nothing if pair.negative else mask.astype(np.float32), own[1], config.search, 255,
        gray=draws.gray,
    )  # fmt: skip
    order = np.argsort(draws.priorities, kind="stable")
    targets = reference.targets(
        box, mask, order, anchors=config.anchors, sampling=Sampling(), cells=25,
        negative_pair=pair.negative, has_mask=source.has_mask,
    )  # fmt: skip
    return template, search, box, targets


@pytest.mark.parametrize("row", range(len(PLACES)))
def test_samples_are_the_reference_s(samples, batch, row):
    template, search, box, targets = plain(samples, *samples.choose(*PLACES[row]))
    for ours, theirs in ((batch.template[row], template), (batch.search[row], search)):
        # The installed OpenCV may round positions in another way, on images full of noise.
        off = np.abs(ours - theirs)
        assert off.max() <= 12
        assert off.mean() < 0.5
    assert batch.boxes[row].tolist() == np.float32(box).tolist()
    assert np.array_equal(batch.labels[row], targets["labels"])
    assert np.array_equal(batch.deltas[row], targets["deltas"])
    assert np.array_equal(batch.weights[row], targets["weights"])
    assert np.array_equal(batch.mask_weights[row], targets["mask_weights"])
    assert np.count_nonzero(batch.masks[row] * 2.0 - 1 != targets["mask"]) <= 300


def test_there_are_all_kinds_of_samples(samples):
    chosen = [samples.choose(*place) for place in PLACES]
    assert {pair.negative for pair, _ in chosen} == {True, False}
    assert {draws.gray for _, draws in chosen} == {True, False}
    assert {draws.search.flip for _, draws in chosen} == {True, False}
    assert {pair.template == pair.search for pair, _ in chosen} == {True, False}


def test_offsets_and_blurs_are_left_to_the_device(samples, batch):
    expected = []
    for row, place in enumerate(PLACES):
        _, draws = samples.choose(*place)
        colours = np.array([draws.template.colour, draws.search.colour])
        offsets = (reference.COLOUR_BASIS @ colours.T).T[:, ::-1]
        assert batch.offsets[row] == pytest.approx(offsets, rel=1e-6)
        if draws.search.blur is not None:
            expected.append(BlurredImage(row, False, draws.search.blur))
    assert batch.blurs == expected
    assert all(isinstance(each.blur, Blur) for each in expected)
    assert expected


def test_same_arguments_same_arrays(samples, batch):
    again = samples.batch(PLACES[5:9])
    assert np.array_equal(again.search, batch.search[5:9])
    assert np.array_equal(again.labels, batch.labels[5:9])


def test_sets_without_masks(prepared):
    source = read_source(replace(prepared, has_mask=False))
    found = Samples([source], CONFIG, seed=1).batch(PLACES)
    assert not found.masks.any()
    assert not found.mask_weights.any()


def test_networks_without_masks(samples, batch):
    config = replace(CONFIG, masks=False)
    found = Samples(samples.mixture.sources, config, seed=1).batch(PLACES[:3])
    assert found.masks is None
    assert found.mask_weights is None
    assert np.array_equal(found.search, batch.search[:3])


def test_refinement_s_sizes(prepared):
    search = Augmentation(shift=8, scale=0.18, blur=0.18)
    config = SampleConfig(search_size=143, cells=3, search=search, negative=0)
    found = Samples([read_source(prepared)], config, seed=1).batch(PLACES[:2])
    assert found.search.shape == (2, 143, 143, 3)
    assert found.labels.shape == (2, 5, 3, 3)
    assert found.masks.shape == (2, 1, 143, 143)


@pytest.fixture
def broken(prepare, tmp_path):
    """Give a data set of which one crop is cut off and one missing."""
    config = prepare(tmp_path / "crops")
    first, second = sorted(config.root.rglob("*.x.jpg"))[:2]
    first.write_bytes(first.read_bytes()[:5000])
    second.unlink()
    return config


def test_crops_that_cannot_be_read_are_replaced_and_named(broken):
    found = Samples([read_source(broken)], CONFIG, seed=1).batch(PLACES)
    assert {fault.reason for fault in found.faults} == {"missing", "a JPEG file without its end"}
    assert found.search.std(axis=(1, 2, 3)).min() > 5
    again = Samples([read_source(broken)], CONFIG, seed=1).batch(PLACES)
    assert np.array_equal(again.search, found.search)


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n", b"x" * 300])
def test_broken_masks_are_replaced_too(prepare, tmp_path, data):
    config = prepare(tmp_path / "crops", videos=1)
    next(iter(sorted(config.root.rglob("*.m.png")))).write_bytes(data)
    places = [(k, 0) for k in range(30)]
    found = Samples([read_source(config)], SampleConfig(), seed=0).batch(places)
    assert {fault.reason for fault in found.faults} == {"not a whole PNG file"}


def test_a_crop_of_another_size(prepare, tmp_path):
    config = prepare(tmp_path / "crops", videos=1)
    small = np.zeros((300, 300, 3), dtype=np.uint8)
    for image in config.root.rglob("*.x.jpg"):
        cv2.imwrite(str(image), small)
    with pytest.raises(CropsError, match="300x300 px, expected 511x511"):
        Samples([read_source(config)], CONFIG, seed=0).batch([(0, 0)])


def test_a_folder_without_crops_ends_at_once(prepared, tmp_path):
    config = replace(prepared, root=tmp_path)
    with pytest.raises(CropsError) as error:
        Samples([read_source(config)], CONFIG, seed=0).batch(PLACES)
    assert f"{ATTEMPTS} crops in a row cannot be used, the last: missing" in str(error.value)
    assert str(tmp_path) in str(error.value)


def test_room_for_samples():
    arrays = Arrays.empty(2, SampleConfig())
    assert arrays.template.shape == (2, 127, 127, 3)
    assert not arrays.deltas.any()
