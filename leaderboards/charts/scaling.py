"""The scaling curve: how many times as fast several devices are as one."""

from __future__ import annotations

import altair as alt

from vot_toolkit.report.charts.style import Chart, Records, Style, data


def scaling(points: Records, style: Style) -> Chart:
    """Draw the speed of several devices in units of one device's; the ideal is dashed.

    Parameters
    ----------
    points : records
        ``tracker`` (the hardware), ``devices``, ``times`` one device's speed, ``images_per_s``,
        ``efficiency`` in [0, 1].
    style : Style
        The hardware's look.
    """
    base = alt.Chart(data(points)).encode(
        x=alt.X(
            "devices:Q",
            title="devices",
            scale=alt.Scale(nice=False, domainMin=1),
            axis=alt.Axis(tickMinStep=1, format="d"),
        ),
        y=alt.Y("times:Q", title="times as fast as one", scale=alt.Scale(domainMin=0, nice=True)),
    )
    lines = base.mark_line(strokeWidth=2).encode(color=style.color, strokeDash=style.dash)
    marks = base.mark_point(filled=True, size=90, opacity=1).encode(
        color=style.color,
        shape=style.shape,
        tooltip=[
            alt.Tooltip("tracker:N", title="hardware"),
            alt.Tooltip("devices:Q"),
            alt.Tooltip("images_per_s:Q", title="images/s", format=".4~g"),
            alt.Tooltip("efficiency:Q", format=".0%"),
        ],
    )
    words = "Speed over number of devices, in units of one device's; the dashed line is the ideal."
    return style.chart(_ideal(points), lines, marks, height=320, description=words)


def _ideal(points: Records) -> alt.Chart:
    most = max(point["devices"] for point in points)
    # The empty name passes the filter of what is hidden.
    ends = [{"devices": number, "times": number, "tracker": ""} for number in (1, most)]
    line: alt.Chart = alt.Chart(data(ends)).mark_line(style="muted", strokeDash=[4, 4])
    return line.encode(x="devices:Q", y="times:Q")
