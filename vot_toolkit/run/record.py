"""The record of an evaluation: the scores, with everything needed to compare them later."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vot_toolkit.dataset.sequence import Dataset
from vot_toolkit.formats.times import read_times
from vot_toolkit.machine import describe_machine
from vot_toolkit.records import Record
from vot_toolkit.region import Array
from vot_toolkit.run.runner import RunOutcome
from vot_toolkit.run.seeds import BASE_SEED
from vot_toolkit.run.storage import Storage
from vot_toolkit.version import code_version

if TYPE_CHECKING:
    from vot_toolkit.run.config import RunConfig


def evaluation_record(
    outcome: RunOutcome, analysis: dict[str, Any], config: RunConfig, dataset: Dataset
) -> Record:
    """Describe the evaluation of one tracker.

    Parameters
    ----------
    outcome : RunOutcome
        Of the run.
    analysis : dict
        Of all trackers, as `Analysis.to_dict` gives it; only this tracker's part is kept.
    config : RunConfig
        As run.
    dataset : Dataset
        The whole set.

    Returns
    -------
    Record
        Without any path of this machine.
    """
    identity = outcome.identity
    chosen = dataset if config.sequences is None else dataset.select(config.sequences)
    names = [sequence.name for sequence in chosen]
    return Record(
        kind="evaluation",
        label=outcome.label,
        config={
            "tracker": identity.tracker,
            "tracker_source": identity.source,
            "options": dict(identity.options),
            "deterministic": identity.deterministic,
            "dataset": {**analysis["dataset"], "digest": identity.dataset},
            "challenge": identity.challenge,
            "protocol": {name: identity.protocol[name] for name in config.experiments},
            "rules": analysis["rules"],
            "run": config.model_dump(mode="json"),
        },
        results={
            **analysis["trackers"][outcome.label],
            "runs": {name: _runs(outcome.folder, name, names) for name in config.experiments},
            "problems": [p for p in analysis["problems"] if p["tracker"] == outcome.label],
        },
        machine=describe_machine(accelerators=config.device in ("cuda", "npu")),
        code=code_version(),
        checkpoint=identity.checkpoint,
        seed=BASE_SEED,
        precision=identity.options.get("precision"),
    )


def _runs(folder: Path, experiment: str, sequences: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Give failures and frames per second of each stored repetition, by sequence."""
    storage = Storage(folder)
    found: dict[str, list[dict[str, Any]]] = {}
    for name in sequences:
        times = folder / experiment / name / f"{name}_time.txt"
        table = read_times(times) if times.exists() else np.zeros((0, 0))
        found[name] = [
            {
                "repetition": number,
                "failures": len(storage.read(experiment, name, number).failures()),
                "fps": _fps(table[:, number - 1]) if number <= table.shape[1] else None,
            }
            for number in sorted(storage.repetitions(experiment, name))
        ]
    return found


def _fps(seconds: Array) -> float | None:
    """Give frames per second over the frames that the tracker was asked for."""
    measured = seconds[seconds > 0]
    return len(measured) / float(measured.sum()) if len(measured) else None
