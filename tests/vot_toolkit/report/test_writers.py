"""Grids as Markdown and LaTeX."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vot_toolkit.report.grid import Cell, Column, Grid, number_cell
from vot_toolkit.report.latex import escaped, latex
from vot_toolkit.report.markdown import markdown

COLUMNS = (Column("#", kind="rank"), Column("tracker", kind="text"), Column("EAO", "higher"))

GRID = Grid(
    "VOT2018 · baseline",
    COLUMNS,
    (
        (Cell("1", 1), Cell("good_one"), Cell("0.500", 0.5, "[0.400–0.600]")),
        (Cell("2", 2), Cell("50 %"), number_cell(0.25)),
        (Cell(""), Cell("none *"), number_cell(None)),
    ),
    ("* sequences without results: none 1 of 2",),
)

NASTY = r"[x] a_b\c {d} $e$ f&g #h 50% ~i ^j <k> |l| – ↑ Škočaj 車 *m* `n` " + '"o"'


def test_markdown_as_a_whole() -> None:
    assert markdown([GRID]) == (
        "**VOT2018 · baseline**\n\n"
        "| # | tracker | EAO ↑ |\n"
        "| --: | :-- | --: |\n"
        "| 1 | good\\_one | **0.500** [0.400–0.600] |\n"
        "| 2 | 50 % | 0.250 |\n"
        "|  | none \\* | – |\n\n"
        "- \\* sequences without results: none 1 of 2\n"
    )


def test_latex_rows() -> None:
    lines = latex([GRID]).splitlines()
    assert r"1 & good\_one & \textbf{0.500} {\scriptsize [0.400--0.600]} \\" in lines
    assert r"2 & 50 \% & 0.250 \\" in lines
    assert r"\caption{VOT2018 $\cdot$ baseline}" in lines


def test_a_long_table_is_cut_in_parts_and_remarks_come_last() -> None:
    rows = tuple((Cell(str(n), n), Cell("x"), number_cell(0.5)) for n in range(90))
    text = latex([Grid("long", COLUMNS, rows, ("remark",))])
    assert text.count(r"\begin{table}") == 3 and text.count("(continued)") == 2
    assert text.count("remark") == 1


def test_a_row_that_begins_with_a_bracket_is_no_length() -> None:
    text = latex([Grid("t", (Column("tracker", kind="text"),), ((Cell("[x]"),),))])
    assert "{[}x] \\\\" in text


@given(st.text(max_size=40))
def test_no_sign_of_latex_gets_through(text: str) -> None:
    made = escaped(text)
    made = re.sub(r"\\(textbackslash|textasciicircum|textasciitilde|dots)\{\}", "", made)
    made = re.sub(r"\$(\\[a-zA-Z]+|[-<>|])\$", "", made)
    made = re.sub(r"\\[{}$&#%_]", "", made)
    assert not set(made) & set("\\{}$&#%_^~")


@given(st.text(max_size=40))
def test_a_cell_of_markdown_stays_one_cell(text: str) -> None:
    rows = ((Cell(text),),)
    lines = markdown([Grid("t", (Column("tracker", kind="text"),), rows)]).splitlines()
    assert len(lines) == 5
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", lines[-1])) == 2


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex")
@pytest.mark.parametrize("included", [False, True], ids=["by itself", "in a document"])
def test_tables_compile(tmp_path: Path, included: bool) -> None:
    nasty = Grid(NASTY, COLUMNS, ((Cell("1", 1), Cell(NASTY), number_cell(0.5)),), (NASTY,))
    (tmp_path / "tables.tex").write_text(latex([GRID, nasty]))
    name = "tables.tex"
    if included:
        name = "paper.tex"
        (tmp_path / name).write_text(
            "\\documentclass{article}\\usepackage{booktabs}\\begin{document}\n"
            "before \\input{tables.tex} after\n\\end{document}\n"
        )
    # A draft needs no fonts but their metrics, and writes no PDF.
    done = subprocess.run(
        ["pdflatex", "-draftmode", "-interaction=nonstopmode", "-halt-on-error", name],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
