"""Tables for the terminal: ranking, attributes, sequences, and everything that was wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from vot_toolkit.report.attributes import attribute_tables
from vot_toolkit.report.cells import SUPERVISED, UNDEFINED, number, supervised, unsupervised
from vot_toolkit.report.problems import show_problems
from vot_toolkit.wording import counted

if TYPE_CHECKING:
    from vot_toolkit.analysis import Analysis
    from vot_toolkit.scores import ExperimentScores, SupervisedScores

INCOMPLETE = "*"
"""Marks a tracker without results in some sequences."""

FPS = (
    "fps: of the tracker alone, mean over sequences; "
    "frames/s during a run: of all workers together, images read"
)

Found = Sequence[tuple[str, Any]]
"""Trackers with their scores in one experiment."""


def show(
    analysis: Analysis, console: Console, *, per_sequence: bool = False, attributes: bool = False
) -> None:
    """Print an analysis.

    Parameters
    ----------
    analysis : Analysis
        What is to be shown.
    console : rich.console.Console
        Where to.
    per_sequence : bool
        Also the scores of each sequence.
    attributes : bool
        Also the scores of each attribute.
    """
    _print(rankings(analysis), console)
    if attributes:
        _print(attribute_tables(analysis), console)
    if per_sequence:
        _print(sequence_tables(analysis), console)
    show_problems(analysis.problems, console)


def _print(parts: Iterable[Table | str], console: Console) -> None:
    """Print tables, each below its title, which may be wider than the table, and remarks."""
    for part in parts:
        if isinstance(part, str):
            text = Text(f"  {part}", style="dim")
            console.print(text, soft_wrap=True)
            continue
        title, part.title = part.title, None
        console.print(title, style="bold", markup=False, highlight=False)
        console.print(part)


def rankings(analysis: Analysis) -> Iterator[Table | str]:
    """Give one table an experiment, with remarks on what is missing in it."""
    experiments: list[tuple[Table, Found]] = []
    for experiment in SUPERVISED:
        experiments.append((ranking(analysis, experiment), supervised(analysis, experiment)))
    experiments.append((overlap_ranking(analysis), unsupervised(analysis)))
    experiments = [(table, found) for table, found in experiments if found]
    for table, found in experiments:
        yield table
        yield from _reasons(found)
        yield from _incomplete(found)
    if any(scores.fps is not None for _, found in experiments for _, scores in found):
        yield FPS


def ranking(analysis: Analysis, experiment: str) -> Table:
    """Rank the trackers of an experiment with resets by EAO, the best first."""
    table = Table(title=f"{_title(analysis)} · {experiment}")
    _add_columns(table, "EAO ↑", "A ↑", "R ↓", "failures ↓", "rep.", "fps")
    found = supervised(analysis, experiment)
    for place, tracker, scores in _ranked((name, scores, scores.eao) for name, scores in found):
        table.add_row(
            place,
            _name(tracker, scores),
            number(scores.eao),
            number(scores.accuracy),
            number(scores.robustness),
            number(scores.failures, 1),
            str(scores.repetitions),
            number(scores.fps, 1),
        )
    return table


def overlap_ranking(analysis: Analysis) -> Table:
    """Rank the trackers of the unsupervised experiment by average overlap, the best first."""
    table = Table(title=f"{_title(analysis)} · unsupervised")
    _add_columns(table, "AO ↑", "fps")
    found = unsupervised(analysis)
    for place, tracker, scores in _ranked((name, scores, scores.overlap) for name, scores in found):
        row = number(scores.overlap), number(scores.fps, 1)
        table.add_row(place, _name(tracker, scores), *row)
    return table


def _add_columns(table: Table, *headings: str) -> None:
    table.add_column("#", justify="right", style="dim")
    table.add_column("tracker", overflow="fold")
    for heading in headings:
        table.add_column(heading, justify="right")


def _ranked(found: Iterable[tuple[str, Any, float | None]]) -> Iterator[tuple[str, str, Any]]:
    """Sort by a value, high ones first; those without one are last and have no rank."""
    ordered = sorted(found, key=lambda entry: (entry[2] is None, -(entry[2] or 0.0)))
    for rank, (tracker, scores, value) in enumerate(ordered, start=1):
        yield "" if value is None else str(rank), tracker, scores


def _name(tracker: str, scores: ExperimentScores) -> Text:
    return Text(f"{tracker} {INCOMPLETE}" if _num_missing(scores) else tracker)


def _num_missing(scores: ExperimentScores) -> int:
    return sum(not sequence.runs for sequence in scores.sequences)


def _reasons(found: Found) -> Iterator[str]:
    """Say once for each reason why a score is not there."""
    reasons = (
        f"{UNDEFINED} {_HEADINGS[name]}: {reason}"
        for _, scores in found
        for name, reason in scores.undefined.items()
    )
    yield from dict.fromkeys(reasons)


_HEADINGS = {
    "eao": "EAO", "accuracy": "A", "robustness": "R", "failures": "failures", "overlap": "AO",
}  # fmt: skip


def _incomplete(found: Found) -> Iterator[str]:
    """Say how many sequences the trackers with a mark have no results for."""
    missing = [
        f"{tracker} {count} of {len(scores.sequences)}"
        for tracker, scores in found
        if (count := _num_missing(scores))
    ]
    if missing:
        yield f"{INCOMPLETE} sequences without results: {', '.join(missing)}"


def sequence_tables(analysis: Analysis) -> Iterator[Table]:
    """Give one table an experiment: accuracy and failures, or overlap, of each sequence."""
    for experiment in SUPERVISED:
        found = supervised(analysis, experiment)
        if found:
            yield _sequence_table(analysis, experiment, found)
    overlaps = unsupervised(analysis)
    if overlaps:
        table = _sequences("unsupervised · AO ↑", [tracker for tracker, _ in overlaps])
        for name in (sequence.name for sequence in analysis.dataset):
            values = [scores.by_sequence.get(name, {}) for _, scores in overlaps]
            table.add_row(Text(name), *(number(value.get("overlap")) for value in values))
        yield table


def _sequence_table(
    analysis: Analysis, experiment: str, found: Sequence[tuple[str, SupervisedScores]]
) -> Table:
    title = f"{experiment} · A ↑ and failures ↓"
    table = _sequences(title, [tracker for tracker, _ in found])
    for name in (sequence.name for sequence in analysis.dataset):
        values = [scores.by_sequence.get(name, {}) for _, scores in found]
        table.add_row(
            Text(name),
            *(
                f"{number(value.get('accuracy'))} {number(value.get('failures'), 1):>5}"
                for value in values
            ),
        )
    return table


def _sequences(title: str, trackers: Sequence[str]) -> Table:
    table = Table(title=title)
    table.add_column("sequence")
    for tracker in trackers:
        table.add_column(Text(tracker), justify="right")
    return table


def _title(analysis: Analysis) -> str:
    size = counted(len(analysis.dataset), "sequence")
    part = f" (part: {size})" if analysis.dataset.partial else ""
    return f"{analysis.dataset.name}{part} · rules {analysis.rules.name}"
