"""The tracker for vot_toolkit, which finds `build` by its entry point.

Nothing of the toolkit is imported: the contract between the two is duck-typed, and options arrive
as what the parameters declare.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from siammask import zoo
from siammask.extras import require
from siammask.settings import Placement, Settings, Windowing
from siammask.tracker import Tracker


def build(
    checkpoint: Path | None = zoo.default(),  # noqa: B008 (what came with the package stays)
    device: str = "cpu",
    settings: str = "vot2018",
    mode: Literal["exact", "fast"] = "exact",
    runtime: Literal["torch", "onnxruntime", "openvino"] = "torch",
    mask: bool | None = None,
    lost_below: float | None = None,
    penalty_k: float | None = None,
    window_influence: float | None = None,
    lr: float | None = None,
    seg_thr: float | None = None,
    instance_size: int | None = None,
    windowing: Windowing | None = None,
    placement: Placement | None = None,
) -> Tracker:
    """Track and segment by SiamMask, with the weights of a checkpoint.

    Parameters
    ----------
    checkpoint : Path
        A file of weights, as `siammask.load` takes it; by default those that come with this
        package.
    device : str
        ``cpu``, ``cuda`` or ``npu``, with a number if need be: ``cuda:1``.
    settings : str
        ``vot2018``, ``vot2018-ld``, ``davis``, ``base``, or a config.json of the original.
    mode : str
        ``exact``, or ``fast``: with less precision where that is faster.
    runtime : str
        The program that computes the network.
    mask : bool, optional
        Whether to segment; by default when the network can.
    lost_below : float, optional
        Confidence below which the target counts as lost; changes no region.
    penalty_k, window_influence, lr, seg_thr, instance_size, windowing, placement : optional
        In place of the values of `settings`; see `siammask.Settings`.

    Returns
    -------
    Tracker
        Its results are those of the Python API with the same options.

    Raises
    ------
    UserError
        If torch is not installed, no checkpoint is given, or an option cannot be used.
    """
    chosen = Settings.find(
        settings,
        penalty_k=penalty_k,
        window_influence=window_influence,
        lr=lr,
        seg_thr=seg_thr,
        instance_size=instance_size,
        windowing=windowing,
        placement=placement,
    )
    checkpoint = zoo.choose(checkpoint)
    zoo.check(checkpoint)
    require("torch", "torch")
    from siammask.runtime import open_network

    network = open_network(checkpoint, runtime=runtime, mode=mode, device=device)
    return Tracker(network, chosen, mask=mask, lost_below=lost_below)
