"""CUDA GPUs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

import torch
from torch.optim import SGD

from siammask.device import find_device
from trainers.backends.host import check_number, count_devices
from trainers.backends.protocol import Mark
from trainers.optimizer import fused_sgd


class Cuda:
    """CUDA GPUs."""

    name = "cuda"
    device_type = "cuda"
    group = "nccl"

    def count(self) -> int:
        """Count the GPUs that can be used."""
        return count_devices("cuda", torch.cuda.device_count)

    def start(self, local_rank: int, *, threads: int | None = None) -> torch.device:
        """Take a GPU, and let cuDNN look for the fastest convolutions: sizes never change."""
        check_number("cuda", local_rank, self.count())
        device = find_device(f"cuda:{local_rank}")
        torch.cuda.set_device(device)
        torch.backends.cudnn.benchmark = True
        if threads is not None:
            torch.set_num_threads(threads)
        return device

    def half_types(self) -> frozenset[torch.dtype]:
        """List float16, and bfloat16 from compute capability 8.0 on."""
        if torch.cuda.get_device_capability() < (8, 0):
            return frozenset({torch.float16})
        return frozenset({torch.float16, torch.bfloat16})

    def sgd(
        self, groups: Iterable[Mapping[str, Any]], *, momentum: float, weight_decay: float
    ) -> SGD:
        """Build the fused one."""
        return fused_sgd(groups, momentum=momentum, weight_decay=weight_decay)

    def seed(self, seed: int) -> None:
        """Seed the GPUs."""
        torch.cuda.manual_seed_all(seed)

    def random_state(self) -> torch.Tensor | None:
        """Give the state of the current GPU."""
        return torch.cuda.get_rng_state()

    def set_random_state(self, state: torch.Tensor) -> None:
        """Set that of the current GPU."""
        torch.cuda.set_rng_state(state)

    def mark(self) -> Mark | None:
        """Give an event."""
        return cast(Mark, torch.cuda.Event())  # type: ignore[no-untyped-call]

    def pins_memory(self) -> bool:
        """Tell that it does."""
        return True

    def memory_format(self) -> torch.memory_format:
        """Give channels last."""
        return torch.channels_last

    def synchronize(self) -> None:
        """Wait for the current GPU."""
        torch.cuda.synchronize()

    def peak_memory_mib(self) -> int | None:
        """Give the most that tensors took on the current GPU."""
        return torch.cuda.max_memory_allocated() // 2**20

    def describe(self) -> dict[str, str]:
        """Give the GPU, and the versions of CUDA, cuDNN and NCCL."""
        properties = torch.cuda.get_device_properties(torch.cuda.current_device())
        nccl = _nccl_version()
        return {
            "torch": torch.__version__,
            "device": properties.name,
            "capability": f"{properties.major}.{properties.minor}",
            "cuda": str(torch.version.cuda or torch.version.hip),
            "cudnn": str(torch.backends.cudnn.version()),  # type: ignore[no-untyped-call]
            "nccl": nccl,
            "tf32_convolutions": str(torch.backends.cudnn.allow_tf32),
        }


def _nccl_version() -> str:
    if not torch.distributed.is_nccl_available():
        return "none"
    return ".".join(map(str, torch.cuda.nccl.version()))  # type: ignore[no-untyped-call]
