"""Obstacles: why two records may not be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leaderboards.entry import Entry, Fact
from vot_toolkit.errors import UsageError

SCORES = {
    "dataset": "data set",
    "dataset_digest": "version of the data set",
    "sequences": "number of sequences",
    "frames": "number of frames",
    "rules": "rules",
    "repetitions": "repetitions",
    "precision": "precision",
    "mode": "mode",
    "device": "device",
}
"""What must be the same for the difference of two scores to be that of the trackers."""

SPEED = {"machine": "machine", "device": "device", "workers": "processes at a time"}
"""What must be the same for the ratio of two trackers' speeds to be theirs."""

TRAINING = {
    "stage": "stage",
    "variant": "network",
    "batch": "batch of a device",
    "precision": "precision",
    "amp": "precision level",
}
"""What must be the same for the ratio of two trainings' speeds to be that of the hardware."""

LOSS = {"stage": "stage", "variant": "network", "total_batch": "batch", "precision": "precision"}
"""What must be the same for two losses to be of one function and schedule."""

OPTIONAL = (
    "repetitions",
    "dataset_digest",
    "frames",
    "precision",
    "mode",
    "device",
    "amp",
    "batch",
    "total_batch",
)
"""Facts that older records and other programs do not tell: only two that differ are an obstacle."""


@dataclass(frozen=True)
class Obstacle:
    """Something that differs and ought not to.

    Parameters
    ----------
    what : str
        In words.
    first, second : text, number or None
        What the two have.
    """

    what: str
    first: Fact
    second: Fact

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.what}: {_shown(self.first)} against {_shown(self.second)}"


def _shown(value: Fact) -> str:
    return "not known" if value is None else str(value)


def obstacles(first: Entry, second: Entry, facts: dict[str, str]) -> list[Obstacle]:
    """Give what differs of some facts.

    Parameters
    ----------
    first, second : Entry
        Of the same kind.
    facts : dict
        `SCORES`, `SPEED`, `TRAINING` or `LOSS`.
    """
    return list(_obstacles(first, second, facts))


def _obstacles(first: Entry, second: Entry, facts: dict[str, str]) -> Iterator[Obstacle]:
    for name, what in facts.items():
        one, other = first.fact(name), second.fact(name)
        told = one is not None and other is not None
        # Speeds on machines that nobody knows are not those of one machine.
        unknown = one is None and other is None and name == "machine"
        differ = one != other and (told or name not in OPTIONAL)
        if unknown or (differ and not (name == "repetitions" and _repeats(first, second))):
            yield Obstacle(what, one, other)


def _repeats(first: Entry, second: Entry) -> bool:
    """Tell whether the one with fewer repetitions is deterministic: more would be the same."""
    known = [each for each in (first, second) if isinstance(each.fact("repetitions"), int)]
    fewer = min(known, key=lambda each: int(each.facts["repetitions"] or 0), default=first)
    return len(known) == 2 and fewer.fact("deterministic") == "yes"


def check_kinds(first: Entry, second: Entry) -> None:
    """Raise when one is a tracker and the other a training.

    Raises
    ------
    UsageError
        Names both.
    """
    if first.kind != second.kind:
        fault = (
            f"{first.label} is an {first.kind}"
            if first.kind == "evaluation"
            else (f"{first.label} is a {first.kind}")
        )
        raise UsageError(
            f"{fault}, {second.label} is not", hint="compare two trackers, or two trainings"
        )


def refusal(found: Sequence[Obstacle]) -> str:
    """Say that two may not be compared, and why."""
    return "may not be compared: " + "; ".join(map(str, found))
