"""The record of an evaluation: the scores, with everything needed to compare them later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vot_toolkit.analysis import Analysis
from vot_toolkit.dataset.sequence import Dataset
from vot_toolkit.host import describe_host
from vot_toolkit.machine import describe_machine
from vot_toolkit.records import Record
from vot_toolkit.run.runner import RunOutcome
from vot_toolkit.run.seeds import BASE_SEED
from vot_toolkit.scorecard import scorecard, without_folders
from vot_toolkit.version import code_version

if TYPE_CHECKING:
    from vot_toolkit.run.config import RunConfig


def evaluation_record(
    outcome: RunOutcome,
    analysis: Analysis,
    config: RunConfig,
    dataset: Dataset,
    *,
    host: bool = False,
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
    host : bool
        Whether user and host are named in it.

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
            "run": _run(config),
            **({"host": describe_host()} if host else {}),
        },
        results=scorecard(outcome.label, analysis),
        machine=describe_machine(accelerators=config.device in ("cuda", "npu")),
        code=code_version(),
        checkpoint=identity.checkpoint,
        seed=BASE_SEED,
        precision=identity.options.get("precision", identity.options.get("mode")),
    )


def _run(config: RunConfig) -> dict[str, object]:
    """Say how it was run, but not on which cluster: its address names a machine."""
    return {**config.model_dump(mode="json", exclude={"address"}), "workers": config.num_workers}
