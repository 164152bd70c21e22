"""From result files to overlaps: the one pass over the data that all measures share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from vot_toolkit.cores import usable_cores
from vot_toolkit.dataset.sequence import Dataset, Sequence
from vot_toolkit.errors import DatasetError, FormatError
from vot_toolkit.formats.times import read_times
from vot_toolkit.measures.runs import ScoredRun, ScoredSequence, zero_for_nan
from vot_toolkit.problem import Problem
from vot_toolkit.region import Array
from vot_toolkit.region_overlap.pairs import count_overlaps
from vot_toolkit.results import SequenceFiles, check_codes, read_repetition
from vot_toolkit.rules import Rules, as_rules
from vot_toolkit.trajectory import Trajectory


@dataclass(frozen=True, eq=False)
class ScoredFiles:
    """The scored sequence of some files, and what was wrong with them.

    Parameters
    ----------
    sequence : ScoredSequence
        Overlaps of every repetition.
    problems : tuple of Problem
        What was wrong.
    rejected : bool
        True when the rules refuse to score a file of the wrong length.
    """

    sequence: ScoredSequence
    problems: tuple[Problem, ...]
    rejected: bool


def score(
    files: Iterable[SequenceFiles],
    dataset: Dataset,
    rules: str | Rules,
    workers: int | None = None,
) -> Iterator[ScoredFiles]:
    """Score the files of many sequences, in order.

    The compiled parser and kernel run outside the interpreter's lock, so that threads serve.

    Parameters
    ----------
    files : iterable of SequenceFiles
        As `vot_toolkit.results.find_files` lists them.
    dataset : Dataset
        The annotations.
    rules : str or Rules
        A rule set or its name.
    workers : int, optional
        Threads; by default one a core.
    """
    scorer = _Scorer(dataset, rules)
    count = workers or usable_cores()
    if count == 1:
        yield from map(scorer.score, files)
        return
    with ThreadPoolExecutor(count) as pool:
        yield from pool.map(scorer.score, files)


class _Scorer:
    """Scores the files of one sequence after another under one rule set."""

    def __init__(self, dataset: Dataset, rules: str | Rules) -> None:
        self.rules = as_rules(rules)
        measures = self.rules.measures
        self.tighter = measures.eao_bounds != measures.accuracy_bounds
        self.sequences = {sequence.name: sequence for sequence in dataset}
        self.groundtruth = {
            sequence.name: self._coordinates(sequence.groundtruth) for sequence in dataset
        }

    def score(self, files: SequenceFiles) -> ScoredFiles:
        """Read all repetitions on one sequence and compare them with the ground truth."""
        sequence = self.sequences[files.sequence]
        length = len(sequence)
        trajectories, problems, rejected = [], [], not files.repetitions and self._rejects(0, 1)
        for path in files.repetitions:
            trajectory, faults = read_repetition(files, path, length)
            trajectories.append(trajectory.head(length))
            problems += faults
            rejected |= self._rejects(len(trajectory), length)
        runs = self._runs(trajectories, sequence)
        for path, run in zip(files.repetitions, runs, strict=True):
            problems += check_codes(files, path, run.codes, length)
        seconds, faults = _seconds(files)
        scored = ScoredSequence(sequence.name, length, runs, sequence.tags, seconds)
        return ScoredFiles(scored, tuple(problems + faults), rejected)

    def _rejects(self, found: int, expected: int) -> bool:
        rules = self.rules.results
        return (found > expected and rules.longer == "reject") or (
            found < expected and rules.shorter == "reject"
        )

    def _runs(self, trajectories: list[Trajectory], sequence: Sequence) -> tuple[ScoredRun, ...]:
        """Compare all frames of all repetitions at once, then take them apart again."""
        if not trajectories:
            return ()
        groundtruth = self.groundtruth[sequence.name]
        result = Trajectory.joined(trajectories)
        truth = Trajectory.joined(groundtruth.head(len(part)) for part in trajectories)
        overlaps, inner = count_overlaps(
            self._coordinates(result),
            truth,
            np.array([sequence.bounds], dtype=np.float64),
            self.rules,
            tighter=self.tighter,
        )
        eao_overlaps = self._special(inner if self.tighter else overlaps)
        codes = result.codes()
        runs, start = [], 0
        for part in trajectories:
            own = slice(start, start + len(part))
            runs.append(ScoredRun(overlaps[own], eao_overlaps[own], codes[own]))
            start = own.stop
        return tuple(runs)

    def _special(self, overlaps: Array) -> Array:
        if self.rules.measures.special_overlap == "zero":
            return zero_for_nan(overlaps)
        return overlaps

    def _coordinates(self, trajectory: Trajectory) -> Trajectory:
        if self.rules.measures.coordinates == "float32":
            return trajectory.as_float32()
        return trajectory


def _seconds(files: SequenceFiles) -> tuple[Array | None, list[Problem]]:
    if not files.times.exists():
        return None, []
    try:
        return read_times(files.times), []
    except FormatError as error:
        return None, [files.problem(error.what, files.times, error.line)]


def check_sizes(dataset: Dataset) -> None:
    """Raise unless the image size of every sequence is known.

    Raises
    ------
    DatasetError
        Names the first sequence without one.
    """
    if not len(dataset):
        raise DatasetError(f"the data set {dataset.name} has no sequence")
    for sequence in dataset:
        _ = sequence.bounds
