"""Figures: which there are, what they say, and that they can be drawn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("altair", reason="charts come with the extra `report`")

from vot_toolkit.analysis import Analysis
from vot_toolkit.report.chart_files import draw, specification
from vot_toolkit.report.charts import Style
from vot_toolkit.report.charts.labels import LETTER, PANEL, place_labels
from vot_toolkit.report.charts.style import DASHES, SHAPES
from vot_toolkit.report.figures import EXPERIMENTS, Figure, figures, reliability, tracker_order
from vot_toolkit.report.page import SHAPE_PATHS
from vot_toolkit.report.palette import LIGHT, THEMES
from vot_toolkit.report.writing import write_report

NAMES = [
    "baseline-ar", "baseline-eao-curve", "baseline-eao", "baseline-attributes", "baseline-speed",
    "baseline-sequences", "baseline-failures", "unsupervised-success", "unsupervised-overlap",
    "unsupervised-sequences",
]  # fmt: skip


def all_figures(analysis: Analysis, width: int = 400) -> list[Figure]:
    style = Style(tracker_order(analysis), width)
    return [each for name in EXPERIMENTS for each in figures(analysis, name, style)]


def values(specification: dict[str, object]) -> list[dict[str, object]]:
    datasets = specification["datasets"]
    assert isinstance(datasets, dict)
    return [record for records in datasets.values() for record in records]


def test_every_figure_is_there_and_described(analysis: Analysis) -> None:
    found = all_figures(analysis)
    assert [figure.name for figure in found] == NAMES
    for figure in found:
        spec = specification(figure.chart)
        assert spec["description"] and figure.title and figure.caption
        assert [param["name"] for param in spec["params"]] == ["hidden"]
        assert "config" not in spec


def test_colours_come_from_the_theme_alone(analysis: Analysis) -> None:
    used = json.dumps([specification(figure.chart) for figure in all_figures(analysis)])
    for palette in THEMES.values():
        for color in (*palette.series, palette.text, palette.muted, palette.surface):
            assert color not in used


def test_the_ar_plot_has_the_scores(analysis: Analysis) -> None:
    spec = specification(all_figures(analysis)[0].chart)
    (point,) = [record for record in values(spec) if record["tracker"] == "poor"]
    scores = analysis.trackers["poor"]["baseline"]
    assert point["accuracy"] == scores.accuracy and point["failures"] == 3.0
    assert point["reliability"] == pytest.approx(2.718281828 ** (-30 * 3 / 260))


def test_reliability_under_rules_that_weigh_failures(report_set: Path) -> None:
    from vot_toolkit.analysis import analyze

    found = analyze(report_set / "results", report_set / "set.json", "poor", rules="vot-toolkit")
    scores = found.trackers["poor"]["baseline"]
    mean = (50 + 30 + 35) / 260  # of the failures, weighted by the lengths of their sequences
    assert reliability(scores) == pytest.approx(2.718281828 ** (-30 * mean / (260 / 6)))


def test_failures_are_where_they_were(analysis: Analysis) -> None:
    (figure,) = [each for each in all_figures(analysis) if each.name == "baseline-failures"]
    lost = {(r["tracker"], r["sequence"], r["frame"]) for r in values(specification(figure.chart))}
    assert ("poor", "bag", 11) in lost and not any(name == "good" for name, _, _ in lost)


def test_files_of_every_kind(analysis: Analysis, tmp_path: Path) -> None:
    chart = all_figures(analysis)[2].chart
    assert draw(chart, "png").startswith(b"\x89PNG")
    assert draw(chart, "pdf").startswith(b"%PDF")
    written = write_report(analysis, "svg", tmp_path / "figures")
    assert [path.name for path in written] == [f"{name}.svg" for name in NAMES]
    for path in written:
        text = path.read_text()
        assert text.startswith("<svg") and LIGHT.surface in text


def test_ten_trackers_of_one_colour_differ_in_shape_and_dashes() -> None:
    colors = len(LIGHT.series)
    looks = [(n % colors, n % len(SHAPES)) for n in range(24)]
    lines = [(n % colors, n % len(DASHES)) for n in range(40)]
    assert len(set(looks)) == 24 and len(set(lines)) == 40
    assert set(SHAPE_PATHS) == set(SHAPES)


def test_names_keep_clear_of_each_other() -> None:
    points = [(0.5 + 0.01 * (n % 3), 0.5 + 0.002 * n) for n in range(6)]
    labels = place_labels(["tracker"] * 6, points, (0.0, 1.0), (0.0, 1.0))
    boxes = []
    for (x, y), label in zip(points, labels, strict=True):
        left = x * PANEL[0] + label.dx - (7 * LETTER if label.align == "right" else 0)
        boxes.append((left, (1 - y) * PANEL[1] + label.dy))
    for place, (left, top) in enumerate(boxes):
        for other_left, other_top in boxes[:place]:
            assert abs(left - other_left) >= 7 * LETTER or abs(top - other_top) >= 13.9
