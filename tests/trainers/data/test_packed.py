"""Packed crops."""

from __future__ import annotations

import pickle
from dataclasses import replace

import cv2
import numpy as np
import pytest

from trainers.data.augment import Patch
from trainers.data.crops import CropFault, Folder
from trainers.data.packed import (
    MANIFEST,
    RECIPE,
    Packed,
    list_images,
    pack,
    read_manifest,
    verify,
)
from trainers.data.samples import SampleConfig, Samples
from trainers.data.sources import read_source
from trainers.data.window import WHOLE, Area
from trainers.errors import CropsError

ARRAYS = ("template", "search", "offsets", "boxes", "labels", "deltas", "weights", "masks")


@pytest.fixture(scope="module")
def packed(prepared, tmp_path_factory):
    out = tmp_path_factory.mktemp("packed")
    pack(prepared.root, out, shard_crops=5)
    return out


def names(config):
    return list_images(config.root)


def pixels(crops, name, area=RECIPE):
    return crops.image(name, area).part(area).pixels


def test_what_is_written(packed, prepared):
    manifest = read_manifest(packed)
    assert (manifest.crops, manifest.recoded, len(manifest.shards)) == (12, 0, 3)
    assert manifest.skipped == ()
    size = sum(path.stat().st_size for path in packed.glob("*.crops"))
    assert size < 0.9 * sum((prepared.root / name).stat().st_size for name in names(prepared))
    assert verify(packed) == []


def test_files_with_restart_markers_are_cut_without_loss(packed, prepared):
    crops, folder = Packed(packed), Folder(prepared.root)
    assert len(crops) == 12
    for name in names(prepared):
        assert np.array_equal(pixels(crops, name), pixels(folder, name))


def test_other_files_lose_little(plain, tmp_path):
    assert pack(plain.root, tmp_path).recoded == 12
    crops, folder = Packed(tmp_path), Folder(plain.root)
    off = [np.abs(pixels(crops, name).astype(int) - pixels(folder, name)) for name in names(plain)]
    assert np.mean(off) < 0.7
    assert np.percentile(off, 99.9) <= 6


def test_masks_are_exact(packed, prepared):
    crops, folder = Packed(packed), Folder(prepared.root)
    for name in names(prepared):
        mask = name.replace(".x.jpg", ".m.png")
        ours, theirs = crops.mask(mask), folder.mask(mask)
        assert (ours.left, ours.top) == (theirs.left, theirs.top)
        assert np.array_equal(ours.pixels > 0, theirs.pixels > 0)


def test_samples_are_those_of_the_single_files(packed, prepared):
    config = SampleConfig()
    source = read_source(prepared)
    single = Samples([source], config, seed=5)
    large = Samples([replace(source, config=replace(prepared, root=packed))], config, seed=5)
    places = [(position, position % 2) for position in range(12)]
    expected, found = single.batch(places), large.batch(places)
    for name in ARRAYS:
        assert np.array_equal(getattr(found, name), getattr(expected, name)), name


def test_more_than_was_kept_is_refused(packed, prepared):
    with pytest.raises(CropsError, match=r"are kept \(pack again for these augmentations\)"):
        Packed(packed).image(names(prepared)[0], WHOLE)


def test_crops_that_are_not_there(packed):
    with pytest.raises(CropFault, match="missing"):
        Packed(packed).image("v9/000000.00.x.jpg", RECIPE)


def test_a_second_time_nothing_is_written(packed, prepared):
    before = {path: path.stat().st_mtime_ns for path in packed.glob("*.crops")}
    assert pack(prepared.root, packed, shard_crops=5) == read_manifest(packed)
    assert {path: path.stat().st_mtime_ns for path in packed.glob("*.crops")} == before


