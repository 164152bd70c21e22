"""Why one tracker's numbers differ between rule sets: each switch by itself, and what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from vot_toolkit.analysis import Analysis, analyze
from vot_toolkit.dataset import Dataset
from vot_toolkit.rules import Rules, as_rules, rule_names
from vot_toolkit.scores import SupervisedScores

Scores = Mapping[str, float | None]
"""Name of a score to its value."""

TABLES = ("overlap", "measures", "results")
"""Tables of a rule set, in the order of its file; switches come in this order."""

RESETS = ("eao", "accuracy", "robustness")
NO_RESETS = ("overlap",)


@dataclass(frozen=True)
class Switch:
    """A switch that two rule sets have in different positions.

    Parameters
    ----------
    table, name : str
        Where it stands in the file of a rule set.
    before, after : str or int
        Its positions.
    """

    table: str
    name: str
    before: str | int
    after: str | int

    def flip(self, rules: Rules) -> Rules:
        """Give the rule set with this switch in the second position."""
        table = replace(getattr(rules, self.table), **{self.name: self.after})
        return replace(rules, **{self.table: table})


@dataclass(frozen=True)
class Contribution:
    """What one switch does to the scores.

    Parameters
    ----------
    switch : Switch
        Flipped alone, all others as in the first rule set.
    effect : mapping from score to float or None
        Score after less score before; None where one of them is undefined.
    """

    switch: Switch
    effect: Scores

    @property
    def is_idle(self) -> bool:
        """Whether it changes nothing here."""
        return all(value == 0.0 for value in self.effect.values())


@dataclass(frozen=True)
class Difference:
    """Why the scores of two rule sets differ.

    Parameters
    ----------
    before, after : str
        Names of the rule sets.
    total : mapping from score to float or None
        The difference, second less first.
    contributions : tuple of Contribution
        In the order of the switches in the files of rule sets.
    """

    before: str
    after: str
    total: Scores
    contributions: tuple[Contribution, ...]

    @property
    def interaction(self) -> Scores:
        """What is left of the difference: what switches do together and not apart."""
        return {name: self._rest(name) for name in self.total}

    def _rest(self, name: str) -> float | None:
        total = self.total[name]
        parts = [each.effect[name] for each in self.contributions]
        if total is None or None in parts:
            return None
        return total - sum(part for part in parts if part is not None)


@dataclass(frozen=True)
class Explanation:
    """The scores of one tracker in one experiment under every rule set.

    Parameters
    ----------
    tracker, experiment : str
        Whose scores.
    scores : mapping from rule set to scores
        In the order of `vot_toolkit.rules.rule_names`.
    differences : tuple of Difference
        From one rule set to each of the others.
    """

    tracker: str
    experiment: str
    scores: Mapping[str, Scores]
    differences: tuple[Difference, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give everything as JSON object; undefined values are None."""
        return {
            "tracker": self.tracker,
            "experiment": self.experiment,
            "scores": {rules: dict(values) for rules, values in self.scores.items()},
            "differences": [_difference_dict(each) for each in self.differences],
        }


def explain(
    results: str | Path,
    dataset: Dataset,
    tracker: str,
    *,
    before: str = "vot2018",
    experiments: str = "all",
    workers: int | None = None,
) -> tuple[list[Explanation], Analysis]:
    """Score a tracker under every rule set, and say where the differences come from.

    Parameters
    ----------
    results, dataset, tracker, experiments, workers
        As `analyze` takes them.
    before : str
        The rule set from which each of the others is explained.

    Returns
    -------
    tuple of list of Explanation and Analysis
        One an experiment; and the analysis under the first rule set, with its problems.

    Raises
    ------
    UserError
        As `analyze`.
    """
    scorer = _Scorer(results, dataset, tracker, experiments, workers)
    first = as_rules(before)
    analysis = scorer.analyze(first)
    explanations = [_explain(scorer, first, tracker, name) for name in analysis.trackers[tracker]]
    return explanations, analysis


class _Scorer:
    """Scores one tracker under one rule set after another, each once."""

    def __init__(
        self,
        results: str | Path,
        dataset: Dataset,
        tracker: str,
        experiments: str,
        workers: int | None,
    ) -> None:
        self.arguments = results, dataset, tracker, experiments
        self.tracker, self.workers = tracker, workers
        self.known: dict[tuple[Any, ...], Analysis] = {}

    def analyze(self, rules: Rules) -> Analysis:
        key = rules.overlap, rules.measures, rules.results
        if key not in self.known:
            self.known[key] = analyze(*self.arguments, rules=rules, workers=self.workers)
        return self.known[key]

    def scores(self, rules: Rules, experiment: str) -> Scores:
        found = self.analyze(rules).trackers[self.tracker][experiment]
        names = RESETS if isinstance(found, SupervisedScores) else NO_RESETS
        return {name: getattr(found, name) for name in names}


def _explain(scorer: _Scorer, first: Rules, tracker: str, experiment: str) -> Explanation:
    scores = {name: scorer.scores(as_rules(name), experiment) for name in rule_names()}
    differences = tuple(
        _difference(scorer, first, as_rules(name), experiment)
        for name in rule_names()
        if name != first.name
    )
    return Explanation(tracker, experiment, scores, differences)


def _difference(scorer: _Scorer, first: Rules, second: Rules, experiment: str) -> Difference:
    start = scorer.scores(first, experiment)
    contributions = tuple(
        Contribution(switch, _change(start, scorer.scores(switch.flip(first), experiment)))
        for switch in switches_between(first, second)
    )
    total = _change(start, scorer.scores(second, experiment))
    return Difference(first.name, second.name, total, contributions)


def switches_between(first: Rules, second: Rules) -> Iterator[Switch]:
    """List the switches in which two rule sets differ, in the order of their files.

    Examples
    --------
    >>> [each.name for each in switches_between(as_rules("vot2018"), as_rules("matlab7"))]
    ['rectangle', 'fill']
    """
    for table in TABLES:
        old, new = getattr(first, table), getattr(second, table)
        for field in fields(old):
            before, after = getattr(old, field.name), getattr(new, field.name)
            if before != after:
                yield Switch(table, field.name, before, after)


def _change(before: Scores, after: Scores) -> Scores:
    return {name: _less(after[name], before[name]) for name in before}


def _less(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before


def _difference_dict(difference: Difference) -> dict[str, Any]:
    return {
        "from": difference.before,
        "to": difference.after,
        "total": dict(difference.total),
        "contributions": [
            {
                "switch": f"{each.switch.table}.{each.switch.name}",
                "before": each.switch.before,
                "after": each.switch.after,
                "effect": dict(each.effect),
            }
            for each in difference.contributions
        ],
        "interaction": dict(difference.interaction),
    }
