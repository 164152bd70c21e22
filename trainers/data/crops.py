"""Crops on the disk, of which only a part is read and decoded."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from trainers.data.augment import Patch, Pixels
from trainers.data.jpeg import JPEGError, decode
from trainers.data.window import CROP_SIZE, Area

EMPTY = Patch(np.empty((0, 0), dtype=np.uint8), 0, 0)
"""The mask of nothing."""

_PNG_END = b"IEND\xae\x42\x60\x82"


class CropFault(Exception):  # noqa: N818 - no error of the program: the sample is replaced
    """A crop that cannot be used.

    Parameters
    ----------
    file : Path
        Where it is, or should be.
    reason : str
        Why.
    """

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(file, reason)
        self.file = file
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"


class Crops(Protocol):
    """The crops of a data set."""

    def image(self, name: str, area: Area) -> Patch:
        """Read pixels of an image.

        Parameters
        ----------
        name : str
            Of the file, below the root.
        area : Area
            The pixels that are wanted.

        Returns
        -------
        Patch
            BGR; these pixels and any number of others.

        Raises
        ------
        CropFault
            If it is missing or broken.
        """

    def mask(self, name: str) -> Patch:
        """Read a mask: the smallest patch that holds all its pixels above 0."""


class Folder:
    """Crops as single files, as they are prepared.

    Parameters
    ----------
    root : Path
        The folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def image(self, name: str, area: Area) -> Patch:
        """Read pixels of an image; see `Crops`."""
        file = self.root / name
        try:
            patch = decode(_read(file), area)
        except JPEGError as error:
            raise CropFault(file, str(error)) from None
        if not _holds(patch, area):
            height, width = patch.pixels.shape[:2]
            raise CropFault(file, f"{width}x{height} px, expected {CROP_SIZE}x{CROP_SIZE}")
        return patch

    def mask(self, name: str) -> Patch:
        """Read a mask; see `Crops`."""
        file = self.root / name
        data = _read(file)
        if not data.endswith(_PNG_END):
            raise CropFault(file, "not a whole PNG file")
        pixels: Any = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
        if pixels is None or pixels.shape != (CROP_SIZE, CROP_SIZE):
            raise CropFault(file, f"no mask of {CROP_SIZE}x{CROP_SIZE} px")
        return trim(pixels)


def _read(file: Path) -> bytes:
    try:
        with open(file, "rb", buffering=0) as stream:  # noqa: PTH123 - half the time of Path.open
            return stream.read()
    except FileNotFoundError:
        raise CropFault(file, "missing") from None
    except OSError as error:
        raise CropFault(file, error.strerror or str(error)) from None


def _holds(patch: Patch, area: Area) -> bool:
    height, width = patch.pixels.shape[:2]
    return Area(patch.left, patch.top, patch.left + width, patch.top + height).holds(area)


def trim(mask: Pixels) -> Patch:
    """Cut off what is 0 around a mask, shape (511, 511)."""
    left, top, width, height = cv2.boundingRect(mask)
    area = Area(left, top, left + width, top + height)
    return Patch(mask, 0, 0).part(area) if width else EMPTY
