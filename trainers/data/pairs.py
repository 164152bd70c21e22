"""Which two crops make a sample.

References
----------
Q. Wang et al., "Fast Online Object Tracking and Segmentation: A Unifying Approach", CVPR 2019; Z.
Zhu et al., "Distractor-aware Siamese Networks for Visual Object Tracking", ECCV 2018, section 3.3
(negative pairs).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

from trainers.data.sources import Source


@dataclass(frozen=True)
class Crop:
    """A crop of one of the data sets.

    Parameters
    ----------
    source : int
        Number of the data set.
    video, track, frame : int
        Numbers within the data set, as in `Source`.
    """

    source: int
    video: int
    track: int
    frame: int


@dataclass(frozen=True)
class Pair:
    """Two crops.

    Parameters
    ----------
    template, search : Crop
        In a positive pair, of one track.
    negative : bool
        Whether they show different targets, as far as is known.
    """

    template: Crop
    search: Crop
    negative: bool


@dataclass(frozen=True)
class Mixture:
    """Data sets that pairs are taken from.

    Parameters
    ----------
    sources : sequence of Source
        At least one.
    negative : float
        Probability of a negative pair, in [0, 1].
    inner_negative : float
        Probability that a negative pair's two crops come from the same data set, in [0, 1].
    """

    sources: Sequence[Source]
    negative: float = 0
    inner_negative: float = 0

    @cached_property
    def starts(self) -> list[int]:
        """Number, among all videos, of each data set's first."""
        return list(accumulate((len(source) for source in self.sources), initial=0))

    def locate(self, entry: int) -> tuple[int, int]:
        """Turn the number of a video among all into data set and video."""
        source = bisect_right(self.starts, entry) - 1
        return source, entry - self.starts[source]

    def draw(self, entry: int, random: np.random.Generator) -> Pair:
        """Choose a pair.

        Parameters
        ----------
        entry : int
            Number of the template's video among all.
        random : numpy.random.Generator
            Goes on by as many numbers as are drawn.

        Returns
        -------
        Pair
            Negative with the probability that was given.
        """
        source, video = self.locate(entry)
        if random.random() >= self.negative:
            return self._positive(source, video, random)
        template = self._any_frame(source, video, random)
        return Pair(template, self._any_crop(source, random), negative=True)

    def _positive(self, source: int, video: int, random: np.random.Generator) -> Pair:
        data = self.sources[source]
        track = _choose(data.tracks_of(video), random)
        frames = data.frames_of(track)
        hard = data.hard.get(track)
        if hard is None:
            template = _choose(frames, random)
            search = _choose(_near(frames, template, data.config.frame_range), random)
        else:
            search = frames[int(hard[random.integers(len(hard))])]
            template = _choose(_near(frames, search, data.config.frame_range), random)
        first, second = (Crop(source, video, track, frame) for frame in (template, search))
        return Pair(first, second, negative=False)

    def _any_crop(self, source: int, random: np.random.Generator) -> Crop:
        """Choose any crop, all data sets being equally likely."""
        if random.random() >= self.inner_negative:
            source = int(random.integers(len(self.sources)))
        return self._any_frame(source, int(random.integers(len(self.sources[source]))), random)

    def _any_frame(self, source: int, video: int, random: np.random.Generator) -> Crop:
        data = self.sources[source]
        track = _choose(data.tracks_of(video), random)
        return Crop(source, video, track, _choose(data.frames_of(track), random))


def _choose(numbers: range, random: np.random.Generator) -> int:
    return numbers[int(random.integers(len(numbers)))]


def _near(frames: range, frame: int, distance: int) -> range:
    """Give the frames that are at most so many of the track's frames away."""
    return range(max(frame - distance, frames.start), min(frame + distance + 1, frames.stop))
