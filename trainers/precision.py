"""In which floats the network is computed, and by what its loss is scaled.

``O0`` is float32. ``O1`` is what apex calls so: convolutions and products in float16, losses and
normalisation in float32, the loss scaled by 128 or by as much as goes. ``bf16`` is the same in
bfloat16, which needs no scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Literal, get_args

import torch
from torch import Tensor

from trainers.backends.protocol import Backend
from trainers.errors import BackendError
from vot_toolkit.errors import UsageError

Level = Literal["O0", "O1", "bf16"]

STATIC_SCALE = 128.0
"""The Ascend port's."""

FIRST_SCALE = 2.0**16
"""A dynamic scale's; it and the next three are those of torch.amp.GradScaler."""

GROWTH = 2.0
BACKOFF = 0.5
GROWTH_INTERVAL = 2000


@dataclass(frozen=True)
class Precision:
    """How a training computes.

    Parameters
    ----------
    level : str
        As asked for.
    dtype : torch.dtype
        What convolutions and products are computed in.
    loss_scale : float, "dynamic" or None
        None where gradients need none.
    note : str or None
        What to tell the user when it is not what the level says.
    """

    level: Level
    dtype: torch.dtype
    loss_scale: float | Literal["dynamic"] | None = None
    note: str | None = None

    def autocast(self, device_type: str) -> AbstractContextManager[Any]:
        """Give the context of the forward pass."""
        if self.dtype == torch.float32:
            return nullcontext()
        return torch.autocast(device_type, dtype=self.dtype)

    @property
    def label(self) -> str:
        """What it is called in records: float32, bf16 or fp16."""
        names = {torch.float32: "float32", torch.bfloat16: "bf16", torch.float16: "fp16"}
        return names[self.dtype]


def find_precision(level: str, backend: Backend, *, loss_scale: str = "128") -> Precision:
    """Find what a level is on some hardware.

    Parameters
    ----------
    level : str
        ``O0``, ``O1`` or ``bf16``.
    backend : Backend
        A started one.
    loss_scale : str
        A number, or ``dynamic``; counts for float16 only.

    Raises
    ------
    UsageError
        If there is no such level, or the scale is no power that gradients survive.
    BackendError
        If the hardware does not have bfloat16.
    """
    scale = _scale(loss_scale)
    if level == "O0":
        return Precision("O0", torch.float32)
    there = backend.half_types()
    if level == "O1":
        if torch.float16 in there:
            return Precision("O1", torch.float16, scale)
        note = f"O1 on {backend.name} is computed in bfloat16, which needs no loss scale"
        return Precision("O1", torch.bfloat16, None, note + _slow(backend))
    if level != "bf16":
        accepted = ", ".join(get_args(Level))
        raise UsageError(f"precision {level!r}", hint=f"accepted: {accepted}")
    if torch.bfloat16 not in there:
        fault = f"this {backend.name} device has no bfloat16"
        raise BackendError(fault, hint="--amp O1 computes in float16")
    slow = _slow(backend)
    return Precision("bf16", torch.bfloat16, None, f"bf16 on cpu{slow}" if slow else None)


def _slow(backend: Backend) -> str:
    """Warn of 16 bits that are computed in 32: far slower than float32 itself."""
    slow = backend.describe().get("fast_16_bit") == "none"
    return "; this CPU has no instructions for it, --amp O0 is faster by far" if slow else ""


def _scale(text: str) -> float | Literal["dynamic"]:
    if text == "dynamic":
        return "dynamic"
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise UsageError(f"loss scale {text!r}", hint="accepted: a positive number, or dynamic")
    return value


class LossScale:
    """By what the loss is multiplied, so that small gradients do not become 0 in float16.

    It lives on the device and changes there: torch's own scaler asks the device at every step.
    Its state is written as torch's.

    Parameters
    ----------
    scale : float, "dynamic" or None
        None scales by 1.
    device : torch.device
        Where losses are.
    """

    def __init__(self, scale: float | Literal["dynamic"] | None, device: torch.device) -> None:
        self.dynamic = scale == "dynamic"
        first = FIRST_SCALE if scale == "dynamic" else scale or 1.0
        self.value = torch.full((), first, device=device)
        self._good = torch.zeros((), device=device)

    def scaled(self, loss: Tensor) -> Tensor:
        """Multiply a loss."""
        return loss * self.value

    def update(self, found_inf: Tensor) -> None:
        """Learn whether gradients overflowed.

        Parameters
        ----------
        found_inf : float scalar Tensor
            1 when they did, else 0.
        """
        if not self.dynamic:
            return
        overflow = found_inf > 0
        good = torch.where(overflow, torch.zeros_like(self._good), self._good + 1)
        grown = good >= GROWTH_INTERVAL
        factor = torch.where(grown, GROWTH, 1.0)
        self.value = self.value * torch.where(overflow, BACKOFF, factor)
        self._good = torch.where(grown, torch.zeros_like(good), good)

    def state_dict(self) -> dict[str, Any]:
        """Give the state; empty where it cannot change."""
        if not self.dynamic:
            return {}
        return {
            "scale": float(self.value),
            "growth_factor": GROWTH,
            "backoff_factor": BACKOFF,
            "growth_interval": GROWTH_INTERVAL,
            "_growth_tracker": int(self._good),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a state; an empty one changes nothing."""
        if self.dynamic and state:
            self.value = torch.full_like(self.value, float(state["scale"]))
            self._good = torch.full_like(self._good, float(state["_growth_tracker"]))
