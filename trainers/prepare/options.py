"""How a folder was prepared: a run with other options must not be mixed into it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from trainers.errors import PreparationError
from vot_toolkit.atomic import write_whole

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Options:
    """What decides the crops.

    Parameters
    ----------
    set : str
        Name of the set, ``coco``.
    source : str
        Absolute path of what is prepared.
    original : bool
        Whether ``--original`` was given.
    licences : str or None
        What ``--licences`` was given; None for any.
    """

    set: str
    source: str
    original: bool = False
    licences: str | None = None

    def claim(self, file: Path) -> None:
        """Write the options, or see that they are those of the run before.

        Raises
        ------
        PreparationError
            If another run had other options; names the first difference.
        """
        if not file.exists():
            values = {"schema_version": SCHEMA_VERSION, **vars(self)}
            write_whole(file, json.dumps(values, indent=2) + "\n")
            return
        before = read_options(file)
        for name, value in vars(self).items():
            if before.get(name) != value:
                raise PreparationError(
                    f"was prepared with {name} {before.get(name)!r}, asked for is {value!r}",
                    file=file.parent.parent,
                    hint="take another --out, or remove that folder first",
                )


def read_options(file: Path) -> dict[str, object]:
    """Read the options of a run before.

    Raises
    ------
    PreparationError
        If the file is no such JSON.
    """
    try:
        values = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise PreparationError(f"cannot be read: {error}", file=file) from None
    if not isinstance(values, dict) or values.get("schema_version") != SCHEMA_VERSION:
        raise PreparationError(
            "not the options of a preparation", file=file, hint=f"schema_version {SCHEMA_VERSION}"
        )
    return values
