"""Adding files of any kind to a store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from leaderboards.inputs.analyses import is_analysis, records_of_analysis
from leaderboards.inputs.logs import record_of_log
from leaderboards.inputs.results import records_of_results
from leaderboards.store import Store
from vot_toolkit.errors import FormatError, UserError
from vot_toolkit.problem import Problem
from vot_toolkit.records import Record, read_record
from vot_toolkit.results import find_experiments

ACCEPTED = (
    "accepted: records and analyses (.json), logs of the training scripts (.log), folders of "
    "records or of official results"
)


SUMMARY, RECORDS = "summary.json", "records"
"""Of a training's folder: its records say more than its logs, which are of the same run."""


@dataclass
class Addition:
    """What came of adding.

    Parameters
    ----------
    added, known : list of (str, Path)
        Where records came from, and their files in the store: new ones, and those there already.
    problems : list of Problem
        What could not be added, and what was wrong with results that were scored.
    """

    added: list[tuple[str, Path]] = field(default_factory=list)
    known: list[tuple[str, Path]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def add_all(
    paths: Iterable[Path], store: Store, dataset: str | None = None, rules: str = "vot2018"
) -> Addition:
    """Add what there is to a store; what cannot be added hinders nothing else.

    Parameters
    ----------
    paths : iterable of Path
        Files and folders.
    store : Store
        Where to.
    dataset : str, optional
        Annotations for folders of results.
    rules : str
        A rule set for folders of results.
    """
    done = Addition()
    for path in paths:
        try:
            for record in _records(path, dataset, rules, done.problems):
                file, new = store.add(record)
                (done.added if new else done.known).append((str(path), file))
        except UserError as error:
            done.problems.append(_problem(path, error))
    return done


def _records(
    path: Path, dataset: str | None, rules: str, problems: list[Problem]
) -> Iterator[Record]:
    """Read the records that a file or folder is or gives."""
    if path.is_dir():
        yield from _of_folder(path, dataset, rules, problems)
    elif path.suffix == ".log":
        yield record_of_log(path)
    elif path.suffix == ".json" or not path.exists():
        yield from _of_json(path)
    else:
        raise FormatError("neither a record nor results", file=path, hint=ACCEPTED)


def _of_json(path: Path) -> Iterator[Record]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        data = None  # said better by the reader of records
    if isinstance(data, dict) and is_analysis(data):
        yield from records_of_analysis(path, data)
    else:
        yield read_record(path)


def _of_folder(
    path: Path, dataset: str | None, rules: str, problems: list[Problem]
) -> Iterator[Record]:
    """Read a folder of records, or score one of results; faults of single files are collected."""
    if _has_results(path):
        records, faults = records_of_results(path, dataset, rules)
        problems += faults
        yield from records
        return
    if (path / SUMMARY).is_file() and any((path / RECORDS).glob("*.json")):
        path = path / RECORDS
    files = [*sorted(path.glob("*.json")), *sorted(path.glob("*.log"))]
    files = [each for each in files if not each.name.startswith(".")]
    if not files:
        raise FormatError("nothing to add in this folder", file=path, hint=ACCEPTED)
    for file in files:
        try:
            yield from _records(file, dataset, rules, problems)
        except UserError as error:
            problems.append(_problem(file, error))


def _has_results(path: Path) -> bool:
    return any(each.is_dir() and find_experiments(path, each.name) for each in path.iterdir())


def _problem(path: Path, error: UserError) -> Problem:
    what = error.what if error.hint is None else f"{error.what} ({error.hint})"
    return Problem("add", None, str(error.file or path), error.line, what)
