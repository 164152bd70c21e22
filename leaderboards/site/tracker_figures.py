"""Figures of trackers, drawn from what their records hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from leaderboards.entry import Entry
from leaderboards.lookup import dig, number, whole
from leaderboards.site.drawing import Drawing
from vot_toolkit.records import Record
from vot_toolkit.report import charts
from vot_toolkit.report.charts import Style
from vot_toolkit.report.figures import INTERVAL_WORDS, curve_points, reliability_of
from vot_toolkit.rules import load_rules

Interval = tuple[float, float]
Point = dict[str, Any]


@dataclass(frozen=True)
class Contender:
    """A tracker in the figures of a data set.

    Parameters
    ----------
    name : str
        No other has it.
    entry : Entry
        Its line of the board.
    record : Record
        The whole.
    interval : tuple of float, optional
        Of its EAO.
    """

    name: str
    entry: Entry
    record: Record
    interval: Interval | None = None

    def of(self, experiment: str, *keys: str) -> Any:
        """Look into an experiment's scores; None where there is nothing."""
        return dig(self.record.results, "experiments", experiment, *keys)


def tracker_figures(
    prefix: str, shown: Sequence[Contender], published: Sequence[Entry], style: Style
) -> Iterator[Drawing]:
    """Give the figures of a data set; those without data are left out.

    Parameters
    ----------
    prefix : str
        Of the figures' names.
    shown : sequence of Contender
        The best of the board.
    published : sequence of Entry
        Rows that stand beside them.
    style : Style
        The look of all names of the page.
    """
    yield from _curve(prefix, "baseline", shown, style)
    yield from _ar(prefix, shown, published, style)
    yield from _ranks(prefix, shown, style)
    yield from _attributes(prefix, shown, style)


def experiment_figures(own: Contender, style: Style) -> Iterator[Drawing]:
    """Give the figures of one record."""
    for experiment in ("baseline", "realtime"):
        yield from _curve(experiment, experiment, [own], style)
    yield from _success(own, style)
    yield from _attributes("baseline", [own], style)


def _curve(
    prefix: str, experiment: str, shown: Sequence[Contender], style: Style
) -> Iterator[Drawing]:
    ends = (each.of(experiment, "eao_interval") for each in shown)
    interval = next(((low, high) for low, high in filter(None, ends)), None)
    points = [
        point
        for each in shown
        for point in curve_points(each.name, _floats(each.of(experiment, "eao_curve")), interval)
    ]
    if not points:
        return
    where = "" if interval is None else f" EAO is the mean from {interval[0]} to {interval[1]}."
    title = "Expected overlap" + (", realtime" if experiment == "realtime" else "")
    caption = f"What overlap to expect on a sequence of so many frames.{where}"
    make = partial(charts.expected_overlap, interval=interval, style=style)
    alike = ("expected overlap", interval, style)
    yield Drawing(f"{prefix}-eao-curve", title, caption, points, make, alike)


def _floats(values: object) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Give a list of numbers and null as floats and NaN."""
    return np.array(values if isinstance(values, list) else [], dtype=np.float64)


def _ar(
    prefix: str, shown: Sequence[Contender], published: Sequence[Entry], style: Style
) -> Iterator[Drawing]:
    points = [point for each in shown if (point := _ar_point(each)) is not None]
    if not points:
        return
    beside = [point for each in published if (point := _published_point(each)) is not None]
    others = " Small grey points were published, and not measured here." if beside else ""
    caption = (
        f"Reliability is exp(−S·failures/frames) with S = {charts.SENSITIVITY}; the best corner "
        f"is at the top right.{others}"
    )
    make = partial(charts.ar_plot, style=style, beside=beside)
    yield Drawing(f"{prefix}-ar", "Accuracy and robustness", caption, points, make)


def _ar_point(each: Contender) -> Point | None:
    keys = ("accuracy", "robustness", "failures")
    accuracy, robustness, failures = (number(each.of("baseline", key)) for key in keys)
    frames, sequences = (whole(each.entry.fact(key)) for key in ("frames", "sequences"))
    if accuracy is None or robustness is None or failures is None or not frames or not sequences:
        return None
    reliability = reliability_of(
        load_rules(each.record.config["rules"]).measures,
        failures=failures,
        robustness=robustness,
        num_sequences=sequences,
        num_frames=frames,
    )
    return _point(each.name, accuracy, reliability, robustness, failures)


def _published_point(entry: Entry) -> Point | None:
    """Give a point from R alone: published rules count failures in 100 frames."""
    accuracy, robustness = entry.values.get("accuracy"), entry.values.get("robustness")
    if accuracy is None or robustness is None:
        return None
    reliability = float(np.exp(-charts.SENSITIVITY * robustness / 100.0))
    name = f"{entry.label}, published"
    return _point(name, accuracy, reliability, robustness, entry.values.get("failures"))


def _point(
    name: str, accuracy: float, reliability: float, robustness: float, failures: float | None
) -> Point:
    return {
        "tracker": name,
        "accuracy": accuracy,
        "reliability": reliability,
        "robustness": robustness,
        "failures": failures,
    }


def _ranks(prefix: str, shown: Sequence[Contender], style: Style) -> Iterator[Drawing]:
    points: list[Point] = [
        {"tracker": each.name, "value": value, **_ends(each.interval)}
        for each in shown
        if (value := number(each.of("baseline", "eao"))) is not None
    ]
    if points:
        words = INTERVAL_WORDS if any("low" in point for point in points) else ""
        caption = f"Expected average overlap, the best first.{words}"
        make = partial(charts.ranks, heading="EAO", style=style)
        yield Drawing(f"{prefix}-eao", "EAO", caption, points, make)


def _ends(interval: Interval | None) -> Point:
    return {} if interval is None else {"low": interval[0], "high": interval[1]}


def _attributes(prefix: str, shown: Sequence[Contender], style: Style) -> Iterator[Drawing]:
    points: list[Point] = [
        {"tracker": each.name, "attribute": tag.replace("_", " "), "value": value}
        for each in shown
        for tag, scores in _tags(each).items()
        if (value := number(dig(scores, "eao"))) is not None
    ]
    if points:
        caption = "EAO where fragments weigh by their frames with the attribute."
        make = partial(charts.attribute_bars, heading="EAO", style=style)
        alike = tuple((point["tracker"], point["attribute"]) for point in points)
        yield Drawing(f"{prefix}-attributes", "Attributes", caption, points, make, (alike, style))


def _tags(each: Contender) -> Mapping[str, Any]:
    found = each.of("baseline", "attributes")
    return found if isinstance(found, Mapping) else {}


def _success(own: Contender, style: Style) -> Iterator[Drawing]:
    shares = _floats(own.of("unsupervised", "success_curve"))
    thresholds = np.linspace(0, 1, len(shares)).round(4)
    points = [
        {"tracker": own.name, "threshold": threshold, "overlap": round(share, 4)}
        for threshold, share in zip(thresholds.tolist(), shares.tolist(), strict=True)
        if share == share
    ]
    if points:
        caption = "Share of frames whose overlap exceeds a threshold, without resets."
        make = partial(charts.success, style=style)
        alike = ("success", style)
        yield Drawing("unsupervised-success", "Success", caption, points, make, alike)
