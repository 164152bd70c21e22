"""Failures: where a tracker lost its target, and what was known of the frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vot_toolkit.dataset import Dataset
from vot_toolkit.errors import ResultsError, UsageError
from vot_toolkit.measures.runs import ScoredRun, ScoredSequence
from vot_toolkit.problem import Problem
from vot_toolkit.results import SequenceFiles, find_experiments, find_files, find_trackers
from vot_toolkit.rules import Rules
from vot_toolkit.scoring import check_sizes, score

RESETTING = ("baseline", "realtime")
"""Experiments in which a tracker can fail."""


@dataclass(frozen=True)
class Failure:
    """One failure.

    Parameters
    ----------
    sequence : str
        In which sequence.
    repetition : int
        Number of the result file, from 1.
    frame : int
        From 1: the line of the result file, and the number of the image.
    tracked : int
        Frames from the initialisation to the failure.
    overlap_before : float or None
        In the frame before; None when the tracker had no region there.
    attributes : tuple of str
        What the frame carries.
    """

    sequence: str
    repetition: int
    frame: int
    tracked: int
    overlap_before: float | None
    attributes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as JSON object."""
        return {**asdict(self), "attributes": list(self.attributes)}


def find_failures(
    results: str | Path,
    dataset: Dataset,
    tracker: str,
    experiment: str = "baseline",
    rules: str | Rules = "vot2018",
    workers: int | None = None,
) -> tuple[list[Failure], list[Problem]]:
    """List the failures of one tracker.

    Parameters
    ----------
    results, dataset, tracker, rules, workers
        As `vot_toolkit.analysis.analyze` takes them.
    experiment : str
        ``baseline`` or ``realtime``.

    Returns
    -------
    tuple of list of Failure and list of Problem
        In the order of sequences, repetitions and frames; and what was wrong with the results.

    Raises
    ------
    UserError
        If there are no such results, or the experiment has no resets.
    """
    if experiment not in RESETTING:
        raise UsageError(
            f"experiment {experiment!r} has no failures", hint=f"accepted: {', '.join(RESETTING)}"
        )
    files, problems = tracker_files(Path(results), tracker, experiment, dataset)
    check_sizes(dataset)
    failures: list[Failure] = []
    for own, scored in zip(files, score(files, dataset, rules, workers), strict=True):
        problems += scored.problems
        failures += sequence_failures(scored.sequence, own)
    return failures, problems


def tracker_files(
    results: Path, tracker: str, experiment: str, dataset: Dataset
) -> tuple[list[SequenceFiles], list[Problem]]:
    """Find the files of one tracker in one experiment.

    Raises
    ------
    ResultsError
        If there is no such tracker, or none of its results are of the experiment.
    """
    trackers = find_trackers(results)
    if tracker not in trackers:
        raise ResultsError(
            f"no results of tracker {tracker!r}",
            file=results,
            hint=f"there are {', '.join(trackers)}",
        )
    present = find_experiments(results, tracker)
    if experiment not in present:
        raise ResultsError(
            f"no results of experiment {experiment}",
            file=results / tracker,
            hint=f"there are {', '.join(present) or 'none'}",
        )
    return find_files(results, tracker, experiment, dataset)


def sequence_failures(scored: ScoredSequence, files: SequenceFiles) -> Iterator[Failure]:
    """List the failures in one sequence."""
    for path, run in zip(files.repetitions, scored.runs, strict=True):
        number = int(Path(path).stem[-3:])
        for frame in run.failures.tolist():
            yield Failure(
                scored.name,
                number,
                frame + 1,
                frame - _start(run, frame),
                _overlap(run, frame - 1),
                _attributes(scored, frame),
            )


def count_by_attribute(failures: Iterable[Failure]) -> dict[str, int]:
    """Count failures in frames that carry each attribute, many first; a frame may carry several.

    Examples
    --------
    >>> one = Failure("bag", 1, 9, 8, 0.5, ("occlusion",))
    >>> count_by_attribute([one, one])
    {'occlusion': 2}
    """
    counts: dict[str, int] = {}
    for failure in failures:
        for name in failure.attributes or ("none",):
            counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def _start(run: ScoredRun, frame: int) -> int:
    """Give the last initialisation before a frame, the first frame where there is none."""
    before = run.initialisations[run.initialisations < frame]
    return int(before[-1]) if len(before) else 0


def _overlap(run: ScoredRun, frame: int) -> float | None:
    if frame < 0 or np.isnan(run.overlaps[frame]):
        return None
    return float(run.overlaps[frame])


def _attributes(scored: ScoredSequence, frame: int) -> tuple[str, ...]:
    return tuple(tag for tag in sorted(scored.tags) if scored.tags[tag][frame])
