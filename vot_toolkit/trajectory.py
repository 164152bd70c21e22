"""Trajectories: one region a frame, of mixed kinds, stored flat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.region import Array, Code, Mask, Region, as_region

NO_CODE = -1
"""What `Trajectory.codes` holds for a frame whose region is a rectangle, polygon or mask."""


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Regions of consecutive frames: a tracker's result or the ground truth.

    Parameters
    ----------
    values : float64 array, shape (total,)
        The numbers of all regions, one after the other.
    offsets : int64 array, shape (frames + 1,)
        Frame i owns ``values[offsets[i]:offsets[i + 1]]``; a frame with a mask owns none.
    masks : mapping from frame index to Mask
        The regions that are masks.

    Examples
    --------
    >>> t = Trajectory.of([1], [10, 20, 30, 40], [2])
    >>> len(t), t.codes().tolist(), t[1].tolist()
    (3, [1, -1, 2], [10.0, 20.0, 30.0, 40.0])
    """

    values: Array
    offsets: NDArray[np.int64]
    masks: Mapping[int, Mask] = field(default_factory=dict)

    @classmethod
    def of(cls, *regions: object) -> Trajectory:
        """Build a trajectory of regions given one by one, each as `as_region` accepts it."""
        return cls.from_regions(as_region(region) for region in regions)  # type: ignore[arg-type]

    @classmethod
    def from_regions(cls, regions: Iterable[Region]) -> Trajectory:
        """Build a trajectory of regions that are known to be valid."""
        rows: list[Array] = []
        masks: dict[int, Mask] = {}
        for index, region in enumerate(regions):
            if isinstance(region, Mask):
                masks[index] = region
                rows.append(np.empty(0))
            else:
                rows.append(region)
        values = np.concatenate(rows) if rows else np.empty(0)
        offsets = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum([len(row) for row in rows], out=offsets[1:])
        return cls(values, offsets, masks)

    @classmethod
    def from_table(cls, table: Array) -> Trajectory:
        """Build a trajectory from an (N, 4) or (N, 8) array, without a copy where possible."""
        count, width = table.shape
        values = np.ascontiguousarray(table, dtype=np.float64).ravel()
        return cls(values, np.arange(count + 1, dtype=np.int64) * width)

    @classmethod
    def joined(cls, parts: Iterable[Trajectory]) -> Trajectory:
        """Put trajectories one behind the other, so that all their frames are compared at once.

        Examples
        --------
        >>> Trajectory.joined([Trajectory.of([1]), Trajectory.of([2], [0])]).codes().tolist()
        [1, 2, 0]
        """
        parts = tuple(parts)
        if len(parts) == 1:
            return parts[0]
        values = np.concatenate([np.empty(0), *(part.values for part in parts)])
        sizes = np.concatenate([np.zeros(1, np.int64), *(part.sizes() for part in parts)])
        masks, first = {}, 0
        for part in parts:
            masks.update({first + index: mask for index, mask in part.masks.items()})
            first += len(part)
        return cls(values, np.cumsum(sizes), masks)

    def __len__(self) -> int:
        """Count the frames."""
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> Region:
        """Give the region of one frame; arrays are views."""
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        if index in self.masks:
            return self.masks[index]
        return self.values[self.offsets[index] : self.offsets[index + 1]]

    def __iter__(self) -> Iterator[Region]:
        """Go through the regions in order."""
        values, ends = self.values, self.offsets.tolist()
        regions: list[Region] = [values[a:b] for a, b in pairwise(ends)]
        for index, mask in self.masks.items():
            regions[index] = mask
        return iter(regions)

    def __eq__(self, other: object) -> bool:
        """Compare frame by frame, exactly; NaN equals NaN."""
        if not isinstance(other, Trajectory):
            return NotImplemented
        return (
            np.array_equal(self.offsets, other.offsets)
            and np.array_equal(self.values, other.values, equal_nan=True)
            and dict(self.masks) == dict(other.masks)
        )

    __hash__ = None  # type: ignore[assignment]

    def sizes(self) -> NDArray[np.int64]:
        """Count the numbers of each region; 0 stands for a mask."""
        return self.offsets[1:] - self.offsets[:-1]

    def codes(self) -> NDArray[np.int64]:
        """Give the special code of each frame, `NO_CODE` where there is a proper region."""
        return self._codes

    @cached_property
    def _codes(self) -> NDArray[np.int64]:
        starts = self.offsets[:-1]
        single = self.sizes() == 1
        codes = np.full(len(starts), NO_CODE, dtype=np.int64)
        codes[single] = self.values[starts[single]]  # the assignment cuts off decimals
        codes.flags.writeable = False
        return codes

    def failures(self) -> NDArray[np.int64]:
        """Give the frames (from 0) that carry the failure code."""
        frames: NDArray[np.int64] = (self.codes() == Code.FAILURE).nonzero()[0]
        return frames

    def head(self, count: int) -> Trajectory:
        """Give the first frames, at most `count`."""
        if count >= len(self):
            return self
        offsets = self.offsets[: count + 1]
        masks = {index: mask for index, mask in self.masks.items() if index < count}
        return Trajectory(self.values[: offsets[-1]], offsets, masks)

    def as_float32(self) -> Trajectory:
        """Round every number to single precision, as tools that read into float do."""
        return Trajectory(
            self.values.astype(np.float32).astype(np.float64), self.offsets, self.masks
        )
