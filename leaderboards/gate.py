"""Gates: whether a record is good enough to go on, for programs that test every change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from leaderboards.boards.measures import OF_KIND
from leaderboards.comparison.obstacle import SCORES, SPEED, TRAINING, obstacles, refusal
from leaderboards.entry import Entry, Kind
from vot_toolkit.errors import UsageError
from vot_toolkit.measures.description import Measure
from vot_toolkit.wording import guess

FAST = ("fps", "images_per_s", "device_images_per_s", "duration_s")
"""Measures that depend on the machine."""


@dataclass(frozen=True)
class Limit:
    """What a measure must keep.

    Parameters
    ----------
    measure : str
        Its name.
    kind : str
        ``drop``: it may be worse by at most `value`. ``ratio``: it must reach that part of the
        baseline's, in the measure's own direction.
    value : float
        At least 0.
    """

    measure: str
    kind: Literal["drop", "ratio"]
    value: float


@dataclass(frozen=True)
class Verdict:
    """What came of a limit.

    Parameters
    ----------
    passed : bool
        Whether it was kept.
    text : str
        In words, with both values.
    """

    passed: bool
    text: str


def parse_limit(text: str, kind: Literal["drop", "ratio"]) -> Limit:
    """Parse ``MEASURE=VALUE``.

    Raises
    ------
    UsageError
        If it has another form, or the value is no number from 0.

    Examples
    --------
    >>> parse_limit("eao=0.01", "drop")
    Limit(measure='eao', kind='drop', value=0.01)
    """
    name, _, value = text.partition("=")
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not name or not math.isfinite(number) or number < 0:
        option = "--max-drop" if kind == "drop" else "--min-ratio"
        raise UsageError(f"{option} {text!r}", hint="accepted: MEASURE=NUMBER, such as eao=0.01")
    return Limit(name.strip(), kind, number)


def judge(
    entry: Entry, baseline: Entry, limits: Iterable[Limit], *, anyway: bool = False
) -> list[Verdict]:
    """Hold a record to limits.

    Parameters
    ----------
    entry, baseline : Entry
        What is tested, and what it is held to.
    limits : iterable of Limit
        At least one.
    anyway : bool
        Also where the two may not be compared.

    Returns
    -------
    list of Verdict
        One for each limit. A value that is missing does not pass.

    Raises
    ------
    UsageError
        If the two may not be compared, a measure does not exist, or there is no limit.
    """
    wanted = list(limits)
    if not wanted:
        hint = "--max-drop eao=0.01 and --min-ratio fps=0.95 are such"
        raise UsageError("nothing to hold the record to", hint=hint)
    if not anyway:
        _check(entry, baseline, wanted)
    return [_judged(entry, baseline, limit) for limit in wanted]


def _check(entry: Entry, baseline: Entry, limits: Sequence[Limit]) -> None:
    for limit in limits:
        found = obstacles(baseline, entry, _facts(entry.kind, limit.measure))
        if found:
            hint = "--anyway tests nevertheless"
            raise UsageError(f"{limit.measure} {refusal(found)}", hint=hint)


def _facts(kind: Kind, measure: str) -> dict[str, str]:
    """Give what must be the same for a measure to be comparable."""
    if kind == "training":
        machine = {"devices": "devices", "machine": "machine"} if measure in FAST else {}
        return {**TRAINING, **machine}
    return SPEED if measure in FAST else SCORES


def _judged(entry: Entry, baseline: Entry, limit: Limit) -> Verdict:
    described = _described(entry.kind, limit.measure)
    before, after = baseline.values.get(limit.measure), entry.values.get(limit.measure)
    if before is None or after is None:
        whose = "the baseline" if before is None else "the record"
        return Verdict(False, f"{limit.measure}: {whose} has no value")
    digits = max(described.digits, 3)
    values = f"{limit.measure}: {before:.{digits}f} before, {after:.{digits}f} now"
    if limit.kind == "drop":
        worse = -described.gain(before, after)
        text = f"{values}, worse by {max(worse, 0.0):.{digits}f}, allowed {limit.value:g}"
        # 0.39 - 0.38 is a little more than 0.01 in binary.
        return Verdict(worse <= limit.value + 1e-12, text)
    ratio = described.ratio(before, after)
    shown = "undefined" if ratio is None else f"{ratio:.3f}"
    passed = ratio is not None and ratio >= limit.value - 1e-12
    return Verdict(passed, f"{values}, ratio {shown}, at least {limit.value:g}")


def _described(kind: Kind, name: str) -> Measure:
    known = OF_KIND[kind]
    if name not in known:
        hint = guess(name, list(known)) + f"accepted: {', '.join(known)}"
        raise UsageError(f"no measure {name!r}", hint=hint)
    return known[name]
