"""Folders of results in the official layout, and what is wrong with them.

``RESULTS/<tracker>/<experiment>/<sequence>/<sequence>_001.txt`` (or ``.bin``), one file a repetition,
and ``<sequence>_time.txt`` beside them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vot_toolkit.dataset.sequence import Dataset
from vot_toolkit.errors import FormatError, ResultsError
from vot_toolkit.formats.binary import read_binary
from vot_toolkit.formats.text import read_until_fault
from vot_toolkit.problem import Problem
from vot_toolkit.region import Code
from vot_toolkit.trajectory import Trajectory

EXPERIMENTS = ("baseline", "realtime", "unsupervised")

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
    repetitions : tuple of Path
        One file a repetition, by number.
    """

    tracker: str
    experiment: str
    sequence: str
    folder: Path
    repetitions: tuple[Path, ...]

    @property
    def times(self) -> Path:
        """The file with the seconds of each frame."""
        return self.folder / f"{self.sequence}_time.txt"

    def problem(self, what: str, file: Path | None = None, line: int | None = None) -> Problem:
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
        repetitions = _repetitions(folder, sequence.name) if there else ()
        found.append(SequenceFiles(tracker, experiment, sequence.name, folder, repetitions))
    most = max((len(files.repetitions) for files in found), default=0)
    for files in found:
        problems += _missing_files(files, most)
    return found, problems


def _repetitions(folder: Path, sequence: str) -> tuple[Path, ...]:
    """List ``<sequence>_NNN.txt`` and ``.bin`` by number; text wins where both are there."""
    pattern = re.compile(re.escape(sequence) + r"_(\d{3})\.(txt|bin)")
    numbered: dict[int, str] = {}
    for entry in sorted(os.listdir(folder)):
        match = pattern.fullmatch(entry)
        if match:
            numbered[int(match[1])] = entry
    return tuple(folder / numbered[number] for number in sorted(numbered))


def _missing_files(files: SequenceFiles, most: int) -> Iterator[Problem]:
    """Name a sequence without results, and repetitions that are missing.

    A deterministic tracker stops after three repetitions in a sequence: three are complete.
    """
    count = len(files.repetitions)
    if count == 0:
        yield files.problem("no results for this sequence")
        return
    numbers = [int(path.stem.rsplit("_", 1)[1]) for path in files.repetitions]
    expected = most if count != EARLY_STOP else count
    missing = sorted(set(range(1, max(expected, *numbers) + 1)) - set(numbers))
    if missing:
        yield files.problem(
            f"{_listed(missing)} missing, other sequences have {most}: scored by the {count} there"
        )


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(f"{number:03d}" for number in numbers[:5])
    word = "repetition" if len(numbers) == 1 else "repetitions"
    return f"{word} {shown}{', …' if len(numbers) > 5 else ''}"


def read_repetition(
    files: SequenceFiles, path: Path, length: int
) -> tuple[Trajectory, list[Problem]]:
    """Read one repetition as far as it is sound, and say what is wrong with it.

    Parameters
    ----------
    files : SequenceFiles
        The sequence's files.
    path : Path
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
        problems.append(
            files.problem(f"{text}: read up to the line before", fault.file, fault.line)
        )
    elif len(trajectory) != length:
        problems.append(files.problem(_wrong_length(len(trajectory), length), path, None))
    checks = check_supervised if files.experiment == "baseline" else check_codes
    problems += [files.problem(what, path, line) for line, what in checks(trajectory, length)]
    return trajectory, problems


def _read(path: Path) -> tuple[Trajectory, FormatError | None]:
    if path.suffix != ".bin":
        return read_until_fault(path)
    try:
        return read_binary(path), None
    except FormatError as error:
        return Trajectory.of(), error


def _wrong_length(found: int, expected: int) -> str:
    if found > expected:
        return f"{found} lines for {expected} frames, longer by {found - expected}"
    return f"{found} lines for {expected} frames, shorter by {expected - found}"


Fault = tuple[int, str]


def check_supervised(trajectory: Trajectory, length: int, skip: int = 5) -> Iterable[Fault]:
    """Check the codes of a run with resets.

    Parameters
    ----------
    trajectory : Trajectory
        The run.
    length : int
        Annotated frames.
    skip : int
        Frames from a failure to its restart.

    Yields
    ------
    tuple of int and str
        Line, from 1, and what is wrong there.
    """
    codes = trajectory.codes()
    yield from _check_start(codes)
    for failure in trajectory.failures().tolist():
        restart = failure + skip
        skipped = codes[failure + 1 : restart].tolist()  # all of them 0, the code of skipped frames
        past_end = restart >= min(len(codes), length)
        if any(skipped) or not (past_end or codes[restart] == Code.INITIALISATION):
            yield failure + 1, f"failure without a restart on line {restart + 1}"


def check_codes(trajectory: Trajectory, length: int) -> Iterable[Fault]:
    """Check the codes of a run whose restarts depend on time, or that has none.

    In the realtime experiment the report that was under way when the target was lost may still be
    written, so that one region may stand between a failure and the next initialisation.
    """
    codes = trajectory.codes()
    yield from _check_start(codes)
    for failure in np.flatnonzero(codes == Code.FAILURE).tolist():
        after = codes[failure + 1 :]
        starts = np.flatnonzero(after == Code.INITIALISATION)
        between = after[: starts[0]] if len(starts) else after
        if (between != Code.UNKNOWN).sum() > 1:
            yield failure + 1, "failure without a restart before the next regions"


def _check_start(codes: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Iterable[Fault]:
    if len(codes) and codes[0] != Code.INITIALISATION:
        yield 1, "does not begin with an initialisation (code 1)"
