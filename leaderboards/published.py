"""Published rows: read from ``leaderboards/reference``, each with its source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from leaderboards.entry import Entry, Fact, Kind
from leaderboards.lookup import number

MEASURES: Mapping[Kind, tuple[str, ...]] = {
    "evaluation": (
        "eao", "accuracy", "robustness", "failures", "realtime_eao", "overlap", "fps",
    ),
    "training": ("loss", "images_per_s"),
}  # fmt: skip
"""Measures of which the rows have values; what else they have are facts."""

BOARDS: Mapping[Kind, str] = {"evaluation": "trackers", "training": "hardware"}


def published_entries(kind: Kind) -> list[Entry]:
    """Give the published rows of a board, file by file."""
    folder = files("leaderboards") / "reference"
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".json"))
    tables = [json.loads((folder / name).read_text(encoding="utf-8")) for name in names]
    chosen = [table for table in tables if table["board"] == BOARDS[kind]]
    return [_entry(kind, table, row) for table in chosen for row in table["rows"]]


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
