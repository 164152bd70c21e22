"""The tracker that does not track: what any other one has to beat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.region import Array


class IdentityTracker:
    """Repeats the region it was started with."""

    name = "identity"
    deterministic = True

    def initialize(self, image: NDArray[np.uint8], region: Array) -> None:
        """Keep the region, float64 of shape (4,) or (8,), in px; the image does not matter."""
        self._region = region.copy()

    def update(self, image: NDArray[np.uint8]) -> Array:
        """Give the region it was started with."""
        return self._region


def build() -> IdentityTracker:
    """Repeat the initial region: the baseline that needs no image."""
    return IdentityTracker()
