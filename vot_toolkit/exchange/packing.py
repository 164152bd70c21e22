"""Packing a tracker's results into a zip, as they were handed in to the challenge's site.

The published results of 2018 show what was in it: the folders of the experiments, and beside them
``manifest.txt``, lines ``key=value``, whose keys are written here too, and ``performance.txt``, the
speed of the machine by functions of the MATLAB toolkit. That one is left out: nothing else can
measure it. Whether the site would have taken a zip without it is not known; it takes none any more.
"""

from __future__ import annotations

import io
import platform
import sys
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from vot_toolkit.atomic import write_whole
from vot_toolkit.dataset.sequence import Dataset
from vot_toolkit.errors import ResultsError
from vot_toolkit.problem import Problem
from vot_toolkit.results import (
    SequenceFiles,
    check_codes,
    find_experiments,
    find_files,
    find_trackers,
    read_repetition,
)
from vot_toolkit.version import toolkit_version
from vot_toolkit.wording import guess, listed

MANIFEST = "manifest.txt"

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time that stands at every file, so that equal results are equal zips."""

KINDS = ("_time.txt", ".value")
"""Endings of what is packed beside the trajectories."""


def pack(results: Path, tracker: str, dataset: Dataset, out: Path) -> int:
    """Write the zip of one tracker.

    Parameters
    ----------
    results : Path
        Folder of all trackers' results.
    tracker : str
        Which one.
    dataset : Dataset
        What it ran on, whole.
    out : Path
        The zip.

    Returns
    -------
    int
        Number of files in it, without the manifest.

    Raises
    ------
    ResultsError
        If there is no such tracker, or its results are not whole and sound.
    """
    files = _sound_files(results, tracker, dataset)
    manifest = _manifest(tracker, dataset, files)
    lines = "".join(f"{key}={value}\n" for key, value in manifest.items())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, MANIFEST, lines.encode())
        for path in files:
            name = path.relative_to(results / tracker).as_posix()
            _add(archive, name, path.read_bytes())
    write_whole(out, buffer.getvalue())
    return len(files)


def _manifest(tracker: str, dataset: Dataset, files: Iterable[Path]) -> dict[str, str]:
    """Give the keys of the MATLAB toolkit's manifest, and behind them what was run on."""
    newest = max(path.stat().st_mtime for path in files)
    return {
        "toolkit.version": f"siammask-bench {toolkit_version()}",
        "tracker.identifier": tracker,
        "tracker.interpreter": "",
        # Of the results, not of the packing, so that packing again gives the same.
        "timestamp": datetime.fromtimestamp(newest, UTC).strftime("%Y-%m-%d %H:%M:%S"),
        "platform": f"{platform.system()} {platform.machine()}",
        "platform.maxsize": str(sys.maxsize),
        "platform.endian": sys.byteorder[0].upper(),
        "environment": "python",
        "environment.version": platform.python_version(),
        "dataset.name": dataset.name,
        "dataset.sha256": dataset.digest(),
    }


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)


def _sound_files(results: Path, tracker: str, dataset: Dataset) -> list[Path]:
    """List what belongs into the zip, sorted; raise when results are missing or damaged."""
    names = find_trackers(results)
    if tracker not in names:
        hint = f"{guess(tracker, names)}there are {listed(names)}"
        raise ResultsError(f"no results of tracker {tracker!r}", file=results, hint=hint)
    problems: list[Problem] = []
    files: list[Path] = []
    for experiment in find_experiments(results, tracker):
        found, faults = find_files(results, tracker, experiment, dataset)
        problems += faults
        for sequence in found:
            problems += _faults(sequence, len(dataset[sequence.sequence]))
            files += _members(sequence)
    if not files and not problems:
        raise ResultsError("no folder of an experiment", file=results / tracker)
    if problems:
        first = problems[0]
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        hint = "`analyze` lists everything; only whole results are packed"
        raise ResultsError(first.what + more, file=first.file, line=first.line, hint=hint)
    return sorted(files)


def _faults(files: SequenceFiles, length: int) -> list[Problem]:
    problems: list[Problem] = []
    for path in files.repetitions:
        trajectory, faults = read_repetition(files, path, length)
        problems += faults or check_codes(files, path, trajectory.codes(), length)
    return problems


def _members(files: SequenceFiles) -> list[Path]:
    if not files.folder.is_dir():
        return []
    beside = (path for path in files.folder.iterdir() if path.name.endswith(KINDS))
    return [*map(Path, files.repetitions), *beside]
