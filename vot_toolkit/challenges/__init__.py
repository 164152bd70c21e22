"""Challenges as data: how the trackers of a year were run, and the EAO interval of its sequences.

One TOML file a challenge; every constant names its source.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from vot_toolkit.errors import RulesError

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Protocol:
    """How one experiment of a challenge is run.

    Parameters
    ----------
    type : str
        ``supervised`` (reset after a failure), ``realtime`` (the same, while the camera goes on) or
        ``unsupervised`` (one run, no reset).
    repetitions : int
        Runs of a tracker that is not deterministic.
    skip_initialize : int
        Frames from a failure to the next initialisation.
    failure_overlap : float
        A report whose overlap is at most this is a failure.
    skip_tags : tuple of str
        A restart moves on past frames that carry one of these.
    deterministic_after : int
        Repetitions that must agree before the remaining ones are left out.
    deterministic_overlap : float
        Two repetitions agree when every pair of regions overlaps by more than this.
    fps : float or None
        Frames the camera takes a second; of ``realtime`` alone.
    grace : int or None
        Reports after an initialisation that are never late; of ``realtime`` alone.
    """

    type: Literal["supervised", "realtime", "unsupervised"]
    repetitions: int
    skip_initialize: int = 5
    failure_overlap: float = 0.0
    skip_tags: tuple[str, ...] = ()
    deterministic_after: int = 3
    deterministic_overlap: float = 0.999
    fps: float | None = None
    grace: int | None = None


@dataclass(frozen=True)
class Challenge:
    """One year's challenge.

    Parameters
    ----------
    name : str
        Name of the challenge's data set, ``VOT2018``.
    interval : tuple of int
        First and last sequence length (in frames, from 1, both included) of the EAO mean.
    experiments : mapping from name to Protocol
        ``baseline``, ``unsupervised``, in the order of the challenge.
    """

    name: str
    interval: tuple[int, int]
    experiments: Mapping[str, Protocol]


def challenge_names() -> tuple[str, ...]:
    """List the challenges, oldest first.

    Examples
    --------
    >>> challenge_names()
    ('VOT2015', 'VOT2016', 'VOT2017', 'VOT2018', 'VOT2019')
    """
    return tuple(sorted(path.stem.upper() for path in _FOLDER.glob("*.toml")))


@cache
def load_challenge(name: str) -> Challenge:
    """Read a challenge by name, in any case.

    Raises
    ------
    RulesError
        If there is no such challenge.

    Examples
    --------
    >>> load_challenge("vot2018").interval
    (100, 356)
    """
    if name.upper() not in challenge_names():
        raise RulesError(f"no challenge {name!r}", hint=f"there are {', '.join(challenge_names())}")
    text = (_FOLDER / f"{name.lower()}.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(text)
    experiments = {key: _protocol(entry) for key, entry in data.get("experiments", {}).items()}
    low, high = data["interval"]["value"]
    return Challenge(data["name"], (low, high), experiments)


def known_interval(dataset: str) -> tuple[int, int] | None:
    """Give the published EAO interval of a data set, None when there is none for that name.

    Examples
    --------
    >>> known_interval("VOT2016"), known_interval("my set")
    ((108, 371), None)
    """
    return load_challenge(dataset).interval if dataset.upper() in challenge_names() else None


def _protocol(entry: dict[str, Any]) -> Protocol:
    values = {key: item["value"] for key, item in entry.items()}
    return Protocol(**{**values, "skip_tags": tuple(values.get("skip_tags", ()))})
