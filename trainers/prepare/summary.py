"""The summary of a preparation: what there is, what was left out and why."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.table import Table

from trainers.prepare.annotations import Properties
from trainers.prepare.dropped import Dropped, Reason


def split_line(file: Path, properties: Properties) -> str:
    """Say in one line what a JSON of boxes holds."""
    masks = "with masks" if properties.has_mask else "without masks"
    return (
        f"{file}: {properties.videos} videos, {properties.tracks} tracks, "
        f"{properties.frames} crops {masks}"
    )


def dropped_table(dropped: Iterable[Dropped]) -> Table:
    """Count what was left out by its reason, each with the first place."""
    places: dict[Reason, list[str]] = {}
    for drop in dropped:
        places.setdefault(drop.reason, []).append(drop.place)
    table = Table(box=None, pad_edge=False)
    table.add_column("left out", justify="right")
    table.add_column("why", overflow="fold")
    table.add_column("first", overflow="fold", style="dim")
    for reason in sorted(places, key=lambda reason: -len(places[reason])):
        table.add_row(str(len(places[reason])), reason.value, places[reason][0])
    return table
