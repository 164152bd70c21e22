"""The command ``add``: take records, results, analyses and logs into the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from leaderboards.cli.console import terminal, warn
from leaderboards.inputs.addition import add_all
from leaderboards.store import Store
from vot_toolkit.places import check_folder
from vot_toolkit.wording import counted


def add_command(
    files: Sequence[Path], *, dataset: str | None, rules: str, store: Path | None
) -> int:
    """Add, and say what became of each.

    Returns
    -------
    int
        Exit status: 0, or 1 when there are problems; what is there already is none.
    """
    place = Store(store)
    check_folder("--store", place.folder)
    done = add_all(files, place, dataset, rules)
    console = terminal()
    lines = [f"added {file.name}" for _, file in done.added]
    lines += [f"already there: {file.name} (from {source})" for source, file in done.known]
    lines += [f"{place.folder}: {counted(len(done.added), 'new record')}"]
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return warn(done.problems)
