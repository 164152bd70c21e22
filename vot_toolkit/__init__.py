"""Score visual object trackers by the VOT2018 rules, and run them under the reset protocol.

The public names are loaded when they are first used, so that importing the package is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vot_toolkit.analysis import Analysis, analyze
    from vot_toolkit.dataset import Dataset, Sequence, open_dataset
    from vot_toolkit.errors import UserError
    from vot_toolkit.evaluation import evaluate
    from vot_toolkit.region import Mask
    from vot_toolkit.region_overlap import overlap, overlap_backend, overlaps
    from vot_toolkit.trajectory import Trajectory

__all__ = [
    "Analysis",
    "Dataset",
    "Mask",
    "Sequence",
    "Trajectory",
    "UserError",
    "analyze",
    "evaluate",
    "open_dataset",
    "overlap",
    "overlap_backend",
    "overlaps",
]

_HOMES = {
    "Analysis": "analysis",
    "Dataset": "dataset",
    "Mask": "region",
    "Sequence": "dataset",
    "Trajectory": "trajectory",
    "UserError": "errors",
    "analyze": "analysis",
    "evaluate": "evaluation",
    "open_dataset": "dataset",
    "overlap": "region_overlap",
    "overlap_backend": "region_overlap",
    "overlaps": "region_overlap",
}


def __getattr__(name: str) -> Any:
    """Load a public name from the module it lives in."""
    if name == "__version__":
        from vot_toolkit.version import toolkit_version

        return toolkit_version()
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
