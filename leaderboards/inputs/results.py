"""Folders of results in the official layout, scored on the way in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from leaderboards.inputs.stamp import newest
from vot_toolkit.analysis import Analysis, analyze
from vot_toolkit.dataset import open_dataset
from vot_toolkit.errors import UsageError
from vot_toolkit.problem import Problem
from vot_toolkit.records import Record
from vot_toolkit.scorecard import scorecard
from vot_toolkit.version import code_version


def records_of_results(
    folder: Path, dataset: str | None, rules: str
) -> tuple[list[Record], list[Problem]]:
    """Score every tracker of a folder and make a record of each.

    Parameters
    ----------
    folder : Path
        ``<folder>/<tracker>/<experiment>/<sequence>/<sequence>_001.txt``.
    dataset : str or None
        A VOT folder, a ``VOT2018.json``, or a name.
    rules : str
        A rule set.

    Returns
    -------
    tuple of list of Record and list of Problem
        Where a tracker was run is not known, its machine is None.

    Raises
    ------
    UserError
        If no data set is named, or as `vot_toolkit.analysis.analyze` has it.
    """
    if dataset is None:
        hint = "--dataset names a VOT folder, a VOT2018.json, or a data set"
        raise UsageError(f"{folder}: scoring results needs annotations", hint=hint)
    analysis = analyze(folder, open_dataset(dataset), rules=rules)
    return list(_records(folder, analysis)), list(analysis.problems)


def _records(folder: Path, analysis: Analysis) -> Iterator[Record]:
    dataset = analysis.dataset
    for tracker, scores in analysis.trackers.items():
        if not any(found.repetitions for found in scores.values()):
            continue
        yield Record(
            kind="evaluation",
            label=tracker,
            config={
                "origin": "results",
                "dataset": {"name": dataset.name, "digest": dataset.full.digest()},
                "rules": analysis.rules.name,
            },
            results=scorecard(tracker, analysis),
            machine=None,
            code=code_version(),
            created=newest((folder / tracker).glob("*/*/*.*")),
        )
