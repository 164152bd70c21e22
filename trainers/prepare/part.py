"""Parts of a data set: a video or an image, which one worker turns into crops at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from trainers.prepare.dropped import Dropped
from trainers.prepare.window import Image, Window

Box = tuple[float, float, float, float]
Mask = NDArray[np.bool_ | np.uint8]
Size = tuple[int, int]
"""Height and width of an image, in px."""


@dataclass(frozen=True, eq=False)
class Target:
    """One annotated object in one image.

    Parameters
    ----------
    track : int
        Number of its track in the video.
    box : tuple of float
        x1, y1, x2, y2 as the JSON gets it, in px.
    size : tuple of float, optional
        Width and height that decide the crop, in px; those of the box by default.
    mask : callable, optional
        Called with the image's height and width; gives 1 where the object is, in that shape, or
        raises `UnusableError`.
    place : str
        What to call it in an error.
    """

    track: int
    box: Box
    size: tuple[float, float] | None = None
    mask: Callable[[Size], Mask] | None = None
    place: str = ""

    @property
    def window(self) -> Window:
        """The square of the image that becomes the crop, around the box's centre."""
        x1, y1, x2, y2 = self.box
        return Window.around(((x1 + x2) / 2, (y1 + y2) / 2), self.size or (x2 - x1, y2 - y1))


@dataclass(frozen=True, eq=False)
class Shot:
    """One image with its targets.

    Parameters
    ----------
    frame : int
        Number of the frame.
    targets : tuple of Target
        May be empty; then the image is not read.
    read : callable
        Gives the image; raises `UnusableError`.
    place : str
        What to call it in an error.
    size : tuple of int, optional
        Height and width that the annotation expects, in px.
    mask_threshold : float
        See `Window.crop_mask`.
    """

    frame: int
    targets: tuple[Target, ...]
    read: Callable[[], Image]
    place: str
    size: Size | None = None
    mask_threshold: float = 0.5


class Part(Protocol):
    """What the workers are given; must be picklable."""

    @property
    def key(self) -> str:
        """Name of the video in the JSON: its path below the folder of the crops."""

    @property
    def split(self) -> str:
        """Name of the JSON it belongs to, ``train``."""

    @property
    def num_images(self) -> int:
        """Annotated images, for the progress."""

    @property
    def fingerprint(self) -> str:
        """A finished part is made anew when this has changed; empty for what never changes."""

    def shots(self) -> Iterator[Shot | Dropped]:
        """Go through the images in order, and through what is left out."""


@dataclass(frozen=True)
class Plan:
    """All parts of a data set.

    Parameters
    ----------
    name : str
        Name of the set, ``coco``.
    parts : tuple of Part
        With distinct keys.
    has_mask : bool
        Whether every target has a mask.
    notes : tuple of str
        What the source lacks, in sentences for the user.
    """

    name: str
    parts: tuple[Part, ...]
    has_mask: bool
    notes: tuple[str, ...] = ()

    @property
    def splits(self) -> tuple[str, ...]:
        """Names of the JSON files, in the order of the parts."""
        return tuple(dict.fromkeys(part.split for part in self.parts))


def plain(value: float) -> float:
    """Give a whole number as int, as the JSON files of the original have it.

    Examples
    --------
    >>> plain(3.0), plain(2.5)
    (3, 2.5)
    """
    return int(value) if value == int(value) else value


def plain_box(*values: float) -> Box:
    """Give four numbers as a box of the JSON.

    Raises
    ------
    ValueError
        If one is not finite.
    """
    if not all(map(math.isfinite, values)):
        raise ValueError(f"a box of {values}")
    x1, y1, x2, y2 = map(plain, values)
    return x1, y1, x2, y2
