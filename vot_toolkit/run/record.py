"""The record of an evaluation: the scores, with everything needed to compare them later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vot_toolkit.analysis import Analysis
from vot_toolkit.dataset.sequence import Dataset
from vot_toolkit.machine import describe_machine
from vot_toolkit.measures.runs import ScoredSequence
from vot_toolkit.measures.speed import sequence_fps
from vot_toolkit.records import Record
from vot_toolkit.run.runner import RunOutcome
from vot_toolkit.run.seeds import BASE_SEED
from vot_toolkit.version import code_version

if TYPE_CHECKING:
    from vot_toolkit.run.config import RunConfig

_FOLDERS = re.compile(r"(?<![\w.])(?:[A-Za-z]:)?[/\\](?:[^/\\\s:()'\"]+[/\\])*")
"""The folders at the head of an absolute path."""


def evaluation_record(
    outcome: RunOutcome, analysis: Analysis, config: RunConfig, dataset: Dataset
) -> Record:
    """Describe the evaluation of one tracker.

    Parameters
    ----------
    outcome : RunOutcome
        Of the run.
    analysis : Analysis
        Of all trackers; only this tracker's part is kept.
    config : RunConfig
        As run.
    dataset : Dataset
        As run; a selection names its sequences in `config`.

    Returns
    -------
    Record
        The machine in it is the one this is called on.
    """
    identity = outcome.identity
    return Record(
        kind="evaluation",
        label=outcome.label,
        config={
            "tracker": identity.tracker,
            "tracker_source": identity.source,
            "options": {key: without_folders(value) for key, value in identity.options.items()},
            "deterministic": identity.deterministic,
            "dataset": {"name": dataset.name, "digest": identity.dataset},
            "challenge": identity.challenge,
            "protocol": {name: identity.protocol[name] for name in config.experiments},
            "rules": analysis.rules.name,
            "run": {**config.model_dump(mode="json"), "workers": config.num_workers},
        },
        results=_results(outcome.label, analysis),
        machine=describe_machine(accelerators=config.device in ("cuda", "npu")),
        code=code_version(),
        checkpoint=identity.checkpoint,
        seed=BASE_SEED,
        precision=identity.options.get("precision", identity.options.get("mode")),
    )


def without_folders(text: object) -> object:
    """Leave of every absolute path its last part: folders name people and machines.

    Examples
    --------
    >>> without_folders("raised at /home/me/my/bad.py:30, in update")
    'raised at bad.py:30, in update'
    """
    return _FOLDERS.sub("", text) if isinstance(text, str) else text


def _anonymous(problem: Mapping[str, object]) -> dict[str, object]:
    return {key: without_folders(value) for key, value in problem.items()}


def _results(label: str, analysis: Analysis) -> dict[str, Any]:
    """Take one tracker's part of an analysis, and add the speed of every repetition."""
    scores = analysis.trackers[label]
    parts = analysis.to_dict()
    return {
        "dataset": parts["dataset"],
        "experiments": parts["trackers"][label],
        "fps": {
            experiment: {s.name: _fps(s) for s in found.sequences}
            for experiment, found in scores.items()
        },
        "problems": [_anonymous(p.to_dict()) for p in analysis.problems if p.tracker == label],
    }


def _fps(sequence: ScoredSequence) -> list[float | None]:
    """Give frames per second of each repetition there is."""
    if sequence.seconds is None:
        return [None] * len(sequence.runs)
    columns = sequence.seconds[:, : len(sequence.runs)]
    return [sequence_fps(column[:, None]) for column in columns.T]
