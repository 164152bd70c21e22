"""Analyses as ``python -m vot_toolkit analyze --json`` writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from leaderboards.inputs.stamp import newest
from leaderboards.lookup import dig
from vot_toolkit.analysis import SCHEMA_VERSION
from vot_toolkit.errors import FormatError
from vot_toolkit.records import UPGRADE, Record
from vot_toolkit.scorecard import anonymous
from vot_toolkit.version import UNKNOWN, CodeVersion


def is_analysis(data: Mapping[str, Any]) -> bool:
    """Tell whether a JSON object is an analysis and not a record."""
    return "trackers" in data and "kind" not in data


def records_of_analysis(path: Path, data: Mapping[str, Any]) -> Iterator[Record]:
    """Make a record of every tracker of an analysis; it has no evidence, hence no interval.

    Raises
    ------
    FormatError
        If it is of a newer version, or lacks what an analysis has.
    """
    version = data.get("schema_version")
    if version != SCHEMA_VERSION:
        hint = f"this version reads {SCHEMA_VERSION}; a newer one: {UPGRADE}"
        raise FormatError(f"an analysis of schema_version {version!r}", file=path, hint=hint)
    trackers, rules = data["trackers"], data.get("rules")
    name = dig(data, "dataset", "name")
    if not isinstance(trackers, Mapping) or not isinstance(name, str) or not rules:
        fault = "no analysis: dataset, rules or trackers are missing"
        raise FormatError(fault, file=path, hint="analyze --json FILE writes one")
    problems = [each for each in data.get("problems") or [] if isinstance(each, Mapping)]
    for tracker, experiments in trackers.items():
        own = [anonymous(each) for each in problems if each.get("tracker") == tracker]
        yield Record(
            kind="evaluation",
            label=tracker,
            config={"origin": "analysis", "dataset": {"name": name}, "rules": rules},
            results={"dataset": data["dataset"], "experiments": experiments, "problems": own},
            machine=None,
            code=CodeVersion(UNKNOWN),
            created=newest([path]),
        )
