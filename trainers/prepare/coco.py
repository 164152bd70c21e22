"""COCO 2017: single images with boxes, polygons and run lengths."""

from __future__ import annotations

import json
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from trainers.errors import AnnotationError, PreparationError
from trainers.prepare.dropped import Dropped, Reason, UnusableError
from trainers.prepare.part import Mask, Part, Plan, Shot, Size, Target, plain_box
from trainers.prepare.pictures import read_image

SPLITS = ("train2017", "val2017")
MASK_THRESHOLD = 0.5
"""Of the original's script for COCO."""


@dataclass(frozen=True)
class Instance:
    """One annotated object.

    Parameters
    ----------
    number : int
        Its ``id`` in the file.
    bbox : tuple of float
        x, y, width, height, in px.
    segmentation : list or dict
        Polygons, or run lengths, compressed or not.
    """

    number: int
    bbox: tuple[float, float, float, float]
    segmentation: Any


@dataclass(frozen=True)
class CocoPart:
    """One image of COCO; see `Part`.

    Parameters
    ----------
    split : str
        ``train2017`` or ``val2017``.
    image : Path
        The file.
    size : tuple of int
        Height and width by the annotation, in px.
    instances : tuple of Instance
        All of the image, in the file's order.
    """

    split: str
    image: Path
    size: Size
    instances: tuple[Instance, ...]
    num_images: int = 1

    @property
    def key(self) -> str:
        """Name of the image as a video."""
        return f"{self.split}/{self.image.stem}"

    @property
    def fingerprint(self) -> str:
        """Hash of the annotation."""
        return sha256(repr((self.size, self.instances)).encode()).hexdigest()[:16]

    def shots(self) -> Iterator[Shot | Dropped]:
        """Give the image, and the boxes too small for training."""
        targets = []
        for track, instance in enumerate(self.instances):
            place = f"{self.key}.jpg, annotation {instance.number}"
            x, y, width, height = instance.bbox
            if min(width, height) <= 1:
                yield Dropped(Reason.SUBPIXEL, f"{place}: {width:g}x{height:g} px")
                continue
            box = plain_box(x, y, x + width - 1, y + height - 1)
            mask = partial(draw, instance.segmentation, place)
            # The box in the JSON is a pixel smaller than the one that decides the crop (quirk 17).
            targets.append(Target(track, box, (width, height), mask, place))
        read = partial(read_image, self.image)
        yield Shot(0, tuple(targets), read, f"{self.key}.jpg", self.size, MASK_THRESHOLD)


def draw(segmentation: Any, place: str, size: Size) -> Mask:
    """Draw polygons or run lengths.

    Parameters
    ----------
    segmentation : list or dict
        As in the file.
    place : str
        What to call it in an error.
    size : tuple of int
        Height and width of the image, in px.

    Returns
    -------
    uint8 array, shape (height, width)
        1 where the object is.

    Raises
    ------
    UnusableError
        If it is neither, or does not fit the image.
    """
    try:
        mask = _decoded(segmentation, size)
    except Exception as error:  # the library raises whatever it meets
        raise UnusableError(Reason.BAD_ANNOTATION, f"{place}: segmentation: {error}") from None
    if mask.shape != size:
        raise UnusableError(Reason.BAD_ANNOTATION, f"{place}: run lengths for another image size")
    return mask


def _decoded(segmentation: Any, size: Size) -> Mask:
    masks = mask_library()
    runs = segmentation
    if not isinstance(segmentation, dict) or isinstance(segmentation["counts"], list):
        runs = masks.frPyObjects(segmentation, *size)
    with warnings.catch_warnings():
        # pycocotools 2.0.11 hands its arrays over in a way that NumPy 2 wants to end.
        warnings.simplefilter("ignore", DeprecationWarning)
        mask: Mask = masks.decode(masks.merge(runs) if isinstance(runs, list) else runs)
    return mask


def mask_library() -> ModuleType:
    """Load pycocotools.

    Raises
    ------
    PreparationError
        If it is not installed.
    """
    try:
        return import_module("pycocotools.mask")
    except ImportError:
        raise PreparationError(
            "preparing COCO needs pycocotools", hint="pip install 'siammask-bench[data]'"
        ) from None


def plan(source: Path, *, licences: frozenset[int] | None = None) -> Plan:
    """Read the annotation files.

    Parameters
    ----------
    source : Path
        With ``annotations/instances_train2017.json`` and ``train2017/``, or the same for
        ``val2017``, or both.
    licences : frozenset of int or None
        Take only images under these, by the numbers of the annotations' list ``licenses``;
        None for all images.

    Raises
    ------
    PreparationError
        If there is neither, or no image is under such a licence, or pycocotools is not installed.
    AnnotationError
        If a file is no such JSON.
    """
    mask_library()
    files = {split: source / "annotations" / f"instances_{split}.json" for split in SPLITS}
    present = [split for split in SPLITS if files[split].is_file()]
    if not present:
        raise PreparationError(
            "no annotations of COCO 2017",
            file=source,
            hint="expected annotations/instances_train2017.json and train2017/ in it",
        )
    parts: list[Part] = []
    for split in present:
        parts += _parts(files[split], split, source / split, licences)
    if licences is not None and not parts:
        what = f"no image with objects is under licence {', '.join(map(str, sorted(licences)))}"
        hint = "the annotations' list 'licenses' says which numbers there are"
        raise PreparationError(what, file=files[present[0]], hint=hint)
    notes = [f"no {files[split].relative_to(source)}: {split} is left out"
             for split in SPLITS if split not in present]  # fmt: skip
    return Plan("coco", tuple(parts), has_mask=True, notes=tuple(notes))


def _parts(
    file: Path, split: str, images: Path, licences: frozenset[int] | None
) -> Iterator[CocoPart]:
    data = _load(file)
    instances = defaultdict(list)
    for entry in data["annotations"]:
        number, instance = _instance(entry, file)
        instances[number].append(instance)
    for entry in data["images"]:
        try:
            number, name = entry["id"], Path(entry["file_name"]).name
            size = int(entry["height"]), int(entry["width"])
        except (TypeError, KeyError, ValueError) as error:
            raise AnnotationError(f"images: {error!r} in {str(entry)[:80]}", file=file) from None
        allowed = licences is None or entry.get("license") in licences
        if number in instances and allowed:
            yield CocoPart(split, images / name, size, tuple(instances[number]))


def _instance(entry: Any, file: Path) -> tuple[Any, Instance]:
    try:
        x, y, width, height = plain_box(*map(float, entry["bbox"]))
        instance = Instance(entry["id"], (x, y, width, height), entry.get("segmentation"))
        return entry["image_id"], instance
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        what = f"annotations: {error!r} in {str(entry)[:80]}"
        hint = "each needs id, image_id, bbox of 4 numbers, segmentation"
        raise AnnotationError(what, file=file, hint=hint) from None


def _load(file: Path) -> dict[str, list[Any]]:
    try:
        data = json.loads(file.read_bytes())
    except OSError as error:
        raise AnnotationError(f"cannot be read: {error.strerror}", file=file) from None
    except ValueError as error:
        raise AnnotationError(f"not JSON: {error}", file=file) from None
    if not isinstance(data, dict) or not all(
        isinstance(data.get(key), list) for key in ("images", "annotations")
    ):
        raise AnnotationError("no lists images and annotations", file=file)
    return data
