"""What hooks are told, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from trainers.checkpoints import Progress, Snapshot


@dataclass(frozen=True)
class Line:
    """What is logged of a step; losses and metrics are averaged over the devices.

    Parameters
    ----------
    epoch : int
        From 0.
    step : int
        Of the epoch, from 1.
    total_steps : int
        Of the run, from 1.
    loss : float
        The weighted sum.
    terms, metrics : mapping of str to float
        As the stage calls them.
    lr : mapping of str to float
        Learning rate of each group.
    grad_norm : float
        Before clipping.
    scale : float
        By which the loss was multiplied.
    skipped, skipped_in_a_row : int
        Steps, of the run and up to this one.
    images_per_s : float
        On all devices, since the last line.
    data_share : float
        Share of that time that was waited for data, 0 ... 1.
    """

    epoch: int
    step: int
    total_steps: int
    loss: float
    terms: Mapping[str, float]
    metrics: Mapping[str, float]
    lr: Mapping[str, float]
    grad_norm: float
    scale: float
    skipped: int
    skipped_in_a_row: int
    images_per_s: float
    data_share: float


class Run(Protocol):
    """A training, as hooks see it."""

    @property
    def folder(self) -> Path:
        """Where everything is written."""

    @property
    def epochs(self) -> int:
        """How many there are."""

    @property
    def steps(self) -> int:
        """How many an epoch has."""

    @property
    def total(self) -> int:
        """How many steps this run ends after."""

    @property
    def progress(self) -> Progress:
        """What is done."""

    @property
    def total_steps(self) -> int:
        """Steps of the whole run that are done."""

    @property
    def note(self) -> Callable[[str], None]:
        """Says something to the user, once, whatever the number of processes."""

    @property
    def best(self) -> dict[str, object]:
        """What validation found; part of the checkpoint."""

    def snapshot(self) -> Snapshot:
        """Take everything to go on with; to be called by all processes together."""


class Hook:
    """Does nothing at every occasion; hooks override what they are for.

    The loop calls those that only write or speak in the first process, the others in all.
    """

    main_only = False
    """Whether only the first process has it."""

    def begin(self, run: Run) -> None:
        """Begin, or go on."""

    def begin_epoch(self, run: Run) -> None:
        """See an epoch begin."""

    def step(self, run: Run) -> None:
        """See a step done; the device may still be at it."""

    def log(self, run: Run, line: Line) -> None:
        """Take a line; it is of one of the last steps."""

    def end_epoch(self, run: Run) -> None:
        """See an epoch done."""

    def end(self, run: Run, *, complete: bool) -> None:
        """End; `complete` unless it was stopped before all steps were done."""

    def close(self) -> None:
        """Release what was opened, also after an error."""
