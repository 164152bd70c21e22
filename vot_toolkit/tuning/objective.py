"""The objective: the measure by which trials are ranked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from vot_toolkit.errors import UsageError
from vot_toolkit.scores import SupervisedScores, UnsupervisedScores
from vot_toolkit.wording import guess

Values = Mapping[str, float | None]
"""Measure to its value; None where it is undefined."""

SUPERVISED = ("eao", "accuracy", "robustness", "failures")
UNSUPERVISED = ("overlap",)
LOWER_IS_BETTER = frozenset({"robustness", "failures"})


@dataclass(frozen=True)
class Objective:
    """What is to be as good as possible.

    Parameters
    ----------
    measure : str
        One of ``eao``, ``accuracy``, ``robustness``, ``failures``, ``overlap``.
    experiment : str
        Where it is measured.
    """

    measure: str
    experiment: str

    @property
    def name(self) -> str:
        """Experiment and measure, as the command line takes them."""
        return f"{self.experiment}.{self.measure}"

    @property
    def higher_is_better(self) -> bool:
        """Whether the largest value is the best."""
        return self.measure not in LOWER_IS_BETTER

    @property
    def measures(self) -> tuple[str, ...]:
        """All measures of the experiment, for display."""
        return UNSUPERVISED if self.measure in UNSUPERVISED else SUPERVISED

    def merits(self, values: Values) -> list[float]:
        """Give what trials are compared by, first the measure itself; higher is better in all."""
        names = sorted(self.measures, key=lambda name: name != self.measure)
        return [_merit(name, values[name]) for name in names]

    def gain(self, value: float, reference: float) -> float:
        """Tell by how much a value is better than another; below 0 where it is worse."""
        return value - reference if self.higher_is_better else reference - value

    def values(self, scores: SupervisedScores | UnsupervisedScores) -> Values:
        """Take the measures out of a tracker's scores in the experiment."""
        return {name: getattr(scores, name) for name in self.measures}


def _merit(measure: str, value: float | None) -> float:
    """Turn a measure so that higher is better; an undefined one is worse than any."""
    if value is None:
        return -math.inf
    return -value if measure in LOWER_IS_BETTER else value


def parse_objective(text: str) -> Objective:
    """Read an objective: a measure, with the experiment before it where that is not the usual one.

    Raises
    ------
    UsageError
        If there is no such measure, or it does not go with the experiment.

    Examples
    --------
    >>> parse_objective("eao").name, parse_objective("overlap").name
    ('baseline.eao', 'unsupervised.overlap')
    >>> parse_objective("realtime.eao").experiment
    'realtime'
    """
    known = (*SUPERVISED, *UNSUPERVISED)
    experiment, _, measure = text.rpartition(".")
    if measure not in known:
        hint = f"{guess(measure, known)}accepted: {', '.join(known)}"
        raise UsageError(f"--objective {text!r}", hint=hint)
    accepted = ("unsupervised",) if measure in UNSUPERVISED else ("baseline", "realtime")
    if experiment and experiment not in accepted:
        hint = f"{measure} is measured in {' and '.join(accepted)}"
        raise UsageError(f"--objective {text!r}", hint=hint)
    return Objective(measure, experiment or accepted[0])
