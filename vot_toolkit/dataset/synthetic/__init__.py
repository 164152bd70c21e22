"""The embedded ``synthetic`` data set: short rendered sequences in the native VOT2018 layout.

It needs no download: it is rendered once into a folder, the same on every machine up to the JPEG
encoder.

Boxes are geometry and masks are pixels, and they differ by half a pixel. In ``groundtruth.txt`` the
pixel in column c and row r is the square from (c, r) to (c + 1, r + 1): a box around columns 3 to 5
reaches from 3.0 to 6.0. In ``masks.txt`` it is the pixel itself, whose centre is (c, r) by the
convention of `vot_toolkit.region`. The overlap of a box with a mask shows that half pixel.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

__all__ = [
    "EXPECTED_DIGEST",
    "VERSION",
    "digest",
    "render",
    "render_sequence",
    "sequence_names",
]

VERSION = "1"
"""Version of the pixels and annotations; belongs into the name of a cache folder."""

EXPECTED_DIGEST = "28ee73d6d0c06838dcb42833c3e9cb816cded30ee6e9dc129698e3fe74748c96"
"""What `digest` gives for the whole set when the JPEG encoder is OpenCV's usual libjpeg-turbo."""


def sequence_names() -> tuple[str, ...]:
    """Names of the sequences, in the order of ``list.txt``."""
    from vot_toolkit.dataset.synthetic.scenes import SCENES

    return tuple(scene.name for scene in SCENES)


def render(
    folder: Path, *, workers: int = 1, progress: Callable[[int, int], None] | None = None
) -> None:
    """Render the whole set.

    The set is rendered beside ``folder`` and moved there in one step: a killed run leaves no half
    set, and several processes that do this at once all end with a whole one. A set that is already
    there is kept.

    Parameters
    ----------
    folder
        Where the set shall be; must be absent or empty, or hold a rendered set.
    workers
        Number of processes; more than 1 starts fresh interpreters.
    progress
        Called with the number of frames done and of all frames, once a sequence.

    Raises
    ------
    OSError
        The folder cannot be written, or holds something else.
    """
    from vot_toolkit.dataset.synthetic.store import render_set

    render_set(folder, workers, progress)


def render_sequence(
    name: str, folder: Path, *, progress: Callable[[int, int], None] | None = None
) -> None:
    """Render one sequence.

    Parameters
    ----------
    name
        One of `sequence_names`.
    folder
        The sequence's own folder; made when absent. Not atomic.
    progress
        Called with the number of frames done and of all frames, once a frame.

    Raises
    ------
    KeyError
        There is no such sequence.
    """
    from vot_toolkit.dataset.synthetic.scenes import SCENES
    from vot_toolkit.dataset.synthetic.store import render_scene

    render_scene({scene.name: scene for scene in SCENES}[name], folder, progress)


def digest(folder: Path) -> str:
    """SHA-256 over the sorted relative file names and the contents of a folder, in hexadecimal.

    Parameters
    ----------
    folder
        A rendered set, or one sequence of it.
    """
    from vot_toolkit.dataset.synthetic.store import digest_of

    return digest_of(folder)
