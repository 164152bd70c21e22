"""Checkpoints at the end of every epoch, and as often in between as wanted."""

from __future__ import annotations

from trainers import checkpoints, comm
from trainers.checkpoints import Progress
from trainers.hooks.protocol import Hook, Run


class SaveCheckpoints(Hook):
    """Saves when an epoch is done, every so many steps, and when the run is stopped.

    Parameters
    ----------
    every : int, optional
        Steps of the run between two checkpoints within an epoch.
    keep : int, optional
        How many at ends of epochs stay; all by default.
    """

    def __init__(self, every: int | None = None, keep: int | None = None) -> None:
        self._every = every
        self._keep = keep
        self._saved: Progress | None = None

    def begin(self, run: Run) -> None:
        """Know what is saved already."""
        self._saved = run.progress

    def step(self, run: Run) -> None:
        """Save within an epoch."""
        if self._every and run.progress.step and run.total_steps % self._every == 0:
            self._save(run)

    def end_epoch(self, run: Run) -> None:
        """Save."""
        self._save(run)

    def end(self, run: Run, *, complete: bool) -> None:
        """Save what is done, in the middle of an epoch too."""
        self._save(run)

    def _save(self, run: Run) -> None:
        if run.progress == self._saved:
            return
        snapshot = run.snapshot()
        comm.only_main(lambda: self._write(run, snapshot))
        self._saved = run.progress

    def _write(self, run: Run, snapshot: checkpoints.Snapshot) -> None:
        checkpoints.save(snapshot, run.folder)
        spare = run.best.get("checkpoint")
        checkpoints.prune(run.folder, keep=self._keep, spare=[str(spare)] if spare else [])
