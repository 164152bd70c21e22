"""Rankings drawn: one row a tracker, one value, its interval when it is known."""

from __future__ import annotations

import altair as alt

from vot_toolkit.report.charts.style import Chart, Records, Style, data

ROW = 26
"""Height of a row in px."""


def ranks(points: Records, heading: str, style: Style) -> Chart:
    """Draw a value of each tracker, the best at the top.

    Parameters
    ----------
    points : records
        ``tracker``, ``value``; ``low`` and ``high`` where there is an interval.
    heading : str
        What the value is.
    style : Style
        The trackers' look.
    """
    order = [point["tracker"] for point in sorted(points, key=lambda point: -point["value"])]
    edged = [{**point, "edge": point.get("high") or point["value"]} for point in points]
    base = alt.Chart(data(edged)).encode(
        y=alt.Y("tracker:N", sort=order, title=None, axis=alt.Axis(labelLimit=180, grid=False))
    )
    # The names of the values need room at the right.
    scale = alt.Scale(domain=[0.0, 1.32 * max(point["edge"] for point in edged)], nice=False)
    x = alt.X("value:Q", title=heading, scale=scale, axis=alt.Axis(tickCount=6))
    tip = [alt.Tooltip("tracker:N"), alt.Tooltip("value:Q", title=heading, format=".3f")]
    marks = base.mark_point(filled=True, size=90, opacity=1).encode(x=x, **style.look, tooltip=tip)
    stems = base.mark_rule(style="range", strokeWidth=2).encode(x=x, x2=alt.datum(0))
    names = base.mark_text(style="label", align="left", dx=9).encode(
        x="edge:Q", text=alt.Text("value:Q", format=".3f")
    )
    intervals = base.mark_rule(strokeWidth=2.5, opacity=0.55).encode(
        x=alt.X("low:Q"), x2="high:Q", color=style.color.legend(None)
    )
    layers = [stems, intervals, marks, names] if _has_intervals(points) else [stems, marks, names]
    return style.chart(*layers, height=alt.Step(ROW), description=f"{heading} of each tracker.")


def _has_intervals(points: Records) -> bool:
    return any(point.get("low") is not None for point in points)
