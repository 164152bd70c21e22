"""The AR plot: accuracy against reliability, one point a tracker."""

from __future__ import annotations

import altair as alt

from vot_toolkit.report.charts.style import Chart, Records, Style, data, named, names_beside, spread

SENSITIVITY = 30
"""Frames S over which reliability exp(-S failures/frames) looks (MATLAB toolkit 6.0.3)."""


def ar_plot(points: Records, style: Style, beside: Records = ()) -> Chart:
    """Draw accuracy over reliability; the best corner is at the top right.

    Parameters
    ----------
    points : records
        ``tracker``, ``accuracy`` and ``reliability`` in [0, 1], ``robustness``, ``failures``.
    style : Style
        The trackers' look.
    beside : records
        Others as small points without a name, for comparison.
    """
    x = spread([point["reliability"] for point in (*points, *beside)], 0.12)
    y = spread([point["accuracy"] for point in (*points, *beside)], 0.12)
    placed = named(points, [(each["reliability"], each["accuracy"]) for each in points], x, y)
    across = alt.X(
        "reliability:Q",
        title=f"reliability: no failure in {SENSITIVITY} frames →",
        scale=alt.Scale(domain=[x[0], min(x[1], 1.0)], nice=True),
        axis=alt.Axis(tickCount=6),
    )
    up = alt.Y(
        "accuracy:Q",
        title="accuracy →",
        scale=alt.Scale(domain=list(y), nice=True),
        axis=alt.Axis(tickCount=6),
    )
    base = alt.Chart(data(placed)).encode(x=across, y=up)
    tip = [
        alt.Tooltip("tracker:N"),
        alt.Tooltip("accuracy:Q", format=".3f"),
        alt.Tooltip("robustness:Q", format=".3f"),
        alt.Tooltip("failures:Q", format=".1f"),
    ]
    marks = base.mark_point(filled=True, size=110, opacity=1).encode(**style.look, tooltip=tip)
    layers = [marks, names_beside(base)] if style.labelled else [marks]
    words = "Accuracy over reliability of each tracker; the values are in the table."
    small = alt.Chart(data(beside)).mark_point(filled=True, size=34, style="muted", opacity=0.6)
    others = [small.encode(x=across, y=up, tooltip=tip)] if beside else []
    return style.chart(*others, *layers, height=340, description=words)
