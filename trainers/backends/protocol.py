"""What training asks of a kind of hardware; nothing else in `trainers` names one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    import torch
    from torch.optim import SGD


class Mark(Protocol):
    """A point in a device's queue of work."""

    def record(self) -> None:
        """Put it behind what is queued now."""

    def synchronize(self) -> None:
        """Wait until the device is there."""


@runtime_checkable
class Backend(Protocol):
    """One kind of hardware, seen from one process that uses one device of it.

    Attributes
    ----------
    name : str
        What it is called on the command line and in records.
    device_type : str
        What torch calls it; autocast is asked for by this name.
    group : str
        The process group that its devices talk in: ``gloo``, ``nccl``, ``hccl``.
    """

    name: str
    device_type: str
    group: str

    def count(self) -> int:
        """Count the devices of this host.

        Raises
        ------
        UserError
            If there is none, or its software is missing; it says what to install.
        """

    def start(self, local_rank: int, *, threads: int | None = None) -> torch.device:
        """Make a device this process's own.

        Parameters
        ----------
        local_rank : int
            Which one, from 0.
        threads : int, optional
            Threads of the operators that run on the host; None leaves them as they are.

        Raises
        ------
        UserError
            As `count`; or if there is no such device.
        """

    def half_types(self) -> frozenset[torch.dtype]:
        """List the 16-bit floats that training on this device gains from."""

    def sgd(
        self, groups: Iterable[Mapping[str, Any]], *, momentum: float, weight_decay: float
    ) -> SGD:
        """Build the optimizer: see `trainers.optimizer`."""

    def seed(self, seed: int) -> None:
        """Seed the device's own random numbers; the host's are not touched."""

    def random_state(self) -> torch.Tensor | None:
        """Give the state of the device's random numbers; None where it has none of its own."""

    def set_random_state(self, state: torch.Tensor) -> None:
        """Go back to a state."""

    def mark(self) -> Mark | None:
        """Give a point to wait for; None where everything is done when it is asked for."""

    def pins_memory(self) -> bool:
        """Tell whether copies to and from pinned memory run beside the computation."""

    def memory_format(self) -> torch.memory_format:
        """Give the order of dimensions that convolutions are fastest in."""

    def synchronize(self) -> None:
        """Wait until everything that was asked for is done."""

    def peak_memory_mib(self) -> int | None:
        """Give the most memory that tensors took; None where that is not counted."""

    def describe(self) -> dict[str, str]:
        """Give the names and versions of hardware and software, for the record."""
