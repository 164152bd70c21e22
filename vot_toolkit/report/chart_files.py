"""Charts as Vega-Lite specifications and as image files, made without a browser."""

from __future__ import annotations

import json
from typing import Any, Literal

from vot_toolkit.report.charts import Chart
from vot_toolkit.report.palette import LIGHT, Palette, chart_config

ImageFormat = Literal["svg", "png", "pdf"]

SCALE = 2.0
"""Pixels of a PNG for each of the chart's."""


def specification(chart: Chart) -> dict[str, Any]:
    """Give a chart as Vega-Lite object, without colours of a theme."""
    import altair as alt

    with alt.data_transformers.enable("default", max_rows=None):
        spec: dict[str, Any] = chart.to_dict()
    spec.pop("config", None)
    return spec


def draw(chart: Chart, kind: ImageFormat, palette: Palette = LIGHT) -> bytes:
    """Draw a chart.

    Parameters
    ----------
    chart : Chart
        Of a fixed width.
    kind : str
        ``svg``, ``png`` or ``pdf``.
    palette : Palette
        The theme.

    Returns
    -------
    bytes
        Of the file.
    """
    import vl_convert

    spec = json.dumps(specification(chart))
    config = chart_config(palette)
    if kind == "svg":
        return vl_convert.vegalite_to_svg(spec, config=config).encode()
    if kind == "png":
        return bytes(vl_convert.vegalite_to_png(spec, config=config, scale=SCALE))
    return bytes(vl_convert.vegalite_to_pdf(spec, config=config))
