"""Checkpoints: whole files from which a training goes on as if it had never stopped.

``checkpoint_e<k>.pth`` is written when k epochs are done, in the original's wrapping, so that the
original and `siammask.load` read it; what only this program needs is under ``training``.
``part_e<k>_s<n>.pth`` is the same in the middle of an epoch: k epochs and n steps are done.

Files hold tensors on the CPU, numbers and texts, and are read without running code from them.
"""

from __future__ import annotations

import io
import pickle
import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from siammask.atomic import SUFFIX, write_whole
from trainers.errors import ResumeError
from vot_toolkit.wording import shortened

FORMAT = 1
"""Of what is under ``training``."""

PARTS_KEPT = 2
"""The newest may be broken by a power cut; then the one before is there."""

_BROKEN = (OSError, RuntimeError, EOFError, ValueError, LookupError, TypeError, pickle.PickleError)
"""What a damaged file makes of the reader."""

_NAME = re.compile(r"(?:checkpoint_e(\d+)|part_e(\d+)_s(\d+))\.pth")


@dataclass(frozen=True, order=True)
class Progress:
    """How far a training is.

    Parameters
    ----------
    epoch : int
        Epochs that are done.
    step : int
        Steps that are done of the next one.
    """

    epoch: int = 0
    step: int = 0

    @property
    def file_name(self) -> str:
        """Name of the checkpoint.

        Examples
        --------
        >>> Progress(3).file_name, Progress(3, 20).file_name
        ('checkpoint_e3.pth', 'part_e3_s20.pth')
        """
        if self.step:
            return f"part_e{self.epoch}_s{self.step}.pth"
        return f"checkpoint_e{self.epoch}.pth"

    @classmethod
    def of(cls, path: Path) -> Progress | None:
        """Read a file's name; None for another file."""
        match = _NAME.fullmatch(path.name)
        if match is None:
            return None
        return cls(int(match[1])) if match[1] else cls(int(match[2]), int(match[3]))


@dataclass(frozen=True)
class Snapshot:
    """Everything to go on with.

    Parameters
    ----------
    progress : Progress
        How far the training is.
    samples : int
        Samples of the current epoch that are done, on all devices.
    total_steps : int
        Steps of the whole run that are done.
    model, optimizer : mapping
        Their state dicts.
    scale, apex, skipped : mapping
        States of loss scale, apex and the counts of skipped steps.
    random : list of mapping
        Random states of each process, as `random_state` gives them.
    stage : str
        What is trained.
    config : mapping
        Of the run; what makes it another training if it differs.
    anchors : mapping
        The config's section.
    best : mapping
        What validation found so far.
    """

    progress: Progress
    samples: int
    total_steps: int
    model: Mapping[str, Tensor]
    optimizer: Mapping[str, Any]
    scale: Mapping[str, Any]
    apex: Mapping[str, Any]
    skipped: Mapping[str, int]
    random: list[Mapping[str, Any]]
    stage: str
    config: Mapping[str, Any]
    anchors: Mapping[str, Any]
    best: Mapping[str, Any]


