"""The first page: both boards, with charts of the best."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leaderboards.boards import hardware, trackers
from leaderboards.boards.board import LABEL, View
from leaderboards.boards.table import Table
from leaderboards.entry import Entry, Kind
from leaderboards.published import published_entries
from leaderboards.site.board_markup import board_context
from leaderboards.site.drawing import Definitions, Drawing
from leaderboards.site.names import unique_names
from leaderboards.site.tracker_figures import Contender, tracker_figures
from leaderboards.site.training_figures import (
    Point,
    has_lines,
    scaling_figure,
    scaling_series,
    step_figures,
)
from vot_toolkit.records import Record
from vot_toolkit.report.charts import Style
from vot_toolkit.report.page import render_page
from vot_toolkit.wording import counted

PACKAGE = "leaderboards.site"
LIBRARY = "charts.js"

MOST = 8
"""Rows that charts show: as many as there are colours to tell apart."""

Read = Callable[[Entry], Record]


@dataclass(frozen=True)
class Board:
    """A table, with the records of it that charts show.

    Parameters
    ----------
    kind : str
        Of its entries.
    table : Table
        Its rows.
    entries : mapping from file to Entry
        Of the rows that were measured, from top to bottom.
    shown : mapping from file to Record
        The best of them that have something to draw.
    sort : str
        By what the rows are sorted.
    """

    kind: Kind
    table: Table
    entries: Mapping[str, Entry]
    shown: Mapping[str, Record]
    sort: str
    names: Mapping[str, str] = field(default_factory=dict)


def boards_of(
    entries: Sequence[Entry],
    views: Mapping[Kind, View],
    intervals: trackers.FindIntervals,
    read: Read,
) -> list[Board]:
    """Make the boards of a site.

    Parameters
    ----------
    entries : sequence of Entry
        What was measured.
    views : mapping from kind to View
        How each board is looked at.
    intervals : callable
        As `tracker_board` takes it.
    read : callable
        Gives the record of an entry.
    """
    by_file = {entry.file: entry for entry in entries}
    view = views["evaluation"]
    tables = trackers.tracker_board(entries, view, intervals)
    found = [_board("evaluation", each, view, trackers.SORT, by_file, read) for each in tables]
    view = views["training"]
    tables = hardware.hardware_board(entries, view)
    return [
        *found,
        *(_board("training", each, view, hardware.SORT, by_file, read) for each in tables),
    ]


def _board(
    kind: Kind,
    table: Table,
    view: View,
    sort: str,
    by_file: Mapping[str, Entry],
    read: Read,
) -> Board:
    files = [row.more["file"] for row in table.rows if row.more["file"]]
    own = {file: by_file[file] for file in files}
    shown = _drawn(kind, table, own, read)
    names = unique_names([own[file] for file in shown])
    return Board(kind, table, own, shown, view.sort or sort, names)


def _drawn(kind: Kind, table: Table, own: Mapping[str, Entry], read: Read) -> dict[str, Record]:
    """Read the first records of a table that have something to draw."""
    found: dict[str, Record] = {}
    gaps = {row.more["file"] for row in table.rows if _no_eao(row.cells.get("eao"))}
    for file, entry in own.items():
        if len(found) == MOST:
            break
        if kind == "evaluation" and ("eao" not in entry.values or file in gaps):
            continue
        record = read(entry)
        if kind == "evaluation" or has_lines(record):
            found[file] = record
    return found


def _no_eao(cell: Any) -> bool:
    """Tell whether a row's EAO does not belong beside the others."""
    return cell is not None and cell.gap is not None


def index_page(boards: Sequence[Board], intervals: trackers.FindIntervals) -> str:
    """Render the page.

    Parameters
    ----------
    boards : sequence of Board
        As `boards_of` gives them.
    intervals : callable
        Gives the intervals of EAO.
    """
    series = _series(boards)
    names = [name for board in boards for name in board.names.values()]
    every = tuple(dict.fromkeys([*names, *series]))
    style = Style(every, "container", shown=MOST)
    parts = [_part(index, board, style, series, intervals) for index, board in enumerate(boards)]
    return render_page(
        "index.html",
        package=PACKAGE,
        library=LIBRARY,
        trackers=every,
        sections=[(part["name"], part["title"]) for part in parts],
        facts=_facts(boards),
        newest=max((str(each.fact("created")) for each in _entries(boards)), default=""),
        parts=parts,
    )


