"""Samplers: which point of a space is tried next."""

from __future__ import annotations

import random
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any, Protocol

from vot_toolkit.errors import UsageError
from vot_toolkit.tuning.objective import Objective
from vot_toolkit.tuning.space import Axis, Point, Space

GRID = "grid"
OPTUNA = {"tpe": "TPESampler", "random": "RandomSampler", "cmaes": "CmaEsSampler"}
"""Name of a sampler to its class in Optuna."""

SAMPLERS = (GRID, *OPTUNA)
DEFAULT_TRIALS = 100
"""Points that a sampler proposes where nothing else is said."""

PATIENCE = 100
"""Proposals in a row that may be known already before a sampler is taken to have no more."""


class Sampler(Protocol):
    """Who proposes points. The same proposals and values give the same next proposal."""

    count: int
    """Points to be tried."""

    independent: bool
    """Whether proposals do not depend on values, so that several programs may share them."""

    def points(self) -> Iterator[Point]:
        """Propose points, each of them once; `learn` is called before the next is asked for."""

    def learn(self, value: float | None) -> None:
        """Take the value of the point proposed last; None where it has none."""


def sampler_for(
    name: str, space: Space, objective: Objective, count: int | None, seed: int
) -> Sampler:
    """Build a sampler.

    Parameters
    ----------
    name : str
        ``grid``, or one of Optuna's: ``tpe``, ``random``, ``cmaes``.
    space : Space
        What to propose points of.
    objective : Objective
        Says which values are better.
    count : int or None
        Most points; without it all of a grid, `DEFAULT_TRIALS` of the others.
    seed : int
        The same gives the same proposals.

    Raises
    ------
    UsageError
        If there is no such sampler, what it needs is not installed, or the space is not for it.
    """
    if name == GRID:
        return GridSampler(space, count, seed)
    if name in OPTUNA:
        return OptunaSampler(name, space, objective, count, seed)
    raise UsageError(f"--sampler {name!r}", hint=f"accepted: {', '.join(SAMPLERS)}")


class GridSampler:
    """All points, shuffled, so that a run stopped early is a fair sample of the whole grid.

    A space that holds nothing but names keeps its order.
    """

    independent = True

    def __init__(self, space: Space, count: int | None, seed: int) -> None:
        self._points = list(space.points())
        if any(axis.ordered for axis in space.axes):
            random.Random(seed).shuffle(self._points)
        self._points = self._points[:count]
        self.count = len(self._points)

    def points(self) -> Iterator[Point]:
        """Propose all points; see `Sampler.points`."""
        return iter(self._points)

    def learn(self, value: float | None) -> None:
        """Need no value; see `Sampler.learn`."""


class OptunaSampler:
    """One of Optuna's samplers.

    Nothing is stored: a run that goes on asks for the same points again, whose values are known
    from the results on disk, and so comes to where it was stopped.

    References
    ----------
    T. Akiba et al., "Optuna: A Next-generation Hyperparameter Optimization Framework", KDD 2019.
    """

    independent = False

    def __init__(
        self, name: str, space: Space, objective: Objective, count: int | None, seed: int
    ) -> None:
        optuna = _load_optuna()
        self._optuna, self._space = optuna, space
        self._study = optuna.create_study(
            direction="maximize" if objective.higher_is_better else "minimize",
            sampler=_build(optuna, name, seed),
        )
        distributions = ((axis.option, _distribution(optuna, axis)) for axis in space.axes)
        self._distributions = dict(distributions)
        self._values: dict[tuple[str, ...], float | None] = {}
        self._value: float | None = None
        self.count = min(count or DEFAULT_TRIALS, space.size or DEFAULT_TRIALS * PATIENCE)

    def points(self) -> Iterator[Point]:
        """Propose points; see `Sampler.points`."""
        idle = 0
        while len(self._values) < self.count and idle < PATIENCE:
            trial = self._study.ask(self._distributions)
            point = {axis.option: _text(axis, trial.params) for axis in self._space.axes}
            key = tuple(point.values())
            idle += 1
            if key not in self._values:
                idle = 0
                yield point
                self._values[key] = self._value
            self._tell(trial, self._values[key])

    def learn(self, value: float | None) -> None:
        """Keep the value until the next point is asked for; see `Sampler.learn`."""
        self._value = value

    def _tell(self, trial: Any, value: float | None) -> None:
        if value is None:
            self._study.tell(trial, state=self._optuna.trial.TrialState.FAIL)
        else:
            self._study.tell(trial, value)


def _load_optuna() -> Any:
    try:
        import optuna
    except ImportError:
        raise UsageError(
            "this sampler needs optuna",
            hint="pip install 'siammask-bench[tune]', or --sampler grid",
        ) from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def _build(optuna: Any, name: str, seed: int) -> Any:
    # Optuna looks for a package only when the first point is asked for.
    if name == "cmaes" and find_spec("cmaes") is None:
        raise UsageError(
            "--sampler cmaes needs the package cmaes",
            hint="pip install 'siammask-bench[tune]' or pip install cmaes; or --sampler tpe",
        )
    return getattr(optuna.samplers, OPTUNA[name])(seed=seed)


def _distribution(optuna: Any, axis: Axis) -> Any:
    """Describe an axis to Optuna: values in order by their places, names as they are."""
    distributions = optuna.distributions
    if axis.interval:
        return distributions.FloatDistribution(*axis.interval)
    if axis.ordered:
        return distributions.IntDistribution(0, len(axis.values) - 1)
    return distributions.CategoricalDistribution(axis.values)


def _text(axis: Axis, chosen: dict[str, Any]) -> str:
    value = chosen[axis.option]
    if axis.interval:
        return f"{value:.6g}"
    return axis.values[value] if axis.ordered else str(value)
