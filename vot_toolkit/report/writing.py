"""Reports as files, in every format."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

from vot_toolkit.atomic import write_whole
from vot_toolkit.report.attributes import attribute_grids
from vot_toolkit.report.extra import check_report_extra
from vot_toolkit.report.grid import Grid
from vot_toolkit.report.rankings import rankings
from vot_toolkit.report.sequences import sequence_grids

if TYPE_CHECKING:
    from vot_toolkit.analysis import Analysis
    from vot_toolkit.report.chart_files import ImageFormat

ReportFormat = Literal["html", "latex", "markdown", "png", "pdf", "svg"]

FORMATS = get_args(ReportFormat)

IMAGES = ("png", "pdf", "svg")
"""Formats of which a report is a folder with one file a figure."""

WIDTH = 640
"""Of a figure in px."""


def write_report(analysis: Analysis, kind: ReportFormat, path: Path) -> list[Path]:
    """Write an analysis in one format.

    Parameters
    ----------
    analysis : Analysis
        What is to be shown.
    kind : str
        ``html``, one page; ``latex`` or ``markdown``, its tables; ``png``, ``pdf`` or ``svg``, its
        figures.
    path : Path
        The file; for figures the folder, which need not exist.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    UserError
        If a library of the extra ``report`` is absent, or a file cannot be written.
    """
    if kind in IMAGES:
        return list(_write_figures(analysis, cast("ImageFormat", kind), path))
    write_whole(path, _text(analysis, kind))
    return [path]


def _text(analysis: Analysis, kind: ReportFormat) -> str:
    if kind == "html":
        check_report_extra()
        from vot_toolkit.report.html import html_report

        return html_report(analysis, date.today())
    if kind == "latex":
        from vot_toolkit.report.latex import latex

        return latex(report_grids(analysis))
    from vot_toolkit.report.markdown import markdown

    return markdown(report_grids(analysis))


def report_grids(analysis: Analysis) -> Iterator[Grid]:
    """Give the tables of a report: rankings with intervals, attributes, sequences."""
    yield from rankings(analysis, ci=True)
    yield from attribute_grids(analysis)
    yield from sequence_grids(analysis)


def _write_figures(analysis: Analysis, kind: ImageFormat, folder: Path) -> Iterator[Path]:
    check_report_extra()
    from vot_toolkit.report.chart_files import draw
    from vot_toolkit.report.charts import Style
    from vot_toolkit.report.figures import EXPERIMENTS, figures, tracker_order

    style = Style(tracker_order(analysis), WIDTH)
    for experiment in EXPERIMENTS:
        for figure in figures(analysis, experiment, style, ci=True):
            path = folder / f"{figure.name}.{kind}"
            write_whole(path, draw(figure.chart, kind))
            yield path