def _series(boards: Iterable[Board]) -> dict[str, list[Point]]:
    shown = [board for board in boards if board.kind == "training"]
    if not shown:
        return {}
    with_published = any(row.published for board in shown for row in board.table.rows)
    entries = [entry for board in shown for entry in board.entries.values()]
    reference = published_entries("training") if with_published else []
    by_speed = sorted(
        [*entries, *reference], key=lambda each: -each.values.get("images_per_s", 0.0)
    )
    return scaling_series(by_speed, MOST)


def _entries(boards: Iterable[Board]) -> list[Entry]:
    return [entry for board in boards for entry in board.entries.values()]


def _facts(boards: Sequence[Board]) -> list[tuple[int, str]]:
    """Count what there is, for the head of the page."""
    kinds = [entry.kind for entry in _entries(boards)]
    published = sum(row.published for board in boards for row in board.table.rows)
    counts = (
        (kinds.count("evaluation"), "evaluation"),
        (kinds.count("training"), "training"),
        (published, "published row"),
    )
    return [(number, counted(number, noun).partition(" ")[2]) for number, noun in counts if number]


def _part(
    index: int,
    board: Board,
    style: Style,
    series: Mapping[str, Sequence[Point]],
    intervals: trackers.FindIntervals,
) -> dict[str, Any]:
    title, _, rest = board.table.title.partition(" · ")
    is_training = board.kind == "training"
    name = "hardware" if is_training else _anchor(title, index)
    groups = (
        _training_groups(board, style, series)
        if is_training
        else _tracker_groups(name, board, style, intervals)
    )
    return {
        "name": name,
        "title": "Hardware" if is_training else title,
        "lead": _lead(board, rest),
        "board": board_context(board.table, board.sort, board.names),
        "groups": list(groups),
    }


def _anchor(title: str, index: int) -> str:
    """Name a section, each otherwise.

    Examples
    --------
    >>> _anchor("VOT2018 (part: 3 sequences)", 0)
    'set-1-vot2018-part-3-sequences'
    """
    return f"set-{index + 1}-{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')}".strip("-")


def _lead(board: Board, rest: str) -> str:
    """Say what a table is of; the rest of its title is a hash of annotations, and rules."""
    if board.kind == "training":
        return "How fast which hardware trains SiamMask. A heading sorts by its column."
    digest, _, rules = rest.rpartition("rules ")
    words = [f"Scored by the rules {rules}."] if rules else []
    words += [f"Annotations {digest.strip(' ·')}."] if digest else []
    words += [] if board.entries else ["Nothing of this set was measured here."]
    return " ".join([*words, "A heading sorts by its column."])


def _tracker_groups(
    prefix: str, board: Board, style: Style, intervals: trackers.FindIntervals
) -> Iterator[dict[str, Any]]:
    if not board.shown:
        return
    found = intervals([board.entries[file] for file in board.shown])
    contenders = [
        Contender(board.names[file], entry, record, found.get(entry.digest))
        for file, record in board.shown.items()
        for entry in [board.entries[file]]
    ]
    published = _published_beside(board)
    figures = tracker_figures(prefix, contenders, published, style)
    eligible = sum("eao" in entry.values for entry in board.entries.values())
    yield _group("Trackers shown", board.names.values(), figures, eligible, "trackers")


def _published_beside(board: Board) -> list[Entry]:
    """Give the published rows of a table."""
    rows = {
        (row.cells[LABEL].value, row.more["source"])
        for row in board.table.rows
        if row.published and LABEL in row.cells
    }
    return [each for each in published_entries("evaluation") if (each.label, each.source) in rows]


def _training_groups(
    board: Board, style: Style, series: Mapping[str, Sequence[Point]]
) -> Iterator[dict[str, Any]]:
    if series:
        yield _group("Hardware shown", series, [scaling_figure(series, style)], 0, "")
    records = {board.names[file]: record for file, record in board.shown.items()}
    if records:
        figures = step_figures(records, style)
        yield _group("Trainings shown", records, figures, len(board.entries), "trainings")


def _group(
    legend: str, names: Iterable[str], figures: Iterable[Drawing], number: int, noun: str
) -> dict[str, Any]:
    known = list(names)
    note = f"The charts show {len(known)} of {number} {noun}, the first of the table."
    return {
        "legend": legend,
        "names": known,
        "figures": [Definitions().context(each) for each in figures],
        "note": note if number > len(known) else "",
    }
