r"""Grids as LaTeX tables, in a file that compiles by itself and can be read into a paper.

Inside a document ``\@nodocument`` is ``\relax``: there the file gives its tables only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vot_toolkit.report.grid import Cell, Grid

HEAD = r"""% Made by vot_toolkit. Compiles by itself: pdflatex FILE.
% Or \input it, or one of its tables, where \usepackage{booktabs} is in the preamble.
\makeatletter
\ifx\@nodocument\relax\let\tablesend\relax\else
\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{booktabs}
\usepackage[margin=2cm]{geometry}
\begin{document}
\def\tablesend{\end{document}}
\fi
\makeatother
"""

FOOT = "\\tablesend\n"

SIGNS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "↑": r"$\uparrow$", "↓": r"$\downarrow$", "–": "--", "—": "---", "−": "$-$", "·": r"$\cdot$",
    "×": r"$\times$", "±": r"$\pm$", "…": r"\dots{}", "Δ": r"$\Delta$", "<": r"$<$", ">": r"$>$",
    "|": r"$|$", '"': "''",
}  # fmt: skip

WIDEST = 9
"""Columns above which a table is set in small type and drawn together."""

LONGEST = 40
"""Rows above which a table is cut in parts, so that each fits on a page."""


def latex(grids: Iterable[Grid]) -> str:
    """Write tables for LaTeX with booktabs, the best values bold.

    Parameters
    ----------
    grids : iterable of Grid
        One table each; remarks stand below the table.

    Returns
    -------
    str
        A document that is its tables where it is read into another one.
    """
    return HEAD + "\n".join(latex_table(part) for grid in grids for part in _pages(grid)) + FOOT


def _pages(grid: Grid) -> Iterator[Grid]:
    """Cut a long table in parts; a grid of remarks alone has no table."""
    for start in range(0, len(grid.rows), LONGEST):
        last = start + LONGEST >= len(grid.rows)
        part = "" if start == 0 else " (continued)"
        rows = grid.rows[start : start + LONGEST]
        yield Grid(grid.title + part, grid.columns, rows, grid.notes if last else ())


def latex_table(grid: Grid) -> str:
    r"""Write one table.

    Examples
    --------
    >>> from vot_toolkit.report.grid import Column, number_cell, text_cells
    >>> columns = Column("tracker", kind="text"), Column("EAO", "higher")
    >>> rows = ((*text_cells(["my_tracker"]), number_cell(0.5)),)
    >>> print(latex_table(Grid("VOT2018 · baseline", columns, rows)), end="")
    \begin{table}[htbp]
    \centering
    \caption{VOT2018 $\cdot$ baseline}
    \begin{tabular}{lr}
    \toprule
    tracker & EAO $\uparrow$ \\
    \midrule
    my\_tracker & 0.500 \\
    \bottomrule
    \end{tabular}
    \end{table}
    """
    return "\n".join([*_opening(grid), *_rows(grid), *_closing(grid)]) + "\n"


def _opening(grid: Grid) -> Iterator[str]:
    yield r"\begin{table}[htbp]"
    yield r"\centering"
    if len(grid.columns) > WIDEST:
        yield r"\scriptsize\setlength{\tabcolsep}{3pt}"
    yield rf"\caption{{{escaped(grid.title)}}}"
    alignment = "".join("l" if column.kind == "text" else "r" for column in grid.columns)
    yield rf"\begin{{tabular}}{{{alignment}}}"


def _rows(grid: Grid) -> Iterator[str]:
    yield r"\toprule"
    yield _row(escaped(column.heading) for column in grid.columns)
    yield r"\midrule"
    best = [grid.best(index) for index in range(len(grid.columns))]
    for row in grid.rows:
        cells = zip(row, best, strict=True)
        yield _row(_cell(cell, value is not None and cell.value == value) for cell, value in cells)
    yield r"\bottomrule"
    yield r"\end{tabular}"


def _closing(grid: Grid) -> Iterator[str]:
    for note in grid.notes:
        yield rf"\par\smallskip{{\footnotesize {escaped(note)}\par}}"
    yield r"\end{table}"


def _row(cells: Iterable[str]) -> str:
    # A bracket behind the end of a row would be read as a length.
    return re.sub(r"^\[", "{[}", " & ".join(cells)) + r" \\"


def _cell(cell: Cell, best: bool) -> str:
    text = escaped(cell.text)
    text = rf"\textbf{{{text}}}" if best else text
    return rf"{text} {{\scriptsize {escaped(cell.interval)}}}" if cell.interval else text


def escaped(text: str) -> str:
    r"""Keep signs of LaTeX as they are; signs that its fonts lack become a question mark.

    Examples
    --------
    >>> escaped("50% of a_b")
    '50\\% of a\\_b'
    """
    return "".join(SIGNS.get(sign, sign if _is_latin(sign) else "?") for sign in text)


def _is_latin(sign: str) -> bool:
    """Tell whether the T1 fonts have a letter: Latin with its accents."""
    return sign.isprintable() and ord(sign) < 0x180
