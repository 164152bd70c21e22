"""Problems on the terminal: alike ones together, the first of every tracker, and no flood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from vot_toolkit.problem import Problem
from vot_toolkit.wording import counted, listed, shortened

MAX_GROUPS = 20
"""Groups shown; the JSON lists every problem."""


@dataclass(frozen=True)
class Group:
    """Problems of one tracker that read alike.

    Parameters
    ----------
    tracker, what : str
        Whose problems, and their text.
    problems : tuple of Problem
        At least one, in the order in which they were found.
    """

    tracker: str
    what: str
    problems: tuple[Problem, ...]

    @property
    def title(self) -> str:
        """Who has the problem, in which sequences, and how often."""
        names = list(dict.fromkeys(p.sequence for p in self.problems if p.sequence is not None))
        count = len(self.problems)
        if len(names) <= 1:
            often = f", {count} times" if count > 1 else ""
            return " ".join([self.tracker, *names]) + often
        files = f", {counted(count, 'file')}" if count > len(names) else ""
        return f"{self.tracker}, {len(names)} sequences{files} ({listed(names)})"

    @property
    def place(self) -> str:
        """Where the first of the problems is; empty when it is in no file."""
        first = self.problems[0]
        line = "" if first.line is None else f":{first.line}"
        more = len(self.problems) - 1
        if first.file is None:
            return ""
        return f"{first.file}{line}" + (f" and {more} more" if more else "")


def show_problems(problems: Sequence[Problem], console: Console) -> None:
    """List what was wrong, grouped, and say how much more there is.

    Parameters
    ----------
    problems : sequence of Problem
        As an analysis has them; nothing is printed when there are none.
    console : Console
        Where to.
    """
    if not problems:
        return
    console.print(Text(counted(len(problems), "problem"), style="bold red"))
    groups = grouped(problems)
    shown = chosen(groups, MAX_GROUPS)
    for group in shown:
        _print_line(f"  {group.title}: {shortened(group.what)}", console)
        if group.place:
            _print_line(f"    {group.place}", console, style="dim")
    hidden = len(problems) - sum(len(group.problems) for group in shown)
    if hidden:
        _print_line(f"  … and {hidden} more: --json FILE lists all", console)


def grouped(problems: Iterable[Problem]) -> list[Group]:
    """Put together what reads alike; trackers and texts in the order of their first problem."""
    found: dict[str, dict[str, list[Problem]]] = {}
    for problem in problems:
        found.setdefault(problem.tracker, {}).setdefault(problem.what, []).append(problem)
    return [
        Group(tracker, what, tuple(alike))
        for tracker, texts in found.items()
        for what, alike in texts.items()
    ]


def chosen(groups: Sequence[Group], most: int) -> list[Group]:
    """Choose what is shown: first one group of every tracker, then the second of each, and so on.

    Examples
    --------
    >>> groups = [Group(tracker, what, ()) for tracker, what in ("ax", "ay", "az", "bx")]
    >>> [group.tracker + group.what for group in chosen(groups, 3)]
    ['ax', 'ay', 'bx']
    """
    counts: dict[str, int] = {}
    places = []
    for index, group in enumerate(groups):
        counts[group.tracker] = turn = counts.get(group.tracker, 0) + 1
        places.append((turn, index))
    return [groups[index] for index in sorted(index for _, index in sorted(places)[:most])]


def _print_line(line: str, console: Console, style: str | None = None) -> None:
    """Print as it is, without wrapping, so that paths can be copied."""
    console.print(line, style=style, highlight=False, markup=False, soft_wrap=True)
