"""The board of hardware: the table of the Ascend port, and what it leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leaderboards.boards.board import (
    LABEL,
    WHERE,
    View,
    check_sort,
    cut,
    find_columns,
    look,
    value_cell,
)
from leaderboards.boards.condition import select
from leaderboards.boards.measures import TRAINING
from leaderboards.boards.order import ordered
from leaderboards.boards.origin import Origins
from leaderboards.boards.table import Cell, Column, Row, Table, gap_remarks
from leaderboards.entry import Entry
from leaderboards.published import published_entries

COLUMNS = (
    LABEL, "loss", "images_per_s", "devices", "epochs", "amp", "architecture", "device", "batch",
    "efficiency", "device_images_per_s", "data_share", WHERE,
)  # fmt: skip
SORT = "images_per_s"

SPECIAL = {
    LABEL: Column(LABEL, "run", wraps=True),
    # The reference's headings have no arrows.
    "loss": Column("loss", "loss", TRAINING["loss"]),
    "images_per_s": Column("images_per_s", "FPS", TRAINING["images_per_s"]),
    "devices": Column("devices", "n"),
    "epochs": Column("epochs", "epochs"),
    "amp": Column("amp", "AMP"),
    "architecture": Column("architecture", "CPU"),
    "device": Column("device", "device", wraps=True),
    "batch": Column("batch", "batch"),
    "efficiency": Column("efficiency", "eff.", TRAINING["efficiency"]),
    "device_images_per_s": Column("device_images_per_s", "FPS/n", TRAINING["device_images_per_s"]),
    "data_share": Column("data_share", "wait", TRAINING["data_share"]),
    WHERE: Column(WHERE, "on"),
}

PERCENT = ("efficiency", "data_share")
NOT_KNOWN = "–"
LOG = "log"
"""Origin of what was made of a script's log."""

SAME = ("stage", "variant", "device", "batch", "amp", "precision", "architecture", "cpu")
"""What a run on one device must share to be the measure of one on several."""


def hardware_board(measured: Sequence[Entry], view: View) -> list[Table]:
    """Make the table of trainings, the fastest first.

    Parameters
    ----------
    measured : sequence of Entry
        Those of trainings are taken.
    view : View
        What to show.

    Returns
    -------
    list of Table
        One; none without rows.
    """
    reference = published_entries("training") if view.published else []
    entries = [entry for entry in measured if entry.kind == "training"]
    entries = with_efficiency([*_without_copies(entries), *reference])
    check_sort(view.sort or SORT, TRAINING, entries)
    chosen = ordered(select(entries, view.conditions), view.sort or SORT, look)
    if not chosen:
        return []
    columns = find_columns(view.columns or COLUMNS, SPECIAL, TRAINING, chosen)
    shown, remarks = cut(chosen, view.top)
    origins = Origins()
    rows = tuple(_row(entry, columns, origins) for entry in shown)
    legend = origins.legend() if WHERE in (view.columns or COLUMNS) else []
    notes = [f"{entry.label}: {note}" for entry in shown for note in entry.notes]
    remarks = [*remarks, HEADINGS, *gap_remarks(rows), *notes, *legend]
    return [Table("training · images/s", columns, rows, tuple(remarks))]


HEADINGS = (
    "FPS: images/s on n devices, an image is one pair of template and search; batch: of one "
    "device; eff.: FPS / (n x FPS of one device); wait: share of the time waiting for data"
)


def _without_copies(entries: Sequence[Entry]) -> list[Entry]:
    """Leave out logs of runs whose records are there: they say less of the same."""
    runs: dict[tuple[object, ...], set[float]] = {}
    for entry in entries:
        if entry.fact("origin") != LOG and "images_per_s" in entry.values:
            # Scripts print whole images/s of many devices, and hundredths of one.
            speeds = {round(entry.values["images_per_s"], digits) for digits in (0, 2)}
            runs.setdefault(_run(entry), set()).update(speeds)
    return [
        entry
        for entry in entries
        if entry.fact("origin") != LOG
        or entry.values.get("images_per_s") not in runs.get(_run(entry), ())
    ]


def _run(entry: Entry) -> tuple[object, ...]:
    return entry.label, entry.fact("devices"), entry.fact("batch")


def with_efficiency(entries: Sequence[Entry]) -> list[Entry]:
    """Add to each run how well it scales, where the same was run on one device.

    Of several such runs the fastest is the measure.
    """
    single: dict[tuple[object, ...], float] = {}
    for entry in entries:
        fps = entry.values.get("images_per_s")
        if entry.fact("devices") == 1 and fps:
            single[hardware_of(entry)] = max(fps, single.get(hardware_of(entry), 0.0))
    return [_with_efficiency(entry, single.get(hardware_of(entry))) for entry in entries]


def hardware_of(entry: Entry) -> tuple[object, ...]:
    """Give what two runs must share for one to measure how the other scales."""
    return (entry.published, *(entry.fact(name) for name in SAME))


def _with_efficiency(entry: Entry, single: float | None) -> Entry:
    fps, devices = entry.values.get("images_per_s"), entry.fact("devices")
    if fps is None or not isinstance(devices, int) or devices < 1:
        return entry
    if single is not None and devices > 1:
        values = {**entry.values, "efficiency": fps / (devices * single)}
        return replace(entry, values=values)
    if devices == 1:
        return entry
    reason = "efficiency: no run of the same on one device"
    return replace(entry, gaps={**entry.gaps, "efficiency": ("not run", reason)})


def _row(entry: Entry, columns: Sequence[Column], origins: Origins) -> Row:
    cells = {column.key: _cell(entry, column, origins) for column in columns}
    more = {
        "file": entry.file or None,
        "source": entry.source or None,
        "link": entry.link or None,
    }
    return Row(cells, {**more, "machine": entry.fact("machine")}, entry.published)


def _cell(entry: Entry, column: Column, origins: Origins) -> Cell:
    if column.key == LABEL:
        return Cell(entry.label, entry.label)
    if column.key == WHERE:
        return Cell(origins.mark(entry), entry.source or entry.fact("machine"))
    if column.key == "efficiency" and entry.fact("devices") == 1:
        return Cell("")
    cell = value_cell(look(entry, column.key), column.measure)
    if not cell.text:
        return Cell(NOT_KNOWN)
    if column.key in PERCENT and isinstance(cell.value, float):
        return Cell(f"{cell.value:.0%}", cell.value)
    return cell
