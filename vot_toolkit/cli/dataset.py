"""Opening a data set with something to see."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from rich.console import Console

from vot_toolkit.dataset import Dataset, open_dataset
from vot_toolkit.errors import UserError, raise_fault
from vot_toolkit.evaluation import default_dataset
from vot_toolkit.wording import counted

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


def open_shown(
    source: str, console: Console, on_fault: Callable[[UserError], None] = raise_fault
) -> Dataset:
    """Open a data set; show the rendering of an embedded one, and what the source lacks.

    Parameters
    ----------
    source : str
        As the user typed it.
    console : Console
        Where to.
    on_fault : callable, optional
        As `open_dataset` has it.
    """
    dataset = _open_with_progress(source, console, on_fault)
    for note in dataset.notes:
        console.print(note, style="dim", markup=False, highlight=False, soft_wrap=True)
    return dataset


def open_named(name: str | None, console: Console, note: Callable[[str], None]) -> Dataset:
    """Open the data set of a run, or the default one, and say which it is.

    Parameters
    ----------
    name : str, optional
        As the user typed it.
    console : Console
        Where a rendering is shown.
    note : callable
        Is told which data set it is.
    """
    if name is None:
        name, why = default_dataset()
        note(f"data set {name}: {why}")
    dataset = open_shown(name, console)
    size = f"{counted(len(dataset), 'sequence')}, {counted(dataset.num_frames, 'frame')}"
    note(f"{dataset.name}: {size}")
    return dataset


def _open_with_progress(
    source: str, console: Console, on_fault: Callable[[UserError], None]
) -> Dataset:
    """Open a data set; a progress bar appears when frames have to be rendered."""
    with ExitStack() as stack:
        bars: list[tuple[Progress, TaskID]] = []

        def advance(done: int, total: int) -> None:
            from rich.progress import Progress  # slow to load, and seldom needed

            if not bars:
                bar = stack.enter_context(Progress(console=console, transient=True))
                bars.append((bar, bar.add_task(f"rendering {source} (once)", total=total)))
            bar, task = bars[0]
            bar.update(task, completed=done)

        return open_dataset(source, progress=advance, on_fault=on_fault)
