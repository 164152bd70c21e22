"""Making a plan of what the user gave, with everything checked before the first trial."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from vot_toolkit.dataset import Dataset
from vot_toolkit.errors import UsageError
from vot_toolkit.evaluation import tracker_label
from vot_toolkit.places import check_folder
from vot_toolkit.rules import load_rules
from vot_toolkit.run.config import run_config
from vot_toolkit.tracker.options import convert_options
from vot_toolkit.tracker.registry import TrackerSpec
from vot_toolkit.tracker.settings import expanded
from vot_toolkit.tuning.objective import parse_objective
from vot_toolkit.tuning.sampler import GRID, Sampler, sampler_for
from vot_toolkit.tuning.space import ACCEPTED, CHECKPOINT, Space, checkpoint_axis, parse_space
from vot_toolkit.tuning.split import split_sequences
from vot_toolkit.tuning.study import Plan

HOLDOUT = 0.3
"""Share of the sequences held out where options are tuned; of a list of checkpoints none is."""


def prepare(
    tracker: str,
    dataset: Dataset,
    out: Path,
    *,
    space: Iterable[str] = (),
    checkpoints: str | None = None,
    checkpoint: Path | None = None,
    device: str | None = None,
    options: Mapping[str, str] | None = None,
    sequences: Iterable[str] | None = None,
    objective: str = "eao",
    holdout: float | None = None,
    seed: int = 0,
    sampler: str = GRID,
    trials: int | None = None,
    rules: str = "vot2018",
    **running: Any,
) -> tuple[Plan, Sampler]:
    """Check everything before the first trial.

    Parameters
    ----------
    tracker : str
        Registered name or ``file.py:Class``.
    dataset : Dataset
        All sequences of both parts.
    out : Path
        Folder of everything.
    space : iterable of str
        As `parse_space` takes it.
    checkpoints : str, optional
        Pattern of files that are tried in turn, alone or with every point of the space.
    checkpoint, device, options
        Given to the tracker, the same in all trials.
    sequences : iterable of str, optional
        Names of those to use; all by default.
    objective : str
        As `parse_objective` takes it.
    holdout : float, optional
        Share of the sequences held out; 0.3 with a space, 0 for checkpoints alone.
    seed : int
        Of the split and of the sampler.
    sampler : str
        As `sampler_for` takes it.
    trials : int, optional
        Most trials.
    rules : str
        Rule set that scores.
    **running
        ``repetitions``, ``engine``, ``workers``, ``timeout`` and ``force`` of `RunConfig`.

    Returns
    -------
    tuple of Plan and Sampler

    Raises
    ------
    UserError
        If a value is not accepted, or the tracker has no such option.
    """
    load_rules(rules)
    check_folder("--out", out)
    wanted = parse_objective(objective)
    chosen = _space(space, checkpoints, checkpoint)
    chosen_from = dataset if sequences is None else dataset.select(sequences)
    share = _share(chosen) if holdout is None else holdout
    spec = _spec(tracker, checkpoint, device, options or {})
    _check_options(spec, chosen)
    plan = Plan(
        spec=spec,
        label=tracker_label(spec),
        space=chosen,
        objective=wanted,
        dataset=chosen_from,
        split=split_sequences(chosen_from, share, seed),
        config=run_config(wanted.experiment, chosen_from, device=device, **running),
        rules=rules,
        folder=out,
    )
    return plan, sampler_for(sampler, chosen, wanted, trials, seed)


def _space(texts: Iterable[str], checkpoints: str | None, checkpoint: Path | None) -> Space:
    space = parse_space(texts)
    if checkpoints is not None:
        if checkpoint is not None or CHECKPOINT in space.options:
            raise UsageError("--checkpoints beside --checkpoint", hint="accepted: one of them")
        space = Space((checkpoint_axis(checkpoints), *space.axes))
    if not space.axes:
        raise UsageError("nothing to tune", hint=f"--space, {ACCEPTED}; or --checkpoints PATTERN")
    return space


def _share(space: Space) -> float:
    return 0.0 if space.options == (CHECKPOINT,) else HOLDOUT


def _spec(
    tracker: str, checkpoint: Path | None, device: str | None, options: Mapping[str, str]
) -> TrackerSpec:
    extra = {"checkpoint": checkpoint, "device": device}
    given = {key: str(value) for key, value in extra.items() if value is not None}
    return TrackerSpec(tracker, tuple(expanded({**given, **options}).items()))


def _check_options(spec: TrackerSpec, space: Space) -> None:
    """Find an option that there is not, or of another type, before hours of running."""
    factory, fixed = spec.factory(), dict(spec.options)
    for option in space.options:
        if option in fixed:
            raise UsageError(f"{option} is tuned and given", hint="--space or --option, not both")
    for place in (0, -1):
        ends = {axis.option: _end(axis.interval, axis.values, place) for axis in space.axes}
        convert_options(factory, {**fixed, **ends}, spec.target)


def _end(interval: tuple[float, float] | None, values: tuple[str, ...], place: int) -> str:
    return f"{interval[place]:.6g}" if interval else values[place]
