"""Rankings: the trackers of each experiment, the best first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vot_toolkit.measures.uncertainty import FEWEST
from vot_toolkit.report.grid import UNDEFINED, Cell, Column, Grid, number_cell
from vot_toolkit.report.selection import SUPERVISED, heading, supervised, unsupervised

if TYPE_CHECKING:
    from vot_toolkit.analysis import Analysis
    from vot_toolkit.scores import ExperimentScores

INCOMPLETE = "*"
"""Marks a tracker without results in some sequences."""

FPS = (
    "fps: of the tracker alone, mean over sequences; "
    "frames/s during a run: of all workers together, images read"
)

Found = Sequence[tuple[str, Any]]
"""Trackers with their scores in one experiment."""

FIRST = (Column("#", kind="rank"), Column("tracker", kind="text"))

RESETS = (
    *FIRST,
    Column("EAO", "higher"),
    Column("A", "higher"),
    Column("R", "lower"),
    Column("failures", "lower", digits=1),
    Column("rep.", digits=0),
    Column("fps", digits=1),
)

NO_RESETS = (*FIRST, Column("AO", "higher"), Column("fps", digits=1))

HEADINGS = {
    "eao": "EAO", "accuracy": "A", "robustness": "R", "failures": "failures", "overlap": "AO",
}  # fmt: skip


INTERVALS = "[low–high]: 95 % interval over sequences drawn anew, studentised bootstrap"
NO_INTERVALS = f"no intervals: they need {FEWEST} sequences, and scores that are defined"


def rankings(analysis: Analysis, *, ci: bool = False) -> Iterator[Grid]:
    """Give one table an experiment, with remarks on what is missing in it.

    Parameters
    ----------
    analysis : Analysis
        Of all trackers.
    ci : bool
        Whether the scores carry their intervals.
    """
    grids = [ranking(analysis, experiment, ci=ci) for experiment in SUPERVISED]
    grids = [grid for grid in (*grids, overlap_ranking(analysis, ci=ci)) if grid.rows]
    remarks = [_interval_note(grids)] if ci else []
    remarks += [FPS] if _has_speed(analysis) else []
    if grids:
        grids[-1] = replace(grids[-1], notes=(*grids[-1].notes, *remarks))
    yield from grids


def ranking(analysis: Analysis, experiment: str, *, ci: bool = False) -> Grid:
    """Rank the trackers of an experiment with resets by EAO, the best first."""
    found = supervised(analysis, experiment)
    rows = [
        (
            *first,
            _score(scores, "eao", ci),
            _score(scores, "accuracy", ci),
            _score(scores, "robustness", ci),
            number_cell(scores.failures, 1),
            number_cell(scores.repetitions, 0),
            number_cell(scores.fps, 1),
        )
        for first, scores in _ranked(found, "eao")
    ]
    return Grid(f"{heading(analysis)} · {experiment}", RESETS, tuple(rows), _notes(found))


def overlap_ranking(analysis: Analysis, *, ci: bool = False) -> Grid:
    """Rank the trackers of the unsupervised experiment by average overlap, the best first."""
    found = unsupervised(analysis)
    rows = [
        (*first, _score(scores, "overlap", ci), number_cell(scores.fps, 1))
        for first, scores in _ranked(found, "overlap")
    ]
    return Grid(f"{heading(analysis)} · unsupervised", NO_RESETS, tuple(rows), _notes(found))


def _interval_note(grids: Iterable[Grid]) -> str:
    cells = (cell for grid in grids for row in grid.rows for cell in row)
    return INTERVALS if any(cell.interval for cell in cells) else NO_INTERVALS


def _score(scores: Any, key: str, ci: bool) -> Cell:
    cell = number_cell(getattr(scores, key))
    ends = scores.intervals.get(key) if ci else None
    return cell if ends is None else replace(cell, interval=f"[{ends[0]:.3f}–{ends[1]:.3f}]")


def ranked_trackers(found: Found, key: str) -> list[str]:
    """Name the trackers by a score, high ones first; those without one are last."""
    return [tracker for _, tracker, _ in _ordered(found, key)]


def _ranked(found: Found, key: str) -> Iterator[tuple[tuple[Cell, Cell], Any]]:
    """Give place and name of each tracker; one without a score has no place."""
    for place, tracker, scores in _ordered(found, key):
        name = f"{tracker} {INCOMPLETE}" if _num_missing(scores) else tracker
        yield (place, Cell(name)), scores


def _ordered(found: Found, key: str) -> Iterator[tuple[Cell, str, Any]]:
    entries = [(tracker, scores, getattr(scores, key)) for tracker, scores in found]
    entries.sort(key=lambda entry: (entry[2] is None, -(entry[2] or 0.0)))
    for rank, (tracker, scores, value) in enumerate(entries, start=1):
        yield Cell("") if value is None else Cell(str(rank), rank), tracker, scores


def _has_speed(analysis: Analysis) -> bool:
    experiments = (scores for found in analysis.trackers.values() for scores in found.values())
    return any(scores.fps is not None for scores in experiments)


def _num_missing(scores: ExperimentScores) -> int:
    return sum(not sequence.runs for sequence in scores.sequences)


def _notes(found: Found) -> tuple[str, ...]:
    return (*_reasons(found), *_incomplete(found))


def _reasons(found: Found) -> Iterable[str]:
    """Say once for each reason why a score is not there."""
    return dict.fromkeys(
        f"{UNDEFINED} {HEADINGS[name]}: {reason}"
        for _, scores in found
        for name, reason in scores.undefined.items()
    )


def _incomplete(found: Found) -> Iterator[str]:
    """Say how many sequences the trackers with a mark have no results for."""
    missing = [
        f"{tracker} {count} of {len(scores.sequences)}"
        for tracker, scores in found
        if (count := _num_missing(scores))
    ]
    if missing:
        yield f"{INCOMPLETE} sequences without results: {', '.join(missing)}"
