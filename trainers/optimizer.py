"""Stochastic gradient descent with momentum whose step the device itself can call off.

Whether a step is to be skipped is known on the device only; asking it would stop the host until
everything queued is done. So two values on the device go with a step: ``found_inf`` is 1 where
parameters and momentum must stay as they are, and gradients are divided by ``grad_scale``. torch's
fused kernels take both; `GuardedSGD` does the same in plain operators, for devices without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

import torch
from torch import Tensor
from torch.optim import SGD

Groups = Iterable[Mapping[str, Any]]


def fused_sgd(groups: Groups, *, momentum: float, weight_decay: float) -> SGD:
    """Build torch's fused optimizer, with momentum to begin with.

    Parameters
    ----------
    groups : iterable of mapping
        Parameter groups; the learning rate is 0 until it is set.
    momentum, weight_decay : float
        Of all groups that do not say otherwise.
    """
    copies = [dict(group) for group in groups]
    optimizer = SGD(copies, lr=0.0, momentum=momentum, weight_decay=weight_decay, fused=True)
    return _with_momentum(optimizer)


def guarded_sgd(groups: Groups, *, momentum: float, weight_decay: float) -> SGD:
    """Build `GuardedSGD`, with the arguments of `fused_sgd`."""
    copies = [dict(group) for group in groups]
    optimizer = GuardedSGD(copies, lr=0.0, momentum=momentum, weight_decay=weight_decay)
    return _with_momentum(optimizer)


def _with_momentum(optimizer: SGD) -> SGD:
    """Start every momentum at 0, which is the same as none.

    A fused kernel that is told to skip the very first step would leave it unwritten memory.
    """
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            optimizer.state[parameter]["momentum_buffer"] = torch.zeros_like(parameter)
    return optimizer


class GuardedSGD(SGD):
    """SGD in operators of tensor lists.

    Attributes
    ----------
    grad_scale : Tensor or None
        Gradients are divided by it.
    found_inf : Tensor or None
        Where it is 1, the step leaves everything as it is.
    """

    grad_scale: Tensor | None = None
    found_inf: Tensor | None = None

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Take a step; gradients are not usable afterwards."""
        assert closure is None, "gradients are computed once a step"
        for group in self.param_groups:
            parameters: list[Tensor] = [each for each in group["params"] if each.grad is not None]
            if parameters:
                self._step(group, parameters)

    def _step(self, group: dict[str, Any], parameters: list[Tensor]) -> None:
        gradients = [cast(Tensor, each.grad) for each in parameters]
        buffers = [self.state[each]["momentum_buffer"] for each in parameters]
        if self.grad_scale is not None:
            torch._foreach_div_(gradients, self.grad_scale)
        torch._foreach_add_(gradients, parameters, alpha=group["weight_decay"])
        if self.found_inf is None:
            torch._foreach_mul_(buffers, group["momentum"])
            torch._foreach_add_(buffers, gradients)
            torch._foreach_add_(parameters, buffers, alpha=-group["lr"])
            return
        skip = self.found_inf > 0
        kept = torch.zeros_like(self.found_inf)
        # NaN times 0 is NaN: what must not count is replaced, not multiplied.
        gradients = [torch.where(skip, kept, each) for each in gradients]
        torch._foreach_mul_(buffers, torch.where(skip, kept + 1, group["momentum"]))
        torch._foreach_add_(buffers, gradients)
        steps = torch._foreach_mul(buffers, torch.where(skip, kept, -group["lr"]))
        torch._foreach_add_(parameters, steps)
