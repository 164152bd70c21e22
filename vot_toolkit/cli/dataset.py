"""Opening a data set with something to see."""

from __future__ import annotations

from rich.console import Console

from vot_toolkit.dataset import Dataset, open_dataset


def open_shown(source: str, console: Console) -> Dataset:
    """Open a data set; show the rendering of an embedded one, and what the source lacks.

    Parameters
    ----------
    source : str
        As the user typed it.
    console : Console
        Where to.
    """
    dataset = _open_with_progress(source, console)
    for note in dataset.notes:
        console.print(note, style="dim", markup=False, highlight=False, soft_wrap=True)
    return dataset


def _open_with_progress(source: str, console: Console) -> Dataset:
    """Open a data set; a progress bar appears when frames have to be rendered."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        bars: list[tuple[object, object]] = []

        def advance(done: int, total: int) -> None:
            from rich.progress import Progress

            if not bars:
                bar = stack.enter_context(Progress(console=console, transient=True))
                bars.append((bar, bar.add_task(f"rendering {source} (once)", total=total)))
            bar, task = bars[0]
            bar.update(task, completed=done)  # type: ignore[attr-defined]

        return open_dataset(source, progress=advance)
