"""Folders of results in the official layout, and what is wrong with them.

``RESULTS/<tracker>/<experiment>/<sequence>/<sequence>_001.txt`` (or ``.bin``), one file a
repetition, and ``<sequence>_time.txt`` beside them.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.dataset.sequence import Dataset
from vot_toolkit.errors import FormatError, ResultsError
from vot_toolkit.formats.binary import read_binary
from vot_toolkit.formats.text import read_until_fault
from vot_toolkit.problem import Problem
from vot_toolkit.region import Code
from vot_toolkit.trajectory import Trajectory
from vot_toolkit.wording import counted

Codes = NDArray[np.int64]

EXPERIMENTS = ("baseline", "realtime", "unsupervised")

LONGEST_NAME = 200
"""Bytes in a tracker's name: file systems take 255, some of them for what is appended."""

SKIP = 5
"""Frames from a failure to its restart (VOT2018 stack, skip_initialize)."""

EARLY_STOP = 3
"""Repetitions of a tracker that proved deterministic in a sequence (MATLAB toolkit 6.0.3)."""


@dataclass(frozen=True)
class SequenceFiles:
    """The files of one tracker in one experiment on one sequence.

    Parameters
    ----------
    tracker, experiment, sequence : str
        Whose results they are.
    folder : Path
        Where they lie; need not exist.
    repetitions : tuple of str
        Paths, one file a repetition, by number; text, as there may be thousands.
    """

    tracker: str
    experiment: str
    sequence: str
    folder: Path
    repetitions: tuple[str, ...]

    @property
    def times(self) -> Path:
        """The file with the seconds of each frame."""
        return self.folder / f"{self.sequence}_time.txt"

    def problem(
        self, what: str, file: Path | str | None = None, line: int | None = None
    ) -> Problem:
        """Name a fault of these files."""
        return Problem(self.tracker, self.sequence, str(file or self.folder), line, what)


def find_trackers(results: Path) -> tuple[str, ...]:
    """List the trackers in a folder of results: the subfolders, sorted.

    Raises
    ------
    ResultsError
        If there is no such folder, it has no subfolder, or it is itself a tracker's folder.
    """
    if not results.is_dir():
        raise ResultsError("no such folder of results", file=results)
    names = sorted(entry.name for entry in results.iterdir() if entry.is_dir())
    names = [name for name in names if not name.startswith(".")]
    if not names:
        raise ResultsError(
            "no tracker in this folder",
            file=results,
            hint="expected <tracker>/<experiment>/<sequence>/<sequence>_001.txt in it",
        )
    if set(names) <= set(EXPERIMENTS):
        raise ResultsError(
            "this is the folder of one tracker",
            file=results,
            hint=f"name the folder above it, {results.absolute().parent}",
        )
    return tuple(names)


def names_a_folder(name: str) -> bool:
    """Tell whether a tracker's name can be that of the folder of its results.

    A hidden folder would be passed over, and one of an experiment's name be taken for that.

    Examples
    --------
    >>> [names_a_folder(name) for name in ("KCF", "Škočaj 車", "a/b", "..", " ", "baseline")]
    [True, True, False, False, False, False]
    """
    if not name.strip() or not name.isprintable() or len(name.encode()) > LONGEST_NAME:
        return False
    return not set(name) & set("/\\") and name[0] != "." and name not in EXPERIMENTS


def find_experiments(results: Path, tracker: str) -> tuple[str, ...]:
    """List the experiments of which a tracker has a folder, in the order of the challenge."""
    return tuple(name for name in EXPERIMENTS if (results / tracker / name).is_dir())


def find_files(
    results: Path, tracker: str, experiment: str, dataset: Dataset
) -> tuple[list[SequenceFiles], list[Problem]]:
    """List the files of each sequence of a set, and what is missing or too much.

    Returns
    -------
    tuple of list of SequenceFiles and list of Problem
        One entry for every sequence of the set, in its order.
    """
    root = results / tracker / experiment
    present = {entry.name for entry in os.scandir(root) if entry.is_dir()}
    problems = [
        Problem(tracker, name, str(root / name), None, "not in the data set: left out")
        for name in sorted(present - {sequence.name for sequence in dataset.full})
    ]
    found = []
    for sequence in dataset:
        folder = root / sequence.name
        there = sequence.name in present
        repetitions, others = _repetitions(folder, sequence.name) if there else ((), [])
        files = SequenceFiles(tracker, experiment, sequence.name, folder, repetitions)
        problems += [files.problem("no file of a repetition: left out", path) for path in others]
        found.append(files)
    usual = _usual_count(found)
    for files in found:
        problems += _wrong_count(files, usual)
    return found, problems


def _repetitions(folder: Path, sequence: str) -> tuple[tuple[str, ...], list[Path]]:
    """List ``<sequence>_NNN.txt`` and ``.bin`` by number, and the other files of these endings.

    Where both endings are there for one number, text wins and the other is left out.
    """
    pattern = re.compile(re.escape(sequence) + r"_([0-9]{3})\.(txt|bin)")
    numbered: dict[int, str] = {}
    others = []
    with os.scandir(folder) as entries:
        names = sorted((entry.name for entry in entries), reverse=True)
    for name in names:
        match = pattern.fullmatch(name)
        if match and int(match[1]) not in numbered:
            numbered[int(match[1])] = name
        elif name.endswith((".txt", ".bin")) and name != f"{sequence}_time.txt":
            others.append(folder / name)
    prefix = f"{folder}{os.sep}"
    return tuple(prefix + numbered[number] for number in sorted(numbered)), others[::-1]


