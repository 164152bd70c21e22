"""Finding a data set from what a user types."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from vot_toolkit.dataset.sequence import Dataset
from vot_toolkit.errors import DatasetError

SYNTHETIC = "synthetic"

Progress = Callable[[int, int], None]


def dataset_names() -> dict[str, str]:
    """List the data sets known by name, with one line each."""
    return {SYNTHETIC: "embedded: rendered on first use, rotated boxes, masks and attributes"}


def open_dataset(source: str | Path, progress: Progress | None = None) -> Dataset:
    """Open a data set.

    Parameters
    ----------
    source : str or Path
        A VOT folder, a ``VOT2018.json``, or a name of `dataset_names`.
    progress : callable, optional
        Called with frames done and frames in all while an embedded set is rendered.

    Returns
    -------
    Dataset

    Raises
    ------
    DatasetError
        If there is no such file, folder or name.
    FormatError
        If a file does not follow its format.
    """
    from vot_toolkit.dataset.annotations import read_annotations
    from vot_toolkit.dataset.folder import read_folder

    path = Path(source)
    if path.is_dir():
        return read_folder(path)
    if path.is_file():
        return read_annotations(path)
    if str(source) == SYNTHETIC:
        return read_folder(_rendered(progress))
    raise DatasetError(
        f"no data set {str(source)!r}",
        hint="accepted: a VOT folder, a VOT2018.json, or a name: " + ", ".join(dataset_names()),
    )


def cache_folder() -> Path:
    """Give the user's cache: ``$VOT_TOOLKIT_CACHE``, else the system's place for caches."""
    import platformdirs

    named = os.environ.get("VOT_TOOLKIT_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("vot_toolkit"))


def _rendered(progress: Progress | None) -> Path:
    from vot_toolkit.dataset import synthetic

    folder = cache_folder() / f"synthetic-{synthetic.VERSION}" / SYNTHETIC
    if not folder.exists():
        workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
        synthetic.render(folder, workers=workers, progress=progress)
    return folder
