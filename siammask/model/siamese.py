"""The Siamese network: a template is learned once, searches are compared with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import torch
from torch import Tensor, nn

from siammask.errors import ModelError
from siammask.model.adjust import Features
from siammask.model.compact import Compact
from siammask.model.correlation import CorrelationHead
from siammask.model.refine import Refine, all_windows, cut_windows
from siammask.model.resnet import ResNet
from siammask.model.variant import (
    EXEMPLAR_SIZE,
    NUM_ANCHORS,
    CompactShape,
    ResNetShape,
    Variant,
    find_variant,
)

Indices = Sequence[int] | Tensor | Any
"""Ints: a list, an array or a tensor."""


@dataclass(frozen=True, eq=False)
class Template:
    """What some targets look like; it belongs to the targets, not to the network.

    Parameters
    ----------
    map : Tensor, shape (B, hidden, 7, 7)
        The adjusted map.
    kernels : mapping of str to Tensor, each (B, hidden, 5, 5)
        What each head correlates with, by the head's name.
    """

    map: Tensor
    kernels: Mapping[str, Tensor]

    def __len__(self) -> int:
        return self.map.shape[0]

    def __getitem__(self, index: int | slice | Sequence[int]) -> Template:
        """Pick targets: one, a slice or a list; the result is a template too."""
        if isinstance(index, int):
            if not -len(self) <= index < len(self):
                raise IndexError(f"target {index} of a template of {len(self)}")
            index = slice(index, index + 1 or None)
        kernels = {name: kernel[index] for name, kernel in self.kernels.items()}
        return Template(self.map[index], kernels)

    def __iter__(self) -> Iterator[Template]:
        return (self[index] for index in range(len(self)))

    def to(self, *target: Any) -> Template:
        """Move or convert it: takes what `Tensor.to` takes."""
        kernels = {name: kernel.to(*target) for name, kernel in self.kernels.items()}
        return Template(self.map.to(*target), kernels)

    @staticmethod
    def join(templates: Sequence[Template]) -> Template:
        """Make one template of several of the same network, in their order.

        Raises
        ------
        ModelError
            If there is none.
        """
        if not templates:
            raise ModelError("no template to join", hint="accepted: at least one")
        names = templates[0].kernels
        kernels = {name: torch.cat([each.kernels[name] for each in templates]) for name in names}
        return Template(torch.cat([each.map for each in templates]), kernels)


@dataclass(frozen=True, eq=False)
class Output:
    """What the network says about B searches; S is 25 for 255 px and 3 for 143.

    Parameters
    ----------
    cls : Tensor, shape (B, 10, S, S)
        Logits, channel = class x 5 + anchor.
    loc : Tensor, shape (B, 20, S, S)
        Offsets, channel = coordinate x 5 + anchor.
    mask : Tensor or None, shape (B, 3969, S, S)
        Logits of the 63 x 63 mask of each cell; None without, and when refining.
    correlation : Tensor or None, shape (B, hidden, S, S)
        The mask head's correlation; None without mask head.
    features : tuple of Tensor
        The backbone's maps but the last, of strides 2, 4 and 8.
    """

    cls: Tensor
    loc: Tensor
    mask: Tensor | None
    correlation: Tensor | None
    features: tuple[Tensor, ...]


class SiamMask(nn.Module):
    """Tracks and segments what a template shows.

    Parameters
    ----------
    variant : Variant
        What it consists of.

    Notes
    -----
    Images are BGR, float, 0 ... 255, without any normalisation. The names and shapes of the state
    dict are those of the original's checkpoints.

    References
    ----------
    Q. Wang et al., "Fast Online Object Tracking and Segmentation: A Unifying Approach", CVPR 2019,
    sections 3.1 and 3.2.
    """

    def __init__(self, variant: Variant) -> None:
        super().__init__()
        self.variant = variant
        hidden = variant.hidden
        backbone = _backbone(variant.backbone)
        self.features = Features(backbone, hidden)
        self.rpn_model = nn.ModuleDict(
            {
                "cls": CorrelationHead(hidden, hidden, 2 * NUM_ANCHORS),
                "loc": CorrelationHead(hidden, hidden, 4 * NUM_ANCHORS),
            }
        )
        if variant.coarse_mask is not None:
            head = CorrelationHead(hidden, hidden, variant.coarse_mask**2)
            self.mask_model = nn.ModuleDict({"mask": head})
        if variant.refined_mask is not None:
            self.refine_model = Refine(hidden, backbone.channels[:3], variant.refined_mask)

    @property
    def heads(self) -> dict[str, CorrelationHead]:
        """The heads by name: cls, loc and, with masks, mask."""
        found = dict(self.rpn_model.items())
        if self.variant.coarse_mask is not None:
            found |= self.mask_model.items()
        return cast("dict[str, CorrelationHead]", found)

    def template(self, z: Tensor) -> Template:
        """Learn what B targets look like.

        Parameters
        ----------
        z : float tensor, shape (B, 3, 127, 127)
            BGR, 0 ... 255.

        Returns
        -------
        Template
            An object of its own: several targets share one network.

        Raises
        ------
        ModelError
            If `z` has another shape.
        """
        if z.ndim != 4 or z.shape[1:] != (3, EXEMPLAR_SIZE, EXEMPLAR_SIZE):
            raise ModelError(
                f"template of shape {tuple(z.shape)}", hint="accepted: (B, 3, 127, 127)"
            )
        adjusted, _ = self.features(z)
        return Template(
            adjusted, {name: head.kernel(adjusted) for name, head in self.heads.items()}
        )

    def track(self, template: Template, x: Tensor) -> Output:
        """Compare searches with a template.

        Parameters
        ----------
        template : Template
            Of B targets.
        x : float tensor, shape (B, 3, 255, 255)
            BGR, 0 ... 255, one search for each target; 143 px in the training of refinement.

        Returns
        -------
        Output
            With all masks of a network that does not refine.

        Raises
        ------
        ModelError
            If the counts or the shape do not fit.
        """
        out = self.compare(template, x)
        if self.variant.coarse_mask is None or self.variant.refined_mask is not None:
            return out
        return replace(out, mask=self.heads["mask"].head(out.correlation))

    def forward(self, z: Tensor, x: Tensor) -> Output:
        """Learn templates and compare a search with each, as in training."""
        return self.track(self.template(z), x)

    def compare(self, template: Template, x: Tensor) -> Output:
        """Do what `track` does, without any mask: `masks` gives those that are wanted."""
        _check_search(template, x)
        search, maps = self.features(x)
        heads, kernels = self.heads, template.kernels
        cls, loc = (heads[name](kernels[name], search) for name in ("cls", "loc"))
        correlation = None
        if "mask" in heads:
            correlation = heads["mask"].correlation(kernels["mask"], search)
        return Output(cls, loc, None, correlation, maps)

    def masks(self, out: Output, rows: Indices, cols: Indices) -> Tensor:
        """Compute the masks of some cells: refined ones where the network refines.

        Parameters
        ----------
        out : Output
            Of B targets.
        rows, cols : P ints (list, array or tensor)
            Cells, in 0 ... S - 1; one for each target, or any number of them for B = 1.

        Returns
        -------
        Tensor, shape (P, mask_size ** 2)
            Logits, row by row.

        Raises
        ------
        ModelError
            If the variant has no masks, the counts do not fit, or a cell is outside the grid.
        """
        if self.variant.refined_mask is not None:
            return self.refine(out, rows, cols)
        points = _points(cast(Tensor, out.correlation), self._cells(out, rows, cols))
        return cast(Tensor, self.heads["mask"].head(points)).flatten(1)

    def refine(self, out: Output, rows: Indices, cols: Indices) -> Tensor:
        """Compute the refined masks of some cells; only for a network that refines.

        Parameters, result and errors are those of `masks`.
        """
        self._check_refines()
        cells = self._cells(out, rows, cols)
        correlation = cast(Tensor, out.correlation)
        windows = cut_windows(out.features, cells, correlation.shape[3])
        return cast(Tensor, self.refine_model(windows, _points(correlation, cells)))

    def refine_everywhere(self, out: Output) -> Tensor:
        """Compute the refined masks of all cells, as in training.

        Parameters
        ----------
        out : Output
            Of B targets.

        Returns
        -------
        Tensor, shape (B S ** 2, mask_size ** 2)
            Logits: sample by sample, then by rows, then by columns.

        Raises
        ------
        ModelError
            If the network does not refine.
        """
        self._check_refines()
        correlation = cast(Tensor, out.correlation)
        windows = all_windows(out.features, correlation.shape[3])
        points = correlation.permute(0, 2, 3, 1).flatten(0, 2)[:, :, None, None]
        return cast(Tensor, self.refine_model(windows, points))

    def _check_refines(self) -> None:
        if self.variant.refined_mask is None:
            fault = f"variant {self.variant.name!r} does not refine"
            raise ModelError(fault, hint="sharp does; base gives coarse masks, by masks()")

    def _cells(self, out: Output, rows: Indices, cols: Indices) -> list[tuple[int, int, int]]:
        """Check cells, and put before each the target it belongs to."""
        if out.correlation is None:
            fault = f"variant {self.variant.name!r} has no masks"
            raise ModelError(fault, hint="base and sharp have")
        batch, _, height, width = out.correlation.shape
        row_list, col_list = _ints("rows", rows, height), _ints("cols", cols, width)
        count = len(row_list)
        if len(col_list) != count:
            fault = f"{count} rows but {len(col_list)} cols"
            raise ModelError(fault, hint="accepted: as many of both")
        if batch not in (1, count):
            fault = f"{count} cells for {batch} targets"
            raise ModelError(fault, hint="accepted: one for each target, or any number for one")
        samples = [0] * count if batch == 1 else range(count)
        return list(zip(samples, row_list, col_list, strict=True))


def build(variant: str | Variant) -> SiamMask:
    """Build a network with fresh weights, in training mode.

    Parameters
    ----------
    variant : str
        ``rpn`` (boxes), ``base`` (63 x 63 masks), ``sharp`` (127 x 127 masks) or ``tiny`` (as base,
        on a small backbone).

    Returns
    -------
    SiamMask
        Initialised as the original is before it loads pretrained weights.

    Raises
    ------
    ModelError
        If there is no such variant.
    """
    return SiamMask(find_variant(variant) if isinstance(variant, str) else variant)


def _backbone(shape: ResNetShape | CompactShape) -> ResNet | Compact:
    return Compact(shape) if isinstance(shape, CompactShape) else ResNet(shape)


def _check_search(template: Template, x: Tensor) -> None:
    if x.ndim != 4 or x.shape[1] != 3:
        raise ModelError(f"search of shape {tuple(x.shape)}", hint="accepted: (B, 3, 255, 255)")
    if len(template) != x.shape[0]:
        fault = f"{x.shape[0]} searches for a template of {len(template)} targets"
        raise ModelError(fault, hint="accepted: one search for each target; join templates first")


def _points(each: Tensor, cells: Sequence[tuple[int, int, int]]) -> Tensor:
    """Cut single cells from a map: (P, C, 1, 1)."""
    return torch.stack([each[sample, :, row, col] for sample, row, col in cells])[:, :, None, None]


def _ints(name: str, values: Indices, limit: int) -> list[int]:
    """Make a list of cell numbers, each inside the grid."""
    plain = values.tolist() if hasattr(values, "tolist") else values
    plain = [plain] if _is_int(plain) else list(plain)
    for value in plain:
        if not _is_int(value) or not 0 <= value < limit:
            raise ModelError(f"{name} {value!r}", hint=f"accepted: ints, 0 to {limit - 1}")
    if not plain:
        raise ModelError(f"no {name}", hint="accepted: at least one cell")
    return [int(value) for value in plain]


def _is_int(value: object) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool)
