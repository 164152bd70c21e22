"""Importing results that were made elsewhere: all of them are checked, then they are copied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vot_toolkit.atomic import write_whole
from vot_toolkit.dataset.sequence import Dataset
from vot_toolkit.errors import FormatError, ResultsError, UserError
from vot_toolkit.exchange.layouts import Bundle, Piece, find_bundles, named
from vot_toolkit.formats.binary import read_binary
from vot_toolkit.formats.properties import read_property
from vot_toolkit.formats.text import BLANKS, read_trajectory
from vot_toolkit.formats.times import format_times, read_times
from vot_toolkit.region import Code
from vot_toolkit.trajectory import NO_CODE, Trajectory
from vot_toolkit.wording import counted, guess, listed


@dataclass(frozen=True)
class Imported:
    """What was imported of one tracker in one experiment.

    Parameters
    ----------
    tracker, experiment : str
        Its folder and the experiment's.
    num_files : int
        Repetitions of all sequences together.
    missing : tuple of str
        Sequences of the data set without results.
    """

    tracker: str
    experiment: str
    num_files: int
    missing: tuple[str, ...]


def import_results(
    source: Path,
    out: Path,
    dataset: Dataset,
    *,
    layout: str | None = None,
    tracker: str | None = None,
    experiment: str | None = None,
) -> list[Imported]:
    """Bring results of other tools into the official layout.

    Files are taken as they are, to the last digit. In a run without resets, as pysot and GOT-10k
    keep it, the first line repeats the region to start with: it becomes code 1.

    Parameters
    ----------
    source : Path
        A folder of trackers' folders, or a tracker's folder.
    out : Path
        Folder of all trackers' results.
    dataset : Dataset
        What the trackers ran on.
    layout : str, optional
        See `vot_toolkit.exchange.layouts.SHAPES`; by default it is told from the files.
    tracker : str, optional
        Name for the one tracker that is there.
    experiment : str, optional
        Which one files are of whose layout does not tell; by default it is told from their codes.

    Returns
    -------
    list of Imported

    Raises
    ------
    UserError
        If nothing fits, a sequence is not in the data set, a file is damaged or has not a line for
        each frame, or there are results already. Nothing is written then.
    """
    sequences = [sequence.name for sequence in dataset]
    pairs = named(find_bundles(source, sequences, layout), tracker)
    for name, _ in pairs:
        _check_free(out / name)
    plans = [
        (name, _settled(_checked(bundle, dataset), bundle, experiment)) for name, bundle in pairs
    ]
    done: list[Imported] = []
    for name, pieces in plans:
        _write(pieces, out / name)
        done += _summaries(name, pieces, dataset)
    return done


@dataclass(frozen=True, eq=False)
class _Read:
    """A piece with what is in it."""

    piece: Piece
    trajectory: Trajectory

    @property
    def begins_with_code(self) -> bool:
        return bool(self.trajectory.codes()[0] != NO_CODE)


def _check_free(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise ResultsError(
            "there is something in this folder already", file=folder, hint="--tracker NAME"
        )


def _checked(bundle: Bundle, dataset: Dataset) -> list[_Read]:
    """Read everything; raise when anything is wrong, and say how much that is."""
    faults: list[UserError] = []
    found: list[_Read] = []
    for piece in bundle.pieces:
        try:
            found.append(_Read(piece, _trajectory(piece, dataset)))
        except UserError as error:
            faults.append(error)
    if not faults:
        return found
    first = faults[0]
    more = f", and {counted(len(faults) - 1, 'more file')} like it" if len(faults) > 1 else ""
    raise ResultsError(first.what + more, file=first.file, line=first.line, hint=first.hint)


def _trajectory(piece: Piece, dataset: Dataset) -> Trajectory:
    if piece.sequence not in dataset:
        names = [sequence.name for sequence in dataset]
        hint = f"{guess(piece.sequence, names)}{dataset.name} has {listed(names)}"
        raise ResultsError(f"no sequence {piece.sequence!r}", file=piece.file, hint=hint)
    read = read_binary if piece.file.suffix == ".bin" else read_trajectory
    trajectory, length = read(piece.file), len(dataset[piece.sequence])
    if len(trajectory) != length:
        what = f"{counted(len(trajectory), 'line')} for {counted(length, 'frame')}"
        hint = "was the tracker run on this version of the data set?"
        raise FormatError(what, file=piece.file, hint=hint)
    for path in (piece.own_times, piece.scores):
        if path.exists():
            _check_length(path, len(read_property(path)), length)
    if piece.times.exists():
        _check_length(piece.times, len(read_times(piece.times)), length)
    return trajectory


def _check_length(path: Path, found: int, length: int) -> None:
    if found != length:
        raise FormatError(f"{counted(found, 'line')} for {counted(length, 'frame')}", file=path)


def _settled(read: list[_Read], bundle: Bundle, experiment: str | None) -> list[_Read]:
    """Give every piece its experiment, and see that none is there twice."""
    if any(item.piece.experiment is None for item in read):
        told = experiment or _told_by_codes(read, bundle)
        read = [_of_experiment(item, told) for item in read]
    counts = Counter(
        (item.piece.experiment, item.piece.sequence, item.piece.repetition) for item in read
    )
    for item in read:
        piece = item.piece
        if counts[piece.experiment, piece.sequence, piece.repetition] > 1:
            what = f"{piece.experiment}/{piece.sequence} has repetition {piece.repetition} twice"
            raise ResultsError(what, file=piece.file)
        if item.trajectory.codes()[0] not in (NO_CODE, Code.INITIALISATION):
            what = "does not begin with an initialisation (code 1)"
            raise ResultsError(what, file=piece.file, line=1)
    return read


def _told_by_codes(read: list[_Read], bundle: Bundle) -> str:
    if any(len(item.trajectory.failures()) for item in read):
        return "baseline"
    if not any(item.begins_with_code for item in read):
        return "unsupervised"
    raise ResultsError(
        "these files tell no experiment: they begin with code 1 and there is no failure",
        file=bundle.folder,
        hint="--experiment baseline, or unsupervised",
    )


def _of_experiment(item: _Read, experiment: str) -> _Read:
    if item.piece.experiment is not None:
        return item
    return replace(item, piece=replace(item.piece, experiment=experiment))


def _write(read: Iterable[_Read], folder: Path) -> None:
    for item in read:
        piece = item.piece
        place = folder / str(piece.experiment) / piece.sequence
        stem = f"{piece.sequence}_{piece.repetition:03d}"
        if piece.scores.exists():
            scores = place / f"{stem}_confidence.value"
            write_whole(scores, piece.scores.read_bytes(), durable=False)
        if piece.times.exists():
            write_whole(place / piece.times.name, piece.times.read_bytes(), durable=False)
        write_whole(place / f"{stem}{piece.file.suffix}", _content(item), durable=False)
    for place, text in _gathered_times(read, folder):
        write_whole(place, text, durable=False)


def _content(item: _Read) -> bytes:
    """Give a file as it is, but for the region at the very beginning."""
    data = item.piece.file.read_bytes()
    if item.piece.file.suffix == ".bin" or item.begins_with_code:
        return data
    rest = data.lstrip(BLANKS.encode()).partition(b"\n")[2]
    return b"%d\n" % Code.INITIALISATION + rest


def _gathered_times(read: Iterable[_Read], folder: Path) -> Iterator[tuple[Path, str]]:
    """Put the times of single repetitions into one file a sequence."""
    own: dict[tuple[str, str], dict[int, Path]] = {}
    for item in read:
        piece = item.piece
        if piece.own_times.exists() and not piece.times.exists():
            key = str(piece.experiment), piece.sequence
            own.setdefault(key, {})[piece.repetition] = piece.own_times
    for (experiment, sequence), files in own.items():
        columns = {number: read_property(path) for number, path in files.items()}
        table = np.zeros((len(next(iter(columns.values()))), max(columns)))
        for number, seconds in columns.items():
            table[:, number - 1] = seconds
        yield folder / experiment / sequence / f"{sequence}_time.txt", format_times(table)


def _summaries(tracker: str, read: list[_Read], dataset: Dataset) -> Iterator[Imported]:
    counts = Counter(str(item.piece.experiment) for item in read)
    for experiment, count in counts.items():
        there = {i.piece.sequence for i in read if i.piece.experiment == experiment}
        missing = tuple(sequence.name for sequence in dataset if sequence.name not in there)
        yield Imported(tracker, experiment, count, missing)
