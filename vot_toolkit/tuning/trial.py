"""Trials: one choice of options, with what came of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vot_toolkit.results import LONGEST_NAME
from vot_toolkit.tuning.objective import Values
from vot_toolkit.tuning.space import CHECKPOINT, Point

_OTHER = re.compile(r"[^\w.+-]+")
"""Characters that a folder's name had better not hold."""


@dataclass(frozen=True)
class Trial:
    """One choice of options, and its scores.

    Parameters
    ----------
    label : str
        Name of the folder of its results.
    options : mapping from option to text
        Those that are tuned; empty for the tracker's own.
    tuning : mapping from measure to value, or None
        Scores on the sequences that are tuned on; None when it could not be run.
    held_out : mapping from measure to value, or None
        Scores on the others; None where they were not run.
    problem : str or None
        Why it is not ranked: some sequence could not be run.
    """

    label: str
    options: Mapping[str, str]
    tuning: Values | None = None
    held_out: Values | None = None
    problem: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the trial as JSON object."""
        return {
            "label": self.label,
            "options": dict(self.options),
            "tuning": None if self.tuning is None else dict(self.tuning),
            "held_out": None if self.held_out is None else dict(self.held_out),
            "problem": self.problem,
        }


def trial_label(base: str, point: Point) -> str:
    """Name the folder of a trial: the tracker, the checkpoint, and each option with its value.

    A name that would be too long, or that characters had to be left out of, ends in a hash.

    Examples
    --------
    >>> trial_label("siammask", {"checkpoint": "out/e12.pth", "lr": "0.25"})
    'siammask_e12_lr_0.25'
    """
    checkpoint = [Path(point[CHECKPOINT]).stem] if CHECKPOINT in point else []
    others = [f"{key}_{value}" for key, value in point.items() if key != CHECKPOINT]
    text = "_".join([base, *checkpoint, *others])
    label = _OTHER.sub("-", text)
    longest = LONGEST_NAME - 10
    if label == text and len(label.encode()) <= longest:
        return label
    return f"{label.encode()[:longest].decode(errors='ignore')}_{_digest(text)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
