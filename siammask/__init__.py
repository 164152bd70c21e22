"""SiamMask: the model, the tracker, and what people do with a trained one.

The public names are loaded when they are first used: importing the package loads neither torch nor
OpenCV.

References
----------
Q. Wang, L. Zhang, L. Bertinetto, W. Hu, P. H. S. Torr, "Fast Online Object Tracking and
Segmentation: A Unifying Approach", CVPR 2019.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from siammask.checkpoints import load, save
    from siammask.errors import UserError
    from siammask.model import SiamMask, build
    from siammask.network import Network, Response
    from siammask.settings import Settings
    from siammask.state import Estimate, TrackState
    from siammask.tracker import MultiTracker, Tracker

__all__ = [
    "Estimate",
    "MultiTracker",
    "Network",
    "Response",
    "Settings",
    "SiamMask",
    "TrackState",
    "Tracker",
    "UserError",
    "build",
    "load",
    "save",
]

_HOMES = {
    "Estimate": "state",
    "MultiTracker": "tracker",
    "Network": "network",
    "Response": "network",
    "Settings": "settings",
    "SiamMask": "model",
    "TrackState": "state",
    "Tracker": "tracker",
    "UserError": "errors",
    "build": "model",
    "load": "checkpoints",
    "save": "checkpoints",
}

_TORCH = ("checkpoints", "model")


def __getattr__(name: str) -> Any:
    """Load a public name from the module it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if _HOMES[name] in _TORCH:
        import_module(f"{__name__}.extras").require("torch", "torch")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
