"""Progress of tuning: a line a trial, and a bar of frames where there is a terminal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from vot_toolkit.run.progress import LiveProgress, Progress, Silence
from vot_toolkit.tuning.objective import Objective
from vot_toolkit.tuning.trial import Trial
from vot_toolkit.wording import counted, shortened

if TYPE_CHECKING:
    from rich.console import Console


class TrialProgress(Protocol):
    """Who is told how far tuning is."""

    @property
    def frames(self) -> Progress:
        """Who is told how far a trial is."""

    def finish(self, trial: Trial, value: float | None, *, is_new: bool) -> None:
        """Note that a trial is over; one that was complete before is not new."""

    def hold_out(self, trials: int, sequences: int) -> None:
        """Note that the best trials are now run on the sequences held out."""


class NoTrialProgress:
    """Tell nobody."""

    def __init__(self) -> None:
        self.frames: Progress = Silence()

    def finish(self, trial: Trial, value: float | None, *, is_new: bool) -> None:
        """Drop it."""

    def hold_out(self, trials: int, sequences: int) -> None:
        """Drop it."""


class TrialLines:
    """A line for each trial that was run, with the best so far and the time left.

    Parameters
    ----------
    console : Console
        Where to write.
    objective : Objective
        What the values are of.
    count : int
        Trials in all.
    """

    def __init__(self, console: Console, objective: Objective, count: int) -> None:
        self._console, self._objective, self._count = console, objective, count
        self.frames: Progress = _Bar(console) if console.is_terminal else Silence()
        self._num_over = self._num_kept = self._num_new = 0
        self._best: float | None = None
        self._begin = time.monotonic()

    def finish(self, trial: Trial, value: float | None, *, is_new: bool) -> None:
        """Write a line; see `TrialProgress.finish`."""
        # The tracker's own options are no trial of the sampler's.
        self._num_over += bool(trial.options)
        self._take(value)
        if is_new:
            self._say_kept()
            self._num_new += 1
            self._say(self._line(trial, value))
        else:
            self._num_kept += 1
            self._begin = time.monotonic()

    def hold_out(self, trials: int, sequences: int) -> None:
        """Write a line; see `TrialProgress.hold_out`."""
        self._say_kept()
        self._say(f"the best {trials} on the {counted(sequences, 'sequence')} held out")

    def _line(self, trial: Trial, value: float | None) -> str:
        place = f"{self._num_over}/{self._count}" if trial.options else "its own options,"
        parts = [f"{place} {trial.label}: {self._outcome(trial, value)}"]
        if self._best is not None:
            parts.append(f"best {self._best:.4f}")
        if self._num_over < self._count:
            parts.append(f"{_duration(self._time_left_s())} left")
        return ", ".join(parts)

    def _outcome(self, trial: Trial, value: float | None) -> str:
        if trial.problem:
            return f"not ranked: {shortened(trial.problem)}"
        shown = "undefined" if value is None else f"{value:.4f}"
        return f"{self._objective.measure} {shown}"

    def _take(self, value: float | None) -> None:
        if value is None:
            return
        if self._best is None or self._objective.gain(value, self._best) > 0:
            self._best = value

    def _say_kept(self) -> None:
        if self._num_kept:
            self._say(f"{counted(self._num_kept, 'trial')} kept from before")
            self._num_kept = 0

    def _time_left_s(self) -> float:
        per_trial = (time.monotonic() - self._begin) / self._num_new
        return per_trial * (self._count - self._num_over)

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


class _Bar(LiveProgress):
    """The bar of a run without its lines, which would drown those of the trials."""

    def note(self, text: str) -> None:
        """Drop it."""


def _duration(seconds: float) -> str:
    """Give a time in the unit that suits it.

    Examples
    --------
    >>> _duration(42.4), _duration(600), _duration(30000)
    ('42 s', '10 min', '8.3 h')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
