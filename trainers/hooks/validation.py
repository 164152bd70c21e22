"""Scoring checkpoints by the VOT2018 rules while the training goes on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from trainers import comm
from trainers.checkpoints import Progress
from trainers.hooks.protocol import Hook, Run
from trainers.stopping import StopRequest
from vot_toolkit.errors import UserError

FOLDER = "results"

BEST = "best.pth"

TRACKER = "siammask"

Score = Callable[[Path], float | None]
"""Gives a checkpoint's EAO; None where it is not defined."""


class Validation(Hook):
    """Scores the checkpoint of every epoch and keeps the best by EAO as `BEST`.

    Parameters
    ----------
    score : callable
        Scores a checkpoint.
    stop : StopRequest, optional
        Knows whether the run was told to stop, which ends a scoring at once.
    """

    def __init__(self, score: Score, stop: StopRequest | None = None) -> None:
        self._score = score
        self._stop = stop

    def begin(self, run: Run) -> None:
        """Score what a run that was stopped meanwhile did not."""
        if run.progress.epoch and not run.progress.step and epoch_key(run) not in scores(run):
            self.end_epoch(run)

    def end_epoch(self, run: Run) -> None:
        """Let the first process score, however long it takes."""
        found = comm.only_main(lambda: self._validate(run))
        if not found:
            return
        run.best.update(found)
        run.best["scores"] = {**scores(run), epoch_key(run): found["last"]}

    def _validate(self, run: Run) -> dict[str, object]:
        checkpoint = run.folder / Progress(run.progress.epoch).file_name
        try:
            with nullcontext() if self._stop is None else self._stop.at_once():
                eao = self._score(checkpoint)
        except KeyboardInterrupt:
            run.note(f"{checkpoint.name} was not scored to the end; a run that goes on does it")
            return {}
        # Weeks of training must not end because a data set was moved.
        except UserError as error:
            run.note(f"warning: {checkpoint.name} was not scored: {error}")
            return {"last": None}
        best = run.best.get("eao")
        if eao is None:
            run.note(f"warning: {checkpoint.name} has no EAO on this data set")
            return {"last": None}
        if isinstance(best, float) and best >= eao:
            run.note(f"{checkpoint.name}: EAO {eao:.4f}, the best is {best:.4f}")
            return {"last": eao}
        run.note(f"{checkpoint.name}: EAO {eao:.4f}, the best so far, kept as {BEST}")
        copy_whole(checkpoint, run.folder / BEST)
        return {"last": eao, "eao": eao, "checkpoint": checkpoint.name}


def epoch_key(run: Run) -> str:
    """Name the last epoch that is done, as its checkpoint does."""
    return f"e{run.progress.epoch}"


def scores(run: Run) -> dict[str, object]:
    """Give the EAO of each epoch that was scored; None where there is none."""
    found = run.best.get("scores")
    return found if isinstance(found, dict) else {}


def vot_score(dataset: str, device: str, results: Path) -> Score:
    """Give what scores a checkpoint by `vot_toolkit.evaluate`.

    Parameters
    ----------
    dataset : str
        As `vot_toolkit eval --dataset` takes it; ``VOT2018`` is looked for in ``data`` too.
    device : str
        What the tracker computes on.
    results : Path
        Where its results go.
    """

    def score(checkpoint: Path) -> float | None:
        import vot_toolkit as vot

        analysis = vot.evaluate(
            TRACKER,
            find_dataset(dataset),
            checkpoint=checkpoint,
            device=device,
            experiments="baseline",
            results=results,
            force=True,
        )
        scores = analysis.to_dict()["trackers"]
        (found,) = scores.values()
        eao = found["baseline"]["eao"]
        return None if eao is None else float(eao)

    return score


def find_dataset(name: str) -> str:
    """Take a data set's name for that of a folder or file in ``data`` when it is there.

    Examples
    --------
    >>> find_dataset("synthetic")
    'synthetic'
    """
    place = Path("data") / name
    return str(place) if place.is_dir() else name


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file so that no reader ever sees a part of it."""
    from siammask.atomic import write_whole

    write_whole(target, source.read_bytes())
