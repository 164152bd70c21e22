"""What a tracker needs from a network, whoever computes it.

Patches go in as OpenCV cuts them, arrays come out on the host; a tracker needs NumPy only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Patches = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Response:
    """What a network says about the search patches of one frame.

    Parameters
    ----------
    cls : float32 array, shape (B, 10, 25, 25)
        Logits; the channel is class x 5 + anchor, class 0 is background, 1 the target.
    loc : float32 array, shape (B, 20, 25, 25)
        Offsets to the anchors; the channel is coordinate x 5 + anchor, of dx, dy, dw, dh.
    features : object
        What `Network.masks` needs afterwards; the network's own matter.
    """

    cls: Floats
    loc: Floats
    features: Any = None


@runtime_checkable
class Network(Protocol):
    """A Siamese network that has its weights.

    One network serves any number of targets: what belongs to a target is in its template. B targets
    in one pass each get what they get alone.
    """

    @property
    def variant(self) -> str:
        """Which network it is: ``rpn``, ``base`` or ``sharp``."""

    @property
    def mask_size(self) -> int | None:
        """Side of a mask: 63 (base), 127 (sharp), None without masks (rpn)."""

    def template(self, patches: Patches) -> Any:
        """Learn what B targets look like.

        Parameters
        ----------
        patches : uint8 array, shape (B, 127, 127, 3)
            BGR, each with its target in the middle.

        Returns
        -------
        object
            For `track` and `join`; all that depends on the template alone is computed here, once.
        """

    def join(self, templates: Sequence[Any]) -> Any:
        """Make one template of several, in their order, at least one.

        Parameters
        ----------
        templates : sequence of object
            What `template` or `join` gave.

        Returns
        -------
        object
            A template of as many targets as they have together.
        """

    def track(self, template: Any, patches: Patches) -> Response:
        """Compare search patches with a template of as many targets.

        Parameters
        ----------
        template : object
            What `template` or `join` gave, of B targets.
        patches : uint8 array, shape (B, 255, 255, 3)
            BGR, one for each target.

        Returns
        -------
        Response
            Of B targets.
        """

    def masks(self, response: Response, rows: Sequence[int], cols: Sequence[int]) -> Floats:
        """Compute the mask of one cell of the 25 x 25 grid for each target.

        Parameters
        ----------
        response : Response
            What `track` gave, of B targets.
        rows, cols : sequence of int, length B
            The cells, in 0 ... 24.

        Returns
        -------
        float32 array, shape (B, mask_size ** 2)
            Logits, row by row.

        Raises
        ------
        ModelError
            If the variant has no masks, or a cell is outside the grid.
        """
