"""Tables that explain differences between rule sets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vot_toolkit.report.grid import UNDEFINED, Cell, Column, Grid, number_cell, text_cells
from vot_toolkit.report.rankings import HEADINGS

if TYPE_CHECKING:
    from vot_toolkit.explanation import Difference, Explanation, Scores

DIGITS = 4
"""Of scores here: rule sets differ in the third decimal."""

ROUNDING = 1e-12
"""Changes below this are rounding of sums."""

ORDER = (
    "below: each switch flipped alone, the others as in {before}, in the order of the rule files; "
    "interaction: what is left of the difference"
)


def explanation_grids(explanation: Explanation) -> Iterator[Grid]:
    """Give the scores under every rule set, then one table for each difference."""
    names = list(next(iter(explanation.scores.values())))
    columns = (Column("rules", kind="text"), *(Column(HEADINGS[name]) for name in names))
    rows = tuple(
        (Cell(rules), *(number_cell(scores[name], DIGITS) for name in names))
        for rules, scores in explanation.scores.items()
    )
    order = ORDER.format(before=explanation.differences[0].before)
    yield Grid(f"{explanation.tracker} · {explanation.experiment}", columns, rows, (order,))
    for difference in explanation.differences:
        yield _difference_grid(difference, names)


def _difference_grid(difference: Difference, names: list[str]) -> Grid:
    columns = (
        Column("switch", kind="text"),
        Column("position", kind="text"),
        *(Column(f"Δ {HEADINGS[name]}") for name in names),
    )
    at_work = [each for each in difference.contributions if not each.is_idle]
    rows = [
        (
            *text_cells([each.switch.name, f"{each.switch.before} → {each.switch.after}"]),
            *_changes(each.effect, names),
        )
        for each in at_work
    ]
    rows.append((*text_cells(["interaction", ""]), *_changes(difference.interaction, names)))
    rows.append((*text_cells(["difference", ""]), *_changes(difference.total, names)))
    title = f"from {difference.before} to {difference.after}"
    return Grid(title, columns, tuple(rows), tuple(_notes(difference)))


def _changes(values: Scores, names: list[str]) -> Iterator[Cell]:
    for name in names:
        value = values[name]
        yield Cell(_signed(value), value)


def _signed(value: float | None) -> str:
    """Show a change; one too small for the decimals by its order of magnitude."""
    if value is None:
        return UNDEFINED
    if abs(value) < ROUNDING:
        return "0"
    return f"{value:+.{DIGITS}f}" if round(value, DIGITS) else f"{value:+.0e}"


def _notes(difference: Difference) -> Iterator[str]:
    idle = [each.switch.name for each in difference.contributions if each.is_idle]
    if idle:
        yield f"without effect here: {', '.join(idle)}"
