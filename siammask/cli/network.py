"""The tracker that a command works with, from its options."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from siammask.network import Network
    from siammask.settings import Settings
    from siammask.tracker import MultiTracker


@dataclass(frozen=True)
class TrackerOptions:
    """What decides on all that a tracker says.

    Parameters
    ----------
    checkpoint : Path
        File of weights.
    settings : str
        A name, or a config.json.
    placement : str or None
        Where masks are pasted, in place of the settings'.
    device : str
        ``cpu``, ``cuda``, ``npu``, with a number where there are several.
    mode : str
        ``exact`` or ``fast``.
    runtime : str
        ``torch``, ``onnxruntime`` or ``openvino``.
    """

    checkpoint: Path
    settings: str = "vot2018"
    placement: str | None = None
    device: str = "cpu"
    mode: str = "exact"
    runtime: str = "torch"

    def find_settings(self) -> Settings:
        """Give the settings with all their values.

        Raises
        ------
        SettingsError
            If there are no such settings.
        """
        from siammask.settings import Settings

        return Settings.find(self.settings, placement=self.placement)

    def build(self, mask: bool | None = None, lost_below: float | None = None) -> MultiTracker:
        """Load the network and make the tracker.

        Raises
        ------
        UserError
            If an option cannot be used.
        """
        from siammask.tracker import MultiTracker

        settings = self.find_settings()
        return MultiTracker(open_network(self), settings, mask=mask, lost_below=lost_below)

    def to_dict(self) -> dict[str, Any]:
        """Give what JSON is to hold: the checkpoint by its hash, the settings with their values."""
        return {
            "checkpoint": hashlib.sha256(self.checkpoint.read_bytes()).hexdigest(),
            **json.loads(json.dumps(asdict(self.find_settings()))),
            "mode": self.mode,
            "runtime": self.runtime,
        }


def open_network(options: TrackerOptions) -> Network:
    """Load a checkpoint, and give it to what computes it."""
    from siammask.extras import require

    require("torch", "torch")
    from siammask.runtime import open_network as open_with

    return open_with(
        options.checkpoint, runtime=options.runtime, mode=options.mode, device=options.device
    )
