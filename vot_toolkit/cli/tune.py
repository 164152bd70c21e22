"""The command ``tune``: look for the best options, or the best of many checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

from rich.console import Console

from vot_toolkit.cli.dataset import open_named
from vot_toolkit.cli.eval import INTERRUPTED
from vot_toolkit.errors import UsageError
from vot_toolkit.places import check_file
from vot_toolkit.report.extra import check_report_extra
from vot_toolkit.report.tables import show_grids
from vot_toolkit.report.tuning import study_grid
from vot_toolkit.tracker.options import parse_options
from vot_toolkit.tuning.plan import prepare
from vot_toolkit.tuning.progress import TrialLines
from vot_toolkit.tuning.study import Study, run_study

FORMATS: dict[str, Literal["svg", "png", "pdf"]] = {".svg": "svg", ".png": "png", ".pdf": "pdf"}
"""Endings of a chart's file."""


def tune_command(
    tracker: str,
    console: Console,
    *,
    dataset: str | None = None,
    options: Sequence[str] = (),
    out: Path = Path("tuning"),
    chart: Path | None = None,
    top: int = 10,
    **settings: Any,
) -> int:
    """Tune a tracker; print the table, and write the chart and the settings file.

    Parameters
    ----------
    tracker : str
        Registered name or ``file.py:Class``.
    console : Console
        Where to print.
    dataset : str, optional
        As typed; without it a default, which is named.
    options : sequence of str
        Options that stay as they are, each ``key=value``.
    out : Path
        Folder of everything.
    chart : Path, optional
        Where the chart goes; ``trials.svg`` in `out` by default.
    top : int
        Trials shown, and run on the sequences held out.
    **settings
        The other keywords of `vot_toolkit.tuning.plan.prepare`.

    Returns
    -------
    int
        Exit status: 0; 1 when a trial could not be run; 130 after Ctrl-C.

    Raises
    ------
    UserError
        As `prepare` and `run_study`.
    """
    if chart is not None:
        _check_chart(chart)
    opened = open_named(dataset, console, partial(_say, console))
    fixed = dict(parse_options(options))
    plan, sampler = prepare(tracker, opened, out, options=fixed, **settings)
    progress = TrialLines(console, plan.objective, sampler.count)
    try:
        study = run_study(plan, sampler, top, progress)
    except KeyboardInterrupt:
        _say(console, f"stopped; what is done is in {out}, the same command goes on from there")
        return INTERRUPTED
    best = study.write()
    show_grids([study_grid(study, top)], console)
    _say(console, f"settings: {best}; eval takes them by --option settings={best}")
    _draw(study, console, chart)
    return 1 if any(trial.problem for trial in study.trials) else 0


def _check_chart(chart: Path) -> None:
    """Find a chart that cannot be drawn before hours of running, not after."""
    if chart.suffix not in FORMATS:
        raise UsageError(f"--chart {chart}", hint=f"accepted endings: {', '.join(FORMATS)}")
    check_file("--chart", chart)
    check_report_extra()


def _draw(study: Study, console: Console, chart: Path | None) -> None:
    """Write the chart; without the libraries only one that was asked for is an error."""
    path = chart or study.plan.folder / "trials.svg"
    try:
        check_report_extra()
    except UsageError as error:
        _say(console, f"no chart: {error}")
        return
    from vot_toolkit.report.chart_files import draw
    from vot_toolkit.report.charts.tuning import study_chart

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(draw(study_chart(study), FORMATS[path.suffix]))
    _say(console, f"chart: {path}")


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
