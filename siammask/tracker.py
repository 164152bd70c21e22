"""Trackers: one target, or many, through the frames of a video.

References
----------
Q. Wang, L. Zhang, L. Bertinetto, W. Hu, P. H. S. Torr, "Fast Online Object Tracking and
Segmentation: A Unifying Approach", CVPR 2019.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from siammask.errors import UsageError
from siammask.follower import Follower
from siammask.network import Network
from siammask.settings import Settings
from siammask.state import Estimate, TrackState

Image = NDArray[np.uint8]


class Tracker:
    """Follows one target, as the VOT toolkits ask for it.

    Parameters
    ----------
    model : torch.nn.Module or Network
        What `siammask.load` gives, or another implementation of `siammask.Network`. It can be
        shared by any number of trackers.
    settings : Settings, Path or str
        ``vot2018``, ``vot2018-ld``, ``davis``, ``base``, or a config.json; see `Settings`.
    mode : str
        ``exact``, or ``fast``: with less precision where that is faster. For a Module only; a
        Network has its mode.
    mask : bool, optional
        Whether to compute masks; by default when the network has them. Without, the tracker is
        faster and reports upright boxes.
    lost_below : float, optional
        Confidence in [0, 1] below which `TrackState.lost` is set; the tracker goes on all the same.
        Off by default, since what is low depends on the checkpoint.

    Raises
    ------
    SettingsError
        If a setting does not exist or cannot be used.
    ModelError
        If the model is none, or has no masks when they are wanted.
    """

    name = "siammask"

    def __init__(
        self,
        model: Any,
        settings: Settings | Path | str = "vot2018",
        mode: str = "exact",
        mask: bool | None = None,
        lost_below: float | None = None,
    ) -> None:
        self._follower = Follower(model, settings, mode, mask, lost_below)
        self._state: TrackState | None = None

    @property
    def deterministic(self) -> bool:
        """Whether two runs on the same images give the same regions; the network's word."""
        return bool(getattr(self._follower.network, "deterministic", True))

    @property
    def network(self) -> Network:
        """What computes the network."""
        return self._follower.network

    @property
    def settings(self) -> Settings:
        """The settings, with all their values."""
        return self._follower.settings

    @property
    def state(self) -> TrackState:
        """What is known of the target now.

        Raises
        ------
        UsageError
            Before `initialize`.
        """
        if self._state is None:
            raise UsageError(
                "the tracker has no target", hint="initialize(image, region) gives one"
            )
        return self._state

    def initialize(self, image: Image, region: ArrayLike) -> None:
        """Start on a target, or start again: nothing of an earlier one is left.

        Parameters
        ----------
        image : uint8 array, shape (height, width, 3)
            BGR. Is not changed and not kept.
        region : array-like of 4 or 8 numbers
            x, y, width, height, or the four corners in order, in px. A part may lie outside the
            frame; `siammask.boxes.initial_box` says what is made of corners.

        Raises
        ------
        ImageError
            If the image is none.
        RegionError
            If the region is none, is empty or NaN, lies outside the frame, or is more than twice as
            wide or high.
        """
        self._state = None
        self._state = self._follower.start(image, region)

    def update(self, image: Image) -> Estimate:
        """Find the target in the next frame.

        Parameters
        ----------
        image : uint8 array, shape (height, width, 3)
            BGR, of the size of the first. Is not changed and not kept.

        Returns
        -------
        Estimate
            Region, score and mask; more is in `state`.

        Raises
        ------
        ImageError
            If the image is none, or of another size. The state stays: the next frame can follow.
        UsageError
            Before `initialize`.
        """
        state = self.state
        (self._state,) = self._follower.step([state], [image], state.template)
        return self._follower.estimate(self._state)

    def lanes(self) -> MultiTracker:
        """Give a tracker of many targets with this one's network and settings, without targets."""
        shared = self._follower
        return MultiTracker(
            shared.network, shared.settings, mask=shared.masks, lost_below=shared.lost_below
        )


