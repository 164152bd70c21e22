"""Samples as arrays: a pair of crops, its draws, and what the network shall answer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from siammask.anchors import Anchors
from trainers.data.augment import Cutter, Patch, colour_offsets
from trainers.data.crops import CropFault, Crops, Folder
from trainers.data.draws import Blur, CropDraws, Draws, draw, generator
from trainers.data.packed import MANIFEST, Packed
from trainers.data.pairs import Crop, Mixture, Pair
from trainers.data.sources import Source
from trainers.data.targets import (
    Grid,
    Sampling,
    delta_weights,
    mask_weights,
    negative_labels,
)
from trainers.data.window import Area, Augmentation, Corners, Window, draw_window, label_box
from trainers.errors import CropsError

ATTEMPTS = 10
"""Crops in a row that may be unreadable before a run ends: a wrong folder shows at once."""

TEMPLATE = Augmentation(shift=4, scale=0.05)
"""What may happen to a template, in all released configs."""

SEARCH = Augmentation(shift=64, scale=0.18, blur=0.18)
"""What may happen to a search image, in the released configs of SiamMask-base and SiamRPN."""


@dataclass(frozen=True)
class SampleConfig:
    """What a sample is; the defaults are those of the released config of SiamMask-base.

    Parameters
    ----------
    template_size, search_size : int
        Sides of the two images in px.
    cells : int
        Cells along one side of the response.
    template, search : Augmentation
        What may happen to each image.
    gray, negative, inner_negative : float
        Probabilities: of both images losing their colour; of a negative pair; of a negative pair
        from one data set.
    anchors : Anchors
        Their shapes.
    sampling : Sampling
        Which of them teach something.
    masks : bool
        Whether masks are learnt. Without, none is read.
    """

    template_size: int = 127
    search_size: int = 255
    cells: int = 25
    template: Augmentation = TEMPLATE
    search: Augmentation = SEARCH
    gray: float = 0.25
    negative: float = 0.2
    inner_negative: float = 0
    anchors: Anchors = field(default_factory=Anchors)
    sampling: Sampling = field(default_factory=Sampling)
    masks: bool = True


@dataclass(frozen=True)
class BlurredImage:
    """A blur that is still to be done.

    Parameters
    ----------
    row : int
        Of the sample in its batch.
    template : bool
        Whether the template is blurred, else the search image.
    blur : Blur
        How.
    """

    row: int
    template: bool
    blur: Blur


@dataclass(eq=False)
class Arrays:
    """N samples, before they go to a device.

    Parameters
    ----------
    template, search : uint8 array, shape (N, size, size, 3)
        BGR, without colour offset and blur.
    offsets : float32 array, shape (N, 2, 3)
        To subtract from blue, green and red, of template and search, before blurring.
    boxes : float32 array, shape (N, 4)
        Corners of the target in the search image, in px.
    labels : int8 array, shape (N, anchors, S, S)
        1 positive, 0 negative, -1 ignored.
    deltas : float32 array, shape (N, 4, anchors, S, S)
        From the anchors to the target; 0 in negative pairs.
    weights : float32 array, shape (N, anchors, S, S)
        Of the deltas.
    masks : uint8 array, shape (N, 1, size, size), or None
        1 on the target. None where no masks are learnt.
    mask_weights : int8 array, shape (N, 1, S, S), or None
        1 where a mask is learnt, else 0 or -1.
    blurs : list of BlurredImage
        The images to be blurred.
    faults : list of CropFault
        Crops that could not be read; other samples stand in for theirs.
    """

    template: NDArray[np.uint8]
    search: NDArray[np.uint8]
    offsets: NDArray[np.float32]
    boxes: NDArray[np.float32]
    labels: NDArray[np.int8]
    deltas: NDArray[np.float32]
    weights: NDArray[np.float32]
    masks: NDArray[np.uint8] | None
    mask_weights: NDArray[np.int8] | None
    blurs: list[BlurredImage] = field(default_factory=list)
    faults: list[CropFault] = field(default_factory=list)

    @classmethod
    def empty(cls, num: int, config: SampleConfig) -> Arrays:
        """Make room for so many samples; only deltas are 0 already."""
        z, x, s = config.template_size, config.search_size, config.cells
        anchors = len(config.anchors)
        return cls(
            np.empty((num, z, z, 3), dtype=np.uint8),
            np.empty((num, x, x, 3), dtype=np.uint8),
            np.empty((num, 2, 3), dtype=np.float32),
            np.empty((num, 4), dtype=np.float32),
            np.empty((num, anchors, s, s), dtype=np.int8),
            np.zeros((num, 4, anchors, s, s), dtype=np.float32),
            np.empty((num, anchors, s, s), dtype=np.float32),
            np.empty((num, 1, x, x), dtype=np.uint8) if config.masks else None,
            np.empty((num, 1, s, s), dtype=np.int8) if config.masks else None,
        )


class Samples:
    """Makes samples; the same arguments give the same arrays, in any process.

    Parameters
    ----------
    sources : sequence of Source
        The data sets.
    config : SampleConfig
        What a sample is.
    seed : int
        Of all draws, from 0.
    """

    def __init__(self, sources: Sequence[Source], config: SampleConfig, seed: int) -> None:
        self.config = config
        self.seed = seed
        self.mixture = Mixture(sources, config.negative, config.inner_negative)
        self.grid = Grid.of(config.anchors, config.search_size, config.cells)
        self.num_anchors = math.prod(self.grid.shape)
        self.cut_template = Cutter(config.template_size)
        self.cut_search = Cutter(config.search_size)
        self.crops = [open_crops(source.config.root) for source in sources]

    def batch(self, places: Iterable[tuple[int, int]]) -> Arrays:
        """Make the samples of one batch.

        Parameters
        ----------
        places : iterable of tuple
            For each sample its position in the run, and the number of its video.

        Returns
        -------
        Arrays
            In the order of the places.

        Raises
        ------
        CropsError
            If `ATTEMPTS` crops in a row cannot be read.
        """
        places = list(places)
        arrays = Arrays.empty(len(places), self.config)
        for row, (position, entry) in enumerate(places):
            self._fill(arrays, row, position, entry)
        return arrays

    def choose(self, position: int, entry: int, attempt: int = 0) -> tuple[Pair, Draws]:
        """Give all that chance decides about a sample.

        Parameters
        ----------
        position : int
            In the run.
        entry : int
            Number of the video. Not used but by the first attempt: any other stands in.
        attempt : int
            How many crops could not be read before.
        """
        random = generator(self.seed, position, attempt)
        if attempt:
            entry = int(random.integers(self.mixture.starts[-1]))
        pair = self.mixture.draw(entry, random)
        config = self.config
        return pair, draw(random, config.gray, config.template, config.search, self.num_anchors)

    def _fill(self, arrays: Arrays, row: int, position: int, entry: int) -> None:
        faults: list[CropFault] = []
        for attempt in range(ATTEMPTS):
            try:
                self.write(arrays, row, *self.choose(position, entry, attempt))
            except CropFault as fault:
                faults.append(fault)
            else:
                arrays.faults += faults
                return
        raise CropsError(
            f"{ATTEMPTS} crops in a row cannot be used, the last: {faults[-1].reason}",
            file=faults[-1].file,
            hint="see whether root and annotations belong together; trainers.prepare --check",
        )

    def write(self, arrays: Arrays, row: int, pair: Pair, draws: Draws) -> None:
        """Write a sample of given crops and draws.

        Raises
        ------
        CropFault
            If a crop cannot be read.
        """
        config = self.config
        template = _window(config.template_size, config.template, draws.template)
        search = _window(config.search_size, config.search, draws.search)
        patches = self._read(pair, template.area(), search.area())
        gray = draws.gray
        self.cut_template.image(
            patches[0], template, arrays.template[row], gray=gray, flip=draws.template.flip
        )
        self.cut_search.image(
            patches[1], search, arrays.search[row], gray=gray, flip=draws.search.flip
        )
        if arrays.masks is not None:
            self._write_mask(arrays.masks[row, 0], pair, search, draws.search.flip)
        box = self._box(pair.search, search, draws.search.flip)
        self._write_targets(arrays, row, pair, box, draws)
        arrays.offsets[row] = colour_offsets([draws.template.colour, draws.search.colour])
        arrays.blurs += [
            BlurredImage(row, own is draws.template, own.blur)
            for own in (draws.template, draws.search)
            if own.blur is not None
        ]

    def _read(self, pair: Pair, template: Area, search: Area) -> tuple[Patch, Patch]:
        if pair.template != pair.search:
            return self._image(pair.template, template), self._image(pair.search, search)
        # Sets of single images, half of the recipe's, show one image as both.
        patch = self._image(pair.search, template.union(search))
        return patch, patch

    def _image(self, crop: Crop, area: Area) -> Patch:
        source = self.mixture.sources[crop.source]
        name = source.image_name(crop.video, crop.track, crop.frame)
        return self.crops[crop.source].image(name, area).part(area)

    def _write_mask(self, mask: NDArray[np.uint8], pair: Pair, window: Window, flip: bool) -> None:
        crop, source = pair.search, self.mixture.sources[pair.search.source]
        if pair.negative or not source.has_mask:
            mask[:] = 0
            return
        name = source.mask_name(crop.video, crop.track, crop.frame)
        self.cut_search.mask(self.crops[crop.source].mask(name), window, mask, flip=flip)

    def _box(self, crop: Crop, window: Window, flip: bool) -> Corners:
        width, height = self.mixture.sources[crop.source].sizes[crop.frame].tolist()
        box = window.place(label_box(width, height))
        return box.mirrored(self.config.search_size) if flip else box

    def _write_targets(
        self, arrays: Arrays, row: int, pair: Pair, box: Corners, draws: Draws
    ) -> None:
        labels = self._labels(pair, box, draws.priorities)
        arrays.boxes[row] = box
        arrays.labels[row] = labels
        arrays.weights[row] = delta_weights(labels)
        if not pair.negative:
            self.grid.write_deltas(box, arrays.deltas[row])
        if arrays.mask_weights is not None:
            masked = self.mixture.sources[pair.search.source].has_mask and not pair.negative
            arrays.mask_weights[row] = mask_weights(labels) if masked else 0

    def _labels(self, pair: Pair, box: Corners, priorities: NDArray[np.uint32]) -> NDArray[np.int8]:
        sampling = self.config.sampling
        if pair.negative:
            return negative_labels(self.grid.shape, priorities, sampling)
        return self.grid.labels(box, priorities, sampling)


def _window(size: int, limits: Augmentation, draws: CropDraws) -> Window:
    return draw_window(size, limits, draws.shift, draws.scale)


def open_crops(root: Path) -> Crops:
    """Open a folder of crops, packed or not."""
    return Packed(root) if (root / MANIFEST).exists() else Folder(root)