def test_after_a_kill_whole_shards_are_kept(prepared, tmp_path, monkeypatch):
    told = []

    def stop(done, total):
        told.append((done, total))
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pack(prepared.root, tmp_path, shard_crops=5, progress=stop)
    assert told == [(5, 12), (10, 12)]
    with pytest.raises(CropsError, match="pack again to finish it"):
        Packed(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.crops")}
    (tmp_path / ".00002-x.crops.1.part").write_bytes(b"half")
    assert pack(prepared.root, tmp_path, shard_crops=5).crops == 12
    after = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.crops")}
    assert before.items() < after.items()
    assert not list(tmp_path.glob(".*"))


def test_other_crops_replace_all_shards(prepared, tmp_path):
    pack(prepared.root, tmp_path, shard_crops=5)
    manifest = pack(prepared.root, tmp_path, shard_crops=12)
    assert {path.name for path in tmp_path.glob("*.crops")} == set(manifest.shards)
    assert len(Packed(tmp_path)) == 12


def test_several_processes_write_the_same(prepared, packed, tmp_path):
    assert pack(prepared.root, tmp_path, shard_crops=5, workers=2) == read_manifest(packed)


def test_a_changed_byte_is_found(prepared, tmp_path):
    pack(prepared.root, tmp_path)
    (shard,) = tmp_path.glob("*.crops")
    data = bytearray(shard.read_bytes())
    data[len(data) // 2] ^= 1
    shard.write_bytes(data)
    assert "SHA-256 is" in verify(tmp_path)[0]
    crops, faults = Packed(tmp_path), 0
    for name in names(prepared):
        try:
            crops.image(name, RECIPE)
        except CropFault as fault:
            assert "checksum" in str(fault)
            faults += 1
    assert faults == 1


def test_a_shard_that_is_cut_off_is_refused(prepared, tmp_path):
    pack(prepared.root, tmp_path)
    (shard,) = tmp_path.glob("*.crops")
    shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(CropsError, match=r"is cut off \(pack again\)"):
        Packed(tmp_path)


def test_broken_crops_are_left_out_and_named(prepare, tmp_path):
    config = prepare(tmp_path / "crops")
    first, second = names(config)[:2]
    (config.root / first).write_bytes(b"no picture")
    small = cv2.imencode(".jpg", np.zeros((100, 90, 3), np.uint8))[1]
    (config.root / second).write_bytes(small.tobytes())
    manifest = pack(config.root, tmp_path / "packed")
    assert manifest.crops == 10
    assert [fault.split(": ")[1] for fault in manifest.skipped] == ["not a JPEG file", "90x100 px"]
    assert first in manifest.skipped[0]


def test_crops_without_masks(prepare, tmp_path):
    config = prepare(tmp_path / "crops")
    for mask in config.root.rglob("*.m.png"):
        mask.unlink()
    pack(config.root, tmp_path / "packed")
    with pytest.raises(CropFault, match="missing"):
        Packed(tmp_path / "packed").mask(names(config)[0])


def test_empty_masks(prepare, tmp_path):
    config = prepare(tmp_path / "crops", videos=1, frames=1)
    for mask in config.root.rglob("*.m.png"):
        cv2.imwrite(str(mask), np.zeros((511, 511), np.uint8))
    pack(config.root, tmp_path / "packed")
    found: Patch = Packed(tmp_path / "packed").mask(names(config)[0])
    assert found.pixels.size == 0


def test_it_goes_to_other_processes(packed, prepared):
    crops = Packed(packed)
    name = names(prepared)[0]
    before = pixels(crops, name)
    assert np.array_equal(pixels(pickle.loads(pickle.dumps(crops)), name), before)


def test_a_smaller_area(prepared, tmp_path):
    area = Area(184, 184, 327, 327)
    pack(prepared.root, tmp_path, area=area)
    crops = Packed(tmp_path)
    assert np.array_equal(
        pixels(crops, names(prepared)[0], area),
        pixels(Folder(prepared.root), names(prepared)[0], area),
    )


def test_a_folder_without_crops(tmp_path):
    with pytest.raises(CropsError, match=r"no crops \(expected <video>/<frame>.<track>.x.jpg"):
        pack(tmp_path, tmp_path / "out")


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"schema_version": 2, "area": [0, 0, 1, 1], "quality": 1}']
)
def test_another_manifest_is_refused(tmp_path, text):
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(CropsError, match=MANIFEST):
        Packed(tmp_path)
