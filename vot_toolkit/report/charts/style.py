"""What all charts share: the look of a tracker, how wide they are, and who is hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import altair as alt

from vot_toolkit.report.charts.labels import Range, place_labels

Chart: TypeAlias = alt.LayerChart
Layer: TypeAlias = alt.Chart | alt.LayerChart
Records = Sequence[Mapping[str, Any]]

HIDDEN = "hidden"
"""Name of the parameter that lists the trackers a page does not show."""

SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
DASHES = ((1, 0), (7, 3), (2, 2), (10, 3, 2, 3), (5, 2, 1, 2, 1, 2))
"""Cycles of other lengths than the palette's, so that a second round of colours looks different."""

LABELS_UP_TO = 12
"""Trackers named beside their points; more would cover each other."""


@dataclass(frozen=True)
class Style:
    """How trackers look in every chart of a report.

    Parameters
    ----------
    trackers : tuple of str
        In the order of their colours.
    width : int or str
        Of a chart in px, or ``container`` for that of the page's column.
    shown : int, optional
        How many of them a chart shows at most; all by default.
    """

    trackers: tuple[str, ...]
    width: int | Literal["container"] = 640
    shown: int | None = None

    @property
    def color(self) -> alt.Color:
        """Colour by tracker, from the theme's series."""
        return alt.Color("tracker:N", scale=alt.Scale(domain=list(self.trackers)))

    @property
    def shape(self) -> alt.Shape:
        """Shape by tracker."""
        shapes = [SHAPES[index % len(SHAPES)] for index in range(len(self.trackers))]
        return alt.Shape("tracker:N", scale=alt.Scale(domain=list(self.trackers), range=shapes))

    @property
    def look(self) -> dict[str, alt.Color | alt.Shape]:
        """Colour and shape of points whose names stand beside them: no legend repeats these."""
        if not self.labelled:
            return {"color": self.color, "shape": self.shape}
        return {"color": self.color.legend(None), "shape": self.shape.legend(None)}

    @property
    def dash(self) -> alt.StrokeDash:
        """Dashes by tracker."""
        dashes = [list(DASHES[index % len(DASHES)]) for index in range(len(self.trackers))]
        scale = alt.Scale(domain=list(self.trackers), range=dashes)
        return alt.StrokeDash("tracker:N", scale=scale)

    @property
    def has_legends(self) -> bool:
        """Whether a legend says who is who: on pages their key does, and none is drawn."""
        return self.width != "container"

    @property
    def labelled(self) -> bool:
        """Whether points carry the names of their trackers."""
        return (self.shown or len(self.trackers)) <= LABELS_UP_TO

    def chart(self, *layers: Layer, height: int | alt.Step, description: str) -> Chart:
        """Put layers together, with words for screen readers and the choice of trackers."""
        hidden = alt.param(name=HIDDEN, value=[])
        shown = layered(*layers).transform_filter(f"indexof({HIDDEN}, datum.tracker) < 0")
        return shown.add_params(hidden).properties(
            width=self.width, height=height, description=description
        )


def data(records: Records) -> alt.InlineData:
    """Give records as data of a chart."""
    return alt.InlineData(values=[dict(record) for record in records])


def layered(*layers: Layer) -> Chart:
    """Put layers above each other."""
    chart = alt.layer(*layers)
    assert isinstance(chart, alt.LayerChart), "only facets give another kind"
    return chart


def spread(scores: Sequence[float], share: float = 0.08) -> tuple[float, float]:
    """Give a range of an axis around some values, with room for names.

    Examples
    --------
    >>> low, high = spread([0.5, 0.6])
    >>> round(low, 3), round(high, 3)
    (0.492, 0.608)
    """
    low, high = min(scores, default=0.0), max(scores, default=1.0)
    room = share * ((high - low) or 1.0)
    return low - room, high + room


def named(
    points: Records, places: Sequence[tuple[float, float]], x: Range, y: Range
) -> list[dict[str, Any]]:
    """Give points with the place of their names, for `names_beside`."""
    labels = place_labels([point["tracker"] for point in points], places, x, y)
    return [{**point, **label._asdict()} for point, label in zip(points, labels, strict=True)]


def names_beside(base: alt.Chart) -> Chart:
    """Write the trackers' names beside their points."""
    sides = [
        base.transform_filter(f"datum.align == '{align}'").mark_text(
            align=align, dx=alt.expr("datum.dx"), dy=alt.expr("datum.dy"), style="label", limit=160
        )
        for align in ("left", "right")
    ]
    return layered(*(side.encode(text="tracker:N") for side in sides))
