"""Curves for TensorBoard, under the names that the original gives them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from trainers.hooks.protocol import Hook, Line, Run
from trainers.hooks.validation import epoch_key, scores

FOLDER = "board"

HINT = "no curves for TensorBoard: pip install tensorboard"

NAMES = {
    "rpn_cls_loss": "loss/cls",
    "rpn_loc_loss": "loss/loc",
    "rpn_mask_loss": "loss/mask",
    "mask_iou_mean": "mask/mIoU",
    "mask_iou_at_5": "mask/AP@.5",
    "mask_iou_at_7": "mask/AP@.7",
}
"""The original's tags; what has none keeps its name."""


class TensorBoard(Hook):
    """Writes curves to `FOLDER` in the run's folder; without the package it says so, once.

    To come after `Validation`, whose score of an epoch is written too.
    """

    main_only = True

    def __init__(self) -> None:
        self._writer: Any = None

    def begin(self, run: Run) -> None:
        """Open the folder; curves of steps that are to be done again are hidden."""
        try:
            module = import_module("torch.utils.tensorboard")
        except ImportError:
            run.note(HINT)
            return
        purge = run.total_steps + 1 if run.total_steps else None
        self._writer = module.SummaryWriter(str(run.folder / FOLDER), purge_step=purge)
        # What was scored only now, when the run went on.
        self._add_score(run)

    def log(self, run: Run, line: Line) -> None:
        """Add a point to every curve."""
        if self._writer is None:
            return
        named = {**line.terms, **line.metrics}
        values = {NAMES.get(name, name): value for name, value in named.items()}
        values |= {f"lr/{name}": value for name, value in line.lr.items()}
        values |= {
            "loss/total": line.loss,
            "train/grad_norm": line.grad_norm,
            "train/loss_scale": line.scale,
            "train/skipped_steps": line.skipped,
            "speed/images_per_s": line.images_per_s,
            "speed/data_share": line.data_share,
        }
        for tag, value in values.items():
            self._writer.add_scalar(tag, value, line.total_steps)

    def end_epoch(self, run: Run) -> None:
        """Let viewers see everything up to here, and the scores of the validation."""
        if self._writer is not None:
            self._add_score(run)
            self._writer.flush()

    def _add_score(self, run: Run) -> None:
        score = scores(run).get(epoch_key(run)) if not run.progress.step else None
        if isinstance(score, (int, float)):
            self._writer.add_scalar("validation/EAO", score, run.total_steps)

    def close(self) -> None:
        """Close the folder."""
        if self._writer is not None:
            self._writer.close()
