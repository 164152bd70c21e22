"""Tables of an evaluation's record: attributes and sequences of each experiment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leaderboards.lookup import dig, number, numbers
from vot_toolkit.records import Record
from vot_toolkit.report.grid import Cell, Column, Grid, number_cell

MEASURES = {"accuracy": "A", "overlap": "AO", "eao": "EAO", "failures": "failures"}
"""Of attributes and sequences, with their headings."""

DIGITS = {"failures": 2, "fps": 1}


def evaluation_tables(record: Record) -> dict[str, list[Grid]]:
    """Give the tables of each experiment of a record."""
    experiments = dig(record.results, "experiments")
    if not isinstance(experiments, Mapping):
        return {}
    return {str(name): list(_tables(record, str(name))) for name in experiments}


def _tables(record: Record, experiment: str) -> Iterator[Grid]:
    scores = dig(record.results, "experiments", experiment)
    for key, title in (("attributes", "Attributes"), ("sequences", "Sequences")):
        rows = dig(scores, key)
        if isinstance(rows, Mapping) and rows:
            frames = _frames(record, experiment) if key == "sequences" else {}
            yield _table(
                title, key.removesuffix("s"), rows, _extra(record, experiment, key), frames
            )


def _frames(record: Record, experiment: str) -> dict[str, int]:
    """Give the length of each sequence, which the evidence knows."""
    evidence = dig(record.results, "evidence", experiment)
    names, lengths = dig(evidence, "names"), dig(evidence, "lengths")
    if not isinstance(names, list) or not isinstance(lengths, list):
        return {}
    return dict(zip(names, lengths, strict=False))


def _extra(record: Record, experiment: str, key: str) -> Mapping[str, Any]:
    """Give the speeds of each sequence's repetitions."""
    found = dig(record.results, "fps", experiment) if key == "sequences" else None
    return found if isinstance(found, Mapping) else {}


def _table(
    title: str,
    noun: str,
    rows: Mapping[str, Any],
    speeds: Mapping[str, Any],
    frames: Mapping[str, int],
) -> Grid:
    keys = [key for key in MEASURES if any(key in (row or {}) for row in rows.values())]
    told = _told(rows)
    with_fps = any(numbers(each) for each in speeds.values())
    columns = [Column(noun, kind="text"), *([Column("frames", digits=0)] if frames else [])]
    columns += [Column(MEASURES[key]) for key in keys]
    columns += [Column("fps")] if with_fps else []
    columns += [Column(f"{MEASURES[key]} of each run", kind="text") for key in told]
    cells = (
        (
            Cell(name.replace("_", " ") if noun == "attribute" else name),
            *([number_cell(frames.get(name), 0)] if frames else []),
            *(_number(key, dig(row, key)) for key in keys),
            *([_number("fps", _mean(numbers(speeds.get(name))))] if with_fps else []),
            *(Cell(_of_runs(row, key)) for key in told),
        )
        for name, row in rows.items()
    )
    return Grid(title, tuple(columns), tuple(cells))


def _told(rows: Mapping[str, Any]) -> list[str]:
    """Give the measures of single repetitions, where there are several."""
    runs = [_runs(row) for row in rows.values()]
    if max(map(len, runs), default=0) < 2:
        return []
    return [key for key in MEASURES if any(key in run for each in runs for run in each)]


def _runs(row: object) -> list[Mapping[str, Any]]:
    found = dig(row, "repetitions")
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _of_runs(row: object, key: str) -> str:
    values = (number(run.get(key)) for run in _runs(row))
    form = "{:.0f}" if key == "failures" else "{:.3f}"
    return " ".join("–" if value is None else form.format(value) for value in values)


def _number(key: str, value: object) -> Cell:
    return number_cell(number(value), DIGITS.get(key, 3))


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
