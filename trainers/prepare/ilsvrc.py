"""Annotation files of ILSVRC: one XML an image, of DET and of VID."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from trainers.errors import PreparationError
from trainers.prepare.dropped import Reason, UnusableError
from trainers.prepare.part import Box, plain_box

SIDES = ("xmin", "ymin", "xmax", "ymax")
UNPACKED = (".", "ILSVRC", "ILSVRC2015", "ILSVRC2014")
"""Folders that the archives unpack to."""


@dataclass(frozen=True)
class Thing:
    """One object of a file.

    Parameters
    ----------
    box : tuple of float
        xmin, ymin, xmax, ymax, in px.
    track : int or None
        ``trackid``; None where there is none, as in DET.
    """

    box: Box
    track: int | None = None

    @property
    def is_flat(self) -> bool:
        """Tell whether the box has no width or no height."""
        x1, y1, x2, y2 = self.box
        return x2 <= x1 or y2 <= y1


def read_things(path: Path) -> list[Thing]:
    """Read the objects of an annotation file, in its order.

    Raises
    ------
    UnusableError
        If the file does not parse, or an object lacks a number.
    """
    try:
        root = ElementTree.parse(path).getroot()
        return [_thing(element) for element in root.iter("object")]
    except (OSError, ElementTree.ParseError, ValueError) as error:
        raise UnusableError(Reason.BAD_ANNOTATION, f"{path}: {error}") from None


def _thing(element: ElementTree.Element) -> Thing:
    sides = [_number(element, f"bndbox/{side}") for side in SIDES]
    track = element.find("trackid")
    return Thing(plain_box(*sides), None if track is None else int(_number(element, "trackid")))


def _number(element: ElementTree.Element, name: str) -> float:
    text = element.findtext(name)
    if text is None:
        raise ValueError(f"an object without {name}")
    return float(text)


def find_root(source: Path, task: str) -> Path:
    """Find the folder with ``Annotations/<task>`` and ``Data/<task>``.

    Parameters
    ----------
    source : Path
        That folder, or the one that the archives were unpacked in.
    task : str
        ``DET`` or ``VID``.

    Raises
    ------
    PreparationError
        If there is none.
    """
    for name in UNPACKED:
        root = source / name
        if (root / "Annotations" / task).is_dir():
            return root
    raise PreparationError(
        f"no annotations of ILSVRC {task}",
        file=source,
        hint=f"expected Annotations/{task}/ and Data/{task}/ in it or in its folder ILSVRC/",
    )
