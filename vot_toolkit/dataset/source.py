"""Finding a data set from what a user types."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from vot_toolkit.dataset.sequence import Dataset
from vot_toolkit.errors import DatasetError, UserError, raise_fault
from vot_toolkit.wording import guess

SYNTHETIC = "synthetic"
CACHE_VARIABLE = "VOT_TOOLKIT_CACHE"

Progress = Callable[[int, int], None]


def dataset_names() -> dict[str, str]:
    """List the data sets known by name, with one line each."""
    return {SYNTHETIC: "embedded: rendered on first use, rotated boxes, masks and attributes"}


def open_dataset(
    source: str | Path,
    progress: Progress | None = None,
    on_fault: Callable[[UserError], None] = raise_fault,
) -> Dataset:
    """Open a data set.

    Parameters
    ----------
    source : str or Path
        A VOT folder, a ``VOT2018.json``, or a name of `dataset_names`.
    progress : callable, optional
        Called with frames done and frames in all while an embedded set is rendered.
    on_fault : callable, optional
        Is given the fault of a sequence, which is then left out; by default it is raised.

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
        return read_folder(path, on_fault)
    if path.is_file():
        return read_annotations(path, on_fault)
    if str(source) == SYNTHETIC:
        return _open_synthetic(progress)
    raise DatasetError(
        f"no data set {str(source)!r}",
        hint=guess(str(source), [*dataset_names(), *_beside(path)])
        + "accepted: a VOT folder, a VOT2018.json, or a name: "
        + ", ".join(dataset_names()),
    )


def _beside(path: Path) -> list[str]:
    """List what a misspelt path may have meant: the folders and JSON files of its folder."""
    if not path.parent.is_dir():
        return []
    entries = path.parent.iterdir()
    return [str(entry) for entry in entries if entry.suffix == ".json" or entry.is_dir()]


def cache_folder() -> Path:
    """Give the user's cache: ``$VOT_TOOLKIT_CACHE``, else the system's place for caches."""
    import platformdirs

    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_cache_dir("vot_toolkit"))


def _open_synthetic(progress: Progress | None) -> Dataset:
    from vot_toolkit.dataset.folder import read_folder

    try:
        folder, notes = _rendered(progress)
        dataset = read_folder(folder)
    except OSError as error:
        raise DatasetError(
            f"the embedded set cannot be rendered: {error.strerror}",
            file=cache_folder(),
            hint=f"set {CACHE_VARIABLE} to a folder that can be written",
        ) from None
    except UserError as error:
        advice = f"remove {synthetic_folder()} and the set is rendered anew"
        raise DatasetError(error.what, file=error.file, line=error.line, hint=advice) from None
    return replace(dataset, notes=dataset.notes + notes)


def _rendered(progress: Progress | None) -> tuple[Path, tuple[str, ...]]:
    """Give the folder of the embedded set, and what is to be said when it was just rendered."""
    from vot_toolkit.cores import usable_cores
    from vot_toolkit.dataset import synthetic

    folder = synthetic_folder()
    if folder.exists():
        return folder, ()
    synthetic.render(folder, workers=usable_cores(), progress=progress)
    fault = synthetic_fault()
    return folder, () if fault is None else (fault,)


def synthetic_folder() -> Path:
    """Give the place of the embedded set in the user's cache; it need not exist yet."""
    from vot_toolkit.dataset import synthetic

    return cache_folder() / f"synthetic-{synthetic.VERSION}" / SYNTHETIC


def synthetic_fault() -> str | None:
    """Compare the rendered set with the digest kept in the package; None when it is the same."""
    from vot_toolkit.dataset import synthetic

    found = synthetic.digest(synthetic_folder())
    if found == synthetic.EXPECTED_DIGEST:
        return None
    return (
        f"the embedded set was rendered to other bytes here (digest {found[:12]}, expected "
        f"{synthetic.EXPECTED_DIGEST[:12]}): scores on it cannot be compared with other machines'; "
        f"if files were changed, remove {synthetic_folder()} and they are rendered anew"
    )
