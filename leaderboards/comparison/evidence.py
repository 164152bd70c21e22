"""What two trackers' evidence gives: differences with intervals, and what decides them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from leaderboards.lookup import dig
from vot_toolkit.evidence import unpack
from vot_toolkit.measures.accuracy import accuracy
from vot_toolkit.measures.average_overlap import average_overlap
from vot_toolkit.measures.eao import eao, eao_curve
from vot_toolkit.measures.robustness import robustness
from vot_toolkit.measures.runs import EMPTY, ScoredSequence
from vot_toolkit.measures.terms import (
    Terms,
    accuracy_terms,
    eao_terms,
    failure_terms,
    overlap_terms,
    robustness_terms,
)
from vot_toolkit.measures.uncertainty import RESAMPLES, Estimate, difference, repetition_error
from vot_toolkit.records import Record
from vot_toolkit.rules import MeasureRules, load_rules

Sequences = tuple[ScoredSequence, ...]

ATTRIBUTE_RESAMPLES = 2000
"""Attributes are many, and their intervals wide: fewer resamples do."""

UNSUPERVISED = "unsupervised"

DECISIVE = 5
"""Sequences that are listed."""


@dataclass(frozen=True)
class Contest:
    """One measure of two trackers.

    Parameters
    ----------
    measure : str
        Its name.
    first, second : float
        Values.
    gap : Estimate
        Of second minus first, over sequences.
    noise : float or None
        Standard error of the difference that repetitions alone leave; None without several.
    sequences : int
        Of how many sequences.
    """

    measure: str
    first: float
    second: float
    gap: Estimate
    noise: float | None = None
    sequences: int = 0


@dataclass(frozen=True)
class Decisive:
    """A sequence that decides a difference.

    Parameters
    ----------
    sequence : str
        Its name.
    without : float
        The difference of EAO if it were not there.
    share : float
        How much of the difference it makes: what goes when it goes.
    """

    sequence: str
    without: float
    share: float


class Duel:
    """Two trackers' evidence in one experiment.

    Parameters
    ----------
    first, second : tuple of ScoredSequence
        On the same sequences.
    rules : MeasureRules
        By which both are scored.
    interval : tuple of int
        Lengths of the EAO mean.
    """

    def __init__(
        self, first: Sequences, second: Sequences, rules: MeasureRules, interval: tuple[int, int]
    ) -> None:
        self.first, self.second = first, second
        self.rules, self.interval = rules, interval

    def contests(self) -> list[Contest]:
        """Compare EAO, accuracy and robustness."""
        measures: dict[str, tuple[Callable[..., Terms], Callable[..., float | None]]] = {
            "eao": (self._eao_terms, self._eao),
            "accuracy": (
                partial(accuracy_terms, rules=self.rules), partial(accuracy, rules=self.rules),
            ),
            "robustness": (
                partial(robustness_terms, rules=self.rules), partial(robustness, rules=self.rules),
            ),
        }  # fmt: skip
        found = (self._contest(name, *functions) for name, functions in measures.items())
        return [contest for contest in found if contest is not None]

    def realtime(self) -> Contest | None:
        """Compare EAO under the name it has where frames do not wait."""
        return self._contest("realtime_eao", self._eao_terms, self._eao)

    def overlap(self) -> Contest | None:
        """Compare average overlap; None where the rules take no plain mean of all frames."""
        if self.rules.average_overlap != "all-frames":
            return None
        mean = partial(average_overlap, rules=self.rules)
        return self._contest("overlap", overlap_terms, mean)

    def _eao_terms(self, sequences: Sequence[ScoredSequence], tag: str | None = None) -> Terms:
        return eao_terms(sequences, self.rules, self.interval, tag)

    def _eao(self, sequences: Sequence[ScoredSequence]) -> float | None:
        return eao(eao_curve(sequences, self.rules), self.interval, self.rules)

    def _contest(
        self,
        name: str,
        terms: Callable[..., Terms],
        measure: Callable[..., float | None] | None = None,
    ) -> Contest | None:
        one, other = terms(self.first), terms(self.second)
        gap = difference(
            one, other, resamples=ATTRIBUTE_RESAMPLES if measure is None else RESAMPLES
        )
        if gap is None or one.value is None or other.value is None:
            return None
        noise = None if measure is None else self._noise(measure)
        return Contest(name, one.value, other.value, gap, noise, len(one))

    def _noise(self, measure: Callable[..., float | None]) -> float | None:
        """Join the errors of both trackers' repetitions; one that is deterministic has none."""
        found = [repetition_error(each, measure) for each in (self.first, self.second)]
        known = [error for error in found if error is not None]
        # Repetitions that are all equal are those of a deterministic tracker.
        return float(sum(error**2 for error in known) ** 0.5) or None

    def decisive(self, most: int = DECISIVE) -> list[Decisive]:
        """Give the sequences that decide the difference of EAO, the most decisive first."""
        one, other = self._eao_terms(self.first), self._eao_terms(self.second)
        if one.value is None or other.value is None:
            return []
        gap, without = other.value - one.value, other.without_each() - one.without_each()
        pairs = zip(one.names, without.tolist(), strict=True)
        found = [Decisive(name, rest, gap - rest) for name, rest in pairs if rest == rest]
        found.sort(key=lambda each: -abs(each.share))
        return found[:most]

    def attributes(self) -> dict[str, list[Contest]]:
        """Compare EAO, accuracy and failures by attribute, where the rules define them."""
        if self.rules.attributes != "accuracy-failures-eao":
            return {}
        tags = sorted({tag for each in self.first for tag in each.tags})
        return {tag: self._of_attribute(tag) for tag in ([*tags, EMPTY] if tags else [])}

    def _of_attribute(self, tag: str) -> list[Contest]:
        found = (
            self._contest("eao", partial(self._eao_terms, tag=tag)),
            self._contest("accuracy", partial(accuracy_terms, rules=self.rules, tag=tag)),
            self._contest("robustness", partial(failure_terms, tag=tag)),
        )
        return [contest for contest in found if contest is not None]


