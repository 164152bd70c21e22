"""Where other tools put their results: files of one tracker told apart by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vot_toolkit.errors import ResultsError
from vot_toolkit.results import EXPERIMENTS, names_a_folder
from vot_toolkit.wording import listed

SHAPES = {
    "official": "<experiment>/<sequence>/<sequence>_001.txt",
    "bin": "<experiment>/<sequence>/<sequence>_001.bin",
    "pysot": "<sequence>.txt, or <experiment>/<sequence>/<sequence>_001.txt",
    "got10k": "<sequence>/<sequence>_001.txt",
}
"""Formats, each with the files in a tracker's folder."""


@dataclass(frozen=True)
class Piece:
    """One repetition as another tool left it.

    Parameters
    ----------
    experiment : str or None
        None where the layout does not tell.
    sequence : str
        Name of the sequence, not yet looked for in a data set.
    repetition : int
        From 1.
    file : Path
        The trajectory, text or binary.
    """

    experiment: str | None
    sequence: str
    repetition: int
    file: Path

    @property
    def times(self) -> Path:
        """The file with the seconds of each frame and repetition; need not exist."""
        return self.file.with_name(f"{self.sequence}_time.txt")

    @property
    def own_times(self) -> Path:
        """The file with the seconds of this repetition alone; need not exist."""
        return self.file.with_name(f"{self.file.stem}_time.value")

    @property
    def scores(self) -> Path:
        """The file with the tracker's confidence; need not exist."""
        return self.file.with_name(f"{self.file.stem}_confidence.value")


@dataclass(frozen=True)
class Bundle:
    """All that was found of one tracker.

    Parameters
    ----------
    tracker : str
        Name of its folder.
    folder : Path
        Where it lies.
    layout : str
        One of `SHAPES`.
    pieces : tuple of Piece
        In the order of their names.
    """

    tracker: str
    folder: Path
    layout: str
    pieces: tuple[Piece, ...]


def find_bundles(
    source: Path, sequences: Collection[str], layout: str | None = None
) -> list[Bundle]:
    """Find the trackers in a folder, which may be the folder of one.

    Parameters
    ----------
    source : Path
        A folder of trackers' folders, or a tracker's folder.
    sequences : collection of str
        Those of the data set: a folder that has results of none of them is no tracker's.
    layout : str, optional
        One of `SHAPES`; by default it is told from the names of the files.

    Raises
    ------
    ResultsError
        If there is no such folder, nothing in it is of the layout, or of several layouts.
    """
    if not source.is_dir():
        raise ResultsError("no such folder of results", file=source)
    own = _bundle(source, sequences, layout)
    if own is not None:
        return [own]
    folders = sorted(entry for entry in source.iterdir() if entry.is_dir())
    found = [bundle for folder in folders if (bundle := _bundle(folder, sequences, layout))]
    if not found:
        shapes = SHAPES if layout is None else {layout: SHAPES[layout]}
        described = "; ".join(f"{name}: {shape}" for name, shape in shapes.items())
        what = f"no results on sequences such as {listed(sequences)}"
        raise ResultsError(what, file=source, hint=described)
    return found


def _bundle(folder: Path, sequences: Collection[str], layout: str | None) -> Bundle | None:
    """Give the tracker of a folder, None when nothing in it fits."""
    wanted = FINDERS if layout is None else {layout: FINDERS[layout]}
    found = {name: tuple(find(folder)) for name, find in wanted.items()}
    found = {
        name: pieces
        for name, pieces in found.items()
        if any(piece.sequence in sequences for piece in pieces)
    }
    if len(found) == 2 and "pysot" in found and set(found) & {"official", "bin"}:
        # pysot's own folder of VOT results is the official one.
        del found["pysot"]
    if len(found) > 1:
        raise ResultsError(
            f"results of several layouts: {', '.join(found)}",
            file=folder,
            hint="--format says which one to take",
        )
    for name, pieces in found.items():
        return Bundle(folder.absolute().name, folder, name, pieces)
    return None


def _official(folder: Path, suffix: str) -> Iterator[Piece]:
    for experiment in EXPERIMENTS:
        yield from _by_sequence(folder / experiment, experiment, suffix)


def _by_sequence(folder: Path, experiment: str | None, suffix: str) -> Iterator[Piece]:
    for path in sorted(folder.glob(f"*/*.{suffix}")):
        sequence = path.parent.name
        match = re.fullmatch(re.escape(sequence) + r"_(\d{3})", path.stem)
        if match:
            yield Piece(experiment, sequence, int(match[1]), path)


def _flat(folder: Path) -> Iterator[Piece]:
    for path in sorted(folder.glob("*.txt")):
        if not path.stem.endswith("_time"):
            yield Piece(None, path.stem, 1, path)


def _pysot(folder: Path) -> Iterator[Piece]:
    yield from _flat(folder)
    yield from _official(folder, "txt")


def _got10k(folder: Path) -> Iterator[Piece]:
    return (
        piece for piece in _by_sequence(folder, None, "txt") if piece.sequence not in EXPERIMENTS
    )


FINDERS: dict[str, Callable[[Path], Iterable[Piece]]] = {
    "official": lambda folder: _official(folder, "txt"),
    "bin": lambda folder: _official(folder, "bin"),
    "pysot": _pysot,
    "got10k": _got10k,
}


def named(bundles: list[Bundle], tracker: str | None) -> list[tuple[str, Bundle]]:
    """Give each tracker the name it will have.

    Raises
    ------
    ResultsError
        If one name is given for several trackers, or a name is none for a folder.
    """
    if tracker is not None and len(bundles) > 1:
        names = listed(bundle.tracker for bundle in bundles)
        what = f"--tracker {tracker!r} for {len(bundles)} trackers: {names}"
        raise ResultsError(what, hint="name the folder of one of them as source")
    pairs = [(tracker or bundle.tracker, bundle) for bundle in bundles]
    for name, bundle in pairs:
        if not names_a_folder(name):
            hint = "--tracker gives it another"
            raise ResultsError(f"{name!r} is no name for a tracker", file=bundle.folder, hint=hint)
    return pairs
