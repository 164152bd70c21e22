"""What disturbs a measurement of time on this machine."""

from __future__ import annotations

from vot_toolkit.machine import Machine
from vot_toolkit.wording import counted

IDLE_LOAD = 0.5
"""Load that a machine has on which nothing runs but a desktop or some services."""


def disturbance(machine: Machine, num_workers: int, device: str | None = None) -> str | None:
    """Say what makes trackers slower here than they are; None when nothing does.

    Parameters
    ----------
    machine : Machine
        As it is before the workers start.
    num_workers : int
        Trackers that will run side by side.
    device : str, optional
        The trackers' device, ``cpu``, ``cuda`` or ``npu``.

    Examples
    --------
    >>> quiet = Machine("a CPU", 4, 8, 8, None, "Linux", "3.11", load=(0.2, 3.0, 3.0))
    >>> disturbance(quiet, 4) is None
    True
    >>> disturbance(quiet, 6)
    '6 workers share 4 cores'
    """
    cores = min(machine.usable_cores, machine.physical_cores or machine.usable_cores)
    reasons = []
    if num_workers > cores:
        reasons.append(f"{num_workers} workers share {counted(cores, 'core')}")
    # The load is that of the last minute; our own workers come on top of it.
    elif machine.load is not None and machine.load[0] + num_workers > cores + IDLE_LOAD:
        reasons.append(f"the load is {machine.load[0]:.1f} already on {counted(cores, 'core')}")
    if num_workers > 1 and device in ("cuda", "npu"):
        reasons.append(f"{num_workers} workers share the device {device}")
    return " and ".join(reasons) or None
