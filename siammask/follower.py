"""One network with its settings, for any number of targets in one pass."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from siammask import boxes, crops
from siammask.anchors import search_grid
from siammask.errors import ModelError
from siammask.network import Network, Response
from siammask.settings import EXEMPLAR_SIZE, NUM_ANCHORS, Settings, in_unit, require
from siammask.state import Estimate, TrackState, cell, prepare, settle

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]


class Follower:
    """Starts targets, and takes any number of them through a frame.

    Parameters
    ----------
    model, settings, mode, mask, lost_below
        As for `siammask.Tracker`, which says what they raise, too.
    """

    def __init__(
        self,
        model: Any,
        settings: Settings | Path | str,
        mode: str,
        mask: bool | None,
        lost_below: float | None,
    ) -> None:
        self.network = _network(model, mode)
        self.settings = Settings.find(settings)
        self.masks = _wants_masks(self.network, mask)
        self.lost_below = _threshold(lost_below)
        self._grid = search_grid(self.settings.anchors, self.settings.num_cells)
        self._weights = boxes.window(self.settings)

    def start(self, image: Image, region: ArrayLike) -> TrackState:
        """Start on a target; see `siammask.Tracker.initialize`."""
        crops.check_image(image)
        center, size = boxes.initial_box(region)
        image_size = image.shape[1], image.shape[0]
        boxes.check_place(center, size, image_size)
        colour = crops.mean_colour(image)
        side = crops.template_side(size)
        around = crops.around(center, side)
        patch = crops.subwindow(image, around.column, around.row, side, EXEMPLAR_SIZE, colour)
        given = np.array(region, dtype=np.float64).ravel()
        return TrackState(
            center=center,
            size=size,
            score=1.0,
            mask=None,
            region=given if len(given) == 8 else boxes.corners(center, size),
            lost=False,
            template=self.network.template(patch[None]),
            colour=colour,
            image_size=image_size,
        )

    def step(
        self, states: Sequence[TrackState], images: Sequence[Image], template: Any
    ) -> list[TrackState]:
        """Take targets through a frame.

        Parameters
        ----------
        states : sequence of TrackState
            Of the frame before.
        images : sequence of uint8 array, shape (height, width, 3)
            The frame for each, BGR.
        template : object
            All their templates, joined.

        Returns
        -------
        list of TrackState
            Of this frame, in the same order.

        Raises
        ------
        ImageError
            If an image is none, or of another size than the target's first.
        ModelError
            If the network's answer cannot be used.
        """
        for state, image in zip(states, images, strict=True):
            crops.check_image(image, state.image_size)
        patches = [prepare(*pair, self.settings) for pair in zip(states, images, strict=True)]
        response = self.network.track(template, np.stack(patches))
        self._check(response, len(states))
        answers = zip(states, response.cls, response.loc, strict=True)
        choices = [self._choice(*answer) for answer in answers]
        settled = zip(states, choices, self._masks(response, choices), strict=True)
        return [settle(*each, self.settings, self.lost_below) for each in settled]

    def estimate(self, state: TrackState) -> Estimate:
        """Give what is reported of a state."""
        box = boxes.rectangle(state.center, state.size)
        region = state.region.copy() if self.masks else box
        return Estimate(region, state.score, state.mask, state.lost)

    def _choice(self, state: TrackState, cls: Floats, loc: Floats) -> boxes.Choice:
        return boxes.choose(
            boxes.decode(loc, self._grid),
            boxes.target_scores(cls),
            state.size * crops.patch_scale(state.size),
            self._weights,
            self.settings,
        )

    def _masks(self, response: Response, choices: Sequence[boxes.Choice]) -> Iterator[Any]:
        if not self.masks:
            yield from [None] * len(choices)
            return
        rows, columns = zip(*(cell(each.index, self.settings) for each in choices), strict=True)
        yield from self.network.masks(response, rows, columns)

    def _check(self, response: Response, num_targets: int) -> None:
        cells = self.settings.num_cells
        expected = (num_targets, 2 * NUM_ANCHORS, cells, cells)
        if response.cls.shape != expected:
            fault = f"the network gave cls of shape {response.cls.shape}, not {expected}"
            hint = f"instance_size {self.settings.instance_size} needs {cells} cells a side"
            raise ModelError(fault, hint=hint)


def _network(model: Any, mode: str) -> Network:
    """Give a network as it is; wrap a Module of torch, which is loaded then."""
    require("mode", mode, lambda value: value in ("exact", "fast"), "exact, fast")
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(model, torch.nn.Module):
        from siammask.runtime.torch import TorchNetwork

        return TorchNetwork(model, mode=mode)
    if not isinstance(model, Network):
        fault = f"no network, but a {type(model).__name__}"
        hint = "accepted: what siammask.load gives, or an object like siammask.Network"
        raise ModelError(fault, hint=hint)
    # isinstance has narrowed it to what has the methods of a Network.
    network: Network = model
    return network


def _wants_masks(network: Network, mask: bool | None) -> bool:
    require("mask", mask, lambda value: value in (None, True, False), "True, False, None")
    if mask and network.mask_size is None:
        fault = f"mask=True with a network of variant {network.variant!r}, which has no masks"
        raise ModelError(fault, hint="variants with masks: base, sharp")
    return network.mask_size is not None if mask is None else mask


def _threshold(lost_below: float | None) -> float | None:
    if lost_below is not None:
        require("lost_below", lost_below, in_unit, "a number in [0, 1], or None")
    return lost_below
