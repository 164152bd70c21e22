"""Numbers on their way from the device to the host, which need not wait for them."""

from __future__ import annotations

from typing import cast

from torch import Tensor

from trainers.backends.protocol import Backend, Mark


class Reading:
    """Numbers that are being copied.

    Parameters
    ----------
    host : Tensor
        Where they will be.
    mark : Mark or None
        What to wait for.
    """

    def __init__(self, host: Tensor, mark: Mark | None) -> None:
        self._host = host
        self._mark = mark

    @property
    def is_done(self) -> bool:
        """Whether nothing has to be waited for."""
        return self._mark is None

    def values(self) -> list[float]:
        """Give them; waits for the copy, not for what was asked of the device since."""
        if self._mark is not None:
            self._mark.synchronize()
        return cast("list[float]", self._host.tolist())


def read_later(vector: Tensor, backend: Backend) -> Reading:
    """Begin to copy numbers.

    Parameters
    ----------
    vector : float tensor, shape (N,)
        On the device.
    backend : Backend
        Of the device.
    """
    host = vector.to("cpu", non_blocking=backend.pins_memory())
    mark = backend.mark()
    if mark is not None:
        mark.record()
    return Reading(host, mark)
