"""Colours of pages and charts, light and dark, chosen so that colour-blind readers tell them apart.

The series keep their hue from one theme to the other, reach a contrast of 3 with their background
(WCAG 2.2, criterion 1.4.11) and stay apart under protan, deutan and tritan vision. Charts tell
trackers apart by shape or dashes too.

References
----------
M. Okabe and K. Ito, "Color universal design", 2008, from whose colours these were moved as little
as contrast and distance asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Palette:
    """Colours of one theme, each ``#rrggbb``.

    Parameters
    ----------
    background, surface : str
        Of the page, and of cards and charts on it.
    text, muted : str
        Of words, and of what stands back.
    line : str
        Grid lines and borders.
    accent : str
        Links and focus.
    heat : tuple of str
        Counts, from few to many.
    series : tuple of str
        Trackers, in order; repeated when there are more.
    """

    background: str
    surface: str
    text: str
    muted: str
    line: str
    accent: str
    heat: tuple[str, ...]
    series: tuple[str, ...]


LIGHT = Palette(
    background="#f6f5f1",
    surface="#fffefb",
    text="#1d1f24",
    muted="#5c616b",
    line="#dedcd4",
    accent="#1558b8",
    heat=("#f3c969", "#d8603f", "#8c1d5a", "#2a0a3d"),
    series=(
        "#166adc", "#b82906", "#076e48", "#e26492", "#b18b2b", "#783692", "#3c95e5", "#3e3e3e",
    ),
)  # fmt: skip

DARK = Palette(
    background="#101216",
    surface="#181b21",
    text="#e8e6e1",
    muted="#a2a7b0",
    line="#31353e",
    accent="#8ab8ff",
    heat=("#5b3a6b", "#b8456b", "#f08a4b", "#ffe9a3"),
    series=(
        "#2b7bef", "#db8041", "#59f4da", "#d4407a", "#ffca55", "#a387c1", "#83bcf5", "#b8b3a8",
    ),
)  # fmt: skip

THEMES = {"light": LIGHT, "dark": DARK}

FONT = "Inter, 'Segoe UI', 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"


def chart_config(palette: Palette) -> dict[str, Any]:
    """Give the colours and type of a theme as Vega-Lite's ``config``.

    Charts name roles only (``muted``, ``label``, ``band``): the same definition serves both themes.
    """
    return {
        "background": palette.surface,
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None},
        "range": {"category": list(palette.series), "heatmap": list(palette.heat)},
        "axis": {
            "labelColor": palette.muted,
            "titleColor": palette.text,
            "gridColor": palette.line,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "titlePadding": 10,
            "labelFontSize": 11,
            "titleFontSize": 12,
            "titleFontWeight": 500,
        },
        "legend": {
            "labelColor": palette.text,
            "titleColor": palette.muted,
            "titleFontWeight": 500,
            "labelLimit": 260,
            "title": None,
        },
        "text": {"color": palette.text},
        "style": {
            "label": {"color": palette.text, "fontSize": 12},
            "quiet": {"color": palette.muted, "fontSize": 11},
            "muted": {"color": palette.muted},
            "range": {"color": palette.line},
            "cell": {"stroke": palette.surface, "strokeWidth": 1},
            "band": {"color": palette.muted, "fillOpacity": 0.12},
        },
    }
