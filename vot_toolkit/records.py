"""Records: what was measured, of what, by what and on what, in one file that is never edited.

A file is named ``<kind>-<label>-<hash>.json`` by its content, so that a changed one is noticed.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from vot_toolkit.atomic import write_whole
from vot_toolkit.errors import FormatError
from vot_toolkit.machine import Accelerator, Machine
from vot_toolkit.version import CodeVersion
from vot_toolkit.wording import shortened

SCHEMA_VERSION = 2
"""1: the machine is always known. 2: it may be null, and evaluations may carry evidence."""

UPGRADE = "python -m pip install --upgrade siammask-bench"
HASH_DIGITS = 16

Kind = Literal["evaluation", "training"]


@dataclass(frozen=True)
class Record:
    """One evaluation of a tracker, or one training run.

    Parameters
    ----------
    kind : str
        ``evaluation`` or ``training``.
    label : str
        Name of the tracker or of the run, as shown in tables.
    config : mapping
        What was run: every option, also those left at their default.
    results : mapping
        What came of it, down to repetitions and sequences; None for what is undefined.
    machine : Machine or None
        Where it was run; None when that is not known, as of published results.
    code : CodeVersion
        By which code.
    checkpoint : str or None
        SHA-256 of the weights.
    seed : int or None
        From which the random states were derived.
    precision : str or None
        ``float32``, ``bf16``, …; None where the tracker does not say.
    created : str
        Time in UTC, ISO 8601.
    schema_version : int
        Of this format.
    """

    kind: Kind
    label: str
    config: Mapping[str, Any]
    results: Mapping[str, Any]
    machine: Machine | None
    code: CodeVersion
    checkpoint: str | None = None
    seed: int | None = None
    precision: str | None = None
    created: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    schema_version: int = SCHEMA_VERSION

    def to_dict(self) -> dict[str, Any]:
        """Give the record as JSON knows it: NaN and infinities are None, tuples are lists."""
        plain: dict[str, Any] = to_json(asdict(self))
        return plain

    @property
    def digest(self) -> str:
        """First digits of the SHA-256 of the canonical JSON."""
        return digest_of(self.to_dict())

    @property
    def file_name(self) -> str:
        """``<kind>-<label>-<hash>.json``; the label with dashes for what file names do not take."""
        label = re.sub(r"[^A-Za-z0-9._+-]+", "-", self.label).strip(".-") or "unnamed"
        return f"{self.kind}-{label}-{self.digest}.json"


def to_json(value: Any) -> Any:
    """Make a value fit for JSON: numbers of NumPy plain, tuples lists, what is not finite None.

    Examples
    --------
    >>> to_json({"fps": float("nan"), "sizes": (1, 2.5)})
    {'fps': None, 'sizes': [1, 2.5]}
    """
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if hasattr(value, "tolist"):
        return to_json(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def write_record(record: Record, folder: Path) -> Path:
    """Write a record under the name of its content.

    Parameters
    ----------
    record : Record
        What to write.
    folder : Path
        Made when it does not exist.

    Returns
    -------
    Path
        The file; when it is there already it holds the same.
    """
    path = folder / record.file_name
    write_whole(path, json.dumps(record.to_dict(), indent=1, allow_nan=False) + "\n")
    return path


def read_record(path: Path) -> Record:
    """Read a record.

    Raises
    ------
    FormatError
        If the file cannot be read, is no record, is of a newer version, or was changed after it
        was written.
    """
    data = _load(path)
    version = data.get("schema_version")
    if not isinstance(version, int) or version < 1:
        raise FormatError(f"schema_version {version!r}: not a record", file=path)
    if version > SCHEMA_VERSION:
        raise FormatError(
            f"schema_version {version}, newer than {SCHEMA_VERSION}",
            file=path,
            hint=f"this version reads up to {SCHEMA_VERSION}; a newer one: {UPGRADE}",
        )
    named, found = path.stem.rpartition("-")[2], _digest_in(path, data)
    if named != found:
        raise FormatError(
            f"the content has hash {found}, the name says {named!r}",
            file=path,
            hint="records are never edited or renamed: take the original file, or measure again",
        )
    return _record(data, path)


def digest_of(data: Mapping[str, Any]) -> str:
    """Give the first digits of the SHA-256 of canonical JSON."""
    canonical = json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()[:HASH_DIGITS]


def _digest_in(path: Path, data: Mapping[str, Any]) -> str:
    try:
        return digest_of(data)
    except ValueError:  # 1e999 is JSON, and infinite
        raise FormatError("not a record: a number in it is not finite", file=path) from None


def _load(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse_constant)
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror}", file=path) from None
    except json.JSONDecodeError as error:
        raise FormatError(
            f"not JSON, or cut off: {error.msg}", file=path, line=error.lineno
        ) from None
    except ValueError as error:
        raise FormatError(f"not JSON: {error}", file=path) from None
    if not isinstance(data, dict):
        raise FormatError("not a record: no JSON object", file=path)
    return data


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON, undefined values are null")


def _record(data: dict[str, Any], path: Path) -> Record:
    """Build the typed record; a missing or surplus field is named."""
    if data.get("kind") not in get_args(Kind):
        hint = f"accepted: {', '.join(get_args(Kind))}"
        raise FormatError(f"kind {data.get('kind')!r}", file=path, hint=hint)
    try:
        typed = {"machine": _machine(data["machine"]), "code": CodeVersion(**data["code"])}
        for name, kind in (("label", str), ("config", dict), ("results", dict)):
            if not isinstance(data[name], kind):
                raise TypeError(f"{name} is {shortened(repr(data[name]), 60)}")
        missing = {item.name for item in fields(Record)} - data.keys()
        if missing:
            raise KeyError(", ".join(sorted(missing)))
        return Record(**{**data, **typed})
    except KeyError as error:
        raise FormatError(f"not a record: {error.args[0]} is missing", file=path) from None
    except (TypeError, ValueError) as error:
        raise FormatError(f"not a record: {error}", file=path) from None


def _machine(data: Mapping[str, Any] | None) -> Machine | None:
    if data is None:
        return None
    machine = dict(data)
    load = machine["load"]
    machine["load"] = None if load is None else tuple(load)
    machine["accelerators"] = tuple(Accelerator(**item) for item in machine["accelerators"])
    return Machine(**machine)
