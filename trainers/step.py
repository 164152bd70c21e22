"""One step of training: forward, backward, guards, update; the host waits for nothing in it.

A step is skipped when the loss, averaged over the devices, is not finite or above a limit, or when
a gradient is not finite. The released code asked the loss on the host at every step. Here the
device decides by itself and the host learns of it at the next log point; parameters and momentum
stay exactly as they are, as there. It also skips steps whose loss is fine and whose gradient is
not, which the released code took.

References
----------
The released SiamMask training code: gradient norm clipped at 10, losses above 1e4 skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import torch
from torch import Tensor
from torch.optim import SGD

from trainers import comm
from trainers.apex import Apex
from trainers.precision import LossScale, Precision
from trainers.stages.protocol import Losses

LOSS_LIMIT = 1e4

EPSILON = 1e-6
"""Added to the norm before it divides; `torch.nn.utils.clip_grad_norm_` has it too."""

Batch = Mapping[str, Tensor]
Forward = Callable[[Batch], Losses]
Clip = Sequence[tuple[Sequence[Tensor], float]]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a step said; everything is on the device.

    Parameters
    ----------
    losses : Losses
        Of this process's batch.
    loss : scalar Tensor
        The weighted sum, averaged over the processes.
    grad_norm : scalar Tensor
        Before clipping.
    """

    losses: Losses
    loss: Tensor
    grad_norm: Tensor


class Skipped:
    """Counts skipped steps, on the device.

    Attributes
    ----------
    total, in_a_row : scalar Tensor
        Of the run, and up to the last step.
    """

    def __init__(self, device: torch.device) -> None:
        self.total = torch.zeros((), device=device)
        self.in_a_row = torch.zeros((), device=device)

    def count(self, skipped: Tensor) -> None:
        """Take note of a step: 1 if it was skipped, else 0."""
        self.total = self.total + skipped
        self.in_a_row = (self.in_a_row + 1) * skipped

    def state_dict(self) -> dict[str, int]:
        """Give the counts."""
        return {"total": int(self.total), "in_a_row": int(self.in_a_row)}

    def load_state_dict(self, state: Mapping[str, int]) -> None:
        """Go on from counts."""
        self.total = torch.full_like(self.total, state["total"])
        self.in_a_row = torch.full_like(self.in_a_row, state["in_a_row"])


class Step(Protocol):
    """Something that takes a step."""

    def __call__(self, batch: Batch) -> Outcome:
        """Take it."""


class NativeStep:
    """A step by torch alone.

    Parameters
    ----------
    forward : callable
        Computes the losses of a batch; in several processes, one whose gradients are averaged.
    optimizer : SGD
        Of `trainers.optimizer`.
    precision : Precision
        Of the forward pass.
    scale : LossScale
        Of the loss.
    skipped : Skipped
        Where to count.
    clip : list of (list of Parameter, float)
        What is clipped together, all that trains in one or more parts, and the largest norm of each
        part's gradient; see `trainers.parameters.clip_groups`.
    loss_limit : float
        Above it a step is skipped.
    """

    def __init__(
        self,
        forward: Forward,
        optimizer: SGD,
        *,
        device_type: str,
        precision: Precision,
        scale: LossScale,
        skipped: Skipped,
        clip: Clip,
        loss_limit: float = LOSS_LIMIT,
    ) -> None:
        self.optimizer = optimizer
        self._forward = forward
        self._device_type = device_type
        self._precision = precision
        self._scale = scale
        self._skipped = skipped
        self._clip = clip
        self._loss_limit = loss_limit

    def __call__(self, batch: Batch) -> Outcome:
        """Take a step."""
        self.optimizer.zero_grad(set_to_none=True)
        with self._precision.autocast(self._device_type):
            losses = self._forward(batch)
        loss = comm.mean(losses.total.detach().float())
        self._scale.scaled(losses.total).backward()  # type: ignore[no-untyped-call]
        norm, divisor = clipped(self._clip, self._scale.value)
        finite = torch.isfinite(norm)
        fine = finite & torch.isfinite(loss) & (loss <= self._loss_limit)
        skip = (~fine).float()
        optimizer = cast(Any, self.optimizer)
        optimizer.grad_scale, optimizer.found_inf = divisor, skip
        optimizer.step()
        self._scale.update((~finite).float())
        self._skipped.count(skip)
        return Outcome(losses, loss, norm)


