"""The command ``check``: see whether a tracker keeps the contract."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from vot_toolkit.tracker.check import Finding
from vot_toolkit.tracker.check import check as check_tracker
from vot_toolkit.tracker.registry import TrackerSpec

MARKS = (("ok", "✓", "green"), ("warning", "!", "yellow"), ("error", "✗", "red"))


def check(tracker: str, options: list[str], console: Console) -> int:
    """Check one tracker and print what was found.

    Parameters
    ----------
    tracker : str
        A registered name, or ``file.py:Class``.
    options : list of str
        The tracker's options, each ``key=value``.
    console : Console
        Where to print.

    Returns
    -------
    int
        Exit status: 0, or 1 when the tracker breaks the contract.

    Raises
    ------
    UsageError
        If an option is no ``key=value``.
    """
    report = check_tracker(TrackerSpec.parse(tracker, *options))
    console.print(_table(report.findings))
    verdict = "keeps the contract" if report.ok else "breaks the contract"
    console.print(Text(f"{report.tracker} {verdict}", style="bold"))
    return 0 if report.ok else 1


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
