"""Which trackers of an analysis have scores of an experiment, and what all tables say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vot_toolkit.wording import counted

if TYPE_CHECKING:
    from vot_toolkit.analysis import Analysis
    from vot_toolkit.scores import SupervisedScores, UnsupervisedScores

SUPERVISED = ("baseline", "realtime")


def supervised(analysis: Analysis, experiment: str) -> list[tuple[str, SupervisedScores]]:
    """Give the trackers with scores of an experiment with resets."""
    from vot_toolkit.scores import SupervisedScores

    found = ((tracker, scores.get(experiment)) for tracker, scores in analysis.trackers.items())
    return [(tracker, entry) for tracker, entry in found if isinstance(entry, SupervisedScores)]


def unsupervised(analysis: Analysis) -> list[tuple[str, UnsupervisedScores]]:
    """Give the trackers with scores of the experiment without resets."""
    from vot_toolkit.scores import UnsupervisedScores

    found = ((name, scores.get("unsupervised")) for name, scores in analysis.trackers.items())
    return [(tracker, entry) for tracker, entry in found if isinstance(entry, UnsupervisedScores)]


def heading(analysis: Analysis) -> str:
    """Name the data set, how much of it is scored, and the rules."""
    size = counted(len(analysis.dataset), "sequence")
    part = f" (part: {size})" if analysis.dataset.partial else ""
    return f"{analysis.dataset.name}{part} · rules {analysis.rules.name}"
