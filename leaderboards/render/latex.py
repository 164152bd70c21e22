"""Tables as LaTeX, with the package booktabs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leaderboards.boards.table import Table

SIGNS = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "↑": r"$\uparrow$", "↓": r"$\downarrow$", "±": r"$\pm$", "×": r"$\times$", "≠": r"$\neq$",
    "–": "--", "…": r"\ldots{}", "·": r"$\cdot$", "<": r"\textless{}", ">": r"\textgreater{}",
}  # fmt: skip
"""What stands for characters that LaTeX takes otherwise."""


def latex(tables: Sequence[Table]) -> str:
    """Give tables as environments ``tabular``; remarks are comments."""
    return "\n".join("\n".join(_table(table)) for table in tables)


def _table(table: Table) -> Iterator[str]:
    yield f"% {table.title}"
    yield r"\begin{tabular}{" + "".join("r" if c.numeric else "l" for c in table.columns) + "}"
    yield r"\toprule"
    yield _line([column.heading for column in table.columns])
    yield r"\midrule"
    for row in table.rows:
        yield _line([row.cells[column.key].text.strip() for column in table.columns])
    yield r"\bottomrule"
    yield r"\end{tabular}"
    yield from (f"% {remark}" for remark in table.remarks)
    yield ""


def _line(texts: Sequence[str]) -> str:
    return " & ".join(_plain(text) for text in texts) + r" \\"


def _plain(text: str) -> str:
    r"""Escape what LaTeX takes otherwise.

    Examples
    --------
    >>> _plain("91% of a_b")
    '91\\% of a\\_b'
    """
    return "".join(SIGNS.get(sign, sign) for sign in text)