class ApexStep:
    """A step with apex, which asks the device for overflows by itself: the host waits here.

    Parameters are those of `NativeStep`; the loss scale is apex's.
    """

    def __init__(
        self,
        forward: Forward,
        optimizer: Any,
        *,
        apex: Apex,
        skipped: Skipped,
        clip: Clip,
        loss_limit: float = LOSS_LIMIT,
    ) -> None:
        self.optimizer = optimizer
        self._forward = forward
        self._apex = apex
        self._skipped = skipped
        self._clip = clip
        self._loss_limit = loss_limit

    def __call__(self, batch: Batch) -> Outcome:
        """Take a step."""
        self.optimizer.zero_grad()
        losses = self._forward(batch)
        loss = comm.mean(losses.total.detach().float())
        # Known to all processes alike, so that none waits for gradients that do not come.
        if not bool(torch.isfinite(loss) & (loss <= self._loss_limit)):
            return self._skip(losses, loss, torch.full_like(loss, torch.nan))
        with self._apex.scaled(losses.total, self.optimizer) as scaled:
            scaled.backward()  # type: ignore[no-untyped-call]
        masters = list(self._apex.master_parameters(self.optimizer))
        # In O0 and O1 these are the model's own.
        clip = [(masters, self._clip[0][1])] if len(self._clip) == 1 else self._clip
        norm, divisor = clipped(clip, torch.ones_like(loss))
        if not bool(torch.isfinite(norm)):
            # Without gradients the optimizer does nothing but what apex planned for this step.
            for each in masters:
                each.grad = None
            self.optimizer.step()
            return self._skip(losses, loss, norm)
        torch._foreach_div_([each.grad for each in masters if each.grad is not None], divisor)
        self.optimizer.step()
        self._skipped.count(torch.zeros_like(loss))
        return Outcome(losses, loss, norm)

    def _skip(self, losses: Losses, loss: Tensor, norm: Tensor) -> Outcome:
        self._skipped.count(torch.ones_like(loss))
        return Outcome(losses, loss, norm)


def clipped(clip: Clip, scale: Tensor) -> tuple[Tensor, Tensor]:
    """Find by what gradients are to be divided.

    Parameters
    ----------
    clip : list of (list of Parameter, float)
        As of `NativeStep`. Where there are several, their gradients are multiplied here.
    scale : scalar Tensor
        By what the gradients were multiplied.

    Returns
    -------
    norm : scalar Tensor
        Of all gradients, before clipping and without the scale.
    divisor : scalar Tensor
        Unscales and clips them.
    """
    parts = [([each.grad for each in part if each.grad is not None], limit) for part, limit in clip]
    norms = [_norm(gradients) / scale for gradients, _ in parts]
    if len(parts) == 1:
        return norms[0], scale / _factor(norms[0], parts[0][1])
    for (gradients, limit), norm in zip(parts, norms, strict=True):
        torch._foreach_mul_(gradients, _factor(norm, limit))
    return torch.linalg.vector_norm(torch.stack(norms)), scale


def _norm(gradients: list[Tensor]) -> Tensor:
    norms = torch.stack(list(torch._foreach_norm(gradients)))
    return torch.linalg.vector_norm(norms)  # type: ignore[no-any-return]


def _factor(norm: Tensor, limit: float) -> Tensor:
    return torch.clamp(limit / (norm + EPSILON), max=1.0)
