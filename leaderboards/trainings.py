"""Entries of trainings: how fast some hardware trains, and to which loss."""

from __future__ import annotations

from typing import Any

from leaderboards.entry import Entry, Fact
from leaderboards.lookup import dig, number, numbers, text, whole
from leaderboards.machines import machine_facts
from vot_toolkit.records import Record


def training_entry(record: Record, file: str) -> Entry:
    """Make the entry of a record of kind ``training``."""
    results = record.results
    devices = whole(dig(results, "devices")) or 1
    fps = number(dig(results, "speed", "images_per_s"))
    values = {
        "loss": _loss(results),
        "images_per_s": fps,
        "device_images_per_s": None if fps is None else fps / devices,
        "data_share": data_share(results),
        "duration_s": number(dig(results, "duration_s")),
        "peak_memory_mib": number(dig(results, "peak_memory_mib")),
        "validation_eao": number(dig(results, "validation", "eao")),
    }
    stopped = dig(results, "ending") == "stopped"
    failed = {} if fps is not None else {"images_per_s": ("failed", "no iteration was measured")}
    return Entry(
        kind="training",
        label=record.label,
        values={name: value for name, value in values.items() if value is not None},
        gaps=failed,
        facts=_facts(record, devices),
        file=file,
        notes=("it was stopped before its end",) if stopped else (),
    )


def _loss(results: object) -> float | None:
    """Give the mean of the last logged losses, as the Ascend port's scripts have it."""
    mean = number(dig(results, "loss", "mean"))
    return mean if mean is not None else number(dig(results, "loss", "last"))


def data_share(results: object) -> float | None:
    """Give the share of the time in which a training waited for data, 0 … 1."""
    told = number(dig(results, "data_share"))
    lines = numbers(dig(results, "lines", "data_share"))
    # The first line is that of a loader which has only begun.
    later = lines[1:] or lines
    return told if told is not None or not later else sum(later) / len(later)


def _facts(record: Record, devices: int) -> dict[str, Fact]:
    config, results = record.config, record.results
    machine = machine_facts(record.machine)
    told = text(dig(config, "architecture"))
    batch = whole(dig(results, "device_batch"))
    return {
        **machine,
        "stage": text(dig(config, "stage")),
        "variant": text(dig(config, "recipe", "network", "variant")),
        "devices": devices,
        "batch": batch,
        "total_batch": None if batch is None else batch * devices,
        "epochs": _epochs(results),
        "steps": whole(dig(results, "steps")),
        "amp": text(dig(config, "amp", "level")),
        "precision": record.precision,
        "backend": text(dig(config, "backend", "name")),
        "device": _device(record, machine),
        "architecture": told or machine.get("architecture"),
        "cann": text(dig(config, "backend", "cann")) or machine.get("cann"),
        "cuda": text(dig(config, "backend", "cuda")) or machine.get("cuda"),
        "left_out": whole(dig(results, "speed", "left_out")),
        "ending": text(dig(results, "ending")),
        "origin": text(dig(config, "origin")) or "measured",
        "seed": record.seed,
        "created": record.created,
        "user": text(dig(config, "host", "user")),
        "host": text(dig(config, "host", "host")),
        "version": record.code.version,
        "commit": (record.code.commit or "")[:10] or None,
    }


def _epochs(results: Any) -> int | None:
    """Give how many epochs were begun: a run of some steps is one, as in the reference's table."""
    done, steps = whole(dig(results, "epochs", "done")), whole(dig(results, "steps"))
    if done is None:
        return whole(dig(results, "epochs"))
    each = whole(dig(results, "steps_of_epoch"))
    begun = steps is not None and each is not None and steps > done * each
    return done + 1 if begun else done


def _device(record: Record, machine: dict[str, Fact]) -> str | None:
    """Name what computed: the accelerator, else the kind of backend."""
    named = text(dig(record.config, "backend", "device"))
    kind = text(dig(record.config, "backend", "name"))
    return named or text(machine.get("accelerator")) or (kind.upper() if kind else None)
