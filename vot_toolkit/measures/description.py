"""What a measure is called, in which unit and digits it is shown, and which direction is better."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from vot_toolkit.errors import UsageError


@dataclass(frozen=True)
class Measure:
    """A number by which trackers or trainings are told apart.

    Parameters
    ----------
    name : str
        Key in files and options, ``eao``.
    symbol : str
        Heading of a column, ``EAO``.
    title : str
        In words, with the unit.
    better : str
        ``higher`` or ``lower``.
    digits : int
        Decimals in tables.
    low, high : float
        Range of the measure.
    """

    name: str
    symbol: str
    title: str
    better: Literal["higher", "lower"]
    digits: int = 3
    low: float = 0.0
    high: float = float("inf")

    @property
    def arrow(self) -> str:
        """``↑`` where higher is better, ``↓`` where lower is."""
        return "↑" if self.better == "higher" else "↓"

    @property
    def heading(self) -> str:
        """Symbol and arrow."""
        return f"{self.symbol} {self.arrow}"

    def shown(self, value: float) -> str:
        """Write a value with the measure's decimals; a whole one that is small with three digits.

        Examples
        --------
        >>> measure("eao").shown(0.38266), measure("fps").shown(56.0)
        ('0.383', '56.0')
        >>> speed = Measure("images_per_s", "FPS", "images/s", "higher", digits=0)
        >>> speed.shown(1724.0), speed.shown(23.61), speed.shown(0.5992), speed.shown(0.0)
        ('1724', '23.6', '0.599', '0')
        """
        digits = self.digits
        if digits == 0 and 0 < abs(value) < 100:
            digits = min(2 - math.floor(math.log10(abs(value))), 4)
        return f"{value:.{digits}f}"

    def gain(self, before: float, after: float) -> float:
        """Give by how much a value became better; negative when it became worse.

        Examples
        --------
        >>> round(measure("robustness").gain(0.25, 0.20), 6), measure("eao").gain(0.5, 0.25)
        (0.05, -0.25)
        """
        return after - before if self.better == "higher" else before - after

    def ratio(self, before: float, after: float) -> float | None:
        """Give how many times better a value became; None when that is undefined.

        Examples
        --------
        >>> measure("fps").ratio(50.0, 25.0), measure("failures").ratio(10.0, 5.0)
        (0.5, 2.0)
        """
        part, whole = (after, before) if self.better == "higher" else (before, after)
        return part / whole if whole else None


MEASURES = {
    each.name: each
    for each in (
        Measure("eao", "EAO", "expected average overlap", "higher", high=1.0),
        Measure("accuracy", "A", "accuracy, mean overlap while tracking", "higher", high=1.0),
        Measure("robustness", "R", "robustness, failures in 100 frames", "lower"),
        Measure("failures", "failures", "failures in the whole set", "lower", digits=1),
        Measure("realtime_eao", "RT", "EAO of the realtime experiment", "higher", high=1.0),
        Measure("overlap", "AO", "average overlap without resets", "higher", high=1.0),
        Measure("fps", "fps", "frames per second of the tracker", "higher", digits=1),
    )
}
"""The measures of trackers, in the order of tables."""


def measure(name: str) -> Measure:
    """Give the description of a measure.

    Raises
    ------
    UsageError
        If there is none of this name.

    Examples
    --------
    >>> measure("eao").heading, measure("robustness").heading
    ('EAO ↑', 'R ↓')
    """
    if name not in MEASURES:
        raise UsageError(f"no measure {name!r}", hint=f"accepted: {', '.join(MEASURES)}")
    return MEASURES[name]
