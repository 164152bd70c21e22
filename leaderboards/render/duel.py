"""Two trackers beside each other on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from leaderboards.comparison.evidence import Contest, Duel, duel, further_contests
from leaderboards.comparison.obstacle import SCORES, SPEED, obstacles, refusal
from leaderboards.entry import Entry
from vot_toolkit.measures.description import MEASURES, measure
from vot_toolkit.measures.uncertainty import Estimate
from vot_toolkit.records import Record

Side = tuple[Entry, Record | None]

RANGE = "B − A: positive is more; 95 % and p by a paired bootstrap over sequences, 10,000 resamples"


def show_trackers(first: Side, second: Side, console: Console, *, anyway: bool) -> bool:
    """Print what two evaluations differ by.

    Returns
    -------
    bool
        False when they may not be compared and nothing was.
    """
    found = obstacles(first[0], second[0], SCORES)
    if found:
        _say(console, f"scores {refusal(found)}", "yellow")
        if not anyway:
            return False
    match = None if first[1] is None or second[1] is None else duel(first[1], second[1])
    further, missing = _further(first, second)
    if match is None and not further:
        _say(console, "no overlaps of both are known: differences without intervals", "yellow")
        console.print(_plain_table(first[0], second[0]))
    else:
        _show_contests([*(match.contests() if match else ()), *further], console)
        for line in missing if match else ("baseline: no overlaps of both are known", *missing):
            _say(console, line, "dim")
    if match is not None:
        _show_reasons(match, console)
    _show_speed(first[0], second[0], console, anyway=anyway)
    return True


def _further(first: Side, second: Side) -> tuple[list[Contest], list[str]]:
    if first[1] is None or second[1] is None:
        return [], []
    return further_contests(first[1], second[1])


def _show_contests(contests: Sequence[Contest], console: Console) -> None:
    console.print(_contest_table(contests))
    for line in _verdicts(contests):
        _say(console, line)


def _show_reasons(match: Duel, console: Console) -> None:
    decisive = match.decisive()
    if decisive:
        console.print(Text("sequences that decide the difference of EAO", style="bold"))
        table = _table("sequence", "its part", "B − A without it")
        for each in decisive:
            table.add_row(each.sequence, f"{each.share:+.3f}", f"{each.without:+.3f}")
        console.print(table)
    attributes = match.attributes()
    if attributes:
        console.print(Text("B − A by attribute, with 95 %", style="bold"))
        console.print(_attribute_table(attributes))


def _contest_table(contests: Sequence[Contest]) -> Table:
    table = _table("", "A", "B", "B − A", "95 %", "p", "repetitions")
    for each in contests:
        noise = "–" if each.noise is None else f"±{1.96 * each.noise:.3f}"
        table.add_row(
            measure(each.measure).heading,
            f"{each.first:.3f}",
            f"{each.second:.3f}",
            f"{each.gap.value:+.3f}",
            _interval(each.gap),
            _p_value(each.gap),
            noise,
        )
    return table


def _interval(gap: Estimate) -> str:
    if gap.low is None or gap.high is None:
        return "too few sequences"
    return f"{gap.low:+.3f} … {gap.high:+.3f}"


def _p_value(gap: Estimate) -> str:
    if gap.p_value is None:
        return "–"
    return "<0.001" if gap.p_value < 0.001 else f"{gap.p_value:.3f}"


def _verdicts(contests: Sequence[Contest]) -> Iterator[str]:
    """Say in words what the numbers mean."""
    yield RANGE
    if any(each.noise is not None for each in contests):
        yield "repetitions: what running the same sequences again would change, 95 %"
    for each in contests:
        described = measure(each.measure)
        if each.gap.low is None or each.gap.high is None:
            yield f"{described.symbol}: {each.sequences} sequences are too few to tell"
        elif each.gap.low <= 0 <= each.gap.high:
            yield f"{described.symbol}: {each.sequences} sequences cannot tell the two apart"
        else:
            better = "B" if described.gain(each.first, each.second) > 0 else "A"
            yield f"{described.symbol}: {better} is better"


def _attribute_table(attributes: dict[str, list[Contest]]) -> Table:
    table = _table("attribute", "EAO", "A", "failures/100")
    for tag, contests in attributes.items():
        found = {each.measure: each for each in contests}
        table.add_row(tag, *(_short(found.get(name)) for name in ("eao", "accuracy", "robustness")))
    return table


def _short(contest: Contest | None) -> str:
    """Give a difference with its reach, and a star when its interval leaves 0 out."""
    if contest is None:
        return "–"
    gap = contest.gap
    if gap.low is None or gap.high is None:
        return f"{gap.value:+.3f}"
    star = " " if gap.low <= 0 <= gap.high else "*"
    return f"{gap.value:+.3f} ±{(gap.high - gap.low) / 2:.3f}{star}"


def _plain_table(first: Entry, second: Entry) -> Table:
    table = _table("", "A", "B", "B − A")
    for name, described in MEASURES.items():
        one, other = first.values.get(name), second.values.get(name)
        if name == "fps" or (one is None and other is None):
            continue
        gap = None if one is None or other is None else other - one
        cells = (one, other)
        shown = ("–" if value is None else f"{value:.{described.digits}f}" for value in cells)
        table.add_row(described.heading, *shown, "–" if gap is None else f"{gap:+.3f}")
    return table


def _show_speed(first: Entry, second: Entry, console: Console, *, anyway: bool) -> None:
    one, other = first.values.get("fps"), second.values.get("fps")
    if one is None or other is None:
        return
    found = obstacles(first, second, SPEED)
    if found:
        _say(console, f"fps {refusal(found)}", "yellow")
    if not found or anyway:
        _say(console, f"fps: {one:.1f} and {other:.1f}, B is {other / one:.2f} times as fast as A")


def _table(*headings: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="right" if index else "left", overflow="fold")
    return table


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(line, style=style))
