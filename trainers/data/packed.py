"""Crops in a few large files instead of millions of small ones.

Of each crop, only what augmentation can reach is kept. A packed folder holds ``packed.json``, what
it is; shards, the crops one after the other; and beside each shard its index. The file of a crop
that has restart markers is cut without loss; another one is encoded again, on the same grid of
blocks, so that little is lost. Masks are kept exactly, a bit a pixel.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import multiprocessing
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, astuple, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trainers.data.augment import Patch, Pixels
from trainers.data.crops import EMPTY, CropFault, Folder
from trainers.data.jpeg import (
    JPEGError,
    Layout,
    cut,
    decode_part,
    decode_whole,
    encode,
    read_layout,
)
from trainers.data.window import CROP_SIZE, Area, Augmentation, reach
from trainers.errors import CropsError
from vot_toolkit.atomic import SUFFIX, sweep, write_whole

SCHEMA_VERSION: Final = 1
MANIFEST: Final = "packed.json"
IMAGE_SUFFIX: Final = ".x.jpg"
MASK_SUFFIX: Final = ".m.png"

QUALITY: Final = 95
"""Of images that are encoded again, 0 to 100; the original's crops have it too."""

SHARD_CROPS: Final = 4096
"""Crops in a shard, some 150 MB."""

BLOCK: Final = 16
"""Side of a block of colour in a JPEG file, in px."""

RECIPE: Final = reach(255, Augmentation(shift=64, scale=0.18))
"""What the released configs can reach in a crop; what their templates reach is within it."""

ENTRY: Final = np.dtype(
    [
        ("key", "<u8"),
        ("offset", "<u8"),
        ("image_bytes", "<u4"),
        ("mask_bytes", "<u4"),
        ("checksum", "<u4"),
        *((f"{what}_{side}", "<u2") for what in ("image", "mask") for side in Area._fields),
        *((each.name, "<u2") for each in fields(Layout)),
    ]
)
"""A crop in an index; see `Entry`."""


class Entry(NamedTuple):
    """A crop in an index.

    Parameters
    ----------
    key : int
        See `key_of`.
    offset : int
        Of the image's first byte in the shard; the mask's bytes follow the image's.
    image_bytes, mask_bytes : int
        How many there are; no mask has none.
    checksum : int
        CRC-32 of all of them.
    image_area, mask_area : Area
        The pixels of the crop that they hold.
    layout : Layout
        Of the image's file, which need not be looked for in every file again.
    """

    key: int
    offset: int
    image_bytes: int
    mask_bytes: int
    checksum: int
    image_area: Area
    mask_area: Area
    layout: Layout

    @classmethod
    def of(cls, values: tuple[int, ...]) -> Entry:
        """Read it from an element of an index."""
        key, offset, image, mask, checksum, *sides = values
        areas = Area(*sides[:4]), Area(*sides[4:8])
        return cls(key, offset, image, mask, checksum, *areas, Layout(*sides[8:]))


@dataclass(frozen=True)
class Manifest:
    """What a packed folder holds.

    Parameters
    ----------
    area : Area
        The pixels that are kept of each crop, at least.
    quality : int
        Of those images that were encoded again.
    crops : int
        How many there are.
    recoded : int
        How many of them were encoded again.
    shards : dict of str to str
        Name of each shard, and the SHA-256 of its bytes.
    skipped : tuple of str
        Crops that could not be read, and why.
    """

    area: Area
    quality: int
    crops: int = 0
    recoded: int = 0
    shards: dict[str, str] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Write it as JSON."""
        return json.dumps({"schema_version": SCHEMA_VERSION, **asdict(self)}, indent=2) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Read what a packed folder holds.

    Raises
    ------
    CropsError
        If it is no packed folder, or one of another version.
    """
    file = folder / MANIFEST
    try:
        values = json.loads(file.read_bytes())
        version = values.pop("schema_version")
        area, skipped = Area(*values.pop("area")), tuple(values.pop("skipped", ()))
        manifest = Manifest(area, skipped=skipped, **values)
    except OSError as error:
        hint = "a packed folder is whole once this file is there; pack again to finish it"
        raise CropsError(f"cannot be read: {error.strerror}", file=file, hint=hint) from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CropsError(f"not what a packed folder holds: {error!r}", file=file) from None
    if version != SCHEMA_VERSION:
        raise CropsError(
            f"schema_version {version!r}", file=file, hint=f"accepted: {SCHEMA_VERSION}"
        )
    return manifest


