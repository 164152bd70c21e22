"""Curves of trackers: expected overlap over length, success over threshold."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from vot_toolkit.report.charts.style import Chart, Records, Style, data

LEGEND_LINE = 900
"""Size of a line in the legend, in px squared: room for a whole period of every dash."""


def expected_overlap(points: Records, interval: tuple[int, int] | None, style: Style) -> Chart:
    """Draw the expected overlap of each length; the interval of EAO is shaded.

    Parameters
    ----------
    points : records
        ``tracker``, ``length`` in frames, ``overlap`` in [0, 1].
    interval : tuple of int, optional
        First and last length of the mean.
    style : Style
        The trackers' look.
    """
    lines = _lines(points, "length", "sequence length (frames)", style)
    layers = [lines] if interval is None else [_band(interval), lines]
    words = "Expected overlap over sequence length; EAO is the mean over the shaded interval."
    return style.chart(*layers, height=340, description=words)


def success(points: Records, style: Style) -> Chart:
    """Draw the share of frames above each threshold of overlap.

    Parameters
    ----------
    points : records
        ``tracker``, ``threshold`` and ``overlap`` (the share) in [0, 1].
    style : Style
        The trackers' look.
    """
    lines = _lines(points, "threshold", "overlap threshold", style, "share of frames above")
    words = "Share of frames whose overlap exceeds each threshold."
    return style.chart(lines, height=340, description=words)


def _lines(
    points: Records, x: str, title: str, style: Style, value: str = "expected overlap"
) -> alt.Chart:
    lines = alt.Chart(data(points)).mark_line(strokeWidth=2, clip=True)
    color, dash = style.color, style.dash
    if style.has_legends:
        color, dash = color.legend(symbolSize=LEGEND_LINE), dash.legend(symbolSize=LEGEND_LINE)
    drawn: alt.Chart = lines.encode(
        x=alt.X(f"{x}:Q", title=title, scale=alt.Scale(nice=False)),
        y=alt.Y("overlap:Q", title=value, scale=alt.Scale(domainMin=0)),
        color=color,
        strokeDash=dash,
        tooltip=[
            alt.Tooltip("tracker:N"), alt.Tooltip(f"{x}:Q"), alt.Tooltip("overlap:Q", format=".3f")
        ],
    )  # fmt: skip
    return drawn


def _band(interval: Sequence[int]) -> alt.Chart:
    # The empty name passes the filter of hidden trackers.
    record = {"low": interval[0], "high": interval[1], "tracker": ""}
    band: alt.Chart = alt.Chart(data([record])).mark_rect(style="band")
    return band.encode(x="low:Q", x2="high:Q")
