"""Evaluation: run trackers on a data set, then score what they did."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vot_toolkit.errors import RunError, TrackerError, UsageError
from vot_toolkit.places import check_folder
from vot_toolkit.problem import Problem

if TYPE_CHECKING:
    from vot_toolkit.analysis import Analysis
    from vot_toolkit.dataset.sequence import Dataset
    from vot_toolkit.records import Record
    from vot_toolkit.run.config import RunConfig
    from vot_toolkit.run.progress import Progress
    from vot_toolkit.run.runner import Failure, RunOutcome
    from vot_toolkit.tracker.registry import TrackerSpec

VARIABLE = "VOT_DATASET"
LOCAL_FOLDER = Path("data") / "VOT2018"


def default_dataset() -> tuple[str, str]:
    """Say which data set is taken when none is given, and why.

    Returns
    -------
    tuple of str
        What `vot_toolkit.dataset.open_dataset` takes, and the reason in a few words.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return named, f"${VARIABLE} names it"
    if LOCAL_FOLDER.is_dir():
        return str(LOCAL_FOLDER), "it is there"
    return "synthetic", f"${VARIABLE} is not set and there is no {LOCAL_FOLDER}"


def evaluate(
    tracker: str | TrackerSpec | Iterable[str | TrackerSpec],
    dataset: str | Path | Dataset | None = None,
    *,
    name: str | None = None,
    checkpoint: str | Path | None = None,
    device: str | None = None,
    options: Mapping[str, object] | None = None,
    registry: str | Path | None = None,
    experiments: str | Iterable[str] = "baseline",
    results: str | Path = "results",
    rules: str = "vot2018",
    record: str | Path | None = None,
    record_host: bool = False,
    progress: Progress | None = None,
    **running: Any,
) -> Analysis:
    """Run trackers by the VOT2018 protocol, keep what is stored already, and score them.

    Parameters
    ----------
    tracker : str, TrackerSpec, or several of them
        Registered names or ``file.py:Class``.
    dataset : str, Path or Dataset, optional
        As `open_dataset` takes it; `default_dataset` when left out.
    name : str, optional
        Name of the results' folder and of the row in tables, for one tracker; by default the
        tracker's name, with the checkpoint's stem when there is one.
    checkpoint, device, options
        Given to the tracker as its options.
    registry : str or Path, optional
        A ``trackers.ini`` of the official toolkit; its sections are trackers too.
    experiments : str or iterable of str
        Names of experiments, or ``all``.
    results : str or Path
        Folder of all trackers' results.
    rules : str
        Rule set that scores; trackers are run by the protocol of the challenge that
        the data set is named after, else by that of 2018.
    record : str or Path, optional
        Folder in which each tracker's record is written.
    record_host : bool
        Whether records name user and host.
    progress : Progress, optional
        Who is told how far the run is.
    **running
        ``sequences``, ``repetitions``, ``engine``, ``address``, ``workers``, ``lanes``, ``timeout``
        and ``force`` of `vot_toolkit.run.config.RunConfig`.

    Returns
    -------
    Analysis
        Of what was asked for; `problems` holds also what could not be run.

    Raises
    ------
    UserError
        If nothing can be run: a value that is not accepted, a tracker that cannot be built, or
        results of another run in the folder. With several trackers, one that cannot be built is
        a problem of its own.
    """
    from vot_toolkit.run.config import run_config

    _check_first(rules, record, record_host)
    opened = _opened(dataset)
    config = run_config(experiments, opened, device=device, **running)
    specs = _specs(tracker, registry)
    requests = _requests(specs, name, checkpoint, device, options or {})
    outcomes, problems = _run_all(requests, opened, config, Path(results), progress)
    _check_results(outcomes, problems)
    analysis = _scored(outcomes, problems, opened, config, results, rules)
    if record is not None:
        from vot_toolkit.run.record import evaluation_record

        records = (
            evaluation_record(outcome, analysis, config, opened, host=record_host)
            for outcome in outcomes
        )
        _write_records(records, Path(record), progress)
    return analysis


def _check_first(rules: str, record: str | Path | None, record_host: bool) -> None:
    """Find a misspelt name and a place of no use before hours of running, not after."""
    from vot_toolkit.region_overlap import overlap_backend
    from vot_toolkit.rules import load_rules

    load_rules(rules)
    if record is not None:
        check_folder("--record", Path(record))
    elif record_host:
        raise UsageError("--record-host without a record", hint="--record DIR writes one")
    # Asked here, so that what it has to say is not said by every worker.
    overlap_backend()


def _opened(dataset: str | Path | Dataset | None) -> Dataset:
    from vot_toolkit.dataset import Dataset, open_dataset

    if isinstance(dataset, Dataset):
        return dataset
    return open_dataset(default_dataset()[0] if dataset is None else dataset)


def _specs(
    tracker: str | TrackerSpec | Iterable[str | TrackerSpec], registry: str | Path | None
) -> list[TrackerSpec]:
    from vot_toolkit.tracker.registry import TrackerSpec, target_in

    given = [tracker] if isinstance(tracker, (str, TrackerSpec)) else list(tracker)
    if not given:
        raise UsageError("no tracker", hint="give --tracker NAME or --tracker file.py:Class")
    sections = None if registry is None else Path(registry)
    return [
        item if isinstance(item, TrackerSpec) else TrackerSpec(target_in(sections, item))
        for item in given
    ]


