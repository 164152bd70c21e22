"""The ``.log`` files of the Ascend port's scripts: one ``Key = value`` a line.

References
----------
Ascend ModelZoo-PyTorch, ``SiamMask_for_Pytorch/test/train_*_*p.sh``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leaderboards.inputs.stamp import newest
from vot_toolkit.errors import FormatError
from vot_toolkit.records import Record
from vot_toolkit.version import UNKNOWN, CodeVersion

ARCHITECTURES = {"aarch64": "ARM", "x86_64": "x86"}

DEVICES = ("npu", "gpu", "cpu")
"""What a script of this project says under ``DeviceType``; one of the port names the processor."""

FPS = ("ActualFPS", "Final Performance images/sec")
LOSS = ("TrainAccuracy", "Final Train Accuracy", "ActualLoss")
"""The scripts call the mean of the last losses an accuracy."""
DURATION = ("E2ETrainingTime", "E2E Training Duration sec")

_LINE = re.compile(r"^\s*([A-Za-z][\w /]*?)\s*[=:]\s*(\S.*?)\s*$")


PRINTED = "train_"
"""Begins the name of what a training printed, beside the ``<case>.log`` that the script made."""


def record_of_log(path: Path) -> Record:
    """Make a record of what a script reported.

    Parameters
    ----------
    path : Path
        A log; ``train_<case>_loss.txt`` beside it, when it is there, gives the losses. Of
        ``train_<case>.log``, all that was printed, the ``<case>.log`` beside it is taken.

    Raises
    ------
    FormatError
        If it cannot be read, names no speed, or a number in it is none.
    """
    reported = path.with_name(path.name.removeprefix(PRINTED))
    path = reported if reported.is_file() else path
    found = _pairs(path)
    values = {name: _number(path, found, *keys) for name, keys in _NUMBERS.items()}
    if values["images_per_s"] is None:
        hint = f"expected a line {FPS[0]} = X or {FPS[1]} : X"
        raise FormatError("no log of a training script: it names no speed", file=path, hint=hint)
    return Record(
        kind="training",
        label=_text(found, "CaseName") or _text(found, "Network") or path.stem,
        config=_config(found),
        results=_results(path, found, values),
        machine=None,
        code=CodeVersion(UNKNOWN),
        created=newest([path]),
    )


_NUMBERS = {
    "images_per_s": FPS,
    "loss": LOSS,
    "duration_s": DURATION,
    "devices": ("RankSize",),
    "batch": ("BatchSize",),
}


def _pairs(path: Path) -> dict[str, tuple[int, str]]:
    """Read the pairs, each with its line; of a key that is there twice the last counts."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror}", file=path) from None
    matches = ((number, _LINE.match(line)) for number, line in enumerate(lines, start=1))
    return {match[1]: (number, match[2]) for number, match in matches if match}


def _number(path: Path, found: Mapping[str, tuple[int, str]], *keys: str) -> float | None:
    """Give the first of some keys as a number; None when none is there."""
    for key in keys:
        if key not in found:
            continue
        line, text = found[key]
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            hint = "accepted: a finite number"
            raise FormatError(f"{key} is {text!r}", file=path, line=line, hint=hint)
        return value
    return None


def _text(found: Mapping[str, tuple[int, str]], key: str) -> str | None:
    return found[key][1] if key in found else None


def _config(found: Mapping[str, tuple[int, str]]) -> dict[str, Any]:
    kind = (_text(found, "DeviceType") or "").lower()
    return {
        "origin": "log",
        "stage": "base",  # the only one that was ported
        "architecture": ARCHITECTURES.get(kind),
        "backend": {"name": kind if kind in DEVICES else None},
        "network": _text(found, "Network"),
    }


def _results(
    path: Path, found: Mapping[str, tuple[int, str]], values: Mapping[str, float | None]
) -> dict[str, Any]:
    devices, batch = values["devices"], values["batch"]
    case = _text(found, "CaseName") or path.stem
    losses = _losses(path.with_name(f"train_{case}_loss.txt"))
    return {
        "devices": 1 if devices is None else int(devices),
        "device_batch": None if batch is None else int(batch),
        "speed": {"images_per_s": values["images_per_s"]},
        "loss": {"mean": values["loss"]},
        "duration_s": values["duration_s"],
        **({"lines": {"step": list(range(1, len(losses) + 1)), "loss": losses}} if losses else {}),
    }


def _losses(path: Path) -> list[float]:
    if not path.is_file():
        return []
    texts = path.read_text(encoding="utf-8", errors="replace").split()
    plain = (text for text in texts if re.fullmatch(r"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?", text))
    return [float(text) for text in plain]
