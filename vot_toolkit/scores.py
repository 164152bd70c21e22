"""The scores of one tracker in one experiment, computed when they are asked for."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.measures import average_overlap as ao
from vot_toolkit.measures.accuracy import accuracy, run_accuracy, sequence_accuracy
from vot_toolkit.measures.eao import eao, eao_curve
from vot_toolkit.measures.robustness import failures, robustness, sequence_failures
from vot_toolkit.measures.runs import EMPTY, ScoredSequence
from vot_toolkit.measures.speed import fps
from vot_toolkit.measures.terms import (
    Terms,
    accuracy_terms,
    eao_terms,
    overlap_terms,
    robustness_terms,
)
from vot_toolkit.measures.uncertainty import Estimate, estimate
from vot_toolkit.rules import MeasureRules

NO_INTERVAL = "needs at least two distinct sequence lengths"
NO_RESULT = "there is no result to score"
NO_LENGTH = "the expected overlap is undefined at every length of the interval"
REJECTED = "these rules do not score files of the wrong length"

RANGES = {
    "accuracy": (0.0, 1.0), "robustness": (0.0, math.inf), "eao": (0.0, 1.0), "overlap": (0.0, 1.0),
}  # fmt: skip
"""Least and greatest value of each score: no interval reaches further."""

Values = dict[str, Any]


@dataclass(frozen=True, eq=False)
class ExperimentScores(ABC):
    """What both kinds of experiments have.

    Parameters
    ----------
    sequences : tuple of ScoredSequence
        Every sequence of the set, in its order.
    rules : MeasureRules
        How they are scored.
    tags : tuple of str
        Attributes of the set, without ``empty``.
    rejected : bool
        True when the rules refuse these files; every score is None then.
    """

    sequences: tuple[ScoredSequence, ...]
    rules: MeasureRules
    tags: tuple[str, ...]
    rejected: bool = False

    @property
    def attributes(self) -> tuple[str, ...]:
        """Attributes that are scored: those of the set and ``empty``; none without tags."""
        return (*self.tags, EMPTY) if self.tags else ()

    @property
    def repetitions(self) -> int:
        """Largest number of repetitions of a sequence."""
        return max((len(sequence.runs) for sequence in self.sequences), default=0)

    @cached_property
    def fps(self) -> float | None:
        """Frames per second of the tracker; None without time files."""
        return fps(self.sequences)

    @abstractmethod
    def compute_headline(self) -> None:
        """Compute the scores of the whole set, which are kept; the others wait to be asked for."""

    @cached_property
    def estimates(self) -> dict[str, Estimate]:
        """What resampling the sequences says of each score that it can say something of."""
        found = {name: estimate(terms) for name, terms in self._terms() if len(terms)}
        return {name: each.clipped(*RANGES[name]) for name, each in found.items() if each}

    @property
    def intervals(self) -> Values:
        """Low and high end of each score's 95 % interval; without those that have none."""
        return {
            name: [each.low, each.high]
            for name, each in self.estimates.items()
            if each.low is not None
        }

    @abstractmethod
    def _terms(self) -> Iterator[tuple[str, Terms]]:
        """Give the terms of each score that can be resampled."""

    @property
    def _scored(self) -> tuple[ScoredSequence, ...]:
        return () if self.rejected else self.sequences

    @property
    def _reason(self) -> str:
        return REJECTED if self.rejected else NO_RESULT