def _requests(
    specs: Sequence[TrackerSpec],
    name: str | None,
    checkpoint: str | Path | None,
    device: str | None,
    options: Mapping[str, object],
) -> dict[str, TrackerSpec]:
    """Give each tracker its options and its label."""
    from vot_toolkit.tracker.settings import expanded

    if name is not None and len(specs) > 1:
        raise UsageError(f"--name {name!r} for {len(specs)} trackers", hint="it names one")
    extra = {"checkpoint": checkpoint, "device": device, **options}
    texts = {key: str(value) for key, value in extra.items() if value is not None}
    requests: dict[str, TrackerSpec] = {}
    for spec in specs:
        spec = replace(spec, options=tuple(expanded({**dict(spec.options), **texts}).items()))
        _check_known(spec)
        label = name or tracker_label(spec)
        if label in requests:
            raise UsageError(f"two trackers named {label!r}", hint="run them apart, with --name")
        requests[label] = spec
    return requests


def _check_known(spec: TrackerSpec) -> None:
    """Find a misspelt name before anything is run, without loading what a right one stands for."""
    from vot_toolkit.tracker.registry import is_file_target, is_registered

    if not is_file_target(spec.target) and not is_registered(spec.target):
        # Raises, and says what there is.
        spec.factory()


def tracker_label(spec: TrackerSpec) -> str:
    """Name a tracker's folder of results: its name, with the checkpoint's stem when it has one."""
    checkpoint = dict(spec.options).get("checkpoint")
    return spec.name if checkpoint is None else f"{spec.name}_{Path(checkpoint).stem}"


def _run_all(
    requests: Mapping[str, TrackerSpec],
    dataset: Dataset,
    config: RunConfig,
    results: Path,
    progress: Progress | None,
) -> tuple[list[RunOutcome], list[Problem]]:
    from vot_toolkit.run.config import engine_for
    from vot_toolkit.run.runner import run_tracker

    outcomes: list[RunOutcome] = []
    problems: list[Problem] = []
    for label, spec in requests.items():
        try:
            outcome = run_tracker(
                spec,
                dataset,
                config,
                label=label,
                results=results,
                engine=engine_for(config),
                progress=progress,
            )
        except TrackerError as error:
            if len(requests) == 1:
                raise
            problems.append(Problem(label, None, None, None, str(error)))
            continue
        outcomes.append(outcome)
        problems.extend(_problems(outcome.failures))
    return outcomes, problems


def _check_results(outcomes: Iterable[RunOutcome], problems: Sequence[Problem]) -> None:
    """Raise when nothing is there to be scored."""
    from vot_toolkit.run.storage import Storage

    for outcome in outcomes:
        if next(Storage(outcome.folder).results(), None) is not None:
            return
    why = "the data set has no sequence"
    if problems:
        why = f"{problems[0].sequence or problems[0].tracker}: {problems[0].what}"
    raise RunError(f"nothing could be run, so there is nothing to score: {why}")


def _problems(failures: Iterable[Failure]) -> list[Problem]:
    """Turn failures into problems; repetitions that failed alike are one."""
    alike: dict[tuple[str, str, str, Path | None, str], list[int]] = {}
    for failure in failures:
        key = (
            failure.tracker,
            failure.experiment,
            failure.sequence,
            failure.file,
            failure.what,
        )
        alike.setdefault(key, []).append(failure.repetition)
    return [
        Problem(
            tracker,
            sequence,
            None if file is None else str(file),
            None,
            f"{experiment}, {_repetitions(numbers)} failed: {what}",
        )
        for (tracker, experiment, sequence, file, what), numbers in alike.items()
    ]


def _scored(
    outcomes: Sequence[RunOutcome],
    problems: Iterable[Problem],
    dataset: Dataset,
    config: RunConfig,
    results: str | Path,
    rules: str,
) -> Analysis:
    """Score what was run, and name what went wrong in running and in scoring."""
    from vot_toolkit.analysis import analyze

    analysis = analyze(
        results,
        dataset if config.sequences is None else dataset.select(config.sequences),
        trackers=[outcome.label for outcome in outcomes],
        experiments=config.experiments,
        rules=rules,
        workers=config.num_workers,
    )
    rest = _unexplained(analysis.problems, outcomes)
    return replace(analysis, problems=(*problems, *rest))


def _unexplained(problems: Iterable[Problem], outcomes: Iterable[RunOutcome]) -> list[Problem]:
    """Leave out that results are missing in a folder where a run failed: that is said already."""
    failed: set[str] = set()
    for outcome in outcomes:
        for failure in outcome.failures:
            folder = outcome.folder / failure.experiment
            failed |= {str(outcome.folder), str(folder), str(folder / failure.sequence)}
    return [problem for problem in problems if problem.file not in failed]


def _repetitions(numbers: list[int]) -> str:
    listed = ", ".join(map(str, numbers))
    return f"repetition {listed}" if len(numbers) == 1 else f"repetitions {listed}"


def _write_records(records: Iterable[Record], folder: Path, progress: Progress | None) -> None:
    from vot_toolkit.records import write_record

    for each in records:
        path = write_record(each, folder)
        if progress is not None:
            progress.note(f"record: {path}")
