"""A folder of one's own videos, with regions in VOT text or with masks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from trainers.errors import PreparationError
from trainers.prepare.dropped import Dropped
from trainers.prepare.footage import Footage, ImageFiles, find_footage, images_in
from trainers.prepare.labels import Labels, MaskFiles, Regions
from trainers.prepare.part import Plan, Shot, Target
from vot_toolkit.dataset.folder import GROUNDTRUTH

MASKS = "masks"
MASK_THRESHOLD = 0.2
"""As for Youtube-VOS, whose masks are of the same kind."""

EXPECTED = f"expected a folder a video with its images or video file, and {GROUNDTRUTH} or {MASKS}/"


@dataclass(frozen=True)
class VideoPart:
    """One video of one's own; see `Part`.

    Parameters
    ----------
    key : str
        Name of its folder.
    footage : Footage
        The frames.
    labels : Labels
        Their targets.
    fingerprint : str
        Hash of names, sizes and times of change of the files with the labels.
    """

    key: str
    footage: Footage
    labels: Labels
    fingerprint: str
    split: str = "train"

    @property
    def num_images(self) -> int:
        """Annotated frames."""
        return self.labels.num_frames

    def shots(self) -> Iterator[Shot | Dropped]:
        """Go through the annotated frames."""
        yield from self.labels.strays()
        read = self.footage.open()
        for frame, found in self.labels.by_frame():
            yield from (item for item in found if isinstance(item, Dropped))
            targets = tuple(item for item in found if isinstance(item, Target))
            yield Shot(
                frame,
                targets,
                partial(read, frame),
                self.footage.place(frame),
                mask_threshold=MASK_THRESHOLD,
            )


def plan(source: Path) -> Plan:
    """Find the videos.

    Parameters
    ----------
    source : Path
        A folder of sequences, each with footage (see `find_footage`) and ``groundtruth.txt`` or
        ``masks/``; or one such sequence; or the tree of DAVIS, ``JPEGImages/[480p/]<video>`` and
        ``Annotations/[480p/]<video>``.

    Raises
    ------
    PreparationError
        If there is none, one has no images, or some have masks and others none.
    FormatError
        If a line of a ``groundtruth.txt`` is no region.
    """
    if not source.is_dir():
        raise PreparationError("no such folder", file=source, hint=EXPECTED)
    if (source / "JPEGImages").is_dir() and (source / "Annotations").is_dir():
        parts, others = _davis_parts(source)
    else:
        parts, others = _sequence_parts(source)
    if not parts:
        raise PreparationError("no video in this folder", file=source, hint=EXPECTED)
    note = f"passed over, no {GROUNDTRUTH} and no {MASKS}/: {', '.join(others)}"
    return Plan("folder", tuple(parts), _has_mask(parts, source), (note,) if others else ())


def _sequence_parts(source: Path) -> tuple[list[VideoPart], list[str]]:
    """Read the sequences, and name the folders that are none."""
    if _is_sequence(source):
        return [_part(source)], []
    folders = [path for path in sorted(source.iterdir()) if path.is_dir()]
    others = [path.name for path in folders if not _is_sequence(path)]
    return [_part(path) for path in folders if _is_sequence(path)], others


def _is_sequence(folder: Path) -> bool:
    return (folder / GROUNDTRUTH).is_file() or (folder / MASKS).is_dir()


def _part(folder: Path) -> VideoPart:
    footage = find_footage(folder)
    masks, regions = folder / MASKS, folder / GROUNDTRUTH
    if masks.is_dir() and regions.is_file():
        raise PreparationError(
            f"both {GROUNDTRUTH} and {MASKS}/", file=folder, hint="keep the one to learn from"
        )
    if regions.is_file():
        return _video(folder.resolve().name, footage, Regions.of(regions))
    return _video(folder.resolve().name, footage, MaskFiles.of(masks, footage))


def _davis_parts(source: Path) -> tuple[list[VideoPart], list[str]]:
    parts = []
    for masks in _video_folders(source / "Annotations"):
        images = source / "JPEGImages" / masks.relative_to(source / "Annotations")
        footage = ImageFiles(images, images_in(images))
        parts.append(_video(masks.name, footage, MaskFiles.of(masks, footage)))
    return parts, []


def _video_folders(annotations: Path) -> list[Path]:
    """List the folders that hold masks; a resolution may lie between."""
    return sorted({path.parent for path in annotations.glob("**/*.png")})


def _video(key: str, footage: Footage, labels: Labels) -> VideoPart:
    return VideoPart(key, footage, labels, _fingerprint(labels.files))


def _fingerprint(files: Iterable[Path]) -> str:
    state = sha256()
    for path in files:
        status = path.stat()
        state.update(f"{path.name}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return state.hexdigest()[:16]


def _has_mask(parts: list[VideoPart], source: Path) -> bool:
    with_mask = [part.key for part in parts if part.labels.has_mask]
    without = [part.key for part in parts if not part.labels.has_mask]
    if with_mask and without:
        raise PreparationError(
            f"{with_mask[0]!r} has masks, {without[0]!r} has none",
            file=source,
            hint="prepare videos with masks and videos without into a folder each; "
            "a training takes several",
        )
    return bool(with_mask)
