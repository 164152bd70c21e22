"""The command ``convert``: a VOT folder as JSON, or the other way."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from vot_toolkit.cli.dataset import open_shown
from vot_toolkit.dataset import Dataset, open_dataset
from vot_toolkit.dataset.conversion import Images, place_images, write_annotations, write_folder
from vot_toolkit.errors import UsageError
from vot_toolkit.wording import counted

DIGITS = 12
"""Of a digest shown: enough to tell any two sets apart."""


def convert_command(
    source: str, out: Path, console: Console, *, images: Images = "none", force: bool = False
) -> int:
    """Write a data set in the other form, read it again, and compare.

    Parameters
    ----------
    source : str
        A VOT folder, a JSON file, or a name.
    out : Path
        What is written: JSON when it ends in ``.json``, else a VOT folder.
    console : Console
        Where to print.
    images : str
        Whether a folder's images are linked or copied from the source.
    force : bool
        Whether other content may be replaced.

    Returns
    -------
    int
        Exit status: 0; 1 when what was written is not what was read.

    Raises
    ------
    UserError
        If the source cannot be read, or the target not be written.
    """
    dataset = open_shown(source, console)
    if out.suffix == ".json":
        if images != "none":
            raise UsageError(f"--images {images} with a JSON file", hint="it holds no images")
        write_annotations(dataset, out, force=force)
    else:
        write_folder(dataset, out, force=force)
        place_images(dataset, out, images)
    return _compare(dataset, open_dataset(out), out, console)


def _compare(dataset: Dataset, written: Dataset, out: Path, console: Console) -> int:
    """Say what was written; the digests tell whether it holds the same numbers."""
    digest, found = dataset.digest(), written.digest()
    size = f"{counted(len(dataset), 'sequence')}, {counted(dataset.num_frames, 'frame')}"
    same = f"the same annotations in both, digest {digest[:DIGITS]}"
    differs = f"digest {found[:DIGITS]} is not the source's, {digest[:DIGITS]}"
    said = f"{out}: {size}, {same if digest == found else differs}"
    console.print(said, markup=False, highlight=False, soft_wrap=True)
    return 0 if digest == found else 1
