"""Tables for the terminal: ranking, attributes, sequences, and everything that was wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from vot_toolkit.report.problems import show_problems
from vot_toolkit.wording import counted

if TYPE_CHECKING:
    from vot_toolkit.analysis import Analysis
    from vot_toolkit.scores import SupervisedScores, UnsupervisedScores

SUPERVISED = ("baseline", "realtime")
UNDEFINED = "–"


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
    for experiment in SUPERVISED:
        scores = _scores(analysis, experiment)
        if scores:
            _print(ranking(analysis, experiment), console)
            _explain_undefined(scores, console)
    if _unsupervised(analysis):
        _print(overlap_ranking(analysis), console)
    if attributes:
        for table in attribute_tables(analysis):
            _print(table, console)
    if per_sequence:
        for table in sequence_tables(analysis):
            _print(table, console)
    show_problems(analysis.problems, console)


def _print(table: Table, console: Console) -> None:
    """Print a table below its title, which may be wider than the table."""
    title, table.title = table.title, None
    console.print(title, style="bold", markup=False, highlight=False)
    console.print(table)


def ranking(analysis: Analysis, experiment: str) -> Table:
    """Rank the trackers of an experiment with resets by EAO, the best first."""
    table = _table(f"{_title(analysis)} · {experiment}")
    table.add_column("tracker", overflow="fold")
    for heading in ("EAO ↑", "A ↑", "R ↓", "failures ↓", "rep.", "fps"):
        table.add_column(heading, justify="right")
    ranked = sorted(_scores(analysis, experiment), key=lambda pair: _rank(pair[1].eao))
    for rank, (tracker, scores) in enumerate(ranked, start=1):
        table.add_row(
            str(rank),
            tracker,
            _number(scores.eao),
            _number(scores.accuracy),
            _number(scores.robustness),
            _number(scores.failures, 1),
            str(scores.repetitions),
            _number(scores.fps, 1),
        )
    return table


def overlap_ranking(analysis: Analysis) -> Table:
    """Rank the trackers of the unsupervised experiment by average overlap, the best first."""
    table = _table(f"{_title(analysis)} · unsupervised")
    table.add_column("tracker", overflow="fold")
    for heading in ("AO ↑", "fps"):
        table.add_column(heading, justify="right")
    found = _unsupervised(analysis)
    for rank, (tracker, scores) in enumerate(
        sorted(found, key=lambda pair: _rank(pair[1].overlap)), start=1
    ):
        table.add_row(str(rank), tracker, _number(scores.overlap), _number(scores.fps, 1))
    return table


def attribute_tables(analysis: Analysis) -> Iterable[Table]:
    """Give one table a measure, attributes in columns."""
    tags = (*analysis.dataset.tags, "empty")
    for experiment in SUPERVISED:
        for key, heading, digits in (
            ("eao", "EAO ↑", 3), ("accuracy", "A ↑", 3), ("failures", "failures ↓", 1),
        ):  # fmt: skip
            rows = [
                (tracker, [scores.by_attribute[tag][key] for tag in tags])
                for tracker, scores in _scores(analysis, experiment)
                if scores.attributes
            ]
            if any(value is not None for _, values in rows for value in values):
                yield _matrix(f"{experiment} · {heading} by attribute", tags, rows, digits)
    rows = [
        (tracker, [scores.by_attribute[tag]["overlap"] for tag in tags])
        for tracker, scores in _unsupervised(analysis)
        if scores.attributes
    ]
    if any(value is not None for _, values in rows for value in values):
        yield _matrix("unsupervised · AO ↑ by attribute", tags, rows, 3)


def sequence_tables(analysis: Analysis) -> Iterable[Table]:
    """Give one table an experiment: accuracy and failures, or overlap, of each sequence."""
    for experiment in SUPERVISED:
        found = _scores(analysis, experiment)
        if found:
            yield _sequence_table(analysis, experiment, found)
    overlaps = _unsupervised(analysis)
    if overlaps:
        table = _sequences("unsupervised · AO ↑", [tracker for tracker, _ in overlaps])
        for name in (sequence.name for sequence in analysis.dataset):
            values = [scores.by_sequence.get(name, {}) for _, scores in overlaps]
            table.add_row(name, *(_number(value.get("overlap")) for value in values))
        yield table


def _sequence_table(
    analysis: Analysis, experiment: str, found: Sequence[tuple[str, SupervisedScores]]
) -> Table:
    title = f"{experiment} · A ↑ and failures ↓"
    table = _sequences(title, [tracker for tracker, _ in found])
    for name in (sequence.name for sequence in analysis.dataset):
        values = [scores.by_sequence.get(name, {}) for _, scores in found]
        table.add_row(
            name,
            *(
                f"{_number(value.get('accuracy'))} {_number(value.get('failures'), 1):>5}"
                for value in values
            ),
        )
    return table


def _explain_undefined(found: Sequence[tuple[str, SupervisedScores]], console: Console) -> None:
    """Say once for each reason why a score is not there."""
    reasons: dict[str, list[str]] = {}
    for _, scores in found:
        for name, reason in scores.undefined.items():
            reasons.setdefault(f"{_HEADINGS[name]}: {reason}", []).append(name)
    for reason in reasons:
        console.print(f"  {UNDEFINED} {reason}", style="dim", highlight=False)


_HEADINGS = {"eao": "EAO", "accuracy": "A", "robustness": "R", "failures": "failures"}


def _title(analysis: Analysis) -> str:
    part = (
        f" (part: {counted(len(analysis.dataset), 'sequence')})" if analysis.dataset.partial else ""
    )
    return f"{analysis.dataset.name}{part} · rules {analysis.rules.name}"


def _scores(analysis: Analysis, experiment: str) -> list[tuple[str, SupervisedScores]]:
    from vot_toolkit.scores import SupervisedScores

    found = ((tracker, scores.get(experiment)) for tracker, scores in analysis.trackers.items())
    return [(tracker, entry) for tracker, entry in found if isinstance(entry, SupervisedScores)]


def _unsupervised(analysis: Analysis) -> list[tuple[str, UnsupervisedScores]]:
    from vot_toolkit.scores import UnsupervisedScores

    found = ((name, scores.get("unsupervised")) for name, scores in analysis.trackers.items())
    return [(tracker, entry) for tracker, entry in found if isinstance(entry, UnsupervisedScores)]


def _rank(value: float | None) -> tuple[bool, float]:
    """Sort high values first and undefined ones last."""
    return value is None, -(value or 0.0)


def _number(value: float | None, digits: int = 3) -> str:
    return UNDEFINED if value is None else f"{value:.{digits}f}"


def _table(title: str) -> Table:
    table = Table(title=title)
    table.add_column("#", justify="right", style="dim")
    return table


def _sequences(title: str, trackers: Sequence[str]) -> Table:
    table = Table(title=title)
    table.add_column("sequence")
    for tracker in trackers:
        table.add_column(tracker, justify="right")
    return table


def _matrix(
    title: str, tags: Sequence[str], rows: Sequence[tuple[str, list[float | None]]], digits: int
) -> Table:
    table = Table(title=title)
    table.add_column("tracker", overflow="fold")
    for tag in tags:
        table.add_column(tag.replace("_", " "), justify="right")
    for tracker, values in rows:
        table.add_row(tracker, *(_number(value, digits) for value in values))
    return table
