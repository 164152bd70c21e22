"""What a run gives: the two lines that scripts look for, a summary, and a record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainers import checkpoints
from trainers.hooks.trace import FILE, read_trace, thinned
from trainers.performance import Speed
from vot_toolkit.atomic import write_whole
from vot_toolkit.host import describe_host
from vot_toolkit.machine import describe_machine
from vot_toolkit.records import Record, to_json
from vot_toolkit.scorecard import without_folders
from vot_toolkit.version import code_version

if TYPE_CHECKING:
    from trainers.loop import Ending, Loop
    from trainers.options import Options

SUMMARY = "summary.json"

LAST_LINES = 200
"""The Ascend port's scripts average the loss of so many of the last lines."""


def summarize(loop: Loop, ending: Ending, duration_s: float, devices: int) -> dict[str, Any]:
    """Give what came of a run.

    Parameters
    ----------
    loop : Loop
        That ended.
    ending : str
        How.
    duration_s : float
        From the command to its end.
    devices : int
        That computed.
    """
    last = loop.losses[-LAST_LINES:]
    training = loop.job.recipe.training
    return {
        "ending": ending,
        "epochs": {"done": loop.progress.epoch, "of": training.epochs},
        "steps": loop.total_steps,
        "steps_of_epoch": loop.steps,
        "devices": devices,
        "device_batch": loop.job.recipe.device_batch(devices),
        "speed": _speed(loop.stopwatch.speed),
        "phases": {name: _speed(each) for name, each in loop.stopwatch.phases.items()},
        "duration_s": duration_s,
        "loss": {
            "last": last[-1] if last else None,
            "mean": sum(last) / len(last) if last else None,
            "lines": len(last),
        },
        "skipped_steps": loop.skipped.state_dict()["total"],
        "unreadable_crops": len(loop.job.feed.faults()),
        "peak_memory_mib": loop.job.backend.peak_memory_mib(),
        "validation": loop.best or None,
    }


def _without_folders(value: Any) -> Any:
    """Leave of absolute paths their last part: folders name people and machines."""
    if isinstance(value, Mapping):
        return {key: _without_folders(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_folders(item) for item in value]
    return without_folders(value)


def _speed(speed: Speed | None) -> dict[str, Any] | None:
    if speed is None:
        return None
    return {
        "images_per_s": speed.images_per_s,
        "iteration_s": speed.iteration_s,
        "iterations": speed.iterations,
        "left_out": speed.left_out,
    }


def final_lines(summary: Mapping[str, Any]) -> list[str]:
    """Give the lines that existing scripts look for.

    Examples
    --------
    >>> final_lines({"speed": {"images_per_s": 236.047}, "duration_s": 12.34})
    ['Final Performance images/sec : 236.05', 'E2E Training Duration sec : 12.3']
    >>> final_lines({"speed": None, "duration_s": 1.0})
    ['E2E Training Duration sec : 1.0']
    """
    speed = summary["speed"]
    lines = [] if speed is None else [f"Final Performance images/sec : {speed['images_per_s']:.2f}"]
    return [*lines, f"E2E Training Duration sec : {summary['duration_s']:.1f}"]


def write_summary(summary: Mapping[str, Any], folder: Path) -> None:
    """Write it as `SUMMARY`."""
    write_whole(folder / SUMMARY, json.dumps(to_json(summary), indent=1, allow_nan=False) + "\n")


def training_record(loop: Loop, options: Options, summary: Mapping[str, Any]) -> Record:
    """Make the record of a run.

    Returns
    -------
    Record
        The machine in it is the one this is called on.
    """
    job = loop.job
    newest = next(iter(checkpoints.find(loop.folder)), None)
    return Record(
        kind="training",
        label=options.label or f"siammask_{job.stage.name}",
        config={
            "stage": job.stage.name,
            "recipe": _without_folders(job.recipe.to_dict()),
            "options": options.to_dict(),
            "backend": {"name": job.backend.name, **job.backend.describe()},
            "amp": {
                "level": job.precision.level,
                "backend": "apex" if job.apex is not None else "native",
                "loss_scale": job.precision.loss_scale,
            },
            **({"host": describe_host()} if options.record_host else {}),
        },
        results={**summary, "lines": thinned(read_trace(loop.folder / FILE))},
        machine=describe_machine(accelerators=job.device.type != "cpu"),
        code=code_version(),
        checkpoint=None if newest is None else hashlib.sha256(newest.read_bytes()).hexdigest(),
        seed=job.recipe.training.seed,
        precision=job.precision.label,
    )