def duel(first: Record, second: Record, experiment: str = "baseline") -> Duel | None:
    """Open two records' evidence.

    Parameters
    ----------
    first, second : Record
        Of evaluations.
    experiment : str
        ``baseline``, ``realtime`` or ``unsupervised``, which has no interval of EAO.

    Returns
    -------
    Duel or None
        On the sequences that both have; scored by the first's rules. None without evidence of both
        or without an interval of EAO.
    """
    packed = [dig(each.results, "evidence", experiment) for each in (first, second)]
    lengths = dig(first.results, "experiments", experiment, "eao_interval")
    if not all(packed) or (not lengths and experiment != UNSUPERVISED):
        return None
    one, other = (unpack(each) for each in packed)
    shared = {each.name for each in one} & {each.name for each in other}
    if not shared:
        return None
    by_name = {each.name: each for each in other}
    mine = tuple(each for each in one if each.name in shared)
    rules = load_rules(first.config["rules"]).measures
    low, high = lengths or (0, 0)
    return Duel(mine, tuple(by_name[each.name] for each in mine), rules, (low, high))


def further_contests(first: Record, second: Record) -> tuple[list[Contest], list[str]]:
    """Compare realtime EAO and average overlap.

    Returns
    -------
    tuple of list of Contest and list of str
        Those there are, and why others are not.
    """
    contests, missing = [], []
    for experiment, contest in (("realtime", Duel.realtime), (UNSUPERVISED, Duel.overlap)):
        match = duel(first, second, experiment)
        found = None if match is None else contest(match)
        if found is None:
            missing.append(_missing(first, second, experiment))
        else:
            contests.append(found)
    return contests, missing


def _missing(first: Record, second: Record, experiment: str) -> str:
    """Say what is not there to compare an experiment."""
    for key, what in (("experiments", "were not run"), ("evidence", "recorded no overlaps")):
        lacking = [
            letter
            for letter, each in zip("AB", (first, second), strict=True)
            if not dig(each.results, key, experiment)
        ]
        if lacking:
            whose = " and ".join(lacking)
            verb = what if len(lacking) == 2 else what.replace("were", "was")
            return f"{experiment}: {whose} {verb}"
    return f"{experiment}: these rules give nothing to compare"
