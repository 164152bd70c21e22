"""The command ``check``: see whether a tracker keeps the contract."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from vot_toolkit.tracker.apart import TIMEOUT_S, check_apart
from vot_toolkit.tracker.check import Finding
from vot_toolkit.tracker.options import parse_options
from vot_toolkit.tracker.registry import TrackerSpec, target_in
from vot_toolkit.tracker.settings import expanded

LAST_LINES = 10
"""Lines shown of what a tracker printed."""

MARKS = (("ok", "✓", "green"), ("warning", "!", "yellow"), ("error", "✗", "red"))


def check(
    tracker: str,
    options: Iterable[str],
    console: Console,
    *,
    registry: Path | None = None,
    checkpoint: Path | None = None,
    device: str | None = None,
    timeout_s: float = TIMEOUT_S,
) -> int:
    """Check one tracker and print what was found.

    Parameters
    ----------
    tracker : str
        A registered name, or ``file.py:Class``.
    options : iterable of str
        The tracker's options, each ``key=value``.
    console : Console
        Where to print.
    registry : Path, optional
        A ``trackers.ini`` whose sections are trackers too.
    checkpoint, device
        Options of the tracker too, where given.
    timeout_s : float
        Time that building it, or one frame, may take, in s.

    Returns
    -------
    int
        Exit status: 0, or 1 when the tracker breaks the contract.

    Raises
    ------
    UsageError
        If an option is no ``key=value``, or the time is not above 0.
    """
    extra = {"checkpoint": checkpoint, "device": device}
    given = {key: str(value) for key, value in extra.items() if value is not None}
    texts = expanded({**given, **dict(parse_options(options))})
    spec = TrackerSpec(target_in(registry, tracker), tuple(texts.items()))
    report = check_apart(spec, timeout_s)
    console.print(_table(report.findings))
    _print_output(report.printed, console)
    verdict = "keeps the contract" if report.ok else "breaks the contract"
    console.print(Text(f"{report.tracker} {verdict}", style="bold"))
    return 0 if report.ok else 1


def _print_output(printed: str, console: Console) -> None:
    """Show the last of what a tracker printed, without what steers a terminal."""
    lines = [Text.from_ansi(line).plain.rstrip() for line in printed.splitlines()]
    lines = [line for line in lines if line][-LAST_LINES:]
    if lines:
        console.print(Text("the last of what it printed:", style="dim"))
    for line in lines:
        console.print(Text(f"   {line}", style="dim"), overflow="fold")


def _table(findings: Iterable[Finding]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    marks = {level: Text(mark, style=style) for level, mark, style in MARKS}
    for finding in findings:
        text = Text(finding.what)
        if finding.advice:
            text.append(f"\n→ {finding.advice}", style="dim")
        table.add_row(marks[finding.level], text)
    return table
