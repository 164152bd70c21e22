"""The command ``eval``: run trackers, score them, show the table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from vot_toolkit.analysis import Analysis
from vot_toolkit.cli.dataset import open_named
from vot_toolkit.evaluation import evaluate
from vot_toolkit.places import check_file
from vot_toolkit.report.tables import show
from vot_toolkit.run.progress import progress_for
from vot_toolkit.tracker.options import parse_options

INTERRUPTED = 130
"""Exit status of a program ended by Ctrl-C, as shells give it: 128 and the signal's number."""


def evaluate_command(
    trackers: Sequence[str],
    console: Console,
    *,
    dataset: str | None = None,
    results: Path = Path("results"),
    options: Sequence[str] = (),
    json_file: Path | None = None,
    record: Path | None = None,
    **settings: Any,
) -> int:
    """Run trackers, score them, and print the table.

    Parameters
    ----------
    trackers : sequence of str
        Registered names or ``file.py:Class``.
    console : Console
        Where to print.
    dataset : str, optional
        As typed; without it a default, which is named.
    results : Path
        Folder of all trackers' results.
    options : sequence of str
        The trackers' options, each ``key=value``.
    json_file : Path, optional
        Where the analysis is written.
    record : Path, optional
        Folder for the records.
    **settings
        The other keywords of `evaluate`: name, checkpoint, device, experiments, sequences,
        repetitions, engine, address, workers, lanes, timeout, force, rules.

    Returns
    -------
    int
        Exit status: 0; 1 when there are problems; 130 after Ctrl-C.

    Raises
    ------
    UserError
        As `evaluate`; or if the file for JSON cannot be written.
    """
    progress = progress_for(console)
    if json_file is not None:
        check_file("--json", json_file)
    try:
        analysis = evaluate(
            trackers,
            open_named(dataset, console, progress.note),
            results=results,
            options=dict(parse_options(options)),
            record=record,
            progress=progress,
            **settings,
        )
    except KeyboardInterrupt:
        progress.note(f"stopped; what is done is in {results}, the same command goes on from there")
        return INTERRUPTED
    return _report(analysis, console, results, json_file)


def _report(analysis: Analysis, console: Console, results: Path, json_file: Path | None) -> int:
    show(analysis, console)
    console.print(f"results: {results}", markup=False, highlight=False, soft_wrap=True)
    if json_file is not None:
        analysis.write_json(json_file)
    return 1 if analysis.problems else 0