class MultiTracker:
    """Follows many targets with one pass of the network a frame; each gets what it gets alone.

    The targets may be in one video, `initialize` and `update`, or each in a video of its own,
    `initialize_many` and `update_many`. They can be added and removed at any time; a target is
    known by the number it got when it was added.

    Parameters
    ----------
    model, settings, mode, mask, lost_below
        As for `Tracker`; they hold for all targets.

    Notes
    -----
    "What it gets alone" is exact for what is computed here. A network may round sums differently in
    a batch; see the runtime's word on that.
    """

    name = "siammask"

    def __init__(
        self,
        model: Any,
        settings: Settings | Path | str = "vot2018",
        mode: str = "exact",
        mask: bool | None = None,
        lost_below: float | None = None,
    ) -> None:
        self._follower = Follower(model, settings, mode, mask, lost_below)
        self._states: dict[int, TrackState] = {}
        self._next = 0
        self._joined: tuple[tuple[Any, ...], Any] = ((), None)

    @property
    def states(self) -> Mapping[int, TrackState]:
        """What is known of each target, by its number, in the order they were added."""
        return dict(self._states)

    @property
    def settings(self) -> Settings:
        """The settings, with all their values."""
        return self._follower.settings

    def initialize(self, image: Image, regions: Sequence[ArrayLike]) -> list[int]:
        """Forget all targets, and start on those of one frame.

        Parameters
        ----------
        image : uint8 array, shape (height, width, 3)
            BGR.
        regions : sequence of regions
            As `Tracker.initialize` takes them.

        Returns
        -------
        list of int
            The targets' numbers: 0, 1, …

        Raises
        ------
        ImageError, RegionError
            As `Tracker.initialize`; no target is left then.
        """
        return self.initialize_many([image] * len(regions), regions)

    def initialize_many(self, images: Sequence[Image], regions: Sequence[ArrayLike]) -> list[int]:
        """Forget all targets, and start on one in each of several frames.

        Parameters
        ----------
        images : sequence of uint8 array, shape (height, width, 3)
            BGR; they may differ in size.
        regions : sequence of regions
            One for each frame.

        Returns
        -------
        list of int
            The targets' numbers: 0, 1, …

        Raises
        ------
        ImageError, RegionError
            As `Tracker.initialize`; no target is left then.
        UsageError
            If there are not as many regions as images.
        """
        _check_counts(len(images), len(regions))
        self._states, self._next = {}, 0
        pairs = zip(images, regions, strict=True)
        started = [self._follower.start(image, region) for image, region in pairs]
        self._states, self._next = dict(enumerate(started)), len(started)
        return list(self._states)

    def add(self, image: Image, region: ArrayLike) -> int:
        """Start on one more target; give its number, which no other target had before.

        Parameters
        ----------
        image : uint8 array, shape (height, width, 3)
            BGR: the frame that the region is in. The target is found in the next update.
        region : array-like of 4 or 8 numbers
            As for `Tracker.initialize`, which says what it raises, too.
        """
        self._states[self._next] = self._follower.start(image, region)
        self._next += 1
        return self._next - 1

    def restart(self, target: int, image: Image, region: ArrayLike) -> None:
        """Start anew on a target that keeps its number, as after a failure.

        Parameters
        ----------
        target : int
            Its number.
        image, region
            As for `add`; the frame may be of another size than before.

        Raises
        ------
        UsageError
            If there is no such target.
        """
        self._check_known([target])
        self._states[target] = self._follower.start(image, region)

    def remove(self, target: int) -> None:
        """Forget a target.

        Raises
        ------
        UsageError
            If there is no such target.
        """
        self._check_known([target])
        del self._states[target]

    def update(self, image: Image) -> dict[int, Estimate]:
        """Find all targets in the next frame of their video.

        Parameters
        ----------
        image : uint8 array, shape (height, width, 3)
            BGR.

        Returns
        -------
        dict from int to Estimate
            By number; empty without targets.

        Raises
        ------
        ImageError
            If the image is none, or of another size. The states stay.
        """
        return self.update_many(dict.fromkeys(self._states, image))

    def update_many(self, images: Mapping[int, Image]) -> dict[int, Estimate]:
        """Find some of the targets, or all, each in a frame of its own video.

        Parameters
        ----------
        images : mapping from int to uint8 array, shape (height, width, 3)
            The next frame for each target's number; targets left out stay as they are.

        Returns
        -------
        dict from int to Estimate
            By number, in the order of `images`.

        Raises
        ------
        ImageError
            If an image is none, or of another size than the target's first. All states stay.
        UsageError
            If there is no such target.
        """
        self._check_known(images)
        if not images:
            return {}
        before = [self._states[target] for target in images]
        template = self._template([state.template for state in before])
        found = self._follower.step(before, list(images.values()), template)
        self._states.update(zip(images, found, strict=True))
        return {target: self._follower.estimate(self._states[target]) for target in images}

    def _template(self, templates: Sequence[Any]) -> Any:
        """Join templates; those of the last frame are joined already."""
        known, joined = self._joined
        if len(known) != len(templates) or any(map(_differ, known, templates)):
            joined = templates[0]
            if len(templates) > 1:
                joined = self._follower.network.join(templates)
            self._joined = tuple(templates), joined
        return joined

    def _check_known(self, targets: Iterable[int]) -> None:
        for target in targets:
            if target not in self._states:
                there = ", ".join(map(str, self._states)) or "none"
                raise UsageError(f"no target {target!r}", hint=f"there are: {there}")


def _differ(a: object, b: object) -> bool:
    return a is not b


def _check_counts(images: int, regions: int) -> None:
    if images != regions:
        raise UsageError(
            f"{images} images with {regions} regions", hint="one region for each image"
        )
