"""The command ``explain``: why a number differs between rule sets."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console

from vot_toolkit.atomic import write_whole
from vot_toolkit.cli.dataset import open_shown
from vot_toolkit.explanation import explain
from vot_toolkit.places import check_file
from vot_toolkit.report.explanations import explanation_grids
from vot_toolkit.report.problems import show_problems
from vot_toolkit.report.tables import show_grids


def explain_command(
    tracker: str,
    results: Path,
    dataset: str,
    console: Console,
    *,
    experiment: str = "all",
    rules: str = "vot2018",
    json_file: Path | None = None,
    workers: int | None = None,
) -> int:
    """Score under every rule set, and print what each switch does.

    Parameters
    ----------
    tracker : str
        Whose numbers.
    results : Path
        Folder with one folder a tracker.
    dataset : str
        As typed.
    console : Console
        Where to print.
    experiment : str
        Which experiment; ``all`` for those present.
    rules : str
        The rule set from which the others are explained.
    json_file : Path, optional
        Where everything is written, not rounded.
    workers : int, optional
        Threads.

    Returns
    -------
    int
        Exit status: 0, or 1 when there are problems.

    Raises
    ------
    UserError
        As `explain`; or if the file cannot be written.
    """
    if json_file is not None:
        check_file("--json", json_file)
    opened = open_shown(dataset, console)
    explanations, analysis = explain(
        results, opened, tracker, before=rules, experiments=experiment, workers=workers
    )
    for explanation in explanations:
        show_grids(explanation_grids(explanation), console)
    show_problems(analysis.problems, console)
    if json_file is not None:
        data = [explanation.to_dict() for explanation in explanations]
        write_whole(json_file, json.dumps(data, indent=1, allow_nan=False) + "\n")
    return 1 if analysis.problems else 0
