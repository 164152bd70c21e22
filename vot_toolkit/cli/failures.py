"""The command ``failures``: every failure of a tracker."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from vot_toolkit.atomic import write_whole
from vot_toolkit.cli.dataset import open_shown
from vot_toolkit.dataset import Dataset
from vot_toolkit.failure import Failure, find_failures
from vot_toolkit.places import check_file, check_folder
from vot_toolkit.report.failures import failure_grid
from vot_toolkit.report.problems import show_problems
from vot_toolkit.report.tables import show_grids
from vot_toolkit.wording import counted


def failures_command(
    tracker: str,
    results: Path,
    dataset: str,
    console: Console,
    *,
    experiment: str = "baseline",
    sequences: Sequence[str] | None = None,
    rules: str = "vot2018",
    json_file: Path | None = None,
    strips: Path | None = None,
) -> int:
    """List the failures, and draw the frames around them.

    Parameters
    ----------
    tracker : str
        Whose failures.
    results : Path
        Folder with one folder a tracker.
    dataset : str
        As typed.
    console : Console
        Where to print.
    experiment : str
        ``baseline`` or ``realtime``.
    sequences : sequence of str, optional
        Only these.
    rules : str
        By which overlaps are computed.
    json_file : Path, optional
        Where the list is written.
    strips : Path, optional
        Folder for one PNG a failure.

    Returns
    -------
    int
        Exit status: 0, or 1 when there are problems.

    Raises
    ------
    UserError
        As `find_failures`; if a file cannot be written, or an image for a strip is missing.
    """
    if json_file is not None:
        check_file("--json", json_file)
    if strips is not None:
        check_folder("--strips", strips)
    opened = open_shown(dataset, console)
    chosen = opened.select(sequences) if sequences else opened
    failures, problems = find_failures(results, chosen, tracker, experiment, rules)
    show_grids([failure_grid(f"{tracker} · {experiment} · failures", failures)], console)
    show_problems(problems, console)
    if json_file is not None:
        data = [failure.to_dict() for failure in failures]
        write_whole(json_file, json.dumps(data, indent=1) + "\n")
    if strips is not None:
        paths = list(_write_strips(strips, results, chosen, tracker, experiment, failures))
        drawn = f"{counted(len(paths), 'strip')} in {strips}"
        console.print(drawn, markup=False, highlight=False, soft_wrap=True)
    return 1 if problems else 0


def _write_strips(
    folder: Path,
    results: Path,
    dataset: Dataset,
    tracker: str,
    experiment: str,
    failures: Sequence[Failure],
) -> Iterator[Path]:
    from vot_toolkit.pictures.scenes import open_scene
    from vot_toolkit.pictures.strips import failure_strip, write_png

    for failure in failures:
        sequence, number = dataset[failure.sequence], failure.repetition
        scene = open_scene(results, dataset, sequence.name, [tracker], experiment, number)
        path = folder / f"{sequence.name}_{number:03d}_{failure.frame:05d}.png"
        write_png(path, failure_strip(scene, failure))
        yield path
