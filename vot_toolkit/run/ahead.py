"""Images decoded ahead by threads, while the tracker is busy with those before."""

from __future__ import annotations

from concurrent.futures import Executor, Future

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.dataset.sequence import Sequence

Image = NDArray[np.uint8]


class ImagesAhead:
    """The images of one sequence; what follows the one asked for is being decoded already.

    Parameters
    ----------
    sequence : Sequence
        With its images.
    pool : Executor
        Threads that decode.
    depth : int
        Images to be ahead. A run goes from frame to frame, but for the frames after a failure.
    """

    def __init__(self, sequence: Sequence, pool: Executor, depth: int = 1) -> None:
        self._sequence = sequence
        self._pool = pool
        self._depth = depth
        self._coming: dict[int, Future[Image]] = {}

    def seek(self, frame: int) -> None:
        """Have a frame, from 0, decoded, and those that follow; let go of all others."""
        last = min(frame + self._depth, len(self._sequence) - 1)
        wanted = range(frame, last + 1)
        for other in self._coming.keys() - set(wanted):
            self._coming.pop(other).cancel()
        for index in wanted:
            if index not in self._coming:
                self._coming[index] = self._pool.submit(self._sequence.image, index)

    def read(self, frame: int) -> Image:
        """Give a frame, from 0; wait for it if need be.

        Raises
        ------
        DatasetError
            As `Sequence.image`.
        """
        self.seek(frame)
        return self._coming[frame].result()

    def close(self) -> None:
        """Let go of everything."""
        while self._coming:
            self._coming.popitem()[1].cancel()
