"""The page of a record: all that is in it, for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from leaderboards.boards.measures import OF_KIND
from leaderboards.entry import Entry
from leaderboards.gap import NOT_RUN
from leaderboards.lookup import dig
from leaderboards.site.drawing import Definitions, Drawing
from leaderboards.site.evaluation_tables import evaluation_tables
from leaderboards.site.index_page import LIBRARY, PACKAGE
from leaderboards.site.pairs import Pair, pairs_of, said
from leaderboards.site.tracker_figures import Contender, Interval, experiment_figures
from leaderboards.site.training_figures import step_figures
from vot_toolkit.records import Record, to_json
from vot_toolkit.report.charts import Style
from vot_toolkit.report.grid import Column, Grid, number_cell
from vot_toolkit.report.page import render_page
from vot_toolkit.scorecard import without_folders
from vot_toolkit.version import CodeVersion

HOST = "host"
"""Key of the configuration under which user and host stand, if they were asked for."""

BULKY = ("eao_curve", "success_curve", "attributes", "sequences")
"""What experiments hold beside numbers: figures and tables show it."""


OWN = "this record"
"""What charts call it: those of all records are defined once."""


def record_page(
    entry: Entry,
    record: Record,
    interval: Interval | None,
    definitions: Definitions,
    *,
    copy: bool,
) -> str:
    """Render the page of a record.

    Parameters
    ----------
    entry, record : Entry, Record
        Of one file.
    interval : tuple of float, optional
        Of its EAO.
    definitions : Definitions
        Of the charts of all such pages.
    copy : bool
        Whether its file stands beside the page. User and host are shown then only.
    """
    figures = [definitions.context(each) for each in _figures(entry, record)]
    parts = [*_parts(entry, record, copy)]
    return render_page(
        "record.html",
        package=PACKAGE,
        library=f"../{LIBRARY}",
        charts=bool(figures),
        sections=[(part["name"], part["title"]) for part in parts],
        entry=entry,
        copy=entry.file if copy else "",
        scores=_scores(entry, interval),
        figures=figures,
        parts=parts,
    )


def _figures(entry: Entry, record: Record) -> Iterator[Drawing]:
    style = Style((OWN,), "container")
    if record.kind == "evaluation":
        return experiment_figures(Contender(OWN, entry, record), style)
    return step_figures({OWN: record}, style)


def _scores(entry: Entry, interval: Interval | None) -> list[dict[str, str]]:
    """Give every measure of the record's kind: its value, or why there is none."""
    found = []
    for name, measure in OF_KIND[entry.kind].items():
        value = entry.values.get(name)
        gap = entry.value(name)
        if value is None and gap is NOT_RUN:
            continue
        text = measure.shown(value) if value is not None else f"{gap.kind}: {gap.reason}"  # type: ignore[union-attr]
        if name == "eao" and interval is not None:
            text += f" [{interval[0]:.3f} – {interval[1]:.3f}]"
        found.append({"name": measure.heading, "title": measure.title, "text": text})
    return found


def _parts(entry: Entry, record: Record, copy: bool) -> Iterator[dict[str, Any]]:
    if record.kind == "evaluation":
        yield from _experiments(record)
        problems = dig(record.results, "problems")
        if problems:
            yield _part("Problems", pairs=[*_pairs(problems)])
    else:
        yield from _training(record)
    config = {key: each for key, each in record.config.items() if copy or key != HOST}
    yield _part("What was run", pairs=[*_pairs(config)])
    if record.machine is None:
        yield _part("On what", note="The machine is not known.")
    else:
        yield _part("On what", pairs=[*_pairs(to_json(asdict(record.machine)))])
    yield _part("The record", pairs=[*_identity(entry, record)])


def _part(
    title: str,
    *,
    pairs: Sequence[Pair] = (),
    grids: Sequence[Grid] = (),
    note: str = "",
) -> dict[str, Any]:
    name = title.lower().replace(" ", "-")
    return {"name": name, "title": title, "pairs": pairs, "grids": grids, "note": note}


def _pairs(value: object) -> Iterator[Pair]:
    """Flatten, and leave folders out: they name people and machines."""
    for name, text in pairs_of(value):
        yield name, str(without_folders(text))


def _experiments(record: Record) -> Iterator[dict[str, Any]]:
    yield _part("Data set", pairs=[*_pairs(dig(record.results, "dataset"))])
    for name, grids in evaluation_tables(record).items():
        scores = dig(record.results, "experiments", name)
        plain = scores if isinstance(scores, Mapping) else {}
        shown = {key: each for key, each in plain.items() if key not in BULKY}
        yield _part(name.capitalize(), pairs=[*_pairs(shown)], grids=grids)


def _training(record: Record) -> Iterator[dict[str, Any]]:
    plain = {key: each for key, each in record.results.items() if key != "lines"}
    yield _part("Training", pairs=[*_pairs(plain)], grids=[*_lines(record)])


def _lines(record: Record) -> Iterator[Grid]:
    """Give the logged lines as a table."""
    lines = dig(record.results, "lines")
    if not isinstance(lines, Mapping) or not lines:
        return
    known = {str(key): each for key, each in lines.items() if isinstance(each, list)}
    columns = tuple(Column(name.replace("_", " ")) for name in known)
    digits = [0 if name == "step" else 4 for name in known]
    rows = zip(*known.values(), strict=False)
    cells = tuple(tuple(map(number_cell, row, digits)) for row in rows)
    yield Grid("Logged lines", columns, cells)


def _identity(entry: Entry, record: Record) -> Iterator[Pair]:
    yield "file", entry.file
    yield "hash", entry.digest
    yield "schema version", said(record.schema_version)
    yield "created", record.created
    yield from _code(record.code)
    yield "checkpoint (SHA-256)", said(record.checkpoint)
    yield "seed", said(record.seed)
    yield "precision", said(record.precision)


def _code(code: CodeVersion) -> Iterator[Pair]:
    for name, text in pairs_of(to_json(asdict(code)), "code"):
        yield name.replace(".", " "), text
