"""The command ``gate``: an exit status for programs that test every change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from leaderboards.cli.console import terminal, warn
from leaderboards.comparison.obstacle import check_kinds
from leaderboards.entries import entry_of
from leaderboards.entry import Entry
from leaderboards.gate import judge, parse_limit
from leaderboards.store import Store, find_entry
from vot_toolkit.errors import UsageError
from vot_toolkit.records import read_record


def gate_command(
    record: str | None,
    *,
    baseline: str,
    max_drop: Sequence[str],
    min_ratio: Sequence[str],
    anyway: bool,
    store: Path | None,
) -> int:
    """Hold a record to a baseline.

    Returns
    -------
    int
        Exit status: 0 when it passed, 1 when it did not.

    Raises
    ------
    UserError
        If there is no such record, or the two may not be compared.
    """
    limits = [parse_limit(text, "drop") for text in max_drop]
    limits += [parse_limit(text, "ratio") for text in min_ratio]
    entries, problems = Store(store).entries()
    warn(problems)  # they have no part in the verdict
    held = _find(baseline, entries)
    tested = _newest(entries, held) if record is None else _find(record, entries)
    check_kinds(held, tested)
    verdicts = judge(tested, held, limits, anyway=anyway)
    console = terminal()
    for verdict in verdicts:
        line = f"{'pass' if verdict.passed else 'FAIL'}  {verdict.text}"
        style = "green" if verdict.passed else "bold red"
        console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)
    return 0 if all(verdict.passed for verdict in verdicts) else 1


def _find(wanted: str, entries: Iterable[Entry]) -> Entry:
    """Find a record in the store, or read a file that need not be in it."""
    path = Path(wanted)
    if path.is_file():
        return entry_of(read_record(path), path.name)
    return find_entry(wanted, entries)


def _newest(entries: Iterable[Entry], baseline: Entry) -> Entry:
    same = [
        entry
        for entry in entries
        if (entry.kind, entry.label) == (baseline.kind, baseline.label)
        and entry.digest != baseline.digest
    ]
    if not same:
        hint = "name the record that is to be tested, or --store its folder"
        raise UsageError(f"no other record of {baseline.label!r} in the store", hint=hint)
    return max(same, key=lambda entry: str(entry.fact("created")))
