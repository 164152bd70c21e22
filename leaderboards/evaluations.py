"""Entries of evaluations: one tracker on one data set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leaderboards.entry import Entry, Fact
from leaderboards.lookup import dig, number, text, whole
from leaderboards.machines import machine_facts
from vot_toolkit.records import Record

PLACES = {
    "eao": ("baseline", "eao"),
    "accuracy": ("baseline", "accuracy"),
    "robustness": ("baseline", "robustness"),
    "failures": ("baseline", "failures"),
    "realtime_eao": ("realtime", "eao"),
    "overlap": ("unsupervised", "overlap"),
}
"""Experiment and key of each measure."""

SPEEDS = ("baseline", "unsupervised", "realtime")
"""Experiments whose speed counts, the first there is."""

UNDEFINED = "these rules do not define it"


def evaluation_entry(record: Record, file: str) -> Entry:
    """Make the entry of a record of kind ``evaluation``."""
    experiments = dig(record.results, "experiments") or {}
    values, gaps = _scores(experiments)
    values |= _speed(experiments)
    problems = dig(record.results, "problems") or []
    if problems:
        gaps |= {name: _explained(gap, problems) for name, gap in gaps.items()}
    return Entry(
        kind="evaluation",
        label=record.label,
        values=values,
        gaps=gaps,
        facts=_facts(record, experiments, len(problems)),
        file=file,
        notes=(f"{len(problems)} of its results are damaged or missing",) if problems else (),
    )


def _scores(
    experiments: Mapping[str, Any],
) -> tuple[dict[str, float], dict[str, tuple[str, str]]]:
    values, gaps = {}, {}
    for name, (experiment, key) in PLACES.items():
        if experiment not in experiments:
            continue
        found = number(dig(experiments, experiment, key))
        if found is not None:
            values[name] = found
            continue
        reason = text(dig(experiments, experiment, "undefined", key)) or "no value"
        gaps[name] = ("not comparable" if reason == UNDEFINED else "failed", reason)
    return values, gaps


def _explained(gap: tuple[str, str], problems: list[Any]) -> tuple[str, str]:
    """Give the first fault as the reason why an experiment failed."""
    kind, reason = gap
    what = text(dig(problems[0], "what"))
    return (kind, f"{reason}: {what}" if kind == "failed" and what else reason)


def _speed(experiments: Mapping[str, Any]) -> dict[str, float]:
    found = (number(dig(experiments, experiment, "fps")) for experiment in SPEEDS)
    fps = next((value for value in found if value is not None), None)
    return {} if fps is None else {"fps": fps}


def _facts(record: Record, experiments: Mapping[str, Any], problems: int) -> dict[str, Fact]:
    config = record.config
    options = dig(config, "options") or {}
    return {
        "dataset": text(dig(record.results, "dataset", "name")),
        "dataset_digest": (text(dig(config, "dataset", "digest")) or "")[:12] or None,
        "sequences": whole(dig(record.results, "dataset", "sequences")),
        "frames": whole(dig(record.results, "dataset", "frames")),
        "partial": "yes" if dig(record.results, "dataset", "partial") else "no",
        "rules": text(dig(config, "rules")),
        "repetitions": whole(dig(experiments, "baseline", "repetitions")),
        "deterministic": _deterministic(record, experiments),
        "checkpoint": (record.checkpoint or "")[:8] or None,
        "precision": record.precision,
        "mode": text(options.get("mode")),
        "runtime": text(options.get("runtime")),
        "device": text(dig(config, "run", "device")),
        "workers": whole(dig(config, "run", "workers")),
        "origin": text(dig(config, "origin")) or "measured",
        "problems": problems,
        "seed": record.seed,
        "created": record.created,
        "user": text(dig(config, "host", "user")),
        "host": text(dig(config, "host", "host")),
        "version": record.code.version,
        "commit": (record.code.commit or "")[:10] or None,
        **{f"option.{key}": text(value) for key, value in options.items()},
        **machine_facts(record.machine),
    }


def _deterministic(record: Record, experiments: Mapping[str, Any]) -> str | None:
    """Tell whether each repetition is like the last: the tracker says so, or they are."""
    told = dig(record.config, "deterministic")
    if isinstance(told, bool):
        return "yes" if told else "no"
    sequences = dig(experiments, "baseline", "sequences") or {}
    runs = [dig(each, "repetitions") or [] for each in sequences.values()]
    if not runs or min(map(len, runs)) < 2:
        return None
    return "yes" if all(each == own[0] for own in runs for each in own) else "no"
