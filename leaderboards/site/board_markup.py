"""Boards as the templates take them: headings that sort, cells with links and marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leaderboards.boards.board import LABEL, WHERE
from leaderboards.boards.table import Cell, Column, Row, Table

PAGES = "records"
"""Folder of the pages of records, and of their copies."""

DIRECTIONS = ("ascending", "descending")


@dataclass(frozen=True)
class Heading:
    """What stands above a column.

    Parameters
    ----------
    text, kind : str
        As read; ``text`` or ``number``.
    first : str
        Order of the first click: the best first.
    now : str
        Order in which the rows are; empty for none.
    title : str
        The measure in words.
    """

    text: str
    kind: str
    first: str
    now: str
    title: str


def board_context(table: Table, sort: str, names: Mapping[str, str]) -> dict[str, Any]:
    """Give a table for the template.

    Parameters
    ----------
    table : Table
        A board.
    sort : str
        By what it is sorted, as ``--sort`` has it.
    names : mapping from file to str
        Of the records that charts show.
    """
    columns = tuple(each for each in table.columns if _has_text(each, table))
    return {
        "title": table.title,
        "headings": [_heading(column, sort) for column in columns],
        "rows": [_row(row, columns, names) for row in table.rows],
        "remarks": table.remarks,
    }


def _has_text(column: Column, table: Table) -> bool:
    """Tell whether anything stands in a column: of some facts nothing is known in a whole table."""
    return any(row.cells[column.key].text.strip() for row in table.rows)


def _heading(column: Column, sort: str) -> Heading:
    described = column.measure
    first = DIRECTIONS[described is not None and described.better == "higher"]
    turned = DIRECTIONS[first == "ascending"]
    now = {column.key: first, f"-{column.key}": turned}.get(sort, "")
    kind = "number" if column.numeric else "text"
    title = "" if described is None else described.title
    return Heading(column.heading.removesuffix(" 95 %"), kind, first, now, title)


def _row(row: Row, columns: tuple[Column, ...], names: Mapping[str, str]) -> dict[str, Any]:
    file = row.more.get("file") or ""
    return {
        "published": row.published,
        "tracker": names.get(file, ""),
        "cells": [_cell(row.cells[column.key], column, row) for column in columns],
    }


def _cell(cell: Cell, column: Column, row: Row) -> dict[str, Any]:
    text, _, reach = cell.text.strip().partition(" ±")
    is_number = isinstance(cell.value, (int, float))
    return {
        "text": text,
        "reach": f"±{reach}" if reach else "",
        "kind": "number" if column.numeric else "text",
        "value": cell.value if is_number and column.numeric else None,
        "gap": None if cell.gap is None else cell.gap,
        "label": column.key == LABEL,
        "link": _link(column, row),
        "title": str(cell.value) if column.key == WHERE and cell.value else "",
    }


def _link(column: Column, row: Row) -> str:
    """Give where a cell leads: a name to its record's page, the origin to its publication."""
    file = row.more.get("file")
    if column.key == LABEL and file:
        return page_of(file)
    return str(row.more.get("link") or "") if column.key in (LABEL, WHERE) else ""


def page_of(file: str) -> str:
    """Give the page of a record by its file.

    Examples
    --------
    >>> page_of("training-one-0123456789abcdef.json")
    'records/training-one-0123456789abcdef.html'
    """
    return f"{PAGES}/{file.removesuffix('.json')}.html"
