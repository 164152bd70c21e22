"""The state of a target, and the two pure steps that make the next one of it.

`prepare` cuts what the network is to see of a frame; `settle` makes the next state from what the
network said. Neither knows a network, nor how many targets there are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from siammask import boxes, crops, masks
from siammask.settings import Settings

Image = NDArray[np.uint8]
Array = NDArray[np.float64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class TrackState:
    """Everything that is known of one target.

    Parameters
    ----------
    center : float64 array, shape (2,)
        x and y in px, inside the frame.
    size : float64 array, shape (2,)
        Width and height in px; of the upright box, which goes on without regard to the mask.
    score : float
        Probability of the class branch that the chosen box holds the target, in [0, 1], without
        penalty and window; 1 in the first frame, where the target was given.
    mask : float32 array, shape (height, width), or None
        Soft mask: the target's probability where the network looked, -1 outside of that, blended at
        the rim; the target is what is above ``seg_thr``. None in the first frame and without masks.
    region : float64 array, shape (8,)
        Corners in px: of the smallest rotated rectangle around the mask's largest piece; of the
        upright box when the mask has none of more than 100 px², or there is no mask. In the first
        frame, of what was given.
    lost : bool
        Whether the confidence is below the tracker's threshold; False without one.
    template : object
        What the target looked like in the first frame, as the network keeps it.
    colour : uint8 array, shape (3,)
        Mean of the first frame, BGR; stands for what lies outside a frame.
    image_size : tuple of int
        Width and height of the frames in px.
    """

    center: Array
    size: Array
    score: float
    mask: Floats | None
    region: Array
    lost: bool
    template: Any
    colour: Image
    image_size: tuple[int, int]

    @property
    def confidence(self) -> float:
        """How sure the tracker is to be on the target, in [0, 1]; the same as `score`.

        It is a classifier's probability for one box among 3125, not calibrated: near 1 while the
        target looks as in the first frame, less when it is hidden, turned away or out of view, and
        not low for certain when something similar is there. What is low depends on the checkpoint;
        look at the scores of a video in which the target is lost before choosing a threshold.
        """
        return self.score


@dataclass(frozen=True, eq=False)
class Estimate:
    """What a tracker reports of a frame.

    Parameters
    ----------
    region : float64 array, shape (8,) or (4,)
        With masks, `TrackState.region`; without, the upright box as x, y, width, height. In px. As
        the original writes them into result files.
    score : float
        As in `TrackState`.
    mask : float32 array, shape (height, width), or None
        As in `TrackState`.
    lost : bool
        As in `TrackState`.
    """

    region: Array
    score: float
    mask: Floats | None
    lost: bool

    @property
    def confidence(self) -> float:
        """How sure the tracker is, in [0, 1]; see `TrackState.confidence`."""
        return self.score


def prepare(state: TrackState, image: Image, settings: Settings) -> Image:
    """Cut what the network is to see of a frame.

    Parameters
    ----------
    state : TrackState
        Of the frame before.
    image : uint8 array, shape (height, width, 3)
        BGR, checked.
    settings : Settings
        Of the tracker.

    Returns
    -------
    uint8 array, shape (instance_size, instance_size, 3)
        The search patch.
    """
    search = search_window(state, settings)
    return crops.subwindow(
        image, search.column, search.row, search.side, settings.instance_size, state.colour
    )


def search_window(state: TrackState, settings: Settings) -> crops.SearchWindow:
    """Say where in the next frame a target is looked for."""
    side = crops.search_side(state.size, settings.instance_size)
    return crops.around(state.center, side)


def settle(
    state: TrackState,
    choice: boxes.Choice,
    mask: Floats | None,
    settings: Settings,
    lost_below: float | None = None,
) -> TrackState:
    """Make the state of a frame from what was chosen in it.

    Parameters
    ----------
    state : TrackState
        Of the frame before.
    choice : boxes.Choice
        The candidate that was taken.
    mask : float32 array, shape (mask_size ** 2,), or None
        Logits at the candidate's cell.
    settings : Settings
        Of the tracker.
    lost_below : float, optional
        Confidence below which the target counts as lost.

    Returns
    -------
    TrackState
        The next state. The mask does not move the box.
    """
    free = boxes.follow(state.center, state.size, choice, settings.lr)
    center, size = boxes.clamped(*free, state.image_size)
    pasted, region = None, boxes.corners(center, size)
    if mask is not None:
        pasted, found = _pasted(state, choice, mask, settings)
        # The box that stands in for an empty mask is the one not yet held inside the frame.
        region = boxes.corners(*free) if found is None else found
    return replace(
        state,
        center=center,
        size=size,
        score=choice.score,
        mask=pasted,
        region=region,
        lost=lost_below is not None and choice.score < lost_below,
    )


def _pasted(
    state: TrackState, choice: boxes.Choice, mask: Floats, settings: Settings
) -> tuple[Floats, Array | None]:
    """Paste a mask into the frame, and find the rotated rectangle around it."""
    side = math.isqrt(mask.size)
    row, column = cell(choice.index, settings)
    search = search_window(state, settings)
    affine = masks.placement(search, row, column, side, state.image_size, settings)
    chances = masks.probabilities(mask).reshape(side, side)
    pasted = masks.paste(chances, affine, state.image_size)
    inside = masks.footprint(affine, side, state.image_size)
    return pasted, masks.rotated_rectangle(pasted, settings.seg_thr, inside)


def cell(index: int, settings: Settings) -> tuple[int, int]:
    """Give row and column of a candidate.

    Examples
    --------
    >>> cell(3 * 625 + 11 * 25 + 13, Settings())
    (11, 13)
    """
    return divmod(index % settings.num_cells**2, settings.num_cells)