@dataclass(frozen=True, eq=False)
class SupervisedScores(ExperimentScores):
    """Scores of an experiment with resets: baseline and realtime.

    Parameters
    ----------
    interval : tuple of int, optional
        First and last length of the EAO mean; None when the set has none.
    """

    interval: tuple[int, int] | None = None

    @cached_property
    def accuracy(self) -> float | None:
        """Mean overlap, in [0, 1]."""
        return accuracy(self._scored, self.rules)

    @cached_property
    def failures(self) -> float | None:
        """Failures in the whole set, mean over repetitions."""
        return failures(self._scored) if self._scored and self.repetitions else None

    @cached_property
    def robustness(self) -> float | None:
        """Failures related to frames, as the rules have it; lower is better."""
        return robustness(self._scored, self.rules) if self.repetitions else None

    @cached_property
    def eao_curve(self) -> NDArray[Any]:
        """Expected overlap for each length; empty when nothing is scored."""
        return eao_curve(self._scored, self.rules) if self.repetitions else np.empty(0)

    @cached_property
    def eao(self) -> float | None:
        """Expected average overlap, in [0, 1]."""
        return None if self.interval is None else eao(self.eao_curve, self.interval, self.rules)

    def compute_headline(self) -> None:
        """Compute accuracy, failures, robustness and EAO, which are kept."""
        _ = self.accuracy, self.failures, self.robustness, self.eao

    def _terms(self) -> Iterator[tuple[str, Terms]]:
        scored = self._scored if self.repetitions else ()
        yield "accuracy", accuracy_terms(scored, self.rules)
        yield "robustness", robustness_terms(scored, self.rules)
        if self.interval is not None and scored:
            yield "eao", eao_terms(scored, self.rules, self.interval)

    @cached_property
    def by_attribute(self) -> dict[str, Values]:
        """Accuracy, failures and EAO of each attribute; None where the rules define none."""
        return {tag: self._of_attribute(tag) for tag in self.attributes}

    def _of_attribute(self, tag: str) -> Values:
        defined = self.rules.attributes
        scored = self._scored
        values: Values = {"accuracy": None, "failures": None, "eao": None}
        if not scored or defined == "none":
            return values
        if defined == "accuracy-failures-eao":
            values["accuracy"] = accuracy(scored, self.rules, tag)
            values["failures"] = failures(scored, tag)
        if self.interval is not None:
            values["eao"] = eao(eao_curve(scored, self.rules, tag), self.interval, self.rules)
        return values

    @cached_property
    def by_sequence(self) -> dict[str, Values]:
        """Accuracy and failures of each sequence, and of each of its repetitions."""
        return {sequence.name: self._of_sequence(sequence) for sequence in self._scored}

    def _of_sequence(self, sequence: ScoredSequence) -> Values:
        runs = [
            {"accuracy": run_accuracy(run, self.rules), "failures": len(run.failures)}
            for run in sequence.runs
        ]
        return {
            "accuracy": sequence_accuracy(sequence, self.rules),
            "failures": sequence_failures(sequence) if sequence.runs else None,
            "repetitions": runs,
        }

    @property
    def undefined(self) -> dict[str, str]:
        """Why a headline score is None."""
        reasons = {
            name: self._reason
            for name in ("accuracy", "robustness", "failures", "eao")
            if getattr(self, name) is None
        }
        if "eao" in reasons and self.repetitions and not self.rejected:
            reasons["eao"] = NO_INTERVAL if self.interval is None else NO_LENGTH
        return reasons

    def to_dict(self) -> Values:
        """Give the scores as JSON object, undefined ones as null."""
        return {
            "accuracy": self.accuracy,
            "robustness": self.robustness,
            "failures": self.failures,
            "eao": self.eao,
            "eao_interval": None if self.interval is None else list(self.interval),
            "eao_curve": _numbers(self.eao_curve),
            "attributes": self.by_attribute,
            "sequences": self.by_sequence,
            "repetitions": self.repetitions,
            "fps": self.fps,
            "undefined": self.undefined,
        }


@dataclass(frozen=True, eq=False)
class UnsupervisedScores(ExperimentScores):
    """Scores of the experiment without resets."""

    @cached_property
    def overlap(self) -> float | None:
        """Average overlap, in [0, 1]."""
        return ao.average_overlap(self._scored, self.rules) if self.repetitions else None

    @cached_property
    def success_curve(self) -> NDArray[np.float64]:
        """Share of frames above each of 100 thresholds; empty when undefined."""
        return ao.success_curve(self._scored, self.rules) if self.repetitions else np.empty(0)

    def compute_headline(self) -> None:
        """Compute the average overlap, which is kept."""
        _ = self.overlap

    def _terms(self) -> Iterator[tuple[str, Terms]]:
        if self.rules.average_overlap == "all-frames" and self.repetitions:
            yield "overlap", overlap_terms(self._scored)

    @cached_property
    def by_attribute(self) -> dict[str, Values]:
        """Average overlap of each attribute; None where the rules define none."""
        defined = self.rules.attributes != "none"
        return {
            tag: {"overlap": ao.average_overlap(self._scored, self.rules, tag) if defined else None}
            for tag in self.attributes
        }

    @cached_property
    def by_sequence(self) -> dict[str, Values]:
        """Average overlap of each sequence."""
        return {
            sequence.name: {
                "overlap": ao.sequence_overlap(sequence, self.rules) if sequence.runs else None
            }
            for sequence in self._scored
        }

    @property
    def undefined(self) -> dict[str, str]:
        """Why the headline score is None."""
        if self.overlap is not None:
            return {}
        undefined = self.rules.average_overlap == "none"
        return {"overlap": "these rules do not define it" if undefined else self._reason}

    def to_dict(self) -> Values:
        """Give the scores as JSON object, undefined ones as null."""
        return {
            "overlap": self.overlap,
            "success_curve": _numbers(self.success_curve),
            "attributes": self.by_attribute,
            "sequences": self.by_sequence,
            "repetitions": self.repetitions,
            "fps": self.fps,
            "undefined": self.undefined,
        }


TrackerScores = Mapping[str, SupervisedScores | UnsupervisedScores]
"""Experiment to the scores of one tracker."""


def _numbers(values: Iterable[Any]) -> list[float | None]:
    return [None if math.isnan(value) else float(value) for value in values]
