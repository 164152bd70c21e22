"""Speed: what quality costs in frames per second."""

from __future__ import annotations

import math

import altair as alt

from vot_toolkit.report.charts.style import Chart, Records, Style, data, named, names_beside, spread

REALTIME = 20.0
"""Frames per second of the realtime experiment (VOT2018)."""


def speed_plot(points: Records, heading: str, style: Style) -> Chart:
    """Draw a score over frames per second.

    Parameters
    ----------
    points : records
        ``tracker``, ``fps`` above 0, ``value``.
    heading : str
        What the value is.
    style : Style
        The trackers' look.
    """
    y = spread([point["value"] for point in points], 0.15)
    rates = [point["fps"] for point in points]
    x = min(*rates, REALTIME) / 1.6, max(*rates, REALTIME) * 3.0
    places = [(math.log(each["fps"]), each["value"]) for each in points]
    placed = named(points, places, (math.log(x[0]), math.log(x[1])), y)
    base = alt.Chart(data(placed)).encode(
        x=alt.X(
            "fps:Q",
            title="frames per second →",
            scale=alt.Scale(type="log", domain=list(x), nice=False),
            axis=alt.Axis(format="~g", tickCount=5, grid=False),
        ),
        y=alt.Y("value:Q", title=f"{heading} →", scale=alt.Scale(domain=list(y), nice=True)),
    )
    tip = [
        alt.Tooltip("tracker:N"),
        alt.Tooltip("fps:Q", format=".1f"),
        alt.Tooltip("value:Q", title=heading, format=".3f"),
    ]
    marks = base.mark_point(filled=True, size=110, opacity=1).encode(**style.look, tooltip=tip)
    layers = [*_realtime(), marks, *([names_beside(base)] if style.labelled else [])]
    words = f"{heading} over frames per second; the line marks {REALTIME:g} frames per second."
    return style.chart(*layers, height=300, description=words)


def _realtime() -> list[alt.Chart]:
    record = {"fps": REALTIME, "tracker": "", "text": "realtime"}
    base = alt.Chart(data([record])).encode(x="fps:Q")
    line = base.mark_rule(style="muted", strokeDash=[4, 3])
    name = base.mark_text(style="quiet", align="left", dx=5, dy=8, baseline="top").encode(
        y=alt.value(0), text="text:N"
    )
    return [line, name]
