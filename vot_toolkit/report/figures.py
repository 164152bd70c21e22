"""The figures of an analysis: which there are, and the records they are drawn from."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.report import charts
from vot_toolkit.report.charts import Chart, Style
from vot_toolkit.report.rankings import ranked_trackers
from vot_toolkit.report.selection import SUPERVISED, supervised, unsupervised

if TYPE_CHECKING:
    from vot_toolkit.analysis import Analysis
    from vot_toolkit.rules import MeasureRules
    from vot_toolkit.scores import SupervisedScores, UnsupervisedScores

EXPERIMENTS = (*SUPERVISED, "unsupervised")

CURVE_POINTS = 160
"""Points of a drawn curve: a pixel or two apart on a page, and a few kB a tracker."""

BIN_FRAMES = 10
"""Frames that count together where failures are shown."""

INTERVAL_WORDS = " Thick lines: 95 % intervals over sequences drawn anew."

Supervised = Sequence[tuple[str, "SupervisedScores"]]
Record = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Figure:
    """One figure of a report.

    Parameters
    ----------
    name : str
        Of its file, ``baseline-ar``.
    title, caption : str
        What it shows, and how to read it.
    chart : Chart
        Its definition.
    wide : bool
        Whether it needs the whole width of a page.
    """

    name: str
    title: str
    caption: str
    chart: Chart
    wide: bool = False


def tracker_order(analysis: Analysis) -> tuple[str, ...]:
    """Order the trackers as they are coloured: by EAO of the first experiment that ranks them."""
    ranked: list[str] = []
    for experiment in SUPERVISED:
        ranked += ranked_trackers(supervised(analysis, experiment), "eao")
    ranked += ranked_trackers(unsupervised(analysis), "overlap")
    return tuple(dict.fromkeys([*ranked, *analysis.trackers]))


def figures(
    analysis: Analysis, experiment: str, style: Style, *, ci: bool = False
) -> Iterator[Figure]:
    """Give the figures of one experiment; those without data are left out.

    Parameters
    ----------
    analysis : Analysis
        What is to be shown.
    experiment : str
        Which of its experiments.
    style : Style
        The trackers' look, and the width.
    ci : bool
        Whether rankings carry intervals.
    """
    if experiment in SUPERVISED:
        found = supervised(analysis, experiment)
        yield from _supervised_figures(experiment, found, style, ci)
    else:
        yield from _unsupervised_figures(analysis, unsupervised(analysis), style, ci)


def _supervised_figures(
    experiment: str, found: Supervised, style: Style, ci: bool
) -> Iterator[Figure]:
    for make in (_ar, _curve, partial(_eao, ci=ci), _attributes, _speed):
        figure = make(experiment, found, style)
        if figure is not None:
            yield figure
    names = _hardest_first(found)
    yield from _sequence_figures(experiment, found, names, style)
    lost = failure_records(found, names)
    if lost:
        yield Figure(
            f"{experiment}-failures",
            "Where targets were lost",
            f"Failures of all shown trackers in every {BIN_FRAMES} frames, mean over repetitions.",
            charts.failure_map(lost, style, BIN_FRAMES),
            wide=True,
        )


def _ar(experiment: str, found: Supervised, style: Style) -> Figure | None:
    points = [
        {
            "tracker": tracker,
            "accuracy": scores.accuracy,
            "reliability": reliability(scores),
            "robustness": scores.robustness,
            "failures": scores.failures,
        }
        for tracker, scores in found
        if scores.accuracy is not None and scores.robustness is not None
    ]
    if not points:
        return None
    return Figure(
        f"{experiment}-ar",
        "Accuracy and robustness",
        f"Reliability is exp(−S·failures/frames) with S = {charts.SENSITIVITY}; "
        "the best corner is at the top right.",
        charts.ar_plot(points, style),
    )


def reliability(scores: SupervisedScores) -> float:
    """Give the chance of tracking on for S frames that the failures per frame leave."""
    frames = sum(sequence.length for sequence in scores.sequences)
    return reliability_of(
        scores.rules,
        failures=scores.failures or 0.0,
        robustness=scores.robustness or 0.0,
        num_sequences=len(scores.sequences),
        num_frames=frames,
    )


def reliability_of(
    rules: MeasureRules,
    *,
    failures: float,
    robustness: float,
    num_sequences: int,
    num_frames: int,
) -> float:
    """Give the chance of tracking on for S frames from scores and the size of the set."""
    per_frame = failures / num_frames
    if rules.robustness == "weighted-failures":
        per_frame = robustness * num_sequences / num_frames
    return math.exp(-charts.SENSITIVITY * per_frame)


def _curve(experiment: str, found: Supervised, style: Style) -> Figure | None:
    interval = found[0][1].interval if found else None
    points = [
        point
        for tracker, scores in found
        for point in curve_points(tracker, scores.eao_curve, scores.interval)
    ]
    if not points:
        return None
    where = "" if interval is None else f"EAO is the mean from {interval[0]} to {interval[1]}."
    return Figure(
        f"{experiment}-eao-curve",
        "Expected overlap",
        f"What overlap to expect on a sequence of so many frames. {where}".strip(),
        charts.expected_overlap(points, interval, style),
    )


def curve_points(
    tracker: str, curve: NDArray[Any], interval: tuple[int, int] | None
) -> Iterator[Record]:
    """Sample a curve of expected overlap up to half as far again as the interval reaches."""
    longest = len(curve) if interval is None else min(len(curve), interval[1] * 3 // 2)
    if longest < 2:
        return
    for index in np.unique(np.linspace(1, longest - 1, CURVE_POINTS).astype(int)).tolist():
        if not math.isnan(curve[index]):
            overlap = round(float(curve[index]), 4)
            yield {"tracker": tracker, "length": index + 1, "overlap": overlap}


def _eao(experiment: str, found: Supervised, style: Style, ci: bool) -> Figure | None:
    points = [
        {"tracker": tracker, "value": scores.eao, **_ends(scores, "eao", ci)}
        for tracker, scores in found
        if scores.eao is not None
    ]
    if not points:
        return None
    return Figure(
        f"{experiment}-eao",
        "EAO ranking",
        "Expected average overlap, the best first." + (INTERVAL_WORDS if ci else ""),
        charts.ranks(points, "EAO", style),
    )


def _ends(scores: SupervisedScores | UnsupervisedScores, key: str, ci: bool) -> Record:
    ends = scores.intervals.get(key) if ci else None
    return {} if ends is None else {"low": ends[0], "high": ends[1]}


def _attributes(experiment: str, found: Supervised, style: Style) -> Figure | None:
    points = [
        {"tracker": tracker, "attribute": tag.replace("_", " "), "value": values["eao"]}
        for tracker, scores in found
        for tag, values in scores.by_attribute.items()
        if values["eao"] is not None
    ]
    if not points:
        return None
    return Figure(
        f"{experiment}-attributes",
        "Attributes",
        "EAO where fragments weigh by their frames with the attribute; "
        "empty: frames with none of them.",
        charts.by_attribute(points, "EAO", style),
    )


def _speed(experiment: str, found: Supervised, style: Style) -> Figure | None:
    points = [
        {"tracker": tracker, "fps": scores.fps, "value": scores.eao}
        for tracker, scores in found
        if scores.fps and scores.eao is not None
    ]
    if not points:
        return None
    return Figure(
        f"{experiment}-speed",
        "Speed",
        "Frames per second of the tracker alone, on the machine that ran it; "
        "trackers without time files are left out.",
        charts.speed_plot(points, "EAO", style),
    )


def _hardest_first(found: Supervised) -> list[str]:
    """Order sequences by the failures of all trackers, then by their accuracy."""
    failures: dict[str, float] = defaultdict(float)
    accuracy: dict[str, float] = defaultdict(float)
    for _, scores in found:
        for name, values in scores.by_sequence.items():
            failures[name] += values["failures"] or 0.0
            accuracy[name] += values["accuracy"] or 0.0
    return sorted(accuracy, key=lambda name: (-failures[name], accuracy[name]))


def _sequence_figures(
    experiment: str, found: Supervised, names: Sequence[str], style: Style
) -> Iterator[Figure]:
    points = [
        {"sequence": name, "tracker": tracker, "value": _rounded(values["accuracy"])}
        | {"failures": _rounded(values["failures"])}
        for name in names
        for tracker, scores in found
        if (values := scores.by_sequence.get(name)) is not None
    ]
    if points:
        yield Figure(
            f"{experiment}-sequences",
            "Sequences",
            "Colour: accuracy. Number: failures, mean over repetitions. The hardest first.",
            charts.sequence_map(points, "accuracy", style),
            wide=True,
        )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def failure_records(found: Supervised, names: Sequence[str]) -> list[Record]:
    """Count the failures of each tracker in bins of frames.

    Parameters
    ----------
    found : sequence of tracker and scores
        Of one experiment.
    names : sequence of str
        Sequences in the order of rows.
    """
    records = []
    by_name = {tracker: {each.name: each for each in scores.sequences} for tracker, scores in found}
    for name in names:
        for tracker, sequences in by_name.items():
            sequence = sequences[name]
            frames = [int(frame) for run in sequence.runs for frame in run.failures]
            for place, count in sorted(Counter(frame // BIN_FRAMES for frame in frames).items()):
                record = {"tracker": tracker, "sequence": name, "frame": place * BIN_FRAMES + 1}
                records.append({**record, "failures": round(count / len(sequence.runs), 3)})
    return records


def _unsupervised_figures(
    analysis: Analysis, found: Sequence[tuple[str, UnsupervisedScores]], style: Style, ci: bool
) -> Iterator[Figure]:
    known = [(tracker, scores) for tracker, scores in found if scores.overlap is not None]
    if not known:
        return
    thresholds = np.linspace(0, 1, len(known[0][1].success_curve)).round(4).tolist()
    curve = [
        {"tracker": tracker, "threshold": threshold, "overlap": round(float(share), 4)}
        for tracker, scores in known
        for threshold, share in zip(thresholds, scores.success_curve, strict=True)
    ]
    yield Figure(
        "unsupervised-success",
        "Success",
        "Share of frames whose overlap exceeds a threshold.",
        charts.success(curve, style),
    )
    points = [
        {"tracker": tracker, "value": scores.overlap, **_ends(scores, "overlap", ci)}
        for tracker, scores in known
    ]
    yield Figure(
        "unsupervised-overlap",
        "AO ranking",
        "Average overlap without resets, the best first." + (INTERVAL_WORDS if ci else ""),
        charts.ranks(points, "AO", style),
    )
    yield from _overlap_map(analysis, known, style)


def _overlap_map(
    analysis: Analysis, known: Sequence[tuple[str, UnsupervisedScores]], style: Style
) -> Iterator[Figure]:
    names = [sequence.name for sequence in analysis.dataset]
    rows = {
        name: [(tracker, scores.by_sequence[name]["overlap"]) for tracker, scores in known]
        for name in names
    }
    order = sorted(names, key=lambda name: sum(value or 0.0 for _, value in rows[name]))
    points = [
        {"sequence": name, "tracker": tracker, "value": round(value, 4)}
        for name in order
        for tracker, value in rows[name]
        if value is not None
    ]
    yield Figure(
        "unsupervised-sequences",
        "Sequences",
        "Colour: average overlap. The hardest first.",
        charts.sequence_map(points, "average overlap", style),
        wide=True,
    )
