"""The report as a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from vot_toolkit.report.attributes import attribute_grids
from vot_toolkit.report.charts import Style
from vot_toolkit.report.figures import figures, tracker_order
from vot_toolkit.report.grid import Grid
from vot_toolkit.report.page import figure_context, render_page
from vot_toolkit.report.problems import grouped
from vot_toolkit.report.rankings import rankings
from vot_toolkit.report.selection import heading
from vot_toolkit.report.sequences import sequence_grids

if TYPE_CHECKING:
    from vot_toolkit.analysis import Analysis

LEADS = {
    "baseline": "Trackers are reset five frames after each failure. Ranked by expected average "
    "overlap; R counts failures in 100 frames.",
    "realtime": "Frames come 20 times a second, whether the tracker is ready or not. "
    "Otherwise as the baseline.",
    "unsupervised": "One start, no reset: the mean overlap over all frames.",
}
"""What each experiment is, for readers who do not know it."""


def html_report(analysis: Analysis, made: date | None = None, *, ci: bool = True) -> str:
    """Give an analysis as one self-contained page.

    Parameters
    ----------
    analysis : Analysis
        What is to be shown.
    made : date, optional
        The day that stands in the footer.
    ci : bool
        Whether scores carry their intervals.

    Returns
    -------
    str
        HTML with its style, scripts and data; nothing is loaded from anywhere.
    """
    parts = list(_parts(analysis, ci))
    problems = grouped(analysis.problems)
    sections = [(part["name"], part["title"]) for part in parts]
    return render_page(
        "report.html",
        trackers=tracker_order(analysis),
        sections=[*sections, *([("problems", "Problems")] if problems else [])],
        made=made,
        heading=heading(analysis),
        dataset=_dataset(analysis),
        rules=analysis.rules,
        interval=_interval(analysis),
        parts=parts,
        problems=problems,
    )


def _dataset(analysis: Analysis) -> dict[str, Any]:
    return {
        "name": analysis.dataset.name,
        "num_sequences": len(analysis.dataset),
        "num_frames": analysis.dataset.num_frames,
        "partial": analysis.dataset.partial,
        "num_trackers": len(analysis.trackers),
    }


def _interval(analysis: Analysis) -> tuple[int, int] | None:
    from vot_toolkit.analysis import eao_interval

    return eao_interval(analysis.dataset)


def _parts(analysis: Analysis, ci: bool) -> Iterator[dict[str, Any]]:
    """Give one part an experiment: its ranking, figures, and tables that are folded away."""
    style = Style(tracker_order(analysis), "container")
    details = [*attribute_grids(analysis)], [*sequence_grids(analysis)]
    for ranking in rankings(analysis, ci=ci):
        name = ranking.title.rpartition(" · ")[2]
        yield {
            "name": name,
            "title": name.capitalize(),
            "lead": LEADS[name],
            "ranking": ranking,
            "figures": [figure_context(each) for each in figures(analysis, name, style, ci=ci)],
            "details": [
                (title, own)
                for title, grids in zip(("Attributes", "Sequences"), details, strict=True)
                if (own := [*_own(grids, name)])
            ],
        }


def _own(grids: list[Grid], experiment: str) -> Iterator[Grid]:
    """Give the tables of one experiment, whose titles begin with its name."""
    for grid in grids:
        if grid.title.startswith(f"{experiment} · "):
            yield replace(grid, title=grid.title.removeprefix(f"{experiment} · "))
