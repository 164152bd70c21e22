"""Networks that come with this package.

Each is a file of weights with 16-bit floats beside a card of the same name: what it was trained
on and how, what it scores, what it cannot do, and by what right it may be used.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from pathlib import Path
from typing import Any

from siammask.errors import CheckpointError

FOLDER = Path(__file__).parent

DEFAULT = "siammask_tiny"
"""What is used where no checkpoint is given."""

AGAIN = "install siammask-bench again"


def names(folder: Path = FOLDER) -> list[str]:
    """List the networks that are there, by name."""
    return sorted(card.stem for card in folder.glob("*.json") if _weights(card).is_file())


def card(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """Read what is to be known of a network; its ``sha256`` is that of the weights.

    Raises
    ------
    CheckpointError
        If there is none of that name.
    """
    there = names(folder)
    if name not in there:
        near = difflib.get_close_matches(name, there, n=1)
        guess = f"did you mean {near[0]!r}? " if near else ""
        hint = f"{guess}there are {', '.join(there)}" if there else "give a file of weights"
        raise CheckpointError(f"no network {name!r} comes with this package", hint=hint)
    found: dict[str, Any] = json.loads((folder / f"{name}.json").read_bytes())
    return found


def find(name: str, folder: Path = FOLDER) -> Path:
    """Give the file of a network's weights.

    Raises
    ------
    CheckpointError
        If there is none of that name, or its file is not what its card says.
    """
    wanted = card(name, folder)["sha256"]
    path = folder / f"{name}.safetensors"
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != wanted:
        what = f"changed since it was packed: SHA-256 {found[:12]}… instead of {wanted[:12]}…"
        raise CheckpointError(what, file=path, hint=AGAIN)
    return path


def default(folder: Path = FOLDER) -> Path | None:
    """Give the weights that are used where none are given; None where none came along.

    Whether they are what they should be is looked at when they are read: see `check`.
    """
    path = folder / f"{DEFAULT}.safetensors"
    return path if path.is_file() else None


def choose(given: Path | str | None, folder: Path = FOLDER) -> Path:
    """Give the file of weights that is meant.

    Parameters
    ----------
    given : Path, str or None
        A file, or one of `names`; None is `DEFAULT`.
    folder : Path
        Where the networks are.

    Raises
    ------
    CheckpointError
        If nothing is given and none came along, or a network's file is not what its card says.
    """
    if given is None:
        if default(folder) is None:
            hint = "give a file of weights: --checkpoint SiamMask_VOT.pth"
            raise CheckpointError("no checkpoint, and none came with this package", hint=hint)
        return find(DEFAULT, folder)
    # A file of that very name goes first.
    path = Path(given)
    return find(str(given), folder) if not path.exists() and str(given) in names(folder) else path


def check(path: Path) -> None:
    """See that weights are what their card says, if they are this package's own.

    Raises
    ------
    CheckpointError
        If they are not.
    """
    if path.parent == FOLDER:
        find(path.stem)


def _weights(card: Path) -> Path:
    return card.with_suffix(".safetensors")