def _usual_count(found: Iterable[SequenceFiles]) -> int:
    """Give how many repetitions most sequences have; of two counts as frequent the larger.

    A sequence in which the tracker stopped early does not count.
    """
    counts = Counter(len(files.repetitions) for files in found if files.repetitions)
    if max(counts, default=0) > EARLY_STOP:
        del counts[EARLY_STOP]
    return max(counts, key=lambda count: (counts[count], count), default=0)


def _wrong_count(files: SequenceFiles, usual: int) -> Iterator[Problem]:
    """Name a sequence without results, and repetitions that are missing or too many.

    A deterministic tracker stops after three repetitions in a sequence: three are complete.
    """
    count = len(files.repetitions)
    if count == 0:
        yield files.problem("no results for this sequence")
        return
    numbers = [int(path[-7:-4]) for path in files.repetitions]
    expected = usual if count != EARLY_STOP else min(count, usual)
    missing = sorted(set(range(1, max(expected, *numbers) + 1)) - set(numbers))
    if count > expected:
        extra = _listed(numbers[usual:])
        yield files.problem(f"{extra} too many, most sequences have {usual}: scored by all {count}")
    elif missing:
        others = f", other sequences have {usual}" if missing[-1] > numbers[-1] else ""
        yield files.problem(f"{_listed(missing)} missing{others}: scored by the {count} there")


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(f"{number:03d}" for number in numbers[:5])
    word = "repetition" if len(numbers) == 1 else "repetitions"
    return f"{word} {shown}{', …' if len(numbers) > 5 else ''}"


def read_repetition(
    files: SequenceFiles, path: str, length: int
) -> tuple[Trajectory, list[Problem]]:
    """Read one repetition as far as it is sound, and say what is wrong with it.

    Parameters
    ----------
    files : SequenceFiles
        The sequence's files.
    path : str
        One of its repetitions.
    length : int
        Annotated frames.

    Returns
    -------
    tuple of Trajectory and list of Problem
        The frames before the first faulty line.
    """
    trajectory, fault = _read(path)
    problems = []
    if fault is not None:
        text = fault.what + (f" ({fault.hint})" if fault.hint else "")
        made = "not read" if fault.line is None else "read up to the line before"
        problems.append(files.problem(f"{text}: {made}", fault.file, fault.line))
    elif len(trajectory) != length:
        first = min(len(trajectory), length) + 1
        problems.append(files.problem(_wrong_length(len(trajectory), length), path, first))
    return trajectory, problems


def check_codes(files: SequenceFiles, path: str, codes: Codes, length: int) -> Iterator[Problem]:
    """Say where the special codes of a repetition contradict the protocol.

    Parameters
    ----------
    files : SequenceFiles
        The sequence's files.
    path : str
        The repetition's.
    codes : int64 array, shape (frames,)
        As `vot_toolkit.trajectory.Trajectory.codes` gives them.
    length : int
        Annotated frames.
    """
    if len(codes) and codes[0] != Code.INITIALISATION:
        yield files.problem("does not begin with an initialisation (code 1)", path, 1)
    failures = (codes == Code.FAILURE).nonzero()[0].tolist()
    starts = (codes == Code.INITIALISATION).nonzero()[0].tolist()
    for before, start in pairwise(starts):
        if not any(before < failure < start for failure in failures):
            yield files.problem("initialisation without a failure before it", path, start + 1)
    restarts = restarts_in_time if files.experiment == "baseline" else restarts_before_regions
    for failure in failures:
        if not restarts(codes, failure, length):
            yield files.problem("failure that no restart follows", path, failure + 1)


def _read(path: str) -> tuple[Trajectory, FormatError | None]:
    if not path.endswith(".bin"):
        return read_until_fault(path)
    try:
        return read_binary(Path(path)), None
    except FormatError as error:
        return Trajectory.of(), error


def _wrong_length(found: int, expected: int) -> str:
    lines = f"{counted(found, 'line')} for {counted(expected, 'frame')}"
    if found > expected:
        return f"{lines}, longer by {found - expected}"
    return f"{lines}, shorter by {expected - found}"


def restarts_in_time(codes: Codes, failure: int, length: int) -> bool:
    """Tell whether a failure is followed by skipped frames and, inside the sequence, a restart.

    Examples
    --------
    >>> restarts_in_time(np.array([1, 2, 0, 0, 0, 0, 1]), 1, 7)
    True
    >>> restarts_in_time(np.array([1, 2, 0, 0, 0, 0, -1]), 1, 7)
    False
    """
    restart = failure + SKIP
    skipped = codes[failure + 1 : restart]
    if (skipped != Code.UNKNOWN).any():
        return False
    return restart >= min(len(codes), length) or bool(codes[restart] == Code.INITIALISATION)


def restarts_before_regions(codes: Codes, failure: int, length: int) -> bool:
    """Tell whether at most one region stands between a failure and the next initialisation.

    In the realtime experiment restarts depend on time, and the report that was under way when the
    target was lost may still be written.

    Examples
    --------
    >>> restarts_before_regions(np.array([1, 2, 0, -1, 0, 1, -1]), 1, 7)
    True
    """
    after = codes[failure + 1 :]
    starts = np.flatnonzero(after == Code.INITIALISATION)
    between = after[: starts[0]] if len(starts) else after
    return int((between != Code.UNKNOWN).sum()) <= 1
