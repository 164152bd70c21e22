"""Published rows: read from ``leaderboards/reference``, each with its source.

The tables there are others' figures. The records there are ours, of the network that comes with
`siammask`: what it scores is a row, too; its training is kept for `leaderboards add`, since it is
of another network than the runs of the hardware board.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from leaderboards.entries import entry_of
from leaderboards.entry import Entry, Fact, Kind
from leaderboards.lookup import number
from vot_toolkit.records import read_record

MEASURES: Mapping[Kind, tuple[str, ...]] = {
    "evaluation": (
        "eao", "accuracy", "robustness", "failures", "realtime_eao", "overlap", "fps",
    ),
    "training": ("loss", "images_per_s"),
}  # fmt: skip
"""Measures of which the rows have values; what else they have are facts."""

RECORDS = "records"
"""Folder of our own."""

OWN = "siammask-bench, records in leaderboards/reference/records"

BOARDS: Mapping[Kind, str] = {"evaluation": "trackers", "training": "hardware"}


def published_entries(kind: Kind) -> list[Entry]:
    """Give the published rows of a board, file by file; the records come last."""
    folder = Path(str(files("leaderboards"))) / "reference"
    tables = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    chosen = [table for table in tables if table["board"] == BOARDS[kind]]
    rows = [_entry(kind, table, row) for table in chosen for row in table["rows"]]
    own = sorted((folder / RECORDS).glob("evaluation-*.json")) if kind == "evaluation" else ()
    return rows + [_own(path) for path in own]


def _own(path: Path) -> Entry:
    entry = entry_of(read_record(path), "")
    return replace(entry, source=OWN, facts={**entry.facts, "origin": "published"})


def _entry(kind: Kind, table: Mapping[str, Any], row: Mapping[str, Any]) -> Entry:
    values = {name: number(row.get(name)) for name in MEASURES[kind]}
    if kind == "training":
        fps = values["images_per_s"]
        values["device_images_per_s"] = None if fps is None else fps / row["devices"]
    return Entry(
        kind=kind,
        label=row.get("tracker") or row["run"],
        values={name: value for name, value in values.items() if value is not None},
        facts=_facts(kind, table, row),
        source=row.get("source", table["source"]),
        link=(row if "source" in row else table).get("link", ""),
        notes=tuple(filter(None, (row.get("note"),))),
    )


def _facts(kind: Kind, table: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Fact]:
    if kind == "evaluation":
        return {
            "dataset": table["dataset"]["name"],
            "sequences": table["dataset"]["sequences"],
            "frames": table["dataset"]["frames"],
            "partial": "no",
            "rules": table["rules"],
            "repetitions": _repetitions(row.get("repetitions")),
            "origin": "published",
        }
    facts = {name: row[name] for name in ("devices", "epochs", "amp", "batch", "device")}
    architecture, stage = row["cpu"], table["stage"]
    return {**facts, "architecture": architecture, "stage": stage, "origin": "published"}


def _repetitions(told: str | None) -> Fact:
    """Give a number as such; a range stays text."""
    return int(told) if told is not None and told.isdigit() else told
