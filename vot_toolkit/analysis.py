"""Scoring whole folders of results: every tracker, every experiment, one pass over the files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vot_toolkit.atomic import write_whole
from vot_toolkit.challenges import known_interval
from vot_toolkit.dataset import Dataset, open_dataset
from vot_toolkit.errors import ResultsError, UsageError
from vot_toolkit.measures.interval import estimate_interval
from vot_toolkit.problem import Problem
from vot_toolkit.results import (
    EXPERIMENTS,
    SequenceFiles,
    find_experiments,
    find_files,
    find_trackers,
)
from vot_toolkit.rules import Rules, as_rules
from vot_toolkit.scores import SupervisedScores, TrackerScores, UnsupervisedScores
from vot_toolkit.scoring import ScoredFiles, check_sizes, score

SCHEMA_VERSION = 1
UNSUPERVISED = "unsupervised"


@dataclass(frozen=True, eq=False)
class Analysis:
    """Scores of trackers on a data set under one rule set.

    Parameters
    ----------
    dataset : Dataset
        The annotations.
    rules : Rules
        The rule set.
    trackers : mapping from tracker to its scores by experiment
        In the order asked for.
    problems : tuple of Problem
        Everything that was wrong with the results; what could be scored is scored.
    """

    dataset: Dataset
    rules: Rules
    trackers: Mapping[str, TrackerScores]
    problems: tuple[Problem, ...]

    def to_dict(self, *, ci: bool = False) -> dict[str, Any]:
        """Give everything as JSON object; undefined values are None.

        Parameters
        ----------
        ci : bool
            Also the intervals of the scores, which take some tenths of a second a tracker.
        """
        return {
            "schema_version": SCHEMA_VERSION,
            "dataset": {
                "name": self.dataset.name,
                "sequences": len(self.dataset),
                "frames": self.dataset.num_frames,
                "partial": self.dataset.partial,
            },
            "rules": self.rules.name,
            "trackers": {
                tracker: {name: _values(scores, ci) for name, scores in found.items()}
                for tracker, found in self.trackers.items()
            },
            "problems": [problem.to_dict() for problem in self.problems],
        }

    def write_json(self, path: Path, *, ci: bool = False) -> None:
        """Write `to_dict` to a file, whole or not at all."""
        write_whole(path, json.dumps(self.to_dict(ci=ci), indent=1, allow_nan=False) + "\n")


def _values(scores: SupervisedScores | UnsupervisedScores, ci: bool) -> dict[str, Any]:
    values = scores.to_dict()
    return {**values, "intervals": scores.intervals} if ci else values


def analyze(
    results: str | Path,
    dataset: str | Path | Dataset,
    trackers: str | Sequence[str] | None = None,
    experiments: str | Sequence[str] = "all",
    rules: str | Rules = "vot2018",
    workers: int | None = None,
) -> Analysis:
    """Score the trackers in a folder of results.

    Parameters
    ----------
    results : str or Path
        ``RESULTS/<tracker>/<experiment>/<sequence>/<sequence>_001.txt``.
    dataset : str, Path or Dataset
        A VOT folder, a ``VOT2018.json``, a name, or an open data set. No image is read.
    trackers : str or sequence of str, optional
        Which trackers; by default all.
    experiments : str or sequence of str
        ``baseline``, ``realtime``, ``unsupervised``; ``all`` for those present.
    rules : str or Rules
        A rule set or its name, see `vot_toolkit.rules.rule_names`.
    workers : int, optional
        Threads; by default one a core.

    Returns
    -------
    Analysis
        Damaged input is listed under its problems.

    Raises
    ------
    UserError
        If there are no results, no such data set, rules or experiment, or an image size is unknown.
    """
    annotations = dataset if isinstance(dataset, Dataset) else open_dataset(dataset)
    check_sizes(annotations)
    chosen = as_rules(rules)
    root = Path(results)
    names = _trackers(root, (trackers,) if isinstance(trackers, str) else trackers)
    plan = _Plan(root, annotations)
    for name in names:
        plan.add(name, _wanted(experiments))
    scored = score(plan.files, annotations, chosen, workers)
    return _collect(plan, scored, annotations, chosen)


def _trackers(root: Path, wanted: Sequence[str] | None) -> tuple[str, ...]:
    found = find_trackers(root)
    missing = [name for name in wanted or () if name not in found]
    if missing:
        raise ResultsError(
            f"no results of tracker {missing[0]!r}", file=root, hint=f"there are {', '.join(found)}"
        )
    return tuple(wanted or found)


def _wanted(experiments: str | Sequence[str]) -> tuple[str, ...] | None:
    """Give the experiments asked for, None for those present."""
    names = (experiments,) if isinstance(experiments, str) else tuple(experiments)
    if names == ("all",):
        return None
    for name in names:
        if name not in EXPERIMENTS:
            raise UsageError(
                f"no experiment {name!r}", hint=f"accepted: {', '.join(EXPERIMENTS)}, all"
            )
    return names


class _Plan:
    """Which files belong to which tracker and experiment, and what was missing among them."""

    def __init__(self, root: Path, dataset: Dataset) -> None:
        self.root, self.dataset = root, dataset
        self.groups: list[tuple[str, str, int]] = []
        self.files: list[SequenceFiles] = []
        self.problems: list[Problem] = []
        self.trackers: list[str] = []

    def add(self, tracker: str, wanted: tuple[str, ...] | None) -> None:
        """Plan one tracker."""
        present = find_experiments(self.root, tracker)
        self.trackers.append(tracker)
        folder = self.root / tracker
        if not present:
            self._miss(tracker, folder, "no results: no folder of an experiment")
        for experiment in present if wanted is None else wanted:
            if experiment in present:
                self._add_experiment(tracker, experiment)
            elif present:
                self._miss(tracker, folder / experiment, f"no results of experiment {experiment}")

    def _add_experiment(self, tracker: str, experiment: str) -> None:
        files, problems = find_files(self.root, tracker, experiment, self.dataset)
        self.groups.append((tracker, experiment, len(files)))
        self.files += files
        self.problems += problems

    def _miss(self, tracker: str, folder: Path, what: str) -> None:
        self.problems.append(Problem(tracker, None, str(folder), None, what))


def _collect(
    plan: _Plan, scored: Iterable[ScoredFiles], dataset: Dataset, rules: Rules
) -> Analysis:
    """Put the scored sequences, which come in the plan's order, together again."""
    stream = iter(scored)
    interval = eao_interval(dataset)
    trackers: dict[str, dict[str, SupervisedScores | UnsupervisedScores]] = {
        tracker: {} for tracker in plan.trackers
    }
    problems = list(plan.problems)
    for tracker, experiment, count in plan.groups:
        files = [next(stream) for _ in range(count)]
        problems += [problem for entry in files for problem in entry.problems]
        sequences = tuple(entry.sequence for entry in files)
        rejected = any(entry.rejected for entry in files)
        common = (sequences, rules.measures, dataset.tags, rejected)
        scores = (
            UnsupervisedScores(*common)
            if experiment == UNSUPERVISED
            else SupervisedScores(*common, interval)
        )
        # Computed now, while threads compare the files of the next tracker.
        scores.compute_headline()
        trackers[tracker][experiment] = scores
    return Analysis(dataset, rules, trackers, tuple(problems))


def eao_interval(dataset: Dataset) -> tuple[int, int] | None:
    """Give the EAO interval of a data set: published for its name, else estimated, else None."""
    published = known_interval(dataset.name)
    if published is not None:
        return published
    estimated = estimate_interval([len(sequence) for sequence in dataset.full])
    return None if estimated is None else (estimated.low, estimated.high)
