"""Settings files: a tracker's options in a JSON file, as tuning writes them.

``--option settings=best.json`` stands for all options in the file, whatever the tracker; an option
given beside it wins. A file without an object ``options``, such as a config.json of SiamMask, and
any other text are left to the tracker.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vot_toolkit.atomic import write_whole
from vot_toolkit.errors import FormatError, UsageError

SCHEMA_VERSION = 1
OPTION = "settings"


def expanded(options: Mapping[str, str]) -> dict[str, str]:
    """Put a settings file's options in place of the option that names it.

    Parameters
    ----------
    options : mapping from key to text
        As given by the user.

    Returns
    -------
    dict
        The same where no settings file is named.

    Raises
    ------
    FormatError
        If the file's options are no texts, or it was written by a newer version.
    """
    text = options.get(OPTION, "")
    found = _read(Path(text).expanduser()) if text.endswith(".json") else None
    if found is None:
        return dict(options)
    return {**found, **{key: value for key, value in options.items() if key != OPTION}}


def write_settings(
    path: Path, tracker: str, options: Mapping[str, str], provenance: Mapping[str, Any]
) -> None:
    """Write a settings file.

    Parameters
    ----------
    path : Path
        Replaced when it exists.
    tracker : str
        For whom; only read by people.
    options : mapping from key to text
        All that were given to the tracker.
    provenance : mapping
        How they were found, for JSON.

    Raises
    ------
    UsageError
        If an option is again ``settings`` with a settings file.
    """
    if expanded(options) != dict(options):
        raise UsageError(f"option {OPTION}={options[OPTION]} in a settings file")
    data = {
        "schema_version": SCHEMA_VERSION,
        "tracker": tracker,
        "options": dict(options),
        "provenance": dict(provenance),
    }
    write_whole(path, json.dumps(data, indent=1, allow_nan=False) + "\n")


def _read(path: Path) -> dict[str, str] | None:
    """Read the options of a settings file; None for any other file, or none."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None  # the tracker says what is wrong with its own files
    if not isinstance(data, dict) or "options" not in data:
        return None
    if data.get("schema_version") != SCHEMA_VERSION:
        what = f"schema_version {data.get('schema_version')!r}"
        raise FormatError(what, file=path, hint=f"this version reads {SCHEMA_VERSION}")
    options = data["options"]
    if not isinstance(options, dict) or not all(isinstance(v, str) for v in options.values()):
        raise FormatError("options that are no texts", file=path, hint='accepted: {"lr": "0.25"}')
    return dict(options)
