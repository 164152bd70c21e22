"""Tables for programs: JSON and CSV with all digits, gaps as words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from leaderboards.boards.table import Row, Table


def as_json(tables: Sequence[Table]) -> str:
    """Give tables as a JSON array; a gap is null, its kind and reason stand under ``gaps``."""
    return json.dumps([_table(table) for table in tables], indent=1, allow_nan=False) + "\n"


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "rows": [_row(row) for row in table.rows],
        "remarks": list(table.remarks),
    }


def _row(row: Row) -> dict[str, Any]:
    values = {key: cell.value for key, cell in row.cells.items()}
    gaps = {
        key: {"kind": cell.gap.kind, "reason": cell.gap.reason}
        for key, cell in row.cells.items()
        if cell.gap is not None
    }
    return {**values, **row.more, "published": row.published, "gaps": gaps}


def as_csv(tables: Sequence[Table]) -> str:
    """Give tables as one CSV; the first column names the table, a gap is its kind in words."""
    rows = [line for table in tables for line in _lines(table)]
    names = list(dict.fromkeys(name for row in rows for name in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _lines(table: Table) -> Iterator[dict[str, Any]]:
    for row in table.rows:
        values = {
            key: cell.value if cell.gap is None else cell.gap.kind
            for key, cell in row.cells.items()
        }
        yield {"table": table.title, **values, **row.more, "published": row.published}
