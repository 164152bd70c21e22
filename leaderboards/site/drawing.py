"""Drawings: charts of a site before they are defined, which of many alike is done once.

Altair takes a tenth of a second for a definition, and a page of every record has several that
differ in their points alone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from vot_toolkit.report.chart_files import specification
from vot_toolkit.report.charts import Chart, Records

POINTS = "points"
"""What definitions call what is drawn."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """One figure of a page.

    Parameters
    ----------
    name : str
        No other of the page has it.
    title, caption : str
        What it shows, and how to read it.
    points : records
        What is drawn.
    make : callable
        Makes the chart of such points.
    alike : hashable, optional
        Drawings of which this is equal differ in their points alone; None when the definition
        depends on the points.
    """

    name: str
    title: str
    caption: str
    points: Records
    make: Callable[[Records], Chart]
    alike: Hashable = None


class Definitions:
    """Vega-Lite definitions of the drawings of a site."""

    def __init__(self) -> None:
        self._made: dict[Hashable, dict[str, Any]] = {}

    def context(self, drawing: Drawing) -> dict[str, Any]:
        """Give a drawing as the macro ``figure`` of ``pieces.html`` takes it."""
        return {
            "name": drawing.name,
            "title": drawing.title,
            "caption": drawing.caption,
            "wide": False,
            "specification": self._specification(drawing),
        }

    def _specification(self, drawing: Drawing) -> dict[str, Any]:
        points = [dict(point) for point in drawing.points]
        if drawing.alike is None:
            return specification(drawing.make(points))
        if drawing.alike not in self._made:
            self._made[drawing.alike] = _without(points, specification(drawing.make(points)))
        made = self._made[drawing.alike]
        return {**made, "datasets": {**made["datasets"], POINTS: points}}


def _without(points: list[dict[str, Any]], made: dict[str, Any]) -> dict[str, Any]:
    """Take points out of a definition, which calls them by their hash."""
    datasets = made.pop("datasets")
    name = next(name for name, values in datasets.items() if values == points)
    renamed: dict[str, Any] = _renamed(made, name)
    return {**renamed, "datasets": {key: each for key, each in datasets.items() if key != name}}


def _renamed(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(each, name) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, name) for each in value]
    return POINTS if value == name else value
