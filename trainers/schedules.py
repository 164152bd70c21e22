"""The learning rate of each epoch.

References
----------
Q. Wang et al., "Fast Online Object Tracking and Segmentation: A Unifying Approach", CVPR 2019,
section 3.3. The released code's warm-up differs from it: geometric, and it ends before the value
that the schedule proper begins with.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from trainers.config import Recipe, Schedule

START = 0.03
END = 0.0005
"""Where the original's files give a schedule of type log no values."""


def learning_rates(recipe: Recipe, devices: int = 1) -> tuple[float, ...]:
    """Give one value for each epoch of a training; a group's rate is this times its own factor.

    Parameters
    ----------
    recipe : Recipe
        With the number of epochs.
    devices : int
        How many train together; all values are multiplied by it when the recipe says so.

    Returns
    -------
    tuple of float
        As many as there are epochs. A warm-up that is longer than the training is cut off.

    Examples
    --------
    >>> rates = learning_rates(Recipe.named("siammask_base_original"))
    >>> [round(rate, 6) for rate in rates[:6]], round(rates[-1], 6)
    ([0.001, 0.00138, 0.001904, 0.002627, 0.003624, 0.005], 0.0025)
    """
    epochs, warmup = recipe.training.epochs, recipe.lr.warmup
    before = rates_of(warmup, warmup.epoch) if warmup is not None else []
    after = rates_of(recipe.lr, max(epochs - len(before), 0))
    factor = devices if recipe.training.lr_times_devices else 1
    return tuple(factor * rate for rate in [*before, *after][:epochs])


def rates_of(schedule: Schedule, epochs: int) -> list[float]:
    """Give the values of a schedule, without warm-up.

    Notes
    -----
    For epoch k of n, from start s to end e:

    =============  =========================================================================
    ``log``        ``s (e / s) ** (k / (n - 1))``
    ``linear``     ``s + (e - s) k / (n - 1)``
    ``cos``        ``e + (s - e) (1 + cos(pi k / n)) / 2``: would be e in the epoch after the last
    ``step``       ``s m ** (k // step)``; where e is given, ``m = (e / s) ** (1 / (n // step))``
    ``multi-step`` ``s m ** (number of steps up to k)``; ``m = (e / s) ** (1 / number of steps)``
    =============  =========================================================================

    Examples
    --------
    >>> rates_of(Schedule(type="step", start_lr=1.0, mult=0.5, step=2), 5)
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """
    return _FORMULAS[schedule.type](schedule, epochs)


def _log(schedule: Schedule, epochs: int) -> list[float]:
    start, end = _start(schedule), END if schedule.end_lr is None else schedule.end_lr
    return [start * (end / start) ** share for share in _shares(epochs)]


def _linear(schedule: Schedule, epochs: int) -> list[float]:
    start, end = _start(schedule), _end(schedule)
    return [start + (end - start) * share for share in _shares(epochs)]


def _cos(schedule: Schedule, epochs: int) -> list[float]:
    start, end = _start(schedule), _end(schedule)
    cosines = (math.cos(math.pi * epoch / epochs) for epoch in range(epochs))
    return [end + (start - end) * (1 + cosine) / 2 for cosine in cosines]


def _step(schedule: Schedule, epochs: int) -> list[float]:
    assert schedule.step is not None, "a recipe is checked"
    factor = _factor(schedule, epochs // schedule.step)
    return [_start(schedule) * factor ** (epoch // schedule.step) for epoch in range(epochs)]


def _multi_step(schedule: Schedule, epochs: int) -> list[float]:
    assert schedule.steps is not None, "a recipe is checked"
    factor = _factor(schedule, len(schedule.steps))
    passed = (sum(step <= epoch for step in schedule.steps) for epoch in range(epochs))
    return [_start(schedule) * factor**count for count in passed]


def _factor(schedule: Schedule, steps: int) -> float:
    if schedule.mult is not None:
        return schedule.mult
    return math.pow(_end(schedule) / _start(schedule), 1 / max(steps, 1))


def _shares(epochs: int) -> list[float]:
    """Give how far each epoch is on the way from the first to the last."""
    return [epoch / max(epochs - 1, 1) for epoch in range(epochs)]


def _start(schedule: Schedule) -> float:
    return START if schedule.start_lr is None else schedule.start_lr


def _end(schedule: Schedule) -> float:
    assert schedule.end_lr is not None, "a recipe is checked"
    return schedule.end_lr


_FORMULAS: Final[Mapping[str, Callable[[Schedule, int], list[float]]]] = {
    "log": _log,
    "linear": _linear,
    "cos": _cos,
    "step": _step,
    "multi-step": _multi_step,
}
