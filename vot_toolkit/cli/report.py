"""The command ``report``: write an analysis for readers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from vot_toolkit.analysis import analyze
from vot_toolkit.cli.dataset import open_shown
from vot_toolkit.places import check_file, check_folder
from vot_toolkit.report.extra import check_report_extra
from vot_toolkit.report.problems import show_problems
from vot_toolkit.report.writing import IMAGES, ReportFormat, write_report


def report_command(
    results: Path,
    dataset: str,
    console: Console,
    *,
    kind: ReportFormat,
    out: Path,
    trackers: Sequence[str] | None = None,
    experiment: str = "all",
    rules: str = "vot2018",
    workers: int | None = None,
) -> int:
    """Score, and write what is to be read.

    Parameters
    ----------
    results : Path
        Folder with one folder a tracker.
    dataset : str
        As typed.
    console : Console
        Where problems are listed.
    kind : str
        The format.
    out : Path
        The file; for figures the folder.
    trackers, experiment, rules, workers
        As `analyze` takes them.

    Returns
    -------
    int
        Exit status: 0, or 1 when there are problems.

    Raises
    ------
    UserError
        As `analyze`; if `out` cannot be written, or a library is absent.
    """
    (check_folder if kind in IMAGES else check_file)("--out", out)
    if kind == "html" or kind in IMAGES:
        check_report_extra()
    annotations = open_shown(dataset, console)
    analysis = analyze(results, annotations, trackers, experiment, rules, workers)
    written = write_report(analysis, kind, out)
    show_problems(analysis.problems, console)
    for path in written:
        console.print(str(path), markup=False, highlight=False, soft_wrap=True)
    return 1 if analysis.problems else 0
