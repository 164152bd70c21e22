"""The CPU, as one device with the cores that this process may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch.optim import SGD

from siammask.device import half_precision
from trainers.backends.protocol import Mark
from trainers.optimizer import fused_sgd
from vot_toolkit.cores import usable_cores


class Cpu:
    """The CPU."""

    name = "cpu"
    device_type = "cpu"
    group = "gloo"

    def count(self) -> int:
        """Count the cores: as many processes can share the work."""
        return usable_cores()

    def start(self, local_rank: int, *, threads: int | None = None) -> torch.device:
        """Set the number of threads."""
        if threads is not None:
            torch.set_num_threads(threads)
        return torch.device("cpu")

    def half_types(self) -> frozenset[torch.dtype]:
        """List bfloat16: it can always be computed, and is fast where the CPU has it."""
        return frozenset({torch.bfloat16})

    def sgd(
        self, groups: Iterable[Mapping[str, Any]], *, momentum: float, weight_decay: float
    ) -> SGD:
        """Build the fused one."""
        return fused_sgd(groups, momentum=momentum, weight_decay=weight_decay)

    def seed(self, seed: int) -> None:
        """Do nothing: its random numbers are the host's."""

    def random_state(self) -> torch.Tensor | None:
        """Give nothing: its random numbers are the host's."""
        return None

    def set_random_state(self, state: torch.Tensor) -> None:
        """Do nothing: its random numbers are the host's."""

    def mark(self) -> Mark | None:
        """Give nothing: everything is done when it is asked for."""
        return None

    def pins_memory(self) -> bool:
        """Tell that nothing is copied."""
        return False

    def memory_format(self) -> torch.memory_format:
        """Give channels last where 16-bit instructions are.

        On a CPU without them, with AVX2 alone, channels first took 7 % less time in float32.
        """
        fast = half_precision(torch.device("cpu")) is not None
        return torch.channels_last if fast else torch.contiguous_format

    def synchronize(self) -> None:
        """Do nothing: everything is done when it is asked for."""

    def peak_memory_mib(self) -> int | None:
        """Give nothing: torch does not count it."""
        return None

    def describe(self) -> dict[str, str]:
        """Give torch, its threads, and what it computes 16-bit floats with."""
        fast = half_precision(torch.device("cpu"))
        return {
            "torch": torch.__version__,
            "threads": str(torch.get_num_threads()),
            "instructions": torch.backends.cpu.get_cpu_capability(),
            "fast_16_bit": "none" if fast is None else str(fast).removeprefix("torch."),
        }
