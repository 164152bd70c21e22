"""Which samples each device gets at each step.

A step of the whole run takes the next samples of the order, each device an equal share of them,
side by side: so a run on several devices sees, step by step, what a run on one with their batches
put together sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.errors import UsageError


@dataclass(frozen=True)
class Position:
    """Where a run is: what to store with a checkpoint to go on from there.

    Parameters
    ----------
    epoch : int
        From 0.
    step : int
        Steps of that epoch that are done.
    """

    epoch: int = 0
    step: int = 0


@dataclass(frozen=True, eq=False)
class Plan:
    """The way through the order.

    Parameters
    ----------
    order : int32 array, shape (>= num * epochs,)
        Video numbers; see `trainers.data.order`.
    num : int
        Pairs of an epoch.
    batch : int
        Pairs of a step on one device.
    rank : int
        Number of this device, from 0.
    world : int
        Number of devices.

    Raises
    ------
    UsageError
        If an epoch has not a single whole step.
    """

    order: NDArray[np.int32]
    num: int
    batch: int
    rank: int = 0
    world: int = 1

    def __post_init__(self) -> None:
        assert 0 <= self.rank < self.world, "ranks count from 0"
        if self.steps < 1:
            raise UsageError(
                f"{self.num} pairs an epoch do not fill one batch of {self.batch} on each of "
                f"{self.world} devices",
                hint="more pairs, a smaller batch, or fewer devices",
            )

    @property
    def steps(self) -> int:
        """Steps of an epoch; pairs that do not fill a last one are left to the next epoch."""
        return self.num // (self.batch * self.world)

    @property
    def epochs(self) -> int:
        """Epochs that the order is long enough for."""
        return len(self.order) // (self.steps * self.batch * self.world)

    def places(self, position: Position) -> list[tuple[int, int]]:
        """Give the samples of one step: each one's place in the run, and the number of its video.

        Examples
        --------
        >>> plan = Plan(np.arange(8) + 100, num=4, batch=1, rank=1, world=2)
        >>> plan.places(Position(epoch=1, step=0))
        [(5, 105)]
        """
        done = position.epoch * self.steps + position.step
        first = (done * self.world + self.rank) * self.batch
        return list(enumerate(self.order[first : first + self.batch].tolist(), first))

    def remaining(self, start: Position) -> Iterator[list[tuple[int, int]]]:
        """Give the samples of each step that is left of an epoch."""
        for step in range(start.step, self.steps):
            yield self.places(Position(start.epoch, step))
