"""Maps of sequences: how well each tracker did, and where targets were lost."""

from __future__ import annotations

import altair as alt

from vot_toolkit.report.charts.style import Chart, Records, Style, data

ROW = 15
"""Height of a row in px."""


def sequence_map(points: Records, heading: str, style: Style) -> Chart:
    """Draw a score of every tracker in each sequence, with its failures.

    Parameters
    ----------
    points : records
        ``tracker``, ``sequence``, ``value`` in [0, 1]; ``failures`` where they count. Rows come in
        the order in which sequences come first.
    heading : str
        What the value is.
    style : Style
        The trackers' look.
    """
    names = list(dict.fromkeys(point["sequence"] for point in points))
    base = alt.Chart(data(points)).encode(
        x=alt.X(
            "tracker:N",
            sort=list(style.trackers),
            title=None,
            axis=alt.Axis(orient="top", labelAngle=-35, labelLimit=110, grid=False),
        ),
        y=alt.Y("sequence:N", sort=names, title=None, axis=alt.Axis(grid=False)),
    )
    cells = base.mark_rect(style="cell").encode(
        color=alt.Color(
            "value:Q",
            scale=alt.Scale(domain=[0, 1], scheme="viridis"),
            legend=alt.Legend(title=heading, orient="bottom", direction="horizontal"),
        ),
        tooltip=[
            alt.Tooltip("sequence:N"),
            alt.Tooltip("tracker:N"),
            alt.Tooltip("value:Q", title=heading, format=".3f"),
            alt.Tooltip("failures:Q", format=".1f"),
        ],
    )
    # Viridis is dark below the middle, whatever the theme.
    text = base.mark_text(fontSize=10).encode(
        text=alt.Text("failures:Q", format=".3~g"),
        color=alt.when("datum.value > 0.55")
        .then(alt.value("#111"))
        .when("datum.value === null")
        .then(alt.value("#888"))
        .otherwise(alt.value("#fff")),
    )
    text = text.transform_filter("datum.failures > 0")
    words = f"{heading} of each tracker in each sequence; numbers are failures."
    return style.chart(cells, text, height=alt.Step(ROW), description=words)


def failure_map(points: Records, style: Style, bin_frames: int) -> Chart:
    """Draw where in each sequence the shown trackers lost their targets.

    Parameters
    ----------
    points : records
        ``tracker``, ``sequence``, ``frame`` (first of a bin), ``failures`` (mean over repetitions).
    style : Style
        The trackers' look.
    bin_frames : int
        Frames of a bin.
    """
    names = list(dict.fromkeys(point["sequence"] for point in points))
    summed = (
        alt.Chart(data(points))
        .transform_aggregate(
            lost="sum(failures)", trackers="distinct(tracker)", groupby=["sequence", "frame"]
        )
        .transform_calculate(end=f"datum.frame + {bin_frames}")
    )
    marks = summed.mark_rect().encode(
        x=alt.X("frame:Q", title="frame", scale=alt.Scale(nice=False, domainMin=0)),
        x2="end:Q",
        # Lines of a grid lie above rectangles otherwise.
        y=alt.Y("sequence:N", sort=names, title=None, axis=alt.Axis(grid=True, zindex=0)),
        color=alt.Color(
            "lost:Q",
            scale=alt.Scale(domainMin=0),
            legend=alt.Legend(title="failures", orient="bottom", direction="horizontal"),
        ),
        tooltip=[
            alt.Tooltip("sequence:N"),
            alt.Tooltip("frame:Q"),
            alt.Tooltip("lost:Q", title="failures", format=".3~g"),
            alt.Tooltip("trackers:Q"),
        ],
    )
    words = f"Failures of all shown trackers in every {bin_frames} frames of each sequence."
    return style.chart(marks, height=alt.Step(ROW), description=words)
