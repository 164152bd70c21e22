"""Figures of trainings: how they scale, and how their losses fall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from leaderboards.boards.hardware import hardware_of
from leaderboards.charts.curves import over_steps
from leaderboards.charts.scaling import scaling
from leaderboards.entry import Entry
from leaderboards.lookup import dig, number
from leaderboards.site.drawing import Drawing
from vot_toolkit.records import Record
from vot_toolkit.report.charts import Style
from vot_toolkit.report.figures import CURVE_POINTS

Point = dict[str, Any]

KEYS = (("device", "{}"), ("amp", "{}"), ("batch", "batch {}"), ("architecture", "{}"))
"""Facts that name hardware in a chart, and how."""


def scaling_series(entries: Sequence[Entry], most: int) -> dict[str, list[Point]]:
    """Give how each hardware's speed grows with the number of its devices.

    Parameters
    ----------
    entries : sequence of Entry
        Of trainings, the fastest first.
    most : int
        How many kinds of hardware.

    Returns
    -------
    dict from name to list of points
        Those that were run on one device and on several, the fastest run of each number.
    """
    groups: dict[tuple[object, ...], dict[int, Entry]] = {}
    for entry in entries:
        devices = entry.fact("devices")
        if entry.values.get("images_per_s") and isinstance(devices, int):
            groups.setdefault(hardware_of(entry), {}).setdefault(devices, entry)
    found: dict[str, list[Point]] = {}
    for runs in groups.values():
        if 1 in runs and len(runs) > 1 and len(found) < most:
            name = _unused(_hardware_name(runs[1]), found)
            found[name] = _times(name, runs)
    return found


def _hardware_name(entry: Entry) -> str:
    facts = ((entry.fact(key), form) for key, form in KEYS)
    words = [form.format(value) for value, form in facts if value is not None]
    return " · ".join([*words, *(["published"] if entry.published else [])])


def _unused(name: str, found: Mapping[str, object]) -> str:
    """Give a name that is not there yet, with a number where it is."""
    others = (f"{name} ({count})" for count in range(2, len(found) + 2))
    return next(each for each in (name, *others) if each not in found)


def _times(name: str, runs: Mapping[int, Entry]) -> list[Point]:
    one = runs[1].values["images_per_s"]
    return [
        {
            "tracker": name,
            "devices": devices,
            "images_per_s": runs[devices].values["images_per_s"],
            "times": runs[devices].values["images_per_s"] / one,
            "efficiency": runs[devices].values["images_per_s"] / (devices * one),
        }
        for devices in sorted(runs)
    ]


def scaling_figure(series: Mapping[str, Sequence[Point]], style: Style) -> Drawing:
    """Draw what `scaling_series` gives."""
    points = [point for each in series.values() for point in each]
    caption = (
        "How many times as fast several devices are as one of the same hardware, batch of a "
        "device and precision; dashed: each adds as much as the first."
    )
    return Drawing("scaling", "Scaling", caption, points, partial(scaling, style=style))


def step_figures(records: Mapping[str, Record], style: Style) -> Iterator[Drawing]:
    """Draw losses and speeds over steps; those without data are left out.

    Parameters
    ----------
    records : mapping from name to Record
        Of trainings.
    style : Style
        Their look.
    """
    loss = "Loss of the logged steps."
    speed = "Images/s on all devices together, from line to line of the log."
    yield from _step_figure("loss", "Loss", loss, "loss", records, style)
    yield from _step_figure("speed", "Speed", speed, "images_per_s", records, style)


def _step_figure(
    name: str,
    title: str,
    caption: str,
    key: str,
    records: Mapping[str, Record],
    style: Style,
) -> Iterator[Drawing]:
    points = [point for name, each in records.items() for point in _points(name, each, key)]
    if points:
        is_speed = key != "loss"
        heading = "images/s" if is_speed else "loss"
        # A run that logged one line is a point.
        dots = len(points) <= len(records)
        make = partial(over_steps, heading=heading, style=style, from_zero=is_speed, dots=dots)
        yield Drawing(name, title, caption, points, make, (key, style, dots))


def has_lines(record: Record) -> bool:
    """Tell whether a training has a loss curve."""
    return bool(_points("", record, "loss"))


def _points(name: str, record: Record, key: str) -> list[Point]:
    """Give logged values by step, a pixel or two apart."""
    lines = dig(record.results, "lines")
    steps, values = dig(lines, "step"), dig(lines, key)
    if not isinstance(steps, list) or not isinstance(values, list) or len(steps) != len(values):
        return []
    pairs = zip(map(number, steps), map(number, values), strict=True)
    known = [(step, value) for step, value in pairs if step is not None and value is not None]
    stride = -(-len(known) // CURVE_POINTS)
    kept = [*known[:: stride or 1], *known[-1:]]
    return [
        {"tracker": name, "step": int(step), "value": float(f"{value:.5g}")}
        for step, value in dict(kept).items()
    ]