@dataclass(frozen=True)
class Job:
    """A shard to be written.

    Parameters
    ----------
    folder, out : Path
        Where the crops are, and where the shard goes.
    number : int
        Of the shard.
    names : tuple of str
        The images, below ``folder``.
    area : Area
        The pixels to keep.
    quality : int
        Of images that are encoded again.
    """

    folder: Path
    out: Path
    number: int
    names: tuple[str, ...]
    area: Area
    quality: int

    @property
    def shard(self) -> Path:
        """The file; named by its number and by all that decides what is in it."""
        what = json.dumps([SCHEMA_VERSION, self.area, self.quality, self.names])
        return self.out / f"{self.number:05d}-{_digest(what.encode()).hex()}.crops"


@dataclass
class Written:
    """What came of a job."""

    shard: str
    sha256: str = ""
    crops: int = 0
    recoded: int = 0
    skipped: list[str] = field(default_factory=list)


def pack(
    folder: Path,
    out: Path,
    *,
    area: Area = RECIPE,
    quality: int = QUALITY,
    workers: int = 1,
    shard_crops: int = SHARD_CROPS,
    progress: Callable[[int, int], None] | None = None,
) -> Manifest:
    """Pack a folder of crops.

    Parameters
    ----------
    folder : Path
        Of ``<video>/<frame>.<track>.x.jpg`` and, where there are masks, ``….m.png``.
    out : Path
        The packed folder; made when missing. What a killed run left in it is used: shards are whole
        or absent.
    area : Area
        The pixels to keep of each crop. The default is what the released configs can reach.
    quality : int
        JPEG quality of the images that have no restart markers and must be encoded again, 0 to 100.
    workers : int
        Processes.
    shard_crops : int
        Crops in a file.
    progress : callable, optional
        Told how many crops of how many are done.

    Returns
    -------
    Manifest
        What ``packed.json`` says, which is written last.

    Raises
    ------
    CropsError
        If there are no crops, or ``out`` cannot be written.
    """
    names = list_images(folder)
    if not names:
        hint = f"expected <video>/<frame>.<track>{IMAGE_SUFFIX} below it"
        raise CropsError("no crops", file=folder, hint=hint)
    try:
        out.mkdir(parents=True, exist_ok=True)
        sweep(out)
        jobs = list(_jobs(folder, out, names, area, quality, shard_crops))
        done = _run(jobs, workers, progress)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise CropsError(what, file=out, hint="make room and run it again: it goes on") from None
    manifest = _summary(done, area, quality)
    write_whole(out / MANIFEST, manifest.to_json())
    _remove_strangers(out, manifest)
    return manifest


def list_images(folder: Path) -> list[str]:
    """List the images of crops below a folder, sorted, with ``/`` between the parts of a name."""
    found = []
    for place, folders, files in os.walk(folder):
        folders.sort()
        video = Path(place).relative_to(folder).as_posix()
        found += [f"{video}/{name}" for name in files if name.endswith(IMAGE_SUFFIX)]
    return sorted(found)


def _jobs(
    folder: Path, out: Path, names: Sequence[str], area: Area, quality: int, size: int
) -> Iterator[Job]:
    for number, first in enumerate(range(0, len(names), size)):
        yield Job(folder, out, number, tuple(names[first : first + size]), area, quality)


def _run(
    jobs: Sequence[Job], workers: int, progress: Callable[[int, int], None] | None
) -> list[Written]:
    total, done = sum(len(job.names) for job in jobs), 0
    results: dict[int, Written] = {}
    for job, written in _each(jobs, workers):
        results[job.number] = written
        done += len(job.names)
        if progress is not None:
            progress(done, total)
    return [results[job.number] for job in jobs]


def _each(jobs: Sequence[Job], workers: int) -> Iterator[tuple[Job, Written]]:
    if workers <= 1:
        yield from ((job, write_shard(job)) for job in jobs)
        return
    # Not forked: OpenCV's threads would not be there, and what waits for them would wait forever.
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        running = {pool.submit(write_shard, job): job for job in jobs}
        yield from ((running[future], future.result()) for future in as_completed(running))


