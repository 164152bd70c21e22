"""The command: prepare a data set, or check one that is prepared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trainers.prepare.layout import Layout
from trainers.prepare.options import Options
from trainers.prepare.packing import pack_crops
from trainers.prepare.preparation import Report, prepare
from trainers.prepare.progress import Progress, progress_for
from trainers.prepare.sets import SetName, plan_for
from trainers.prepare.summary import dropped_table, split_line
from trainers.prepare.verify import verify
from vot_toolkit.cores import usable_cores
from vot_toolkit.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

FIRST_SHOWN = 20
"""Faults that a check names; there may be millions."""


def prepare_command(
    name: SetName,
    source: Path,
    out: Path,
    console: Console,
    *,
    workers: int | None,
    original: bool,
    pack: bool = False,
    licences: str | None = None,
) -> int:
    """Prepare a data set and print what became of it.

    Parameters
    ----------
    name : SetName
        What kind of data set it is.
    source, out : Path
        Where it lies, and where the crops go.
    console : Console
        Where to print.
    workers : int or None
        Processes; None for one on each usable core.
    original : bool
        See `plan_for`.
    pack : bool
        Whether to pack the crops, too.
    licences : str or None
        Numbers of licences, such as ``4,5,7``, for `plan_for`.

    Returns
    -------
    int
        Exit status: 0, or 1 when the source lacked something.
    """
    progress = progress_for(console)
    progress.note(f"{name.value}: looking through {source}")
    plan = plan_for(name, source, original=original, licences=_numbers(licences))
    for note in plan.notes:
        progress.note(f"note: {note}")
    if original and name is not SetName.VID:
        progress.note(f"note: --original changes nothing in {name.value}, only in vid")
    if licences is not None and name not in (SetName.COCO, SetName.RENDERED):
        progress.note(
            f"note: --licences changes nothing in {name.value}, only in coco and rendered"
        )
    options = Options(name.value, str(source.resolve()), original, licences)
    count = workers or usable_cores()
    report = prepare(plan, options, Layout(out), workers=count, progress=progress)
    if pack:
        pack_crops(report, Layout(out), workers=count, progress=progress)
    return _show(report, Layout(out), console, progress)


def _numbers(licences: str | None) -> frozenset[int] | None:
    if licences is None:
        return None
    try:
        return frozenset(int(number) for number in licences.split(","))
    except ValueError:
        hint = "numbers of the annotations' list 'licenses', such as 4,5,7,8"
        raise UsageError(f"--licences {licences!r} is no list of numbers", hint=hint) from None


def _show(report: Report, layout: Layout, console: Console, progress: Progress) -> int:
    for file, properties in report.splits.items():
        progress.note(split_line(file, properties))
    if report.dropped:
        console.print(dropped_table(report.dropped))
        progress.note(f"all that was left out: {layout.dropped}")
    if report.has_faults:
        progress.note("files of the source are missing or unreadable; mended, run this again")
    return 1 if report.has_faults else 0


def check_command(out: Path, console: Console, *, workers: int | None) -> int:
    """Check a prepared folder and print what was found.

    Returns
    -------
    int
        Exit status: 0, or 1 when something is wrong.
    """
    progress = progress_for(console)
    findings = verify(Layout(out), workers=workers or usable_cores(), progress=progress)
    for file, finding in findings.items():
        for fault in finding.faults[:FIRST_SHOWN]:
            progress.note(f"✗ {fault}")
        if len(finding.faults) > FIRST_SHOWN:
            progress.note(f"✗ … and {len(finding.faults) - FIRST_SHOWN} more")
        verdict = f"{len(finding.faults)} faults" if finding.faults else "nothing is wrong"
        progress.note(
            f"{file}: {finding.videos} videos, {finding.tracks} tracks, {finding.crops} crops, "
            f"{finding.masks} masks, {verdict}"
        )
    if any(finding.broken for finding in findings.values()):
        progress.note("broken crops are made anew by the same command without --check")
    return 1 if any(finding.faults for finding in findings.values()) else 0
