"""Tables as GitHub's Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leaderboards.boards.table import Table


def markdown(tables: Sequence[Table]) -> str:
    """Give tables as Markdown, with a list of remarks below each."""
    return "\n".join("\n".join(_table(table)) for table in tables)


def _table(table: Table) -> Iterator[str]:
    yield f"### {_plain(table.title)}\n"
    yield _line([column.heading for column in table.columns])
    yield _line(["---:" if column.numeric else "---" for column in table.columns])
    for row in table.rows:
        yield _line([row.cells[column.key].text.strip() for column in table.columns])
    yield ""
    for remark in table.remarks:
        yield f"- {_plain(remark)}"
    yield ""


def _line(texts: Sequence[str]) -> str:
    return f"| {' | '.join(_plain(text) for text in texts)} |"


def _plain(text: str) -> str:
    r"""Escape what would be markup.

    Examples
    --------
    >>> _plain("a|b *c*")
    'a\\|b \\*c\\*'
    """
    for sign in "\\`*_|<[":
        text = text.replace(sign, f"\\{sign}")
    return text
