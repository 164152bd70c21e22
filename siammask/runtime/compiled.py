"""A network whose graphs another program has compiled, on the CPU.

Graphs are compiled for one target, and several are computed one after the other: a CPU gains
nothing from a batch, and each target gets to the last bit what it gets alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from siammask.errors import ModelError, RuntimeUnavailableError
from siammask.model import SiamMask
from siammask.model.refine import SIDES, STRIDES
from siammask.network import Floats, Patches, Response
from siammask.runtime.graphs import mask_graph, search_graph, template_graph
from siammask.runtime.prepared import Prepared
from siammask.runtime.winograd import accelerate

Graph = Callable[[Mapping[str, Floats]], Mapping[str, Floats]]
"""A compiled graph: arrays in and out, by name."""


@dataclass(frozen=True, eq=False)
class Kernels:
    """What some targets are correlated with: of each, (1, heads * hidden, 5, 5)."""

    each: tuple[Floats, ...]


class CompiledNetwork:
    """A network in another program: `siammask.network.Network`.

    Parameters
    ----------
    model : SiamMask
        On the CPU; stays as it is.
    compile_graph : callable
        What makes a `Graph` of an ONNX model.
    tile : int or None
        The m of Winograd convolutions in the search; None for plain ones.
    runtime : str
        The program's name, for messages.

    Raises
    ------
    RuntimeUnavailableError
        If the model is on another device.
    """

    def __init__(
        self, model: SiamMask, compile_graph: Callable[[Any], Graph], tile: int | None, runtime: str
    ) -> None:
        device = next(model.parameters()).device
        if device.type != "cpu":
            fault = f"runtime {runtime!r} with device '{device}'"
            raise RuntimeUnavailableError(fault, hint="it computes on the cpu; or use torch")
        self._compile = compile_graph
        plain = Prepared(model)
        self._variant = plain.model.variant
        self._template = compile_graph(template_graph(plain, batch=1))
        self._mask = None if self.mask_size is None else compile_graph(mask_graph(plain, batch=1))
        self._searched = plain
        if tile is not None:
            accelerate(self._searched, tile)
        self._searches: dict[int, Graph] = {}

    @property
    def variant(self) -> str:
        """Which network it is."""
        return self._variant.name

    @property
    def mask_size(self) -> int | None:
        """Side of a mask; None without masks."""
        return self._variant.mask_size

    def template(self, patches: Patches) -> Kernels:
        """Learn what B targets look like: uint8 patches, (B, 127, 127, 3)."""
        images = _floats(patches)
        return Kernels(tuple(self._template({"template": each})["kernel"] for each in images))

    def join(self, templates: Sequence[Kernels]) -> Kernels:
        """Make one template of several."""
        if not templates:
            raise ModelError("no template to join", hint="accepted: at least one")
        return Kernels(tuple(kernel for template in templates for kernel in template.each))

    def track(self, template: Kernels, patches: Patches) -> Response:
        """Compare uint8 patches, (B, 255, 255, 3), with a template of B targets."""
        if len(template.each) != len(patches):
            fault = f"{len(patches)} searches for a template of {len(template.each)} targets"
            raise ModelError(fault, hint="accepted: one search for each target")
        search = self._search(patches.shape[1])
        found = [
            search({"search": image, "kernel": kernel})
            for image, kernel in zip(_floats(patches), template.each, strict=True)
        ]
        cls, loc = (np.concatenate([each[name] for each in found]) for name in ("cls", "loc"))
        return Response(cls, loc, found)

    def masks(self, response: Response, rows: Sequence[int], cols: Sequence[int]) -> Floats:
        """Compute the mask of one cell for each target: (B, mask_size ** 2) logits."""
        if self._mask is None:
            raise ModelError(f"variant {self.variant!r} has no masks", hint="base and sharp have")
        found = []
        for each, row, col in zip(response.features, rows, cols, strict=True):
            grid = each["correlation"].shape[3]
            if not (0 <= row < grid and 0 <= col < grid):
                fault = f"cell ({row}, {col})"
                raise ModelError(fault, hint=f"accepted: rows and cols, 0 to {grid - 1}")
            found.append(self._mask(cell_inputs(each, row, col))["mask"])
        return np.concatenate(found)

    def _search(self, size: int) -> Graph:
        """Compile the search of a size when it comes."""
        if size not in self._searches:
            self._searches[size] = self._compile(search_graph(self._searched, size, batch=1))
        return self._searches[size]


def cell_inputs(found: Mapping[str, Floats], row: int, col: int) -> dict[str, Floats]:
    """Cut what the mask graph needs of one cell.

    Parameters
    ----------
    found : mapping of str to array
        What the search graph gave, for one target.
    row, col : int
        The cell.

    Returns
    -------
    dict of str to float32 array
        ``p3``, the correlation there, (1, hidden, 1, 1); with refinement also ``p0``, ``p1`` and
        ``p2``: 61, 31 and 15 rows of the maps from 4 r - 16, 2 r - 8 and r - 4 on, and columns
        alike; outside a map is zero.
    """
    correlation = found["correlation"]
    grid = correlation.shape[3]
    cut = {"p3": np.ascontiguousarray(correlation[:, :, row : row + 1, col : col + 1])}
    for number, (side, stride) in enumerate(zip(SIDES, STRIDES, strict=True)):
        if f"f{number}" in found:
            each = found[f"f{number}"]
            margin = (side + (grid - 1) * stride - each.shape[3]) // 2
            top, left = row * stride - margin, col * stride - margin
            cut[f"p{number}"] = _window(each, top, left, side)
    return cut


def _window(each: Floats, top: int, left: int, side: int) -> Floats:
    window = np.zeros((*each.shape[:2], side, side), dtype=each.dtype)
    inside = each[:, :, max(top, 0) : top + side, max(left, 0) : left + side]
    down, right = max(-top, 0), max(-left, 0)
    window[:, :, down : down + inside.shape[2], right : right + inside.shape[3]] = inside
    return window


def _floats(patches: Patches) -> list[Floats]:
    """Make float images of patches, each (1, 3, size, size)."""
    if patches.dtype != np.uint8 or patches.ndim != 4 or patches.shape[3] != 3:
        fault = f"patches of {patches.dtype} and shape {patches.shape}"
        raise ModelError(fault, hint="accepted: uint8, (B, size, size, 3)")
    images = np.ascontiguousarray(patches.transpose(0, 3, 1, 2), dtype=np.float32)
    return [cast(Floats, image[None]) for image in images]
