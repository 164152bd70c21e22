"""Scorecards: what a record keeps of the scores of one tracker, and what evidence makes of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from vot_toolkit.analysis import Analysis
from vot_toolkit.evidence import pack
from vot_toolkit.measures.runs import ScoredSequence
from vot_toolkit.measures.speed import sequence_fps

_FOLDERS = re.compile(r"(?<![\w.])(?:[A-Za-z]:)?[/\\](?:[^/\\\s:()'\"]+[/\\])*")
"""The folders at the head of an absolute path."""


def scorecard(tracker: str, analysis: Analysis) -> dict[str, Any]:
    """Give the ``results`` of a record: one tracker's part of an analysis.

    Parameters
    ----------
    tracker : str
        One of the analysis.
    analysis : Analysis
        Of all trackers.

    Returns
    -------
    dict
        ``dataset``; ``experiments`` as `Analysis.to_dict` has them; ``fps`` of every repetition on
        every sequence; ``evidence``, see `vot_toolkit.evidence`; ``problems`` without folders.
    """
    scores = analysis.trackers[tracker]
    parts = analysis.to_dict()
    return {
        "dataset": parts["dataset"],
        "experiments": parts["trackers"][tracker],
        "fps": {
            experiment: {each.name: _fps(each) for each in found.sequences}
            for experiment, found in scores.items()
        },
        "evidence": {experiment: pack(found.sequences) for experiment, found in scores.items()},
        "problems": [anonymous(p.to_dict()) for p in analysis.problems if p.tracker == tracker],
    }


def without_folders(text: object) -> object:
    """Leave of every absolute path its last part: folders name people and machines.

    Examples
    --------
    >>> without_folders("raised at /home/me/my/bad.py:30, in update")
    'raised at bad.py:30, in update'
    """
    return _FOLDERS.sub("", text) if isinstance(text, str) else text


def anonymous(problem: Mapping[str, object]) -> dict[str, object]:
    """Take the folders out of a problem's texts."""
    return {key: without_folders(value) for key, value in problem.items()}


def _fps(sequence: ScoredSequence) -> list[float | None]:
    """Give frames per second of each repetition there is."""
    if sequence.seconds is None:
        return [None] * len(sequence.runs)
    columns = sequence.seconds[:, : len(sequence.runs)]
    return [sequence_fps(column[:, None]) for column in columns.T]
