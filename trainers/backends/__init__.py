"""Kinds of hardware to train on, behind one contract.

A backend is registered under the entry-point group `GROUP`; what the entry point names is called
without arguments and gives a `trainers.backends.protocol.Backend`. The three that belong to this
package are found without being installed.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, cast

from trainers.errors import BackendError
from vot_toolkit.errors import UserError
from vot_toolkit.wording import guess

if TYPE_CHECKING:
    from trainers.backends.protocol import Backend

GROUP = "trainers.backends"

OWN = {
    "cpu": "trainers.backends.cpu:Cpu",
    "cuda": "trainers.backends.cuda:Cuda",
    "npu": "trainers.backends.npu:Npu",
}

PREFERENCE = ("npu", "cuda")
"""What is looked for, in this order, when nothing was asked for."""


def backend_names() -> list[str]:
    """List the backends, those of others included; none of them is loaded."""
    return sorted(_targets())


def find_backend(name: str) -> Backend:
    """Find a backend by its name.

    Parameters
    ----------
    name : str
        ``cpu``, ``cuda``, ``npu`` or what somebody else registered.

    Returns
    -------
    Backend
        Not started: whether it has a device is told by its `count`.

    Raises
    ------
    BackendError
        If there is no such backend, or it cannot be loaded.
    """
    targets = _targets()
    if name not in targets:
        there = ", ".join(backend_names())
        hint = f"{guess(name, targets)}there are {there}"
        raise BackendError(f"no backend {name!r}", hint=hint)
    try:
        return _load(targets[name])()
    except UserError:
        raise
    except Exception as error:
        fault = f"backend {name!r} cannot be loaded: {type(error).__name__}: {error}"
        raise BackendError(fault, hint=f"it is registered as {targets[name]}") from error


def choose_backend() -> tuple[Backend, str]:
    """Choose when nothing was asked for.

    Returns
    -------
    tuple of Backend and str
        An accelerator that is there, else the CPU; and why, in a few words.
    """
    for name in PREFERENCE:
        backend = find_backend(name)
        try:
            count = backend.count()
        except UserError:
            continue
        return backend, f"there is {name}" if count == 1 else f"there are {count} of {name}"
    return find_backend("cpu"), f"no {' and no '.join(PREFERENCE)} can be used"


def _targets() -> dict[str, str]:
    """Index them by name; of two with one name the first found wins, and ours are found first."""
    others = {entry.name: entry.value for entry in reversed(tuple(entry_points(group=GROUP)))}
    return others | OWN


def _load(target: str) -> Callable[[], Backend]:
    module, _, name = target.partition(":")
    return cast("Callable[[], Backend]", getattr(import_module(module), name))
