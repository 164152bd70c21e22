"""The network computed by torch, prepared for tracking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from siammask.device import full_precision, half_precision
from siammask.errors import ModelError
from siammask.model import SiamMask
from siammask.network import Floats, Patches, Response
from siammask.runtime.prepared import Prepared
from siammask.runtime.winograd import TILES, accelerate


@dataclass(frozen=True, eq=False)
class Kernels:
    """What B targets are correlated with.

    Parameters
    ----------
    all : Tensor, shape (B, heads * hidden, 5, 5)
        The kernels of the heads, in their order.
    """

    all: Tensor


class TorchNetwork:
    """A network prepared for tracking: `siammask.network.Network` on any device.

    The model is copied, its normalisations are folded, and the searches of all heads become one
    convolution. What belongs to a template is computed once for a target, a mask only where it is
    wanted. On the CPU large 3x3 convolutions take fewer multiplications.

    Parameters
    ----------
    model : SiamMask
        Stays as it is; its device is used.
    mode : str
        ``exact`` for 32-bit floats; ``fast`` for 16-bit ones where the device computes them faster,
        and otherwise, on the CPU, for still fewer multiplications.

    Attributes
    ----------
    arithmetic : str
        What it computes in, for tables and records.
    """

    def __init__(self, model: SiamMask, mode: str = "exact") -> None:
        if mode not in ("exact", "fast"):
            raise ModelError(f"mode {mode!r}", hint="accepted: exact, fast")
        weight = next(model.parameters())
        self.device = weight.device
        half = half_precision(self.device) if mode == "fast" else None
        self._dtype = half or torch.float32
        tile = None if half or self.device.type != "cpu" else TILES[mode]
        self.arithmetic = _described(self._dtype, tile)
        self._layout = _layout(self.device, self._dtype)
        prepared = Prepared(model)
        if tile is not None:
            accelerate(prepared, tile)
        prepared = prepared.to(self._dtype)
        # The annotations of torch do not know that a Module takes a layout.
        cast(Any, prepared).to(memory_format=self._layout)
        self._model = prepared.to(self.device)

    @property
    def variant(self) -> str:
        """Which network it is."""
        return self._model.model.variant.name

    @property
    def mask_size(self) -> int | None:
        """Side of a mask; None without masks."""
        return self._model.model.variant.mask_size

    def template(self, patches: Patches) -> Kernels:
        """Learn what B targets look like: uint8 patches, (B, 127, 127, 3)."""
        with torch.inference_mode(), full_precision(self.device):
            return Kernels(self._model.kernels(self._upload(patches)))

    def join(self, templates: Sequence[Kernels]) -> Kernels:
        """Make one template of several."""
        if not templates:
            raise ModelError("no template to join", hint="accepted: at least one")
        with torch.inference_mode():
            return Kernels(torch.cat([each.all for each in templates]))

    def track(self, template: Kernels, patches: Patches) -> Response:
        """Compare uint8 patches, (B, 255, 255, 3), with a template of B targets."""
        if len(template.all) != len(patches):
            fault = f"{len(patches)} searches for a template of {len(template.all)} targets"
            raise ModelError(fault, hint="accepted: one search for each target")
        with torch.inference_mode(), full_precision(self.device):
            out = self._model.compare(template.all, self._upload(patches))
            return Response(_download(out.cls), _download(out.loc), out)

    def masks(self, response: Response, rows: Sequence[int], cols: Sequence[int]) -> Floats:
        """Compute the mask of one cell for each target: (B, mask_size ** 2) logits."""
        with torch.inference_mode(), full_precision(self.device):
            return _download(self._model.model.masks(response.features, rows, cols))

    def _upload(self, patches: Patches) -> Tensor:
        """Bring patches to the device as bytes, and make floats of them there."""
        if patches.dtype != np.uint8 or patches.ndim != 4 or patches.shape[3] != 3:
            fault = f"patches of {patches.dtype} and shape {patches.shape}"
            raise ModelError(fault, hint="accepted: uint8, (B, size, size, 3)")
        images = torch.tensor(patches).to(self.device).permute(0, 3, 1, 2)
        return images.to(self._dtype, memory_format=self._layout)


def _layout(device: torch.device, dtype: torch.dtype) -> torch.memory_format:
    """Choose channels-last where convolutions are faster so: CPUs, and GPUs in 16 bits."""
    if device.type == "cpu" or (device.type == "cuda" and dtype != torch.float32):
        return torch.channels_last
    return torch.contiguous_format


def _described(dtype: torch.dtype, tile: int | None) -> str:
    name = str(dtype).removeprefix("torch.")
    return name if tile in (None, TILES["exact"]) else f"{name}, Winograd {tile}x{tile}"


def _download(tensor: Tensor) -> Floats:
    found = tensor.to(torch.float32).contiguous().cpu()
    return cast(Floats, found.numpy())
