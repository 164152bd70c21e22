"""Mixed precision by apex, NVIDIA's or Ascend's, where the user has it.

On PyPI the name ``apex`` belongs to a web toolkit, which is told apart by what it lacks.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any, Literal

from torch import Tensor, nn

from trainers.errors import BackendError

INSTEAD = "--amp-backend native does the same without it"

WHERE = (
    "NVIDIA's is built from github.com/NVIDIA/apex, where amp is in releases before June 2025; "
    "Ascend's from its own repository"
)


class Apex:
    """apex.amp, as far as a training needs it.

    Parameters
    ----------
    level : str
        ``O0`` or ``O1``.
    loss_scale : float or "dynamic"
        By what the loss is multiplied.

    Raises
    ------
    BackendError
        If apex is not installed, or is the web toolkit.
    """

    def __init__(self, level: str, loss_scale: float | Literal["dynamic"]) -> None:
        if level not in ("O0", "O1"):
            fault = f"apex has no level {level!r}"
            raise BackendError(fault, hint="O0 and O1; for bfloat16, --amp-backend native")
        self._amp = _amp()
        self.level = level
        self.loss_scale = loss_scale

    def initialize(self, model: nn.Module, optimizer: Any) -> tuple[nn.Module, Any]:
        """Let apex change model and optimizer; call it before the model is wrapped."""
        options: dict[str, Any] = {"opt_level": self.level, "loss_scale": self.loss_scale}
        # Only Ascend's knows it: all gradients in one piece of memory, as its fused SGD wants.
        if "combine_grad" in inspect.signature(self._amp.initialize).parameters:
            options["combine_grad"] = True
        model, optimizer = self._amp.initialize(model, optimizer, **options)
        return model, optimizer

    def scaled(self, loss: Tensor, optimizer: Any) -> AbstractContextManager[Tensor]:
        """Give the context in which the scaled loss is gone back through."""
        context: AbstractContextManager[Tensor] = self._amp.scale_loss(loss, optimizer)
        return context

    def master_parameters(self, optimizer: Any) -> Iterable[Tensor]:
        """Give the parameters that are updated, with their gradients."""
        parameters: Iterable[Tensor] = self._amp.master_params(optimizer)
        return parameters

    def state_dict(self) -> dict[str, Any]:
        """Give what goes into a checkpoint."""
        return dict(self._amp.state_dict())

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a checkpoint; after `initialize`."""
        if state:
            self._amp.load_state_dict(dict(state))


def _amp() -> Any:
    try:
        return import_module("apex.amp")
    except ModuleNotFoundError as error:
        name = error.name or ""
        if name == "apex":
            raise BackendError("apex is not installed", hint=f"{INSTEAD}; {WHERE}") from None
        if name == "apex.amp":
            fault = "the package apex that is installed has no amp: PyPI's apex is a web toolkit"
            raise BackendError(fault, hint=f"pip uninstall apex; {INSTEAD}; {WHERE}") from None
        fault = f"apex cannot be loaded: {name} is missing, as in PyPI's apex, a web toolkit"
        raise BackendError(fault, hint=f"{INSTEAD}; {WHERE}") from error
    except ImportError as error:
        raise BackendError(f"apex cannot be loaded: {error}", hint=INSTEAD) from error
