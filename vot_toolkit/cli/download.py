"""The command ``download``: a data set from the challenges' server or a mirror."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from vot_toolkit.cli.eval import INTERRUPTED
from vot_toolkit.cli.verify import verify_command
from vot_toolkit.download.download import WORKERS, download
from vot_toolkit.download.progress import download_progress_for
from vot_toolkit.download.stacks import description_url


def download_command(
    name: str,
    out: Path,
    console: Console,
    *,
    url: str | None = None,
    sequences: Sequence[str] | None = None,
    workers: int = WORKERS,
    checksums: bool = True,
) -> int:
    """Download a data set, and verify it.

    Parameters
    ----------
    name : str
        Name of the set.
    out : Path
        The VOT folder.
    console : Console
        Where to print.
    url : str, optional
        Of a mirror.
    sequences, workers, checksums
        As `vot_toolkit.download.download.download` takes them.

    Returns
    -------
    int
        Exit status: 0; 1 when a sequence did not come or is not sound; 130 after Ctrl-C.

    Raises
    ------
    UserError
        If there is no such set, the description cannot be had, or the disk has no room.
    """
    address = description_url(name, url)
    progress = download_progress_for(console)
    progress.note(f"{address} to {out}")
    try:
        done = download(
            address,
            out,
            sequences=sequences,
            workers=workers,
            checksums=checksums,
            progress=progress,
        )
    except KeyboardInterrupt:
        progress.note(f"stopped; what came is in {out}, the same command goes on from there")
        return INTERRUPTED
    for problem in done.problems:
        progress.note(f"✗ {problem}")
    if not (out / "list.txt").exists():
        return 1
    return max(verify_command(str(out), console), bool(done.problems))
