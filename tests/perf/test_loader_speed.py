"""Training samples per second of one core, beside the steps of the released code.

The crops are cut from the pictures of coco128, once as the released code's tools write them and
once as this package does. Sets of videos and sets of single pictures, with masks and without, are
mixed as in the recipe; a positive pair of a single picture shows one crop twice.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from trainers.data import reference
from trainers.data.augment import Pixels
from trainers.data.draws import Draws
from trainers.data.jpeg import RESTART_BLOCKS
from trainers.data.order import Share, order
from trainers.data.packed import pack
from trainers.data.pairs import Crop, Pair
from trainers.data.samples import SampleConfig, Samples
from trainers.data.sources import SourceConfig, read_source
from trainers.data.window import CROP_SIZE, EXEMPLAR_SIZE, label_box

CROPS = 240
FRAMES = 8
SAMPLES = 128
BATCH = 8
ROUNDS = 9
RECIPE = {
    "ytb_vos": ("videos", True, 200),
    "vid": ("videos", False, 200),
    "coco": ("pictures", True, 117),
    "det": ("pictures", False, 100),
}
"""For each set whether it is one of videos, whether it has masks, and its thousands of a round."""

AS_THE_ORIGINAL: dict[str, list[int]] = {".jpg": [], ".png": []}
AS_PREPARED = {
    ".jpg": [cv2.IMWRITE_JPEG_RST_INTERVAL, RESTART_BLOCKS],
    ".png": [cv2.IMWRITE_PNG_BILEVEL, 1],
}
"""How `trainers.prepare` writes them."""


@dataclass
class Target:
    """An object in a picture."""

    picture: Pixels
    mask: Pixels
    box: tuple[float, float, float, float]

    def window(self) -> np.ndarray[Any, Any]:
        """Give the matrix that maps the picture to the crop."""
        x, y, width, height = self.box
        context = 0.5 * (width + height)
        side = math.sqrt((width + context) * (height + context)) * CROP_SIZE / EXEMPLAR_SIZE
        zoom = (CROP_SIZE - 1) / side
        left, top = x + width / 2 - side / 2, y + height / 2 - side / 2
        return np.array([[zoom, 0, -zoom * left], [0, zoom, -zoom * top]])

    def crop(self) -> tuple[Pixels, Pixels]:
        """Cut out image and mask."""
        border, size = self.picture.mean(axis=(0, 1)).tolist(), (CROP_SIZE, CROP_SIZE)
        image = cv2.warpAffine(self.picture, self.window(), size, borderValue=border)
        mask = cv2.warpAffine(self.mask, self.window(), size)
        return image, (mask > 127).astype(np.uint8) * 255


def targets(folder: Path) -> list[Target]:
    """Read objects of coco128 that are at least 8 px wide and high."""
    file = folder / "annotations" / "instances_train2017.json"
    data = json.loads(file.read_text())
    names = {image["id"]: image["file_name"] for image in data["images"]}
    usable = [each for each in data["annotations"] if min(each["bbox"][2:]) >= 8]
    found = []
    for each in [each for each in usable if isinstance(each["segmentation"], list)][:CROPS]:
        picture = cv2.imread(str(folder / "train2017" / names[each["image_id"]]))
        mask = np.zeros(picture.shape[:2], dtype=np.uint8)
        outlines = [
            np.array(part).reshape(-1, 2).round().astype(int) for part in each["segmentation"]
        ]
        found.append(Target(picture, cv2.fillPoly(mask, outlines, 255), tuple(each["bbox"])))
    return found


def write(root: Path, found: list[Target], options: dict[str, list[int]]) -> None:
    """Write crops, half of them as frames of videos, half as pictures; and their annotations."""
    boxes: dict[str, Any] = {"videos": {}, "pictures": {}}
    for number, target in enumerate(found):
        kind = "videos" if number < CROPS // 2 else "pictures"
        frames = FRAMES if kind == "videos" else 1
        video, frame = f"{kind}/{number // frames:04d}", f"{number % frames:06d}"
        (root / video).mkdir(parents=True, exist_ok=True)
        image, mask = target.crop()
        cv2.imwrite(str(root / video / f"{frame}.00.x.jpg"), image, options[".jpg"])
        cv2.imwrite(str(root / video / f"{frame}.00.m.png"), mask, options[".png"])
        boxes[kind].setdefault(video, {"00": {}})["00"][frame] = list(target.box[2:])
    for kind, videos in boxes.items():
        root.with_name(f"{kind}.json").write_text(json.dumps(videos))


@pytest.fixture(scope="module")
def folder(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make crops as the original's tools do, as prepared, and packed."""
    place = tmp_path_factory.mktemp("crops")
    found = targets(real_data / "coco128")
    write(place / "original", found, AS_THE_ORIGINAL)
    write(place / "prepared", found, AS_PREPARED)
    pack(place / "prepared", place / "packed")
    return place


