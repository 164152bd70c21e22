"""The command ``verify``: what a data set lacks or contradicts."""

from __future__ import annotations

from rich.console import Console

from vot_toolkit.cli.dataset import open_shown
from vot_toolkit.dataset.source import SYNTHETIC, synthetic_fault
from vot_toolkit.dataset.verify import verify


def verify_command(source: str, console: Console) -> int:
    """Check a data set and print what was found.

    Returns
    -------
    int
        Exit status: 0, or 1 when something is wrong.
    """
    dataset = open_shown(source, console)
    faults = list(verify(dataset))
    if source == SYNTHETIC and (fault := synthetic_fault()) is not None:
        faults.append(fault)
    for fault in faults:
        console.print(f"✗ {fault}", markup=False, highlight=False, soft_wrap=True)
    verdict = f"{len(faults)} faults" if faults else "nothing is wrong"
    console.print(
        f"{dataset.name}: {len(dataset)} sequences, {dataset.num_frames} frames, {verdict}",
        markup=False,
        highlight=False,
    )
    return 1 if faults else 0
