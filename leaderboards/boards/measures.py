"""Measures of trainings, described as those of trackers are."""

from __future__ import annotations

from leaderboards.entry import Kind
from vot_toolkit.measures.description import MEASURES as TRACKING
from vot_toolkit.measures.description import Measure

TRAINING = {
    each.name: each
    for each in (
        Measure("loss", "loss", "mean of the last logged losses", "lower", digits=4),
        Measure("images_per_s", "FPS", "images/s on all devices together", "higher", digits=0),
        Measure("device_images_per_s", "FPS/dev.", "images/s per device", "higher", digits=0),
        Measure("efficiency", "eff.", "share of n times one device's images/s", "higher", digits=2),
        Measure("data_share", "wait", "share of the time waiting for data", "lower", digits=2),
        Measure("duration_s", "time/s", "from the command to its end, in s", "lower", digits=0),
        Measure("peak_memory_mib", "MiB", "memory on a device, in MiB", "lower", digits=0),
        Measure("validation_eao", "EAO", "EAO of the best checkpoint", "higher"),
    )
}
"""In the order of tables."""

OF_KIND: dict[Kind, dict[str, Measure]] = {"evaluation": TRACKING, "training": TRAINING}


def describe(name: str) -> Measure | None:
    """Give the description of a measure of either kind; None when there is none."""
    return TRACKING.get(name) or TRAINING.get(name)