def write_shard(job: Job) -> Written:
    """Write a shard and its index, unless both are there."""
    note = job.shard.with_suffix(".json")
    if note.exists() and job.shard.exists():
        return Written(**json.loads(note.read_bytes()))
    written, entries, digest = Written(job.shard.name), [], hashlib.sha256()
    temporary = job.out / f".{job.shard.name}.{os.getpid()}{SUFFIX}"
    with temporary.open("wb") as file:
        for name, record in _records(job, written):
            entries.append(_entry(name, record, file.tell()))
            file.write(record.image + record.mask)
            digest.update(record.image + record.mask)
    index = np.sort(np.array(entries, dtype=ENTRY), order="key")
    _write_index(job.shard.with_suffix(".npy"), index)
    temporary.replace(job.shard)
    written.sha256, written.crops = digest.hexdigest(), len(index)
    write_whole(note, json.dumps(vars(written)))
    return written


def _write_index(path: Path, index: NDArray[Any]) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}{SUFFIX}")
    with temporary.open("wb") as file:
        np.save(file, index)
    temporary.replace(path)


@dataclass(frozen=True)
class Record:
    """A crop as it is stored."""

    image: bytes
    image_area: Area
    mask: bytes
    mask_area: Area
    recoded: bool


def _records(job: Job, written: Written) -> Iterator[tuple[str, Record]]:
    for name in job.names:
        try:
            record = read_record(job.folder, name, job.area, job.quality)
        except CropFault as fault:
            written.skipped.append(str(fault))
            continue
        written.recoded += record.recoded
        yield name, record


def read_record(folder: Path, name: str, area: Area, quality: int) -> Record:
    """Read a crop and make of it what is stored.

    Raises
    ------
    CropFault
        If image or mask are broken.
    """
    image, image_area, recoded = _image_record(folder / name, area, quality)
    mask = name.removesuffix(IMAGE_SUFFIX) + MASK_SUFFIX
    if not (folder / mask).exists():
        return Record(image, image_area, b"", Area(0, 0, 0, 0), recoded)
    return Record(image, image_area, *_mask_record(Folder(folder).mask(mask)), recoded)


def _image_record(file: Path, area: Area, quality: int) -> tuple[bytes, Area, bool]:
    try:
        data = file.read_bytes()
        layout = read_layout(data)
        pixels = decode_whole(data)
        if pixels.shape[:2] != (CROP_SIZE, CROP_SIZE):
            raise JPEGError(f"{pixels.shape[1]}x{pixels.shape[0]} px")
        if layout is not None:
            return *cut(data, layout, area), False
    except (OSError, JPEGError) as error:
        raise CropFault(file, str(error)) from None
    covered = _on_blocks(area)
    rows, columns = slice(covered.top, covered.bottom), slice(covered.left, covered.right)
    return encode(np.ascontiguousarray(pixels[rows, columns]), quality), covered, True


