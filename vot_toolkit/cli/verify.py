"""The command ``verify``: what a data set lacks or contradicts."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from vot_toolkit.cli.dataset import open_shown
from vot_toolkit.dataset import Dataset
from vot_toolkit.dataset.source import SYNTHETIC, synthetic_fault
from vot_toolkit.dataset.verify import verify
from vot_toolkit.errors import FormatError, UserError
from vot_toolkit.wording import counted


def verify_command(source: str, console: Console) -> int:
    """Check a data set and print what was found.

    Returns
    -------
    int
        Exit status: 0, or 1 when something is wrong.

    Raises
    ------
    DatasetError
        If there is no such data set.
    """
    errors: list[UserError] = []
    try:
        dataset = open_shown(source, console, on_fault=errors.append)
    except FormatError as error:
        dataset = Dataset(Path(source).name, ())
        errors.append(error)
    faults = [str(error) for error in errors] + list(verify(dataset))
    if source == SYNTHETIC and (fault := synthetic_fault()) is not None:
        faults.append(fault)
    for fault in faults:
        console.print(f"✗ {fault}", markup=False, highlight=False, soft_wrap=True)
    found = f"{counted(len(dataset), 'sequence')}, {counted(dataset.num_frames, 'frame')}"
    verdict = counted(len(faults), "fault") if faults else "nothing is wrong"
    console.print(f"{dataset.name}: {found}, {verdict}", markup=False, highlight=False)
    return 1 if faults else 0
