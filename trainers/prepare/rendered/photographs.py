"""Photographs to cut from: COCO's, with outlines, and those that come with scikit-image."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from trainers.errors import PreparationError
from trainers.prepare.coco import CocoPart, draw
from trainers.prepare.coco import plan as plan_coco
from trainers.prepare.part import Mask
from trainers.prepare.pictures import read_image
from trainers.prepare.window import Image

FREE = {
    "astronaut.png": "public domain (NASA)",
    "brick.png": "CC0 (CC0Textures)",
    "camera.png": "CC0 (Lav Varshney)",
    "chelsea.png": "CC0 (Stefan van der Walt)",
    "coffee.png": "CC0 (Rachel Michetti)",
    "coins.png": "no known restrictions (Brooklyn Museum)",
    "grass.png": "CC0 (linolafett)",
    "gravel.png": "CC0 (CC0Textures)",
    "hubble_deep_field.jpg": "public domain (NASA)",
    "rocket.jpg": "public domain (SpaceX)",
}
"""Photographs in scikit-image's wheel, and by what right, as its `skimage.data` says."""

LEAST_AREA = 1200
"""Px of an object below which it is too coarse to be shown larger."""

LARGEST_SHARE = 0.5
"""Of a photograph: what fills more of it is mostly cut off by its border."""

HELD_OUT = 8
"""Each eighth photograph of COCO is for validation alone."""


@dataclass(frozen=True)
class Photograph:
    """A photograph.

    Parameters
    ----------
    file : Path
        The image.
    """

    file: Path

    def read(self) -> Image:
        """Give its pixels, BGR; the last few photographs are remembered."""
        return _read(self.file)


@dataclass(frozen=True)
class Cutout:
    """An object in a photograph, with a box of whole pixels.

    Parameters
    ----------
    photograph : Photograph
        Where it is.
    segmentation : object
        Its outline, as COCO writes it.
    """

    photograph: Photograph
    segmentation: str

    def cut(self) -> tuple[Image, Mask]:
        """Give the pixels of its box, and 1 where it is."""
        import json

        image = self.photograph.read()
        outline = json.loads(self.segmentation)
        mask = draw(outline, str(self.photograph.file), image.shape[:2])
        left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
        part = slice(top, top + height), slice(left, left + width)
        return image[part], mask[part].astype(np.uint8)


@dataclass(frozen=True)
class Library:
    """What a scene is made from.

    Parameters
    ----------
    photographs : tuple of Photograph
        For backgrounds and surfaces.
    cutouts : tuple of Cutout
        Objects.
    """

    photographs: tuple[Photograph, ...]
    cutouts: tuple[Cutout, ...]


@lru_cache(maxsize=4)
def open_library(source: Path, held_out: bool, licences: frozenset[int] | None = None) -> Library:
    """Find the photographs of one side of the split.

    Parameters
    ----------
    source : Path
        A folder of COCO 2017; a part of it will do.
    held_out : bool
        Whether to give those for validation.
    licences : frozenset of int or None
        Of COCO's photographs; see `coco.plan`.

    Raises
    ------
    PreparationError
        If there are none, or scikit-image is not installed.
    """
    planned = plan_coco(source, licences=licences).parts
    parts = [part for part in planned if isinstance(part, CocoPart)]
    parts.sort(key=lambda part: part.image.name)
    mine = [part for number, part in enumerate(parts) if (number % HELD_OUT == 0) == held_out]
    photographs = [Photograph(part.image) for part in mine if part.image.is_file()]
    cutouts = [cutout for part in mine if part.image.is_file() for cutout in _cutouts(part)]
    if not photographs or not cutouts:
        raise PreparationError("too few photographs", file=source, hint="16 are enough to try")
    if not held_out:
        photographs += _free()
    return Library(tuple(photographs), tuple(cutouts))


def _free() -> list[Photograph]:
    found = find_spec("skimage")
    if found is None or found.origin is None:
        what = "rendering needs the photographs of scikit-image"
        raise PreparationError(what, hint="pip install scikit-image")
    folder = Path(found.origin).parent / "data"
    return [Photograph(folder / name) for name in FREE if (folder / name).is_file()]


def _cutouts(part: CocoPart) -> Iterator[Cutout]:
    import json

    height, width = part.size
    for instance in part.instances:
        outline = instance.segmentation
        # Run lengths mark crowds.
        if isinstance(outline, list) and outline:
            area = sum(map(_area, outline))
            if area >= LEAST_AREA and area <= LARGEST_SHARE * height * width:
                yield Cutout(Photograph(part.image), json.dumps(outline))


def _area(polygon: list[float]) -> float:
    return float(cv2.contourArea(np.array(polygon, np.float32).reshape(-1, 2)))


@lru_cache(maxsize=160)
def _read(file: Path) -> Image:
    return read_image(file)
