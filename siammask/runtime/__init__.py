"""Programs that compute the network, by name: ``torch``, ``onnxruntime``, ``openvino``.

Each gives a `siammask.network.Network`. Those of an extra are imported only when they are asked
for.
"""

from __future__ import annotations

import difflib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from siammask.errors import ModelError, RuntimeUnavailableError
from siammask.network import Network

if TYPE_CHECKING:
    from siammask.model import SiamMask

RUNTIMES = {
    "torch": "siammask.runtime.torch:TorchNetwork",
    "onnxruntime": "siammask.runtime.onnxruntime:OnnxNetwork",
    "openvino": "siammask.runtime.openvino:OpenVinoNetwork",
}

MODES = ("exact", "fast")


def open_network(
    model: SiamMask | Path | str,
    *,
    runtime: str = "torch",
    mode: str = "exact",
    device: str | None = None,
) -> Network:
    """Open a network for a tracker.

    Parameters
    ----------
    model : SiamMask, Path or str
        What `siammask.load` gave, or a file for it.
    runtime : str
        The program that computes it: ``torch``, ``onnxruntime`` or ``openvino``; the latter two on
        the CPU only.
    mode : str
        ``exact`` computes in 32-bit floats; ``fast`` in what is faster on the device, with
        differences that move a box by less than a pixel.
    device : str, optional
        ``cpu``, ``cuda``, ``cuda:1``, ``npu``; by default where the model is, a file's on the CPU.

    Returns
    -------
    Network
        Its `arithmetic` says what it computes in.

    Raises
    ------
    RuntimeUnavailableError
        If there is no such program, it is not installed, or it cannot use the device.
    ModelError
        If there is no such mode.
    CheckpointError, DeviceError
        As `siammask.load`.
    """
    program = _find(runtime)
    if mode not in MODES:
        raise ModelError(f"mode {mode!r}", hint=f"accepted: {', '.join(MODES)}")
    if isinstance(model, (str, Path)):
        from siammask.checkpoints import load

        model = load(model, device or "cpu")
    elif device is not None:
        from siammask.device import find_device

        model = model.to(find_device(device))
    module, _, name = program.partition(":")
    return cast(Network, getattr(import_module(module), name)(model, mode=mode))


def _find(runtime: str) -> str:
    if runtime not in RUNTIMES:
        near = difflib.get_close_matches(runtime, RUNTIMES, n=1)
        guess = f"did you mean {near[0]!r}? " if near else ""
        hint = f"{guess}there are {', '.join(RUNTIMES)}"
        raise RuntimeUnavailableError(f"no runtime {runtime!r}", hint=hint)
    return RUNTIMES[runtime]
