"""What processes of one training say to each other; right, and nothing at all, in a single one."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import torch
    from torch import Tensor

from trainers.launch import Place, meeting_point

T = TypeVar("T")

TIMEOUT = timedelta(minutes=30)
"""How long a process waits for the others before it takes them for dead."""

POLL_S = 0.2
"""How often a process that waits for the first one looks."""

_store: Any = None
_turns = 0


def join(group: str, place: Place, *, device: torch.device | None = None) -> None:
    """Become one of the processes; nothing when there is only one.

    Parameters
    ----------
    group : str
        Name of the process group: ``gloo``, ``nccl``, ``hccl``.
    place : Place
        Which process this is.
    device : torch.device, optional
        What this process computes on.
    """
    global _store, _turns
    if place.world == 1:
        return
    import torch.distributed as dist
    from torch.distributed import distributed_c10d as c10d
    from torch.distributed.rendezvous import rendezvous

    if place.launcher == "slurm":
        os.environ.update(meeting_point())
    # Takes the launcher's own store where there is one. It outlives the processes, and those that
    # are started again must not find what the dead ones wrote.
    store, rank, world = next(iter(rendezvous("env://", rank=place.rank, world_size=place.world)))
    store.set_timeout(TIMEOUT)
    store = c10d.PrefixStore(f"start {place.restarts} of {place.world}", store)
    dist.init_process_group(
        group,
        store=c10d.PrefixStore("training", store),
        rank=rank,
        world_size=world,
        timeout=TIMEOUT,
        device_id=device if group == "nccl" else None,
    )
    _store, _turns = c10d.PrefixStore("turns", store), 0


def leave() -> None:
    """Stop being one of the processes."""
    global _store
    if is_distributed():
        import torch.distributed as dist

        dist.destroy_process_group()
    _store = None


def is_distributed() -> bool:
    """Tell whether there are several processes.

    Examples
    --------
    >>> is_distributed(), rank(), world_size(), is_main()
    (False, 0, 1, True)
    """
    return _store is not None


def rank() -> int:
    """Give this process's number, from 0."""
    if not is_distributed():
        return 0
    import torch.distributed as dist

    return dist.get_rank()


def world_size() -> int:
    """Count the processes."""
    if not is_distributed():
        return 1
    import torch.distributed as dist

    return dist.get_world_size()


def is_main() -> bool:
    """Tell whether this is the process that writes and speaks."""
    return rank() == 0


def barrier() -> None:
    """Wait for all processes."""
    if is_distributed():
        import torch.distributed as dist

        dist.barrier()


def mean(value: Tensor) -> Tensor:
    """Average over the processes.

    Parameters
    ----------
    value : float tensor
        On the device of the process group; it stays as it is.

    Returns
    -------
    Tensor
        On the same device; the host does not wait for it. Itself in a single process.
    """
    if not is_distributed():
        return value
    import torch.distributed as dist

    total = value.detach().clone()
    dist.all_reduce(total)
    return total / dist.get_world_size()


def gather(value: Any) -> list[Any]:
    """Give every process what each has, by their numbers."""
    if not is_distributed():
        return [value]
    import torch.distributed as dist

    values: list[Any] = [None] * dist.get_world_size()
    dist.all_gather_object(values, value)
    return values


def broadcast(value: T) -> T:
    """Give every process what the first one has."""
    if not is_distributed():
        return value
    import torch.distributed as dist

    values: list[Any] = [value]
    dist.broadcast_object_list(values, src=0)
    result: T = values[0]
    return result


def only_main(work: Callable[[], Any]) -> Any:
    """Let the first process do something, however long it takes, while the others wait.

    Parameters
    ----------
    work : callable
        Gives what JSON knows.

    Returns
    -------
    object
        What it gave, in every process.

    Raises
    ------
    BaseException
        In the first process, what `work` raised.
    OthersError
        In the others, when it raised.
    """
    global _turns
    if not is_distributed():
        return work()
    _turns += 1
    key = f"turn {_turns}"
    if is_main():
        try:
            result = work()
        except BaseException as error:
            _store.set(key, json.dumps({"error": f"{type(error).__name__}: {error}"}))
            raise
        _store.set(key, json.dumps({"result": result}))
        return result
    # Collectives would give up after their time-out; this waits as long as the work takes.
    while not _store.check([key]):
        time.sleep(POLL_S)
    told = json.loads(_store.get(key))
    if "error" in told:
        raise OthersError(told["error"])
    return told["result"]


class OthersError(Exception):
    """Something went wrong in the first process, which says what."""
