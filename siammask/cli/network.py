"""The network that a command works with."""

from __future__ import annotations

from pathlib import Path

from siammask.errors import CheckpointError
from siammask.network import Network


def open_network(checkpoint: Path, *, device: str, mode: str, runtime: str) -> Network:
    """Load a checkpoint and give it to what computes it.

    Parameters
    ----------
    checkpoint : Path
        File of weights.
    device : str
        ``cpu``, ``cuda``, ``npu``, with a number where there are several.
    mode : str
        ``exact`` or ``fast``.
    runtime : str
        ``torch``, ``onnxruntime`` or ``openvino``.

    Raises
    ------
    UserError
        If one of them cannot be used.
    """
    if not checkpoint.is_file():
        raise CheckpointError("no such file", file=checkpoint)
    from siammask.runtime import open_network as open_with

    return open_with(checkpoint, device=device, mode=mode, runtime=runtime)
