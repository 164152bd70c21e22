"""Starting the processes of a training, one for each device, or joining those that were started.

On one host this program starts them itself, by torchrun's machinery. Under an outer torchrun, or
as a task of SLURM, it is one of them already. Each is pinned to its share of the host's cores.
"""

from __future__ import annotations

import inspect
import os
import re
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trainers.errors import LaunchError
from vot_toolkit.cores import usable_cores

SHUTDOWN_S = 120
"""How long processes that were told to stop may take: they finish their step and save."""

SLURM_PORT = 29500
"""Added to the job's number, modulo `PORTS`, where no port is given."""

PORTS = 10000


@dataclass(frozen=True)
class Place:
    """Which of the processes this is.

    Parameters
    ----------
    rank, world : int
        Its number, and how many there are on all hosts.
    local_rank, local_world : int
        The same on this host.
    launcher : str or None
        Who started it: ``torchrun``, ``slurm``, or None for a process of its own.
    restarts : int
        How often the processes were started again after a failure.
    """

    rank: int = 0
    world: int = 1
    local_rank: int = 0
    local_world: int = 1
    launcher: str | None = None
    restarts: int = 0


def find_place(environment: Mapping[str, str] = os.environ) -> Place:
    """Tell from the environment whether this process was started as one of several.

    Parameters
    ----------
    environment : mapping of str to str
        Variables.

    Raises
    ------
    LaunchError
        If variables are missing or contradict each other.

    Examples
    --------
    >>> find_place({})
    Place(rank=0, world=1, local_rank=0, local_world=1, launcher=None, restarts=0)
    >>> find_place({"SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "3", "SLURM_LOCALID": "1",
    ...             "SLURM_STEP_TASKS_PER_NODE": "2(x2)", "SLURM_NODEID": "1"}).local_world
    2
    """
    if "RANK" in environment and "WORLD_SIZE" in environment:
        return _checked(
            Place(
                rank=_number(environment, "RANK"),
                world=_number(environment, "WORLD_SIZE"),
                local_rank=_number(environment, "LOCAL_RANK"),
                local_world=_number(environment, "LOCAL_WORLD_SIZE", default="1"),
                launcher="torchrun",
                restarts=_number(environment, "TORCHELASTIC_RESTART_COUNT", default="0"),
            )
        )
    # srun sets it for its tasks; a batch script outside of srun is no task.
    if _number(environment, "SLURM_STEP_NUM_TASKS", default="1") > 1:
        counts = _counts(environment.get("SLURM_STEP_TASKS_PER_NODE", "1"))
        node = _number(environment, "SLURM_NODEID", default="0")
        return _checked(
            Place(
                rank=_number(environment, "SLURM_PROCID"),
                world=_number(environment, "SLURM_STEP_NUM_TASKS"),
                local_rank=_number(environment, "SLURM_LOCALID"),
                local_world=counts[node] if node < len(counts) else counts[0],
                launcher="slurm",
            )
        )
    return Place()


