"""Packing: the crops once more, in a few large files."""

from __future__ import annotations

from trainers.prepare.layout import Layout
from trainers.prepare.preparation import Report
from trainers.prepare.progress import Progress


def pack_crops(report: Report, layout: Layout, *, workers: int, progress: Progress) -> None:
    """Pack the crops of a prepared folder, going on where a run before was stopped.

    Parameters
    ----------
    report : Report
        Of the preparation.
    layout : Layout
        Where the crops are; the packed folder lies beside them.
    workers : int
        Processes.
    progress : Progress
        Told how far it is.

    Raises
    ------
    CropsError
        If there are no crops, or the packed folder cannot be written.
    """
    from trainers.data.packed import pack

    done = 0

    def advance(now: int, total: int) -> None:
        nonlocal done
        progress.advance(now - done, now - done)
        done = now

    progress.start("packing", sum(split.frames for split in report.splits.values()))
    try:
        manifest = pack(layout.crops, layout.packed, workers=workers, progress=advance)
    finally:
        progress.stop()
    progress.note(f"{layout.packed}: {manifest.crops} crops in {len(manifest.shards)} files")
    for fault in manifest.skipped:
        progress.note(f"not packed: {fault}")
