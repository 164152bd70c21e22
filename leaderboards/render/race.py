"""Two trainings beside each other on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from leaderboards.comparison.curve import binned, sparkline
from leaderboards.comparison.obstacle import LOSS, TRAINING, obstacles, refusal
from leaderboards.comparison.rate import compare_rates
from leaderboards.entry import Entry
from leaderboards.lookup import dig, numbers
from vot_toolkit.records import Record

Side = tuple[Entry, Record | None]


def show_trainings(first: Side, second: Side, console: Console, *, anyway: bool) -> bool:
    """Print what two trainings differ by.

    Returns
    -------
    bool
        False when neither speed nor loss may be compared.
    """
    fast = _show_speed(first, second, console, anyway=anyway)
    return _show_loss(first, second, console, anyway=anyway) or fast


def _show_speed(first: Side, second: Side, console: Console, *, anyway: bool) -> bool:
    found = obstacles(first[0], second[0], TRAINING)
    if found:
        _say(console, f"speeds {refusal(found)}", "yellow")
        if not anyway:
            return False
    one, other = (entry.values.get("images_per_s") for entry, _ in (first, second))
    if one is None or other is None:
        _say(console, "speeds: one of the two has none")
        return True
    _say(console, f"images/s: {one:.1f} and {other:.1f}, {_ratio(first, second, other / one)}")
    each = [entry.values.get("device_images_per_s") for entry, _ in (first, second)]
    if each[0] is not None and each[1] is not None:
        ratio = f"B is {each[1] / each[0]:.2f} times as fast as A"
        _say(console, f"images/s per device: {each[0]:.1f} and {each[1]:.1f}, {ratio}")
    return True


def _ratio(first: Side, second: Side, ratio: float) -> str:
    """Say the ratio, with its scatter where both logged enough."""
    rate = None if first[1] is None or second[1] is None else compare_rates(first[1], second[1])
    text = f"B is {ratio:.2f} times as fast as A"
    if rate is None or rate.low is None or rate.high is None:
        return f"{text}; how much that scatters was not recorded"
    return f"{text}, {rate.low:.2f} … {rate.high:.2f} from stretch to stretch"


def _show_loss(first: Side, second: Side, console: Console, *, anyway: bool) -> bool:
    found = obstacles(first[0], second[0], LOSS)
    if found:
        _say(console, f"losses {refusal(found)}", "yellow")
        if not anyway:
            return False
    one, other = (entry.values.get("loss") for entry, _ in (first, second))
    if one is not None and other is not None:
        _say(console, f"loss at the end: {one:.4f} and {other:.4f}, B − A {other - one:+.4f}")
    curves = [_curve(record) for _, record in (first, second)]
    drawn = [value for curve in curves for value in curve]
    for letter, curve in zip("AB", curves, strict=True):
        if curve:
            line = sparkline(curve, min(drawn), max(drawn))
            _say(console, f"{letter} {line} {curve[0]:.3f} → {curve[-1]:.3f}")
    return True


def _curve(record: Record | None) -> list[float]:
    """Give a loss curve in stretches; empty where none was recorded."""
    return [] if record is None else binned(numbers(dig(record.results, "lines", "loss")))


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(line, style=style))
