"""Ascend NPUs, by torch_npu: it is imported when a device is asked for, not before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, cast

import torch
from torch.optim import SGD

from siammask.device import find_device
from trainers.backends.host import check_number, count_devices
from trainers.backends.protocol import Mark
from trainers.optimizer import guarded_sgd


class Npu:
    """Ascend NPUs."""

    name = "npu"
    device_type = "npu"
    group = "hccl"

    def count(self) -> int:
        """Count the NPUs that can be used."""
        return count_devices("npu", lambda: int(_npu().device_count()))

    def start(self, local_rank: int, *, threads: int | None = None) -> torch.device:
        """Take an NPU; operators come from the built library, none is compiled on the way."""
        check_number("npu", local_rank, self.count())
        device = find_device(f"npu:{local_rank}")
        npu = _npu()
        npu.set_device(device)
        # A compilation for every new shape costs minutes; absent from old versions.
        if hasattr(npu, "set_compile_mode"):
            npu.set_compile_mode(jit_compile=False)
        if threads is not None:
            torch.set_num_threads(threads)
        return device

    def half_types(self) -> frozenset[torch.dtype]:
        """List those that torch_npu says the chip has; float16 always."""
        listed = getattr(_npu(), "get_amp_supported_dtype", lambda: [torch.float16])()
        return frozenset(listed) & {torch.float16, torch.bfloat16}

    def sgd(
        self, groups: Iterable[Mapping[str, Any]], *, momentum: float, weight_decay: float
    ) -> SGD:
        """Build the one that the device can skip.

        `fused_for_apex` is for apex, which decides on the host.
        """
        return guarded_sgd(groups, momentum=momentum, weight_decay=weight_decay)

    def fused_for_apex(
        self, groups: Iterable[Mapping[str, Any]], *, momentum: float, weight_decay: float
    ) -> Any | None:
        """Build torch_npu's fused optimizer, which combines gradients together with apex.

        Returns
        -------
        Optimizer or None
            None where torch_npu has none.
        """
        try:
            fused = import_module("torch_npu.optim").NpuFusedSGD
        except (ImportError, AttributeError):
            return None
        return fused(list(groups), lr=0.0, momentum=momentum, weight_decay=weight_decay)

    def seed(self, seed: int) -> None:
        """Seed the NPUs."""
        _npu().manual_seed_all(seed)

    def random_state(self) -> torch.Tensor | None:
        """Give the state of the current NPU."""
        return cast(torch.Tensor, _npu().get_rng_state())

    def set_random_state(self, state: torch.Tensor) -> None:
        """Set that of the current NPU."""
        _npu().set_rng_state(state)

    def mark(self) -> Mark | None:
        """Give an event."""
        return cast(Mark, _npu().Event())

    def pins_memory(self) -> bool:
        """Tell that it does."""
        return True

    def memory_format(self) -> torch.memory_format:
        """Give channels first: it has formats of its own, and no channels last."""
        return torch.contiguous_format

    def synchronize(self) -> None:
        """Wait for the current NPU."""
        _npu().synchronize()

    def peak_memory_mib(self) -> int | None:
        """Give the most that tensors took; None where it is not counted."""
        peak = getattr(_npu(), "max_memory_allocated", None)
        return None if peak is None else int(peak()) // 2**20

    def describe(self) -> dict[str, str]:
        """Give the chip, and the versions of torch_npu and CANN."""
        npu = _npu()
        found = {"torch": torch.__version__, "device": str(npu.get_device_name())}
        try:
            found["torch_npu"] = version("torch-npu")
        except PackageNotFoundError:
            found["torch_npu"] = "none: a simulated device"
        cann = getattr(torch.version, "cann", None)
        return found if cann is None else {**found, "cann": str(cann)}


def _npu() -> Any:
    """Give torch's npu module, once `find_device` made sure that it is there."""
    if not hasattr(torch, "npu"):
        find_device("npu")
    return getattr(torch, "npu")  # noqa: B009 (torch itself has no such name)
