"""Batches of tensors, and the last steps of a sample, which the device takes.

The released code subtracts the colour offset before it blurs, in float64, and then makes float32 of
the image. Here 8-bit pixels go to the device, become float32, and are blurred before the offset is
subtracted. A blur's kernel adds up to 1 and the border is a mirror image, so that it leaves a
constant as it is, at the border too: both orders give the same image but for rounding.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from trainers.data.draws import Blur
from trainers.data.samples import Arrays, BlurredImage


@dataclass(frozen=True, eq=False)
class Batch:
    """N samples as they travel: `Arrays` as tensors, small types, fixed shapes.

    Parameters
    ----------
    template, search, offsets, boxes, labels, deltas, weights, masks, mask_weights
        As in `trainers.data.samples.Arrays`.
    blurs : tuple of BlurredImage
        The images to be blurred; known to the host, so that the device need not be asked.
    faults : tuple of str
        Crops that could not be read, and why.
    """

    template: Tensor
    search: Tensor
    offsets: Tensor
    boxes: Tensor
    labels: Tensor
    deltas: Tensor
    weights: Tensor
    masks: Tensor | None
    mask_weights: Tensor | None
    blurs: tuple[BlurredImage, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, arrays: Arrays) -> Batch:
        """Make tensors of arrays, without a copy."""
        tensors = {
            each.name: torch.from_numpy(value)
            for each in fields(arrays)
            if hasattr(value := getattr(arrays, each.name), "dtype")
        }
        absent = {name: None for name in ("masks", "mask_weights") if name not in tensors}
        faults = tuple((str(fault.file), fault.reason) for fault in arrays.faults)
        return cls(**tensors, **absent, blurs=tuple(arrays.blurs), faults=faults)  # type: ignore[arg-type]

    def __len__(self) -> int:
        """Count the samples."""
        return len(self.search)

    def pin_memory(self) -> Batch:
        """Move to memory from which a device copies by itself; the loader calls this."""
        return self._each(lambda tensor: tensor.pin_memory())

    def to(self, device: torch.device | str, *, non_blocking: bool = True) -> Batch:
        """Move to a device."""
        return self._each(lambda tensor: tensor.to(device, non_blocking=non_blocking))

    def _each(self, move: Any) -> Batch:
        values = ((each.name, getattr(self, each.name)) for each in fields(self))
        moved = {name: move(value) for name, value in values if isinstance(value, Tensor)}
        return replace(self, **moved)


@dataclass(frozen=True, eq=False)
class Inputs:
    """N samples as network and losses take them.

    Parameters
    ----------
    template, search : float32 tensor, shape (N, 3, size, size)
        BGR, about 0 … 255, in the memory order of channels last.
    labels : int64 tensor, shape (N, anchors, S, S)
        1 positive, 0 negative, -1 ignored.
    deltas : float32 tensor, shape (N, 4, anchors, S, S)
        From the anchors to the target.
    weights : float32 tensor, shape (N, anchors, S, S)
        Of the deltas; a sample's add up to 1, or to 0.
    boxes : float32 tensor, shape (N, 4)
        Corners of the target in the search image, in px.
    masks : float32 tensor, shape (N, 1, size, size), or None
        1 on the target, -1 elsewhere.
    mask_weights : float32 tensor, shape (N, 1, S, S), or None
        1 where a mask is learnt, else 0 or -1.
    """

    template: Tensor
    search: Tensor
    labels: Tensor
    deltas: Tensor
    weights: Tensor
    boxes: Tensor
    masks: Tensor | None
    mask_weights: Tensor | None


def to_inputs(batch: Batch) -> Inputs:
    """Do on the batch's device what is left to do.

    Parameters
    ----------
    batch : Batch
        On any device; nothing is copied back from it.

    Returns
    -------
    Inputs
        On the same device.
    """
    template, search = (
        _image(pixels, offsets, [each for each in batch.blurs if each.template == is_template])
        for pixels, offsets, is_template in (
            (batch.template, batch.offsets[:, 0], True),
            (batch.search, batch.offsets[:, 1], False),
        )
    )
    return Inputs(
        template,
        search,
        batch.labels.long(),
        batch.deltas,
        batch.weights,
        batch.boxes,
        None if batch.masks is None else batch.masks.float() * 2 - 1,
        None if batch.mask_weights is None else batch.mask_weights.float(),
    )


def _image(pixels: Tensor, offsets: Tensor, blurs: list[BlurredImage]) -> Tensor:
    image = pixels.permute(0, 3, 1, 2).float()
    for each in blurs:
        image[each.row] = blurred(image[each.row], each.blur)
    return image.sub_(offsets[:, :, None, None])


def blurred(image: Tensor, blur: Blur) -> Tensor:
    """Blur an image along its axes.

    Parameters
    ----------
    image : float tensor, shape (3, height, width)
        Larger than the blur.
    blur : Blur
        Lengths and weights of the strokes.

    Returns
    -------
    float tensor, shape (3, height, width)
        The border is continued by the mirror image that leaves the last pixel single.
    """
    half = blur.size // 2
    down = functional.pad(image, (0, 0, half, half), mode="reflect")
    across = functional.pad(image, (half, half, 0, 0), mode="reflect")
    down = functional.avg_pool2d(down, (blur.size, 1), stride=1)
    across = functional.avg_pool2d(across, (1, blur.size), stride=1)
    return down * blur.weight + across * (1 - blur.weight)
