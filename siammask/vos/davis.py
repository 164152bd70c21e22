"""The folders of DAVIS 2016 and 2017.

References
----------
davischallenge.org: DAVIS 2016 has its lists in ``ImageSets/480p``, of pairs of files; DAVIS 2017 in
``ImageSets/2017``, of names, with those of 2016 beside it in ``ImageSets/2016``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from siammask.errors import DatasetError
from siammask.video.index_png import labels_in, read_labels
from siammask.video.sources import list_images
from siammask.vos.dataset import Dataset, Kind, Video

IMAGES, ANNOTATIONS, LISTS = "JPEGImages", "Annotations", "ImageSets"
USUAL_SIZE = "480p"
"""What results are published for; the other folders are Full-Resolution and 1080p."""

LISTS_OF: dict[Kind, tuple[str, ...]] = {
    "davis2016": ("2016", "480p", "1080p"),
    "davis2017": ("2017",),
}
DEFAULT_SPLIT = "val"


def is_davis(folder: Path) -> bool:
    """Tell whether a folder has the two parts that each DAVIS has."""
    return (folder / IMAGES).is_dir() and (folder / ANNOTATIONS).is_dir()


def read_davis(folder: Path, kind: Kind | None, split: str | None) -> Dataset:
    """Find the videos of a split; without lists, all videos.

    Parameters
    ----------
    folder : Path
        With ``JPEGImages`` and ``Annotations``.
    kind : str, optional
        ``davis2016`` or ``davis2017``.
    split : str, optional
        Stem of a list, ``val`` by default.

    Raises
    ------
    DatasetError
        If a list or a video is not there.
    """
    images = _sized(folder / IMAGES)
    annotations = folder / ANNOTATIONS / images.name
    kind, told_by = (kind, "--kind") if kind else _told(folder, annotations)
    lists = _find_lists(folder, kind)
    if lists is None and split is not None:
        raise DatasetError(f"no list for split {split!r}", file=folder / LISTS)
    names = _subfolders(images) if lists is None else _read_list(lists, split or DEFAULT_SPLIT)
    if not names:
        raise DatasetError("no video", file=images if lists is None else lists)
    merged = kind == "davis2016"
    videos = tuple(_video(images / name, annotations / name, merged) for name in names)
    chosen = "" if lists is None else split or DEFAULT_SPLIT
    return Dataset(folder.resolve().name, kind, chosen, videos, told_by)


def _sized(images: Path) -> Path:
    """Choose among the sizes that the images are there in."""
    sizes = _subfolders(images)
    if USUAL_SIZE in sizes:
        return images / USUAL_SIZE
    if len(sizes) != 1:
        hint = f"expected {USUAL_SIZE}; there are: {', '.join(sizes) or 'none'}"
        raise DatasetError("no folder of images in the usual size", file=images, hint=hint)
    return images / sizes[0]


def _told(folder: Path, annotations: Path) -> tuple[Kind, str]:
    """Tell the kind: from the lists, else from the labels of an annotation."""
    for kind in ("davis2017", "davis2016"):  # the download of 2017 has the lists of both
        lists = _find_lists(folder, kind)
        if lists is not None:
            return kind, f"{LISTS}/{lists.name}"
    files = next((list_images(annotations / name) for name in _subfolders(annotations)), [])
    if not files:
        raise DatasetError("no annotation", file=annotations)
    grey = labels_in(read_labels(files[0])) <= {0, 255}
    return ("davis2016" if grey else "davis2017"), f"the labels of {files[0].parent.name}"


def _find_lists(folder: Path, kind: Kind) -> Path | None:
    places = (folder / LISTS / name for name in LISTS_OF[kind])
    return next((place for place in places if place.is_dir()), None)


def _read_list(lists: Path, split: str) -> list[str]:
    """Read the names of a split; each once, in order."""
    path = lists / f"{split}.txt"
    try:
        lines = path.read_text().split("\n")
    except OSError as error:
        there = ", ".join(sorted(file.stem for file in lists.glob("*.txt"))) or "none"
        what = f"no list for split {split!r}: {error.strerror}"
        raise DatasetError(what, file=path, hint=f"there are: {there}") from None
    return list(dict.fromkeys(_video_name(line.split()[0]) for line in lines if line.strip()))


def _video_name(entry: str) -> str:
    """Give the video of an entry: a name, or an image of the video.

    Examples
    --------
    >>> _video_name("bear"), _video_name("/JPEGImages/480p/bear/00000.jpg")
    ('bear', 'bear')
    """
    path = PurePosixPath(entry)
    return path.parent.name if path.suffix else path.name


def _video(images: Path, annotations: Path, merged: bool) -> Video:
    frames = tuple(list_images(images)) if images.is_dir() else ()
    if not frames:
        raise DatasetError("no frame of this video", file=images)
    _check_none_missing(images, {frame.stem for frame in frames}, annotations)
    beside = tuple(annotations / f"{frame.stem}.png" for frame in frames)
    return Video(images.name, frames, beside, merged=merged)


def _check_none_missing(images: Path, names: set[str], annotations: Path) -> None:
    """Check that each annotation has its frame: a mean over fewer frames is another number."""
    for path in list_images(annotations) if annotations.is_dir() else ():
        if path.stem not in names:
            hint = "unpack the data set again"
            raise DatasetError(f"no frame {path.stem}, which is annotated", file=images, hint=hint)


def _subfolders(folder: Path) -> list[str]:
    return sorted(_folder_names(folder.iterdir())) if folder.is_dir() else []


def _folder_names(entries: Iterable[Path]) -> list[str]:
    return [entry.name for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
