"""Ending a training that does not get on."""

from __future__ import annotations

from trainers.errors import DivergenceError
from trainers.hooks.protocol import Hook, Line, Run

MOST_SKIPPED = 100
"""Steps in a row; a dynamic loss scale finds its value within 16."""

ADVICE = (
    "a lower learning rate, lr.start_lr and lr.warmup in the config, helps most often; "
    "--amp O0 tells whether it is the 16-bit floats, trainers.prepare --check whether it is the "
    "data"
)


class SkippedSteps(Hook):
    """Ends the run after many skipped steps in a row, and says so when there are the first.

    Parameters
    ----------
    most : int
        How many in a row are too many.
    """

    def __init__(self, most: int = MOST_SKIPPED) -> None:
        self._most = most
        self._told = 0

    def log(self, run: Run, line: Line) -> None:
        """Look at the counts, which are the same in all processes."""
        if line.skipped_in_a_row >= self._most:
            fault = (
                f"the last {line.skipped_in_a_row} steps were skipped: the loss, {line.loss:.4g}, "
                f"or the norm of its gradient, {line.grad_norm:.4g}, is no use"
            )
            raise DivergenceError(fault, hint=ADVICE)
        # Every tenfold count is news.
        if line.skipped >= max(10 * self._told, 1):
            self._told = line.skipped
            place = f"epoch {line.epoch + 1}, step {line.step}"
            run.note(f"{place}: {line.skipped} steps skipped so far, loss {line.loss:.4g}")
