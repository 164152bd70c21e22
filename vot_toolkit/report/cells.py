"""What all tables share: which scores there are, and how a value stands in a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vot_toolkit.analysis import Analysis
    from vot_toolkit.scores import SupervisedScores, UnsupervisedScores

SUPERVISED = ("baseline", "realtime")
UNDEFINED = "–"


def number(value: float | None, digits: int = 3) -> str:
    """Give a value with its decimals, a dash when it is None."""
    return UNDEFINED if value is None else f"{value:.{digits}f}"


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
