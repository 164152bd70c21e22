"""The parts of the rendered set: each a scene, of which some frames are rendered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainers.prepare.dropped import Dropped
from trainers.prepare.part import Mask, Plan, Shot, Size, Target
from trainers.prepare.rendered.photographs import open_library
from trainers.prepare.rendered.scenes import scene
from trainers.prepare.window import Image

SEED = 20190617
"""Of all scenes."""

SPLITS = {"train": 1500, "val": 40}
"""Scenes of each split."""

FRAMES = 5
"""Frames of a scene, at random times: no two are so alike that one could be spared."""

VERSION = "1"
"""Of what a scene looks like; another one makes all scenes anew."""


@dataclass(frozen=True)
class RenderedPart:
    """One scene; see `Part`.

    Parameters
    ----------
    split : str
        ``train`` or ``val``.
    number : int
        Of the scene in its split.
    source : Path
        A folder of COCO.
    licences : frozenset of int or None
        Of the photographs; see `coco.plan`.
    """

    split: str
    number: int
    source: Path
    licences: frozenset[int] | None = None
    num_images: int = FRAMES

    @property
    def key(self) -> str:
        """Name of the scene as a video."""
        return f"{self.split}/{self.number:05d}"

    @property
    def fingerprint(self) -> str:
        """Version of the renderer."""
        return f"{VERSION}-{SEED}-{FRAMES}"

    def shots(self) -> Iterator[Shot | Dropped]:
        """Render the frames."""
        held_out = self.split == "val"
        random = np.random.default_rng([SEED, int(held_out), self.number])
        drawn = scene(random, open_library(self.source, held_out, self.licences))
        times = np.sort(random.random(self.num_images)).tolist()
        for frame, time in enumerate(times):
            rendered = drawn.frame(time)
            targets = tuple(
                Target(track, box_of(mask), None, partial(_given, mask), self.key)
                for track, mask in rendered.masks.items()
            )
            yield Shot(frame, targets, partial(_image, rendered.image), self.key)


def plan(source: Path, *, licences: frozenset[int] | None = None) -> Plan:
    """List the scenes.

    Parameters
    ----------
    source : Path
        A folder of COCO 2017, whose images and objects appear in the scenes.
    licences : frozenset of int or None
        Of these images; see `coco.plan`.

    Raises
    ------
    PreparationError
        If there is none, or scikit-image or pycocotools is not installed.
    AnnotationError
        If its annotations are no such JSON.
    """
    for held_out in (False, True):
        open_library(source, held_out, licences)
    parts = tuple(
        RenderedPart(split, number, source, licences)
        for split, count in SPLITS.items()
        for number in range(count)
    )
    return Plan("rendered", parts, has_mask=True)


def box_of(mask: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Give the box of a mask: left, top, and these plus the number of columns and rows."""
    import cv2

    left, top, width, height = cv2.boundingRect(mask)
    return left, top, left + width, top + height


def _given(mask: NDArray[np.uint8], _: Size) -> Mask:
    return mask


def _image(image: Image) -> Image:
    return image
