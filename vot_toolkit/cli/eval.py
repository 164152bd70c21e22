"""The command ``eval``: run trackers, score them, show the table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from vot_toolkit.cli.dataset import open_named
from vot_toolkit.cli.output import Output
from vot_toolkit.evaluation import evaluate
from vot_toolkit.run.progress import progress_for
from vot_toolkit.tracker.options import parse_options

INTERRUPTED = 130
"""Exit status of a program ended by Ctrl-C, as shells give it: 128 and the signal's number."""

NOTHING = Output()
"""The table alone."""


def evaluate_command(
    trackers: Sequence[str],
    console: Console,
    *,
    dataset: str | None = None,
    results: Path = Path("results"),
    options: Sequence[str] = (),
    output: Output = NOTHING,
    record: Path | None = None,
    **settings: Any,
) -> int:
    """Run trackers, score them, and print the table.

    Parameters
    ----------
    trackers : sequence of str
        Registered names or ``file.py:Class``.
    console : Console
        Where to print.
    dataset : str, optional
        As typed; without it a default, which is named.
    results : Path
        Folder of all trackers' results.
    options : sequence of str
        The trackers' options, each ``key=value``.
    output : Output
        What is printed and written of the analysis.
    record : Path, optional
        Folder for the records.
    **settings
        The other keywords of `evaluate`: registry, name, checkpoint, device, experiments,
        sequences, repetitions, engine, address, workers, lanes, timeout, force, rules,
        record_host.

    Returns
    -------
    int
        Exit status: 0; 1 when there are problems; 130 after Ctrl-C.

    Raises
    ------
    UserError
        As `evaluate`; or if a file cannot be written.
    """
    progress = progress_for(console)
    output.check()
    try:
        analysis = evaluate(
            trackers,
            open_named(dataset, console, progress.note),
            results=results,
            options=dict(parse_options(options)),
            record=record,
            progress=progress,
            **settings,
        )
    except KeyboardInterrupt:
        progress.note(f"stopped; what is done is in {results}, the same command goes on from there")
        return INTERRUPTED
    output.print(analysis, console)
    console.print(f"results: {results}", markup=False, highlight=False, soft_wrap=True)
    output.write(analysis)
    return 1 if analysis.problems else 0
