"""Curves of trainings over their steps."""

from __future__ import annotations

import altair as alt

from vot_toolkit.report.charts.style import Chart, Records, Style, data


def over_steps(
    points: Records, heading: str, style: Style, *, from_zero: bool = False, dots: bool = False
) -> Chart:
    """Draw a value of each training over its steps.

    Parameters
    ----------
    points : records
        ``tracker`` (the training), ``step``, ``value``.
    heading : str
        What the value is.
    style : Style
        The trainings' look.
    from_zero : bool
        Whether the axis of values begins at 0.
    dots : bool
        Whether points are drawn too.
    """
    scale = alt.Scale(zero=from_zero, nice=True)
    lines = (
        alt.Chart(data(points))
        .mark_line(strokeWidth=2, clip=True, point=dots)
        .encode(
            x=alt.X("step:Q", title="step", scale=alt.Scale(nice=False)),
            y=alt.Y("value:Q", title=heading, scale=scale),
            color=style.color,
            strokeDash=style.dash,
            tooltip=[
                alt.Tooltip("tracker:N", title="training"),
                alt.Tooltip("step:Q"),
                alt.Tooltip("value:Q", title=heading, format=".4~g"),
            ],
        )
    )
    return style.chart(lines, height=320, description=f"{heading} of each training by step.")
