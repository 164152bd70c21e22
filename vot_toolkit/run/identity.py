"""``run.json``: what made the results of a folder, so that two runs' results never mix."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from vot_toolkit.atomic import write_whole
from vot_toolkit.challenges import Challenge
from vot_toolkit.dataset.sequence import Dataset
from vot_toolkit.errors import FormatError, UsageError
from vot_toolkit.tracker.registry import TrackerSpec, is_file_target, is_section_target
from vot_toolkit.tracker.trax.description import section_digest
from vot_toolkit.version import toolkit_version

FILE_NAME = "run.json"
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Identity:
    """Everything that decides what a tracker's result files hold.

    Parameters
    ----------
    tracker : str
        Registered name, or ``file.py:Class`` or ``trackers.ini:SECTION`` without the folders before
        the file.
    source : str or None
        SHA-256 of that file, or of the section alone; None for a registered tracker.
    options : mapping from str to str
        All that hold for the tracker, given or by default, without the checkpoint. One that names
        a file has the file's hash beside its name.
    checkpoint : str or None
        SHA-256 of the checkpoint.
    dataset : str
        Digest of the whole data set, also when a selection is run.
    challenge : str
        Whose protocol is followed.
    protocol : mapping from experiment to its parameters
        Of the experiments that have been run.
    code : str
        Version of this package.
    deterministic : bool or None
        The tracker's own word; None before one was built. It follows from the rest.
    """

    tracker: str
    source: str | None
    options: Mapping[str, str]
    checkpoint: str | None
    dataset: str
    challenge: str
    protocol: Mapping[str, Mapping[str, Any]]
    code: str
    deterministic: bool | None = None

    def differences(self, now: Identity) -> list[str]:
        """Name what another run has different, with both values."""
        return [
            f"{name} was {_shown(old)}, is {_shown(new)} now"
            for name, old, new in self._pairs(now)
            if old != new
        ]

    def joined(self, now: Identity) -> Identity:
        """Add the experiments of another run, and what it has learned of the tracker."""
        return replace(
            self,
            protocol={**self.protocol, **now.protocol},
            deterministic=self.deterministic if now.deterministic is None else now.deterministic,
        )

    def _pairs(self, now: Identity) -> Iterator[tuple[str, object, object]]:
        for name in ("tracker", "source", "checkpoint", "dataset", "challenge", "code"):
            yield name, getattr(self, name), getattr(now, name)
        for key in sorted({*self.options, *now.options}):
            yield f"option {key}", self.options.get(key), now.options.get(key)
        # An experiment that only one of them has run is no contradiction.
        for experiment in self.protocol.keys() & now.protocol.keys():
            old, new = self.protocol[experiment], now.protocol[experiment]
            for key in sorted({*old, *new}):
                yield f"{experiment} {key}", old.get(key), new.get(key)


def identify(
    spec: TrackerSpec,
    dataset: Dataset,
    challenge: Challenge,
    experiments: tuple[str, ...],
) -> Identity:
    """Describe a run that is about to start; its checkpoint is the option of that name.

    Raises
    ------
    UsageError
        If the checkpoint cannot be read.
    """
    options = spec.settled_options()
    checkpoint = options.pop("checkpoint", None)
    target, source = _target(spec.target)
    return Identity(
        tracker=target,
        source=source,
        options={key: _content(text) for key, text in options.items()},
        checkpoint=None if checkpoint is None else file_digest(Path(checkpoint), "--checkpoint"),
        dataset=dataset.full.digest(),
        challenge=challenge.name,
        # Through JSON and back, so that what was stored compares equal.
        protocol={
            name: json.loads(json.dumps(asdict(challenge.experiments[name])))
            for name in experiments
        },
        code=toolkit_version(),
    )


def file_digest(path: Path, option: str) -> str:
    """Give the SHA-256 of a file that an option names.

    Raises
    ------
    UsageError
        If the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{option} {path}: {error.strerror}") from None


def read_identity(folder: Path) -> Identity | None:
    """Read a folder's ``run.json``; None when there is none.

    Raises
    ------
    FormatError
        If the file is damaged, or was written by a newer version.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return None
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        version = data.pop("schema_version")
        if version == SCHEMA_VERSION:
            return Identity(**data)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        hint = "--force runs anew, --name gives another folder"
        raise FormatError(f"not a description of a run: {error}", file=path, hint=hint) from None
    raise FormatError(
        f"schema_version {version!r}", file=path, hint=f"this version reads {SCHEMA_VERSION}"
    )


def write_identity(folder: Path, identity: Identity) -> None:
    """Write a folder's ``run.json``."""
    data = {"schema_version": SCHEMA_VERSION, **asdict(identity)}
    write_whole(folder / FILE_NAME, json.dumps(data, indent=1) + "\n")


def _content(text: str) -> str:
    """Give an option's text; of a file that it names, the name and what is in it."""
    path = Path(text).expanduser()
    if not text or not path.is_file():
        return text
    return f"{path.name} sha256:{file_digest(path, text)}"


def _target(target: str) -> tuple[str, str | None]:
    """Give a target without folders, and the hash of its file; a name has none."""
    if not is_file_target(target):
        return target, None
    file, _, name = target.rpartition(":")
    path = Path(file).expanduser()
    if is_section_target(target):
        return f"{path.name}:{name}", section_digest(path, name)
    return f"{path.name}:{name}", file_digest(path, "--tracker")


def _shown(value: object) -> str:
    if value is None:
        return "none"
    text = str(value)
    # 12 digits of a hash tell any two apart.
    return text[:12] + "…" if _is_hash(text) else repr(value)


def _is_hash(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")