def meeting_point(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Give the variables by which tasks of SLURM find each other, where they are not set.

    Examples
    --------
    >>> meeting_point({"SLURM_STEP_NODELIST": "node[07-09,12]", "SLURM_JOB_ID": "1234567"})
    {'MASTER_ADDR': 'node07', 'MASTER_PORT': '34067'}
    """
    nodes = environment.get("SLURM_STEP_NODELIST") or environment.get("SLURM_JOB_NODELIST", "")
    port = SLURM_PORT + int(environment.get("SLURM_JOB_ID", "0")) % PORTS
    found = {"MASTER_ADDR": _first_node(nodes) or "localhost", "MASTER_PORT": str(port)}
    return {key: environment.get(key, value) for key, value in found.items()}


def start_processes(
    module: str,
    arguments: Sequence[str],
    count: int,
    *,
    threads: int = 1,
    max_restarts: int = 0,
) -> int:
    """Start the processes of this host and wait for them.

    Parameters
    ----------
    module : str
        The door, as ``python -m`` takes it.
    arguments : sequence of str
        Its arguments.
    count : int
        Processes.
    threads : int
        Of each, unless ``OMP_NUM_THREADS`` says otherwise.
    max_restarts : int
        How often all are started again when one fails.

    Returns
    -------
    int
        Exit status: 0, or that of the process that failed first; 130 when stopped by Ctrl-C.
    """
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    # Everything stays on this host; port 0 is any free one.
    config = LaunchConfig(
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=count,
        run_id="training",
        rdzv_backend="c10d",
        rdzv_endpoint="localhost:0",
        local_addr="localhost",
        max_restarts=max_restarts,
        **_if_accepted(LaunchConfig, shutdown_timeout=SHUTDOWN_S),
    )
    try:
        elastic_launch(config, sys.executable)("-m", module, *arguments)
    except ChildFailedError as error:
        code = error.get_first_failure()[1].exitcode
        return code if code > 0 else 128 - code
    except SignalException as error:
        return 128 + int(error.sigval)
    return 0


def pin(place: Place) -> int:
    """Keep this process to its share of the host's cores.

    Parameters
    ----------
    place : Place
        Which process it is.

    Returns
    -------
    int
        Cores it has. All of them when it is alone, when there are fewer than processes, and when
        SLURM bound it to its share already; then nothing is changed.
    """
    bound = place.launcher == "slurm" and len(_cores()) < (os.cpu_count() or 1)
    cores = [] if bound else share(place, _cores())
    if cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)
    return len(cores) or usable_cores()


def share(place: Place, cores: Sequence[int]) -> list[int]:
    """Give a process's share of cores: as many as the others', side by side.

    Examples
    --------
    >>> share(Place(local_rank=1, local_world=2), [0, 1, 2, 3, 4])
    [2, 3]
    >>> share(Place(local_rank=1, local_world=2), [0])
    []
    """
    size = len(cores) // place.local_world
    if place.local_world == 1 or size == 0:
        return []
    return list(cores[place.local_rank * size : (place.local_rank + 1) * size])


def threads_for(device_type: str, processes: int) -> int:
    """Give the threads of each of some processes that share this host.

    One where an accelerator computes, as the Ascend port's scripts set it: its cores load data. A
    share of the cores where they compute.
    """
    return max(usable_cores() // processes, 1) if device_type == "cpu" else 1


def stop_signals() -> tuple[signal.Signals, ...]:
    """List the signals after which a training saves and ends."""
    return (signal.SIGINT, signal.SIGTERM)


def _cores() -> list[int]:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def _number(environment: Mapping[str, str], name: str, default: str | None = None) -> int:
    text = environment.get(name, default)
    if text is None:
        hint = "torchrun and srun set it; start by one of them, or unset RANK and WORLD_SIZE"
        raise LaunchError(f"{name} is not set", hint=hint)
    if not text.isdigit():
        raise LaunchError(f"{name}={text!r}", hint="accepted: a whole number")
    return int(text)


def _checked(place: Place) -> Place:
    if place.rank >= place.world or place.local_rank >= place.local_world:
        fault = (
            f"process {place.rank} of {place.world}, on this host {place.local_rank} of "
            f"{place.local_world}"
        )
        raise LaunchError(fault, hint="they count from 0: see RANK, LOCAL_RANK and their sizes")
    return place


def _counts(text: str) -> list[int]:
    """Read SLURM's tasks of each node: ``2(x3),1`` is 2, 2, 2, 1."""
    counts: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"(\d+)(?:\(x(\d+)\))?", part)
        if match is None:
            fault = f"SLURM_STEP_TASKS_PER_NODE={text!r}"
            raise LaunchError(fault, hint="accepted: as SLURM sets it, 2(x3),1")
        counts += [int(match[1])] * int(match[2] or 1)
    return counts


def _first_node(nodes: str) -> str:
    """Read the first of SLURM's list: ``node[07-09,12],other`` begins with ``node07``."""
    match = re.match(r"([^,\[]*)(?:\[(\w+))?", nodes)
    return "" if match is None else match[1] + (match[2] or "")


def _if_accepted(taker: type, **options: Any) -> dict[str, Any]:
    """Leave out what an older torch does not know."""
    known = inspect.signature(taker).parameters
    return {key: value for key, value in options.items() if key in known}
