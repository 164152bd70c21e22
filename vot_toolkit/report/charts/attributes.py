"""Scores by attribute: one row an attribute, one point or bar a tracker."""

from __future__ import annotations

import altair as alt

from vot_toolkit.report.charts.style import Chart, Records, Style, data

ROW = 34
"""Height of a row in px."""

BAR = 9
"""Height of a bar in px."""


def by_attribute(points: Records, heading: str, style: Style) -> Chart:
    """Draw a score of every tracker in each attribute.

    Parameters
    ----------
    points : records
        ``tracker``, ``attribute``, ``value``.
    heading : str
        What the value is.
    style : Style
        The trackers' look.
    """
    names = list(dict.fromkeys(point["attribute"] for point in points))
    base = alt.Chart(data(points)).encode(
        y=alt.Y("attribute:N", sort=names, title=None, axis=alt.Axis(grid=False))
    )
    spans = base.mark_rule(style="range", strokeWidth=2).encode(
        x=alt.X("min(value):Q"), x2=alt.X2("max(value):Q")
    )
    marks = base.mark_point(filled=True, size=80, opacity=1).encode(
        x=alt.X("value:Q", title=heading, axis=alt.Axis(tickCount=6)),
        color=style.color,
        shape=style.shape,
        tooltip=[
            alt.Tooltip("attribute:N"),
            alt.Tooltip("tracker:N"),
            alt.Tooltip("value:Q", title=heading, format=".3f"),
        ],
    )
    words = f"{heading} of each tracker by attribute."
    return style.chart(spans, marks, height=alt.Step(ROW), description=words)


def attribute_bars(points: Records, heading: str, style: Style) -> Chart:
    """Draw a score of a few trackers in each attribute as bars from 0.

    Parameters
    ----------
    points : records
        ``tracker``, ``attribute``, ``value``.
    heading : str
        What the value is.
    style : Style
        The trackers' look.
    """
    attributes = list(dict.fromkeys(point["attribute"] for point in points))
    trackers = [name for name in style.trackers if name in {each["tracker"] for each in points}]
    base = alt.Chart(data(points)).encode(
        y=alt.Y(
            "attribute:N",
            sort=attributes,
            title=None,
            axis=alt.Axis(grid=False),
            scale=alt.Scale(paddingInner=0.3, paddingOuter=0.15),
        ),
        yOffset=alt.YOffset("tracker:N", sort=trackers, scale=alt.Scale(domain=trackers)),
    )
    bars = base.mark_bar().encode(
        x=alt.X("value:Q", title=heading, axis=alt.Axis(tickCount=6)),
        color=style.color,
        tooltip=[
            alt.Tooltip("attribute:N"),
            alt.Tooltip("tracker:N"),
            alt.Tooltip("value:Q", title=heading, format=".3f"),
        ],
    )
    words = f"{heading} of each tracker by attribute, as bars."
    height = len(attributes) * (len(trackers) * BAR + ROW // 2)
    return style.chart(bars, height=height, description=words)