def save(snapshot: Snapshot, folder: Path) -> Path:
    """Write a checkpoint; it is whole or absent, whenever the program is stopped.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    own = ("samples", "total_steps", "scale", "skipped", "random", "stage", "config", "best")
    content = {
        "epoch": snapshot.progress.epoch,
        "arch": "Custom",
        # The original always writes 0.
        "best_acc": 0.0,
        "state_dict": dict(snapshot.model),
        "optimizer": snapshot.optimizer,
        "anchor_cfg": dict(snapshot.anchors),
        # Where the Ascend port has it.
        "amp": dict(snapshot.apex),
        "training": {
            "format": FORMAT,
            "progress": asdict(snapshot.progress),
            **{name: getattr(snapshot, name) for name in own},
        },
    }
    buffer = io.BytesIO()
    torch.save(_plain(content), buffer)
    path = folder / snapshot.progress.file_name
    write_whole(path, buffer.getvalue())
    return path


def load(path: Path) -> Snapshot:
    """Read a checkpoint.

    Raises
    ------
    ResumeError
        If it cannot be read, would need code to be run, or is none to go on from.
    """
    try:
        data = io.BytesIO(path.read_bytes())
    except OSError as error:
        raise ResumeError(f"cannot be read: {error.strerror}", file=path) from None
    try:
        content = torch.load(data, map_location="cpu", weights_only=True)
    # What a damaged file makes of the reader has no bounds.
    except (
        RuntimeError,
        EOFError,
        ValueError,
        LookupError,
        TypeError,
        pickle.PickleError,
    ) as error:
        fault = shortened(f"{type(error).__name__}: {error}", 120)
        raise ResumeError(f"broken, or no checkpoint: {fault}", file=path) from None
    try:
        own = dict(content["training"])
        version = own.pop("format")
        if version != FORMAT:
            hint = "upgrade siammask-bench to read it"
            raise ResumeError(f"a checkpoint of format {version}", file=path, hint=hint)
        return Snapshot(
            progress=Progress(**own.pop("progress")),
            model=content["state_dict"],
            optimizer=content["optimizer"],
            apex=content["amp"],
            anchors=content["anchor_cfg"],
            **own,
        )
    except (KeyError, TypeError):
        hint = "a checkpoint of another program is a start: --pretrained or --base-checkpoint"
        raise ResumeError("has not what a training needs to go on", file=path, hint=hint) from None


def find(folder: Path) -> list[Path]:
    """List the checkpoints of a folder, the newest first."""
    found = {path: Progress.of(path) for path in folder.glob("*.pth")}
    ours = [(progress, path) for path, progress in found.items() if progress is not None]
    return [path for _, path in sorted(ours, reverse=True)]


def load_newest(folder: Path, note: Callable[[str], None]) -> tuple[Path, Snapshot] | None:
    """Read the newest checkpoint that can be read.

    Parameters
    ----------
    folder : Path
        Of a run; need not exist.
    note : callable
        Is told of each that is broken.

    Returns
    -------
    tuple of Path and Snapshot, or None
        None when there is no checkpoint.

    Raises
    ------
    ResumeError
        If there are checkpoints and all are broken.
    """
    paths = find(folder)
    for path, before in zip_longest(paths, paths[1:]):
        try:
            return path, load(path)
        except ResumeError as error:
            if before is None:
                hint = "--resume never begins anew, another --out keeps these"
                raise ResumeError(
                    f"no checkpoint can be used; {error}", file=folder, hint=hint
                ) from None
            note(f"warning: {error}; going on from {before.name}, the one before")
    return None


def prune(folder: Path, *, keep: int | None, spare: Iterable[str] = ()) -> None:
    """Remove old checkpoints.

    Parameters
    ----------
    folder : Path
        Of a run.
    keep : int or None
        How many at ends of epochs stay, the newest; None keeps all of them.
    spare : iterable of str
        Names that stay whatever their age.
    """
    found = find(folder)
    whole = [path for path in found if not _progress(path).step]
    parts = [path for path in found if _progress(path).step]
    newest = _progress(whole[0]) if whole else Progress()
    old = [path for path in parts if _progress(path) < newest] + parts[PARTS_KEPT:]
    if keep is not None:
        old += whole[keep:]
    for path in {*old, *folder.glob(f".*{SUFFIX}")}:
        if path.name not in spare:
            path.unlink(missing_ok=True)


def random_state(device: Tensor | None) -> dict[str, Any]:
    """Give the states of all random numbers of this process.

    Parameters
    ----------
    device : Tensor or None
        The device's own, if it has one.
    """
    version, words, gauss = random.getstate()
    legacy: Any = np.random.get_state(legacy=False)
    return {
        "python": {"version": version, "words": list(words), "gauss": gauss},
        "numpy": {
            "words": torch.from_numpy(legacy["state"]["key"].astype(np.int64)),
            "position": int(legacy["state"]["pos"]),
            "has_gauss": int(legacy["has_gauss"]),
            "gauss": float(legacy["gauss"]),
        },
        "torch": torch.get_rng_state(),
        "device": None if device is None else device.cpu(),
    }


def set_random_state(state: Mapping[str, Any]) -> Tensor | None:
    """Go back to what `random_state` gave.

    Returns
    -------
    Tensor or None
        The device's own, to be given to it.
    """
    python, legacy = state["python"], state["numpy"]
    random.setstate((python["version"], tuple(python["words"]), python["gauss"]))
    words = legacy["words"].numpy().astype(np.uint32)
    np.random.set_state(
        ("MT19937", words, legacy["position"], legacy["has_gauss"], legacy["gauss"])
    )
    torch.set_rng_state(state["torch"])
    device: Tensor | None = state["device"]
    return device


def check_same(found: Mapping[str, Any], wanted: Mapping[str, Any], path: Path) -> None:
    """Refuse to go on with another training.

    Parameters
    ----------
    found, wanted : mapping
        Configs, of the checkpoint and of this run.
    path : Path
        The checkpoint.

    Raises
    ------
    ResumeError
        If they differ; names the first differences.
    """
    differences = list(_differences(found, wanted, ""))
    if differences:
        more = f" and {len(differences) - 3} more" if len(differences) > 3 else ""
        raise ResumeError(
            f"is of another training: {'; '.join(differences[:3])}{more}",
            file=path,
            hint="the same options go on, another --out begins anew, --resume never starts over",
        )


def _differences(found: Any, wanted: Any, path: str) -> Iterable[str]:
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        for key in [*found, *(key for key in wanted if key not in found)]:
            inner = f"{path}.{key}" if path else str(key)
            yield from _differences(found.get(key), wanted.get(key), inner)
    elif found != wanted:
        yield f"{path} was {shortened(repr(found), 40)}, is {shortened(repr(wanted), 40)}"


def _progress(path: Path) -> Progress:
    progress = Progress.of(path)
    assert progress is not None, "find gives no others"
    return progress


def _plain(value: Any) -> Any:
    """Bring tensors to the CPU, each without what else is in its memory, and make dicts plain."""
    if isinstance(value, Tensor):
        return value.detach().cpu().clone(memory_format=torch.contiguous_format)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_plain(item) for item in value)
    return value
