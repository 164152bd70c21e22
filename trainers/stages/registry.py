"""Finding stages by name, through entry points.

What an entry point of the group `GROUP` names is called without arguments and gives a `Stage`; a
class is such a thing. The first line of its docstring describes the stage.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import cast

from trainers.errors import StageError
from trainers.stages.protocol import Stage
from vot_toolkit.errors import UserError
from vot_toolkit.wording import guess

GROUP = "trainers.stages"


def stage_names() -> list[str]:
    """List the registered stages; nothing is loaded for it."""
    return sorted(_entries())


def find_stage(name: str) -> Stage:
    """Load and make a stage.

    Raises
    ------
    StageError
        If there is none of that name, or it cannot be loaded.
    """
    entries = _entries()
    if name not in entries:
        names = sorted(entries)
        there = f"there are {', '.join(names)}" if names else "there is none; install again"
        raise StageError(f"no stage {name!r}", hint=f"{guess(name, names)}{there}")
    try:
        return cast(Stage, entries[name].load()())
    except UserError:
        raise
    except Exception as error:
        fault = f"stage {name!r} cannot be loaded: {type(error).__name__}: {error}"
        raise StageError(fault, hint=f"it is registered as {entries[name].value}") from error


def _entries() -> dict[str, EntryPoint]:
    """Index the entry points; of two with one name the first found wins, as on the import path."""
    return {entry.name: entry for entry in reversed(tuple(entry_points(group=GROUP)))}