def samples(folder: Path, name: str) -> Samples:
    """Open one of the forms as the sets of the recipe."""
    sets = [
        SourceConfig(each, folder / name, folder / f"{kind}.json", has_mask=has_mask)
        for each, (kind, has_mask, _) in RECIPE.items()
    ]
    return Samples([read_source(config) for config in sets], SampleConfig(), seed=0)


def places(made: Samples) -> list[tuple[int, int]]:
    """Choose samples as the recipe does."""
    sources = zip(made.mixture.sources, RECIPE.values(), strict=True)
    shares = [Share(len(source), num_use) for source, (_, _, num_use) in sources]
    return list(enumerate(order(shares, SAMPLES)[:SAMPLES].tolist()))


class Original:
    """The released code's steps: whole files, whole arrays, float64 images, float32 batches."""

    def __init__(self, made: Samples) -> None:
        self.made = made

    def read(self, crop: Crop) -> Pixels:
        """Read a whole image."""
        source = self.made.mixture.sources[crop.source]
        name = source.image_name(crop.video, crop.track, crop.frame)
        image: Pixels = cv2.imread(str(source.config.root / name))
        return image

    def read_mask(self, crop: Crop, *, wanted: bool) -> Any:
        """Read a whole mask."""
        if not wanted:
            return np.zeros((CROP_SIZE, CROP_SIZE), dtype=np.float32)
        source = self.made.mixture.sources[crop.source]
        name = source.mask_name(crop.video, crop.track, crop.frame)
        return (cv2.imread(str(source.config.root / name), 0) > 0).astype(np.float32)

    def sample(self, pair: Pair, draws: Draws) -> tuple[Any, ...]:
        """Make what the released code makes of a pair."""
        config, source = self.made.config, self.made.mixture.sources[pair.search.source]
        nothing = np.zeros((CROP_SIZE, CROP_SIZE), dtype=np.float32)
        template, _, _ = reference.augment(
            self.read(pair.template), label_box(1, 1), nothing, draws.template, config.template,
            config.template_size, gray=draws.gray,
        )  # fmt: skip
        box = label_box(*source.sizes[pair.search.frame].tolist())
        mask = self.read_mask(pair.search, wanted=source.has_mask and not pair.negative)
        search, box, mask = reference.augment(
            self.read(pair.search), box, mask, draws.search, config.search, config.search_size,
            gray=draws.gray,
        )  # fmt: skip
        targets = reference.targets(
            box, mask, np.argsort(draws.priorities), anchors=config.anchors,
            sampling=config.sampling, cells=config.cells, negative_pair=pair.negative,
            has_mask=source.has_mask,
        )  # fmt: skip
        return reference.to_network(template), reference.to_network(search), *targets.values()

    def batch(self, found: list[tuple[int, int]]) -> list[Any]:
        """Make a batch."""
        rows = [self.sample(*self.made.choose(*place)) for place in found]
        return [np.stack(column) for column in zip(*rows, strict=True)]


def least_seconds(makers: list[Callable[[Any], Any]], wanted: list[Any]) -> list[float]:
    """Time makers batch by batch in turn, and add up each batch's least time of this process.

    A process that competes for the core takes time and caches away; it can only make a batch
    slower, so the least of several times is the one that was disturbed least.
    """
    batches = [wanted[first : first + BATCH] for first in range(0, len(wanted), BATCH)]
    least = [[math.inf] * len(batches) for _ in makers]
    for _ in range(ROUNDS):
        for number, batch in enumerate(batches):
            for maker, times in zip(makers, least, strict=True):
                begin = time.process_time()
                maker(batch)
                times[number] = min(times[number], time.process_time() - begin)
    return [sum(times) for times in least]


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Keep OpenCV to one core."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    yield
    cv2.setNumThreads(before)


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize(
    ("form", "goal"),
    [
        ("original", 1.6),
        ("prepared", 2.2),
        ("packed", 4.0),
    ],
)
def test_samples_of_one_core(
    benchmark: Any,
    report: Callable[..., None],
    folder: Path,
    form: str,
    goal: float,
) -> None:
    ours, plain = samples(folder, form), Original(samples(folder, "original"))
    wanted = places(ours)
    benchmark.pedantic(ours.batch, (wanted,), rounds=2, warmup_rounds=1)
    fast, slow = least_seconds([ours.batch, plain.batch], wanted)
    ratio = slow / fast
    report(
        f"training samples, one core, crops {form}",
        f"{SAMPLES / fast:,.0f} /s",
        f"the original's steps on its own crops: {SAMPLES / slow:,.0f} /s",
        f"{ratio:.1f}x",
        f"≥ {goal}x",
        ratio >= goal,
    )
    assert ratio >= goal
