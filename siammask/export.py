"""A checkpoint as ONNX graphs, for programs that have no torch.

Written are ``template.onnx`` and ``search.onnx``; ``refine.onnx`` for a network that refines its
masks, ``mask.onnx`` for one with coarse masks; and ``network.json``, which says what goes in and
out of each. A tracker runs the first once for a target, the second once for a frame, and the third
for the cell it has chosen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from siammask.atomic import write_whole
from siammask.checkpoints import load
from siammask.errors import ExportError
from siammask.extras import require
from siammask.model import SiamMask, Template
from siammask.model.refine import SIDES, STRIDES
from siammask.network import Floats
from siammask.runtime.compiled import Graph, cell_inputs
from siammask.runtime.graphs import OPSET, mask_graph, search_graph, template_graph
from siammask.runtime.onnxruntime import open_session
from siammask.runtime.prepared import Prepared

FORMATS = ("onnx",)

SCHEMA_VERSION = 1

TOLERANCE = 1e-4
"""Largest difference to torch, relative to the largest value of an output."""

ABOUT = {
    "template": "BGR image of the target, 0 to 255, 127 px for the target and half its size around",
    "search": "BGR image, 0 to 255, at the template's scale, centred where the target was",
    "kernel": "what the target looks like; the output of template.onnx",
    "cls": "logits of the 25 x 25 cells; channel = class * 5 + anchor, class 1 is the target",
    "loc": "offsets to the anchors; channel = coordinate * 5 + anchor, of dx, dy, dw, dh",
    "correlation": "of the mask head; p3 is its cell (row, col)",
    "f0": f"map of stride 2; p0 is {SIDES[0]} cells of it",
    "f1": f"map of stride 4; p1 is {SIDES[1]} cells of it",
    "f2": f"map of stride 8; p2 is {SIDES[2]} cells of it",
    "p0": f"window of f0 padded by 16 zeros, from row {STRIDES[0]} r and column {STRIDES[0]} c on",
    "p1": f"window of f1 padded by 8 zeros, from row {STRIDES[1]} r and column {STRIDES[1]} c on",
    "p2": f"window of f2 padded by 4 zeros, from row {STRIDES[2]} r and column {STRIDES[2]} c on",
    "p3": "correlation[:, :, r, c] of the chosen cell (r, c)",
    "mask": "logits of the mask in the 127-px window of the cell, row by row",
}
"""What the inputs and outputs mean."""


def export(
    checkpoint: Path | str, out: Path | str, format: str = "onnx", size: int = 255
) -> list[Path]:
    """Write a checkpoint as graphs that other programs compute, and compare them with torch.

    Parameters
    ----------
    checkpoint : Path or str
        A file of weights, as `siammask.load` takes it.
    out : Path or str
        The folder; made when missing. Files of the same names are replaced once all is right.
    format : str
        ``onnx``.
    size : int
        Side of a search image, in px.

    Returns
    -------
    list of Path
        The files: the graphs, of any batch, and ``network.json``.

    Raises
    ------
    ExportError
        If there is no such format, the size does not fit, or what onnxruntime computes differs from
        what torch does by more than 1e-4.
    CheckpointError
        If the checkpoint cannot be loaded.
    RuntimeUnavailableError
        If onnx or onnxruntime is not installed.
    """
    if format not in FORMATS:
        raise ExportError(f"format {format!r}", hint=f"accepted: {', '.join(FORMATS)}")
    # A response of 25 cells for 255 px; each further cell is 8 px.
    if size % 8 != 7 or size < 143:
        hint = "accepted: 143, 151, 159 … 255 …: 7 more than a multiple of 8"
        raise ExportError(f"search of {size} px", hint=hint)
    runtime = require("onnxruntime", "onnx")
    model = load(checkpoint)
    graphs = _graphs(model, size)
    sessions = {name: open_session(runtime, graph) for name, graph in graphs.items()}
    differences = compare(model, sessions, size)
    worst = max(differences, key=differences.__getitem__)
    if not differences[worst] <= TOLERANCE:
        fault = f"onnxruntime's {worst} differs from torch's by {differences[worst]:.1e}"
        raise ExportError(fault, hint=f"accepted: up to {TOLERANCE:g} of its largest value")
    folder = Path(out)
    paths = [folder / f"{name}.onnx" for name in graphs]
    for path, graph in zip(paths, graphs.values(), strict=True):
        write_whole(path, graph.SerializeToString())
    described = _description(model, Path(checkpoint), graphs, differences)
    write_whole(folder / "network.json", json.dumps(described, indent=1) + "\n")
    return [*paths, folder / "network.json"]


def compare(model: SiamMask, graphs: Mapping[str, Graph], size: int = 255) -> dict[str, float]:
    """Compute noise by graphs and by the model itself, as one target and as two.

    Parameters
    ----------
    model : SiamMask
        On the CPU.
    graphs : mapping of str to Graph
        ``template``, ``search`` and, with masks, ``refine`` or ``mask``.
    size : int
        Side of a search image, in px.

    Returns
    -------
    dict of str to float
        For each output the largest difference, relative to its largest value.
    """
    generator = np.random.default_rng(0)
    found: dict[str, float] = {}
    for batch in (1, 2):
        z, x = (
            generator.uniform(0, 255, (batch, 3, side, side)).astype(np.float32)
            for side in (127, size)
        )
        for name, difference in _differences(model, graphs, z, x).items():
            found[name] = max(difference, found.get(name, 0.0))
    return found


def _graphs(model: SiamMask, size: int) -> dict[str, Any]:
    prepared = Prepared(model)
    graphs = {"template": template_graph(prepared), "search": search_graph(prepared, size)}
    if (name := _mask_part(model)) is not None:
        graphs[name] = mask_graph(prepared)
    return graphs


def _mask_part(model: SiamMask) -> str | None:
    if model.variant.mask_size is None:
        return None
    return "mask" if model.variant.refined_mask is None else "refine"


def _differences(
    model: SiamMask, graphs: Mapping[str, Graph], z: Floats, x: Floats
) -> dict[str, float]:
    found = dict(graphs["template"]({"template": z}))
    found |= graphs["search"]({"search": x, "kernel": found["kernel"]})
    with torch.inference_mode():
        template = model.template(torch.from_numpy(z))
        out = model.compare(template, torch.from_numpy(x))
        expected = {"kernel": _merged(template), "cls": out.cls, "loc": out.loc}
        if (part := _mask_part(model)) is not None:
            cell = out.cls.shape[3] // 3
            found |= graphs[part](cell_inputs(found, cell, cell + 1))
            cells = [cell] * len(x), [cell + 1] * len(x)
            expected["mask"] = model.masks(out, *cells)
    return {name: _difference(found[name], each.numpy()) for name, each in expected.items()}


def _merged(template: Template) -> torch.Tensor:
    return torch.cat(list(template.kernels.values()), dim=1)


def _difference(found: Floats, expected: Floats) -> float:
    # An output of zeros, of a network without weights, has no scale of its own.
    scale = float(np.abs(expected).max()) or 1.0
    return float(np.abs(found - expected).max()) / scale


def _description(
    model: SiamMask, checkpoint: Path, graphs: Mapping[str, Any], differences: Mapping[str, float]
) -> dict[str, Any]:
    """Say what the graphs are, for whoever computes them."""
    return {
        "schema_version": SCHEMA_VERSION,
        "variant": model.variant.name,
        "mask_size": model.variant.mask_size,
        "checkpoint": {"name": checkpoint.name, "sha256": _digest(checkpoint)},
        "opset": OPSET,
        "graphs": {
            f"{name}.onnx": {
                "inputs": _values(each.graph.input),
                "outputs": _values(each.graph.output),
            }
            for name, each in graphs.items()
        },
        "largest_difference_to_torch": dict(differences),
    }


def _values(values: Any) -> dict[str, Any]:
    """Describe inputs or outputs: by name, shape, type and meaning."""
    return {
        value.name: {
            "shape": [each.dim_param or each.dim_value for each in _dimensions(value)],
            "dtype": "float32",
            "about": ABOUT[value.name],
        }
        for value in values
    }


def _dimensions(value: Any) -> Any:
    return value.type.tensor_type.shape.dim


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
