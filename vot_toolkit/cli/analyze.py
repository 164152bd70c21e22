"""The command ``analyze``: score raw results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vot_toolkit.analysis import analyze
from vot_toolkit.cli.console import terminal
from vot_toolkit.cli.dataset import open_shown
from vot_toolkit.places import check_file
from vot_toolkit.report.tables import show


def analyze_command(
    results: Path,
    dataset: str,
    *,
    trackers: Sequence[str] | None,
    experiment: str,
    rules: str,
    workers: int | None,
    attributes: bool,
    per_sequence: bool,
    json_file: Path | None,
) -> int:
    """Score, print the tables, write the JSON.

    Returns
    -------
    int
        Exit status: 0, or 1 when there are problems.

    Raises
    ------
    UserError
        As `analyze`; or if the file for JSON cannot be written.
    """
    if json_file is not None:
        check_file("--json", json_file)
    console = terminal()
    annotations = open_shown(dataset, console)
    analysis = analyze(results, annotations, trackers, experiment, rules, workers)
    show(analysis, console, per_sequence=per_sequence, attributes=attributes)
    if json_file is not None:
        analysis.write_json(json_file)
    return 1 if analysis.problems else 0
