"""Pages: one self-contained HTML file each, in both themes, from Jinja templates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from vot_toolkit.report.chart_files import specification
from vot_toolkit.report.charts.style import DASHES, SHAPES
from vot_toolkit.report.figures import Figure
from vot_toolkit.report.grid import Cell, Grid
from vot_toolkit.report.palette import FONT, THEMES, Palette, chart_config
from vot_toolkit.report.rankings import INCOMPLETE

if TYPE_CHECKING:
    from jinja2 import Environment

OWN = "vot_toolkit.report"
"""The package with the templates that others build on."""

SHAPE_PATHS = {
    "circle": "M15 3a4 4 0 1 0 0 8a4 4 0 1 0 0-8Z",
    "square": "M11.5 3.5h7v7h-7Z",
    "triangle-up": "M15 2.5L19.5 11h-9Z",
    "diamond": "M15 2L19.5 7L15 12L10.5 7Z",
    "triangle-down": "M15 11.5L19.5 3h-9Z",
    "cross": "M13.5 2.5h3v3h3v3h-3v3h-3v-3h-3v-3h3Z",
}
"""Vega's symbols, drawn in the middle of a swatch of 30x14."""


@dataclass(frozen=True)
class Look:
    """How a tracker looks in the key of a page.

    Parameters
    ----------
    color : int
        Which of the theme's series.
    dash, shape : str
        Of SVG: dashes of its line, path of its point.
    """

    color: int
    dash: str
    shape: str


def looks(trackers: Sequence[str]) -> dict[str, Look]:
    """Give the look of each tracker, the same as `vot_toolkit.report.charts.Style` has it."""
    number = len(THEMES["light"].series)
    return {
        tracker: Look(
            index % number,
            " ".join(map(str, DASHES[index % len(DASHES)])),
            SHAPE_PATHS[SHAPES[index % len(SHAPES)]],
        )
        for index, tracker in enumerate(trackers)
    }


def render_page(
    template: str,
    *,
    trackers: Sequence[str] = (),
    sections: Sequence[tuple[str, str]] = (),
    charts: bool = True,
    library: str | None = None,
    package: str = OWN,
    made: date | None = None,
    **context: Any,
) -> str:
    """Render a template that extends ``base.html``.

    Parameters
    ----------
    template : str
        Its name in the folder ``templates`` of `package`.
    trackers : sequence of str
        In the order of their colours.
    sections : sequence of tuple of str
        Anchor and name of each section, for the bar at the top.
    charts : bool
        Whether the page has charts.
    library : str, optional
        Where `chart_library` stands beside the page, as one file that many pages share; by default
        it is part of the page (0.9 MB).
    package : str
        Whose templates: those of another one may extend and import these.
    made : date, optional
        The day that stands in the footer.
    **context
        What else the template names.

    Returns
    -------
    str
        The page, which loads nothing from anywhere but `library`.
    """
    from vot_toolkit.version import toolkit_version

    return (
        _environment(package)
        .get_template(template)
        .render(
            trackers=trackers,
            looks=looks(trackers),
            sections=sections,
            charts=charts,
            library=library,
            chart_library=chart_library() if charts and library is None else "",
            chart_configs={name: _page_config(palette) for name, palette in THEMES.items()},
            theme_css=theme_css(),
            made=made,
            maker=package.partition(".")[0],
            version=toolkit_version(),
            **context,
        )
    )


def figure_context(figure: Figure) -> dict[str, Any]:
    """Give a figure as the macro ``figure`` of ``pieces.html`` takes it."""
    return {
        "name": figure.name,
        "title": figure.title,
        "caption": figure.caption,
        "wide": figure.wide,
        "specification": specification(figure.chart),
    }


def theme_css() -> str:
    """Give the palettes as custom properties: the system's theme, unless the page has its own."""
    dark = _properties(THEMES["dark"])
    return (
        f":root {{ --font: {FONT}; color-scheme: light; {_properties(THEMES['light'])} }}\n"
        "@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) "
        f"{{ color-scheme: dark; {dark} }} }}\n"
        f":root[data-theme=dark] {{ color-scheme: dark; {dark} }}"
    )


def _properties(palette: Palette) -> str:
    names = ("background", "surface", "text", "muted", "line", "accent")
    values = {name: getattr(palette, name) for name in names}
    values |= {f"series-{index}": color for index, color in enumerate(palette.series)}
    return " ".join(f"--{name}: {value};" for name, value in values.items())


def _page_config(palette: Palette) -> dict[str, Any]:
    """Give the theme of charts on a page, whose key stands in the bar and needs no legends."""
    config = chart_config(palette)
    return {**config, "background": None, "legend": {**config["legend"], "disable": True}}


@cache
def _environment(package: str) -> Environment:
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    packages = dict.fromkeys((package, OWN))
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(each) for each in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["owner"] = _owner
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "ensure_ascii": False}
    return environment


def _owner(grid: Grid, row: Sequence[Cell]) -> str:
    """Name the tracker of a row; empty where a row is none's."""
    named: Mapping[str, Cell] = dict(zip((each.name for each in grid.columns), row, strict=True))
    return named["tracker"].text.removesuffix(f" {INCOMPLETE}") if "tracker" in named else ""


@cache
def chart_library() -> str:
    """Give Vega-Embed and what it needs as one script, a module or not; 0.9 MB."""
    import vl_convert

    # Its stubs ask for an argument that the function does not need.
    bundle: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    # Inside a page the parser looks for these, whatever the script means by them.
    bundle = re.sub(r"</(script)|<(!--)", r"<\\/\1\2", bundle, flags=re.IGNORECASE)
    # Its names are short, and would be everybody's in a script that is no module.
    return f"(() => {{{bundle}\n}})();\n"
