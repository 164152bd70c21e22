"""The table of a study: the best trials, on the sequences tuned on and on those held out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from vot_toolkit.report.grid import Cell, Column, Grid, number_cell
from vot_toolkit.report.rankings import HEADINGS
from vot_toolkit.tuning.objective import LOWER_IS_BETTER
from vot_toolkit.tuning.space import CHECKPOINT
from vot_toolkit.tuning.study import Study
from vot_toolkit.tuning.trial import Trial
from vot_toolkit.wording import counted, listed, shortened

OWN = "its own"
"""Stands for the tracker's own options."""

DIGITS = 4
"""Of scores: neighbours in a grid differ by little."""


def study_grid(study: Study, top: int) -> Grid:
    """Give the table of a study.

    Parameters
    ----------
    study : Study
        What came of tuning.
    top : int
        Most trials shown; a list of checkpoints is shown whole, in its own order.

    Returns
    -------
    Grid
        Rank, tuned options, scores on both parts; the tracker's own options last.
    """
    options = study.plan.space.options
    ranks = {trial.label: rank for rank, trial in enumerate(study.trials, start=1)}
    rows = [
        (
            Cell("" if trial.problem else str(ranks[trial.label])),
            *(_option(key, trial.options[key]) for key in options),
            *_scores(study, trial),
        )
        for trial in _shown(study, top)
    ]
    if study.reference is not None:
        own = (Cell(OWN) for _ in options)
        rows.append((Cell(""), *own, *_scores(study, study.reference)))
    return Grid(_title(study), tuple(_columns(study)), tuple(rows), tuple(_notes(study)))


def _columns(study: Study) -> Iterator[Column]:
    yield Column("#", kind="rank")
    for option in study.plan.space.options:
        yield Column(option, kind="text")
    for measure in study.plan.objective.measures:
        yield _column(measure)
    if study.plan.split.held_out:
        yield _column(study.plan.objective.measure, "held-out ")


def _column(measure: str, part: str = "") -> Column:
    better: Literal["higher", "lower"] = "lower" if measure in LOWER_IS_BETTER else "higher"
    return Column(part + HEADINGS[measure], better, _digits(measure))


def _scores(study: Study, trial: Trial) -> Iterator[Cell]:
    for measure in study.plan.objective.measures:
        yield number_cell((trial.tuning or {}).get(measure), _digits(measure))
    if study.plan.split.held_out:
        yield number_cell(study.value(trial.held_out), _digits(study.plan.objective.measure))


def _digits(measure: str) -> int:
    return 1 if measure == "failures" else DIGITS


def _title(study: Study) -> str:
    plan = study.plan
    part = counted(len(plan.split.tuning), "sequence")
    trials = counted(len(study.trials), "trial")
    where = f"{plan.dataset.name} · rules {plan.rules}"
    return f"{plan.label} · {plan.objective.name} · {trials} on {part} of {where}"


def _shown(study: Study, top: int) -> list[Trial]:
    if study.plan.space.options == (CHECKPOINT,):
        files = study.plan.space.axes[0].values
        return sorted(study.trials, key=lambda trial: files.index(trial.options[CHECKPOINT]))
    return list(study.trials[:top])


def _option(key: str, value: str) -> Cell:
    return Cell(Path(value).name if key == CHECKPOINT else value)


def _notes(study: Study) -> Iterator[str]:
    """Say what the table does not: the split, what is left of the gain, what failed."""
    held_out = study.plan.split.held_out
    if held_out:
        yield f"held out: {counted(len(held_out), 'sequence')}, {listed(held_out, 6)}"
    gains = study.gains()
    if gains is not None and gains[0] <= 0:
        yield "no trial beats the tracker's own options where they were chosen"
    elif gains is not None and gains[1] is not None:
        yield (
            f"the first beats the tracker's own options by {gains[0]:+.4f} where it was chosen, "
            f"and by {gains[1]:+.4f} on the sequences held out"
        )
    failed = [trial for trial in study.trials if trial.problem]
    if failed:
        first = f"{failed[0].label}: {shortened(failed[0].problem or '')}"
        yield f"not ranked: {counted(len(failed), 'trial')}; {first}"
