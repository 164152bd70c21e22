"""A process group named ``hccl`` that is gloo, on the CPU copies of a simulated NPU's tensors."""

from __future__ import annotations

from typing import Any

import torch.distributed as dist


class Hccl(dist.ProcessGroup):
    """Unwraps tensors, then gloo."""

    def __init__(self, store: Any, rank: int, size: int, timeout: Any) -> None:
        super().__init__(rank, size)
        self._gloo = dist.ProcessGroupGloo(store, rank, size, timeout)

    def getBackendName(self) -> str:  # noqa: N802 (torch's name)
        return "hccl"

    def allreduce(self, tensors: Any, options: Any = None) -> Any:
        return self._gloo.allreduce(_raw(tensors), options or dist.AllreduceOptions())

    def broadcast(self, tensors: Any, options: Any = None) -> Any:
        return self._gloo.broadcast(_raw(tensors), options or dist.BroadcastOptions())

    def allgather(self, outputs: Any, inputs: Any, options: Any = None) -> Any:
        return self._gloo.allgather(_raw(outputs), _raw(inputs), options or dist.AllgatherOptions())

    def barrier(self, options: Any = None) -> Any:
        return self._gloo.barrier(dist.BarrierOptions())


def register() -> None:
    """Register it, once in a process."""
    dist.Backend.register_backend("hccl", Hccl, devices=["cpu", "npu"])


def _raw(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_raw(each) for each in value]
    return getattr(value, "raw", value)
