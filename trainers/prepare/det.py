"""ILSVRC DET: single images with boxes, in 19 subsets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from trainers.errors import PreparationError
from trainers.prepare.dropped import Dropped, Reason, UnusableError
from trainers.prepare.ilsvrc import Thing, find_root, read_things
from trainers.prepare.part import Plan, Shot, Target
from trainers.prepare.pictures import read_image

SUBSETS = (
    "ILSVRC2013_train",
    *(f"ILSVRC2013_train_extra{number}" for number in range(11)),
    *(f"ILSVRC2014_train_{number:04d}" for number in range(7)),
)


@dataclass(frozen=True)
class DetPart:
    """One image of DET; see `Part`.

    Parameters
    ----------
    key : str
        ``<subset>/<name of the XML>``.
    annotation, image : Path
        The files.
    """

    key: str
    annotation: Path
    image: Path
    split: str = "train"
    num_images: int = 1
    fingerprint: str = ""

    def shots(self) -> Iterator[Shot | Dropped]:
        """Give the image, and the boxes without area."""
        try:
            things = read_things(self.annotation)
        except UnusableError as fault:
            yield fault.dropped
            return
        flat = [index for index, thing in enumerate(things) if thing.is_flat]
        for index in flat:
            yield Dropped(Reason.FLAT, f"{self.annotation}, object {index + 1}")
        read = partial(read_image, self.image)
        yield Shot(0, tuple(_targets(things)), read, str(self.image))


def _targets(things: list[Thing]) -> Iterator[Target]:
    for track, thing in enumerate(things):
        if not thing.is_flat:
            yield Target(track, thing.box)


def plan(source: Path) -> Plan:
    """List the annotation files of all subsets.

    Parameters
    ----------
    source : Path
        With ``Annotations/DET/train/<subset>`` and ``Data/DET/train/<subset>``; see `find_root`.

    Raises
    ------
    PreparationError
        If there is no subset.
    """
    root = find_root(source, "DET")
    folder = root / "Annotations" / "DET" / "train"
    present = [subset for subset in SUBSETS if (folder / subset).is_dir()]
    if not present:
        raise PreparationError(
            "no subset of DET", file=folder, hint=f"expected folders such as {SUBSETS[0]}"
        )
    absent = [subset for subset in SUBSETS if subset not in present]
    parts = tuple(part for subset in present for part in _parts(root, subset))
    notes = (f"{len(absent)} of {len(SUBSETS)} subsets are absent: {', '.join(absent)}",)
    return Plan("det", parts, has_mask=False, notes=notes if absent else ())


def _parts(root: Path, subset: str) -> Iterator[DetPart]:
    annotations, images = (root / kind / "DET" / "train" for kind in ("Annotations", "Data"))
    # ILSVRC2013_train has a folder for each synset, the others have none.
    for file in sorted((annotations / subset).rglob("*.xml")):
        image = (images / file.relative_to(annotations)).with_suffix(".JPEG")
        yield DetPart(f"{subset}/{file.stem}", file, image)
