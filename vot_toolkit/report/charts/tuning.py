"""The chart of a study: the objective against each tuned option, and against the held-out score."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import altair as alt

from vot_toolkit.report.charts.style import data, spread
from vot_toolkit.report.rankings import HEADINGS
from vot_toolkit.tuning.space import CHECKPOINT, Axis
from vot_toolkit.tuning.study import Study
from vot_toolkit.tuning.trial import Trial

Panel: TypeAlias = alt.LayerChart | alt.FacetChart

SIDE = 230
"""Width and height of one panel in px."""

ABREAST = 3
"""Panels in a row."""

BEST, OTHER, OWN = "best trial", "other trials", "the tracker's own options"

KINDS = (OTHER, BEST, OWN)
LEGEND = alt.Legend(orient="bottom", title=None)
SHAPES, SIZES = ("circle", "diamond", "cross"), (35, 130, 90)


def study_chart(study: Study) -> Any:
    """Draw a study.

    Parameters
    ----------
    study : Study
        What came of tuning.

    Returns
    -------
    ConcatChart
        A panel for each tuned option, and one of the scores on both parts where sequences are held
        out: points without a slope say that the gain was chance.
    """
    panels = [_option_panel(study, axis) for axis in study.plan.space.axes]
    if any(trial.held_out for trial in study.trials):
        panels.append(_held_out_panel(study))
    chart = alt.concat(*panels, columns=ABREAST)
    objective = study.plan.objective.name
    return chart.properties(
        title=f"{study.plan.label}: {objective}",
        description=f"{objective} of {len(study.trials)} trials over each tuned option.",
    )


def _option_panel(study: Study, axis: Axis) -> Panel:
    """One point a trial; a dashed line where the tracker's own options are."""
    rows = [
        {"x": _place(axis, trial), "y": study.value(trial.tuning), "kind": kind}
        for trial, kind in _kinds(study)
    ]
    x = alt.X("x:N", title=axis.option, sort=None)
    if axis.ordered:
        x = alt.X("x:Q", title=axis.option, scale=_range(rows, "x"))
    y = alt.Y("y:Q", title=HEADINGS[_measure(study)], scale=_range(rows, "y"))
    layers: list[alt.Chart] = [_points(rows).encode(x=x, y=y)]
    own = study.reference and study.value(study.reference.tuning)
    if own is not None:
        rule = alt.Chart(data([{"y": own}])).mark_rule(strokeDash=[4, 4], style="muted")
        layers.append(rule.encode(y="y:Q"))
    panel: Panel = alt.layer(*layers).properties(width=SIDE, height=SIDE)
    return panel


def _held_out_panel(study: Study) -> Panel:
    kinds = [(trial, kind) for trial, kind in _kinds(study) if trial.held_out]
    if study.reference is not None and study.reference.held_out:
        kinds.append((study.reference, OWN))
    rows = [
        {"x": study.value(trial.tuning), "y": study.value(trial.held_out), "kind": kind}
        for trial, kind in kinds
    ]
    heading = HEADINGS[_measure(study)]
    points = _points(rows).encode(
        x=alt.X("x:Q", title=f"{heading}, sequences tuned on", scale=_range(rows, "x")),
        y=alt.Y("y:Q", title=f"{heading}, sequences held out", scale=_range(rows, "y")),
    )
    panel: Panel = alt.layer(points).properties(width=SIDE, height=SIDE)
    return panel


def _points(rows: list[dict[str, Any]]) -> alt.Chart:
    domain = list(KINDS)
    points: alt.Chart = alt.Chart(data(rows)).mark_point(filled=True, opacity=0.75)
    return points.encode(
        color=alt.Color("kind:N", scale=alt.Scale(domain=domain), legend=LEGEND),
        shape=alt.Shape("kind:N", scale=alt.Scale(domain=domain, range=SHAPES), legend=LEGEND),
        size=alt.Size("kind:N", scale=alt.Scale(domain=domain, range=SIZES), legend=None),
    )


def _kinds(study: Study) -> Iterator[tuple[Trial, str]]:
    """Give the trials that are ranked, the best last so that it is drawn on top."""
    for trial in reversed(study.trials):
        if not trial.problem and study.value(trial.tuning) is not None:
            yield trial, BEST if trial is study.best else OTHER


def _measure(study: Study) -> str:
    return study.plan.objective.measure


def _place(axis: Axis, trial: Trial) -> object:
    text = trial.options[axis.option]
    if axis.option == CHECKPOINT:
        return Path(text).stem
    return float(text) if axis.ordered else text


def _range(rows: list[dict[str, Any]], field: str) -> alt.Scale:
    known = [row[field] for row in rows if row[field] is not None]
    return alt.Scale(domain=list(spread(known)), nice=True)
