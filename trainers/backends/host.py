"""What the backends of accelerators have in common: how many of them this host has."""

from __future__ import annotations

from collections.abc import Callable

from siammask.device import find_device
from siammask.errors import UserError as SiamMaskError
from trainers.errors import BackendError


def count_devices(kind: str, count: Callable[[], int]) -> int:
    """Count the devices that can be used.

    Parameters
    ----------
    kind : str
        ``cuda`` or ``npu``.
    count : callable
        Asks torch for their number, once they are known to be there.

    Raises
    ------
    BackendError
        If there is none, or its software is missing.
    """
    try:
        find_device(kind)
    except SiamMaskError as error:
        raise BackendError(error.what, hint=error.hint) from error
    return count()


def check_number(kind: str, number: int, count: int) -> None:
    """Refuse a device that is not there.

    Raises
    ------
    BackendError
        If there are fewer.
    """
    if number >= count:
        fault = f"{kind}: process {number + 1} of this host has no device, there are {count}"
        raise BackendError(fault, hint=f"ask for at most {count}, or see which are visible")
