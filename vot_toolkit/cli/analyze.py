"""The command ``analyze``: score raw results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vot_toolkit.analysis import analyze
from vot_toolkit.cli.console import terminal
from vot_toolkit.cli.dataset import open_shown
from vot_toolkit.cli.output import Output


def analyze_command(
    results: Path,
    dataset: str,
    *,
    trackers: Sequence[str] | None,
    experiment: str,
    rules: str,
    workers: int | None,
    output: Output,
) -> int:
    """Score, print the tables, write the files.

    Returns
    -------
    int
        Exit status: 0, or 1 when there are problems.

    Raises
    ------
    UserError
        As `analyze`; or if a file cannot be written.
    """
    output.check()
    console = terminal()
    annotations = open_shown(dataset, console)
    analysis = analyze(results, annotations, trackers, experiment, rules, workers)
    output.print(analysis, console)
    output.write(analysis)
    return 1 if analysis.problems else 0