def _on_blocks(area: Area) -> Area:
    """Widen an area to whole blocks, by two at once so that columns can be cut in pairs."""
    step = 2 * BLOCK
    return Area(
        area.left // step * step,
        area.top // BLOCK * BLOCK,
        min(-(-area.right // step) * step, CROP_SIZE),
        min(-(-area.bottom // BLOCK) * BLOCK, CROP_SIZE),
    )


def _mask_record(mask: Patch) -> tuple[bytes, Area]:
    height, width = mask.pixels.shape
    area = Area(mask.left, mask.top, mask.left + width, mask.top + height)
    return zlib.compress(np.packbits(mask.pixels > 0, axis=1).tobytes()), area


def _entry(name: str, record: Record, offset: int) -> tuple[Any, ...]:
    checksum = zlib.crc32(record.mask, zlib.crc32(record.image))
    sizes = len(record.image), len(record.mask)
    layout = read_layout(record.image)
    assert layout is not None, "images are stored with restart markers"
    areas = *record.image_area, *record.mask_area
    return key_of(name), offset, *sizes, checksum, *areas, *astuple(layout)


def key_of(name: str) -> int:
    """Turn the name of an image or mask into the number that an index is sorted by."""
    stem = name.removesuffix(IMAGE_SUFFIX).removesuffix(MASK_SUFFIX)
    return int.from_bytes(_digest(stem.encode()), "little")


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=8).digest()


def _summary(done: Sequence[Written], area: Area, quality: int) -> Manifest:
    return Manifest(
        area,
        quality,
        sum(written.crops for written in done),
        sum(written.recoded for written in done),
        {written.shard: written.sha256 for written in done},
        tuple(fault for written in done for fault in written.skipped),
    )


def _remove_strangers(out: Path, manifest: Manifest) -> None:
    """Remove shards of other crops, of an earlier packing into the same folder."""
    stems = {Path(name).stem for name in manifest.shards}
    for file in out.glob("[0-9]*-*.*"):
        if file.suffix in (".crops", ".npy", ".json") and file.stem not in stems:
            file.unlink()


def verify(folder: Path) -> list[str]:
    """Compare every shard with its checksum.

    Returns
    -------
    list of str
        What is wrong, a line a shard; empty when all is well.

    Raises
    ------
    CropsError
        If it is no packed folder.
    """
    problems = []
    for name, sha256 in read_manifest(folder).shards.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            problems.append(f"{folder / name}: {error.strerror}")
            continue
        if found != sha256:
            problems.append(f"{folder / name}: SHA-256 is {found}, expected {sha256}")
    return problems


class Packed:
    """Crops of a packed folder, mapped into memory.

    Parameters
    ----------
    folder : Path
        What `pack` wrote.

    Raises
    ------
    CropsError
        If it is no packed folder, or a shard is missing or cut off.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.area = read_manifest(folder).area
        self.shards = [folder / name for name in read_manifest(folder).shards]
        indices = [_read_index(shard) for shard in self.shards]
        numbers = [np.full(len(index), k, np.uint32) for k, index in enumerate(indices)]
        index, number = np.concatenate(indices), np.concatenate(numbers)
        by_key = np.argsort(index["key"], kind="stable")
        self.index, self.shard_of = index[by_key], number[by_key]
        self.keys = np.ascontiguousarray(self.index["key"])
        self._maps: dict[int, mmap.mmap] = {}

    def __len__(self) -> int:
        """Count the crops."""
        return len(self.index)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the maps behind: every process maps for itself."""
        return {**vars(self), "_maps": {}}

    def image(self, name: str, area: Area) -> Patch:
        """Read pixels of an image; see `trainers.data.crops.Crops`."""
        entry, data = self._find(name)
        covered = entry.image_area
        if not covered.holds(area):
            raise CropsError(
                f"pixels {tuple(area)} are wanted, {tuple(covered)} are kept",
                file=self.folder,
                hint="pack again for these augmentations",
            )
        left, top = covered.left, covered.top
        within = Area(area.left - left, area.top - top, area.right - left, area.bottom - top)
        try:
            patch = decode_part(data[: entry.image_bytes], entry.layout, within)
        except JPEGError as error:
            raise CropFault(self.folder / name, str(error)) from None
        return Patch(patch.pixels, patch.left + left, patch.top + top)

    def mask(self, name: str) -> Patch:
        """Read a mask; see `trainers.data.crops.Crops`."""
        entry, data = self._find(name)
        if not entry.mask_bytes:
            raise CropFault(self.folder / name, "missing")
        area = entry.mask_area
        if not area.width:
            return EMPTY
        return Patch(_unpack(data[entry.image_bytes :], area), area.left, area.top)

    def _find(self, name: str) -> tuple[Entry, bytes]:
        key = np.uint64(key_of(name))
        place = int(np.searchsorted(self.keys, key))
        if place == len(self.keys) or self.keys[place] != key:
            raise CropFault(self.folder / name, "missing")
        entry = Entry.of(self.index[place].item())
        stop = entry.offset + entry.image_bytes + entry.mask_bytes
        data = self._map(int(self.shard_of[place]))[entry.offset : stop]
        if zlib.crc32(data) != entry.checksum:
            raise CropFault(self.folder / name, "does not have its checksum")
        return entry, data

    def _map(self, shard: int) -> mmap.mmap:
        if shard not in self._maps:
            with self.shards[shard].open("rb") as file:
                self._maps[shard] = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return self._maps[shard]


def _read_index(shard: Path) -> NDArray[Any]:
    try:
        index: NDArray[Any] = np.load(shard.with_suffix(".npy"))
        ends = index["offset"] + index["image_bytes"] + index["mask_bytes"]
        whole = int(ends.max(initial=0)) == shard.stat().st_size
    except (OSError, ValueError, IndexError) as error:
        raise CropsError(f"cannot be read: {error}", file=shard, hint="pack again") from None
    if not whole:
        raise CropsError("is cut off", file=shard, hint="pack again")
    return index


def _unpack(data: bytes, area: Area) -> Pixels:
    rows = np.frombuffer(zlib.decompress(data), dtype=np.uint8).reshape(area.height, -1)
    return np.unpackbits(rows, axis=1, count=area.width)
