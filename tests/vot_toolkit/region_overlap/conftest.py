"""Everyone who counts overlap, and the pairs that other programs have counted."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from vot_toolkit.region import Array
from vot_toolkit.region_overlap import reference
from vot_toolkit.region_overlap.backends import BACKENDS, kernel, switches
from vot_toolkit.rules import OverlapRules, load_rules
from vot_toolkit.trajectory import Trajectory

INSTALLED = tuple(name for name, (_, needed) in BACKENDS.items() if find_spec(needed))

COLUMNS = {"vot2018": 3, "pysot": 3, "matlab2019": 4, "matlab7": 5, "vot-toolkit": 6}
"""Where a row of the golden pairs has a rule set's overlap."""

Count = Callable[..., tuple[Array, Array]]
Overlap = Callable[..., float]


def count(
    backend: str,
    first: Sequence[Array] | Trajectory,
    second: Sequence[Array] | Trajectory,
    bounds: object,
    rules: OverlapRules,
    tighter: bool = True,
) -> tuple[Array, Array]:
    """Let a backend count pairs of regions, as they are: overlaps, and under tighter bounds."""
    a, b = (t if isinstance(t, Trajectory) else Trajectory.from_regions(t) for t in (first, second))
    limits = np.full((1, 2), np.inf) if bounds is None else np.atleast_2d(np.array(bounds, float))
    out, inner = np.full(len(a), -1.0), np.full(len(a) if tighter else 0, -1.0)
    kernel(backend)(a.values, a.offsets, b.values, b.offsets, limits, switches(rules), out, inner)
    return out, inner


def count_one(name: str, a: object, b: object, bounds: object, rules: OverlapRules) -> float:
    """Let a backend, or the reference, count one pair."""
    p, q = (np.array(region, dtype=np.float64) for region in (a, b))
    if name == "reference":
        return reference.overlap(p, q, bounds, rules)
    return float(count(name, [p], [q], bounds, rules)[0][0])


@dataclass(frozen=True)
class GoldenPairs:
    """The golden pairs: unbounded ones have infinite bounds."""

    first: Trajectory
    second: Trajectory
    bounds: Array
    rows: list[list[object]]

    def expected(self, rules: str) -> tuple[Array, np.ndarray]:
        """Give the overlaps under a rule set and which of them were compared; null is NaN."""
        column = [row[COLUMNS[rules]] for row in self.rows]
        compared = np.array([value != "-" for value in column])
        values = [np.nan if value in ("-", None) else value for value in column]
        return np.array(values, dtype=np.float64), compared


@pytest.fixture(scope="session")
def golden_pairs(golden: Path) -> GoldenPairs:
    """4,000 pairs with the overlaps that pysot, TraX and vot-toolkit give."""
    rows = json.loads((golden / "vot" / "overlap_pairs.json").read_text())["rows"]
    return GoldenPairs(
        Trajectory.of(*(row[0] for row in rows)),
        Trajectory.of(*(row[1] for row in rows)),
        np.array([row[2] or (np.inf, np.inf) for row in rows], dtype=np.float64),
        rows,
    )


@pytest.fixture(scope="session", params=INSTALLED)
def backend(request: pytest.FixtureRequest) -> str:
    """Name each backend that this machine has."""
    return request.param


@pytest.fixture(scope="session", params=("reference", *INSTALLED))
def overlap_of(request: pytest.FixtureRequest) -> Overlap:
    """Count one pair by the reference and by each backend, under a rule set's name."""

    def overlap(a: object, b: object, bounds: object = None, rules: str = "vot2018") -> float:
        return count_one(request.param, a, b, bounds, load_rules(rules).overlap)

    return overlap


@pytest.fixture(scope="session")
def counted() -> Count:
    """Count pairs by a named backend."""
    return count


@pytest.fixture(scope="session")
def installed() -> tuple[str, ...]:
    """Name the backends that this machine has."""
    return INSTALLED
