"""The network as ONNX graphs, for other programs to compute.

The modules are traced by torch.fx and each operation is written as one or a few of ONNX: nothing
but `onnx` is needed, and it takes a second.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, fx, nn
from torch.fx.passes.shape_prop import ShapeProp
from torch.nn.functional import interpolate

from siammask.errors import ExportError
from siammask.extras import require
from siammask.model.adjust import BORDER, NARROW, Adjust
from siammask.model.refine import SIDES
from siammask.model.variant import EXEMPLAR_SIZE
from siammask.runtime.prepared import Correlation, Prepared
from siammask.runtime.winograd import WinogradConv2d

OPSET = 17
IR_VERSION = 8
"""What onnxruntime reads since 1.12 and OpenVINO since 2022."""

KERNEL_SIZE = 5
MAPS = ("f0", "f1", "f2")
WINDOWS = ("p0", "p1", "p2", "p3")


def template_graph(prepared: Prepared, batch: int | str = "batch") -> Any:
    """Write the graph from ``template`` images to ``kernel``.

    Parameters
    ----------
    prepared : Prepared
        The network; with Winograd convolutions only for a fixed batch.
    batch : int or str
        Size of the first dimension; a name for any size.

    Returns
    -------
    onnx.ModelProto
        Input (B, 3, 127, 127), output (B, heads * hidden, 5, 5), float32.
    """
    z = torch.zeros(_example(batch), 3, EXEMPLAR_SIZE, EXEMPLAR_SIZE)
    return _write(_TemplatePart(prepared), {"template": z}, ["kernel"], batch)


def search_graph(prepared: Prepared, size: int = 255, batch: int | str = "batch") -> Any:
    """Write the graph from ``search`` images and ``kernel`` to what is at each cell.

    Parameters
    ----------
    prepared : Prepared
        As for `template_graph`.
    size : int
        Side of a search image, in px.
    batch : int or str
        As for `template_graph`.

    Returns
    -------
    onnx.ModelProto
        Outputs ``cls`` and ``loc``; with masks ``correlation``; with refinement ``f0``, ``f1`` and
        ``f2``, the maps that its windows are cut from.
    """
    count = _example(batch)
    channels = len(prepared.names) * prepared.model.variant.hidden
    inputs = {
        "search": torch.zeros(count, 3, size, size),
        "kernel": torch.zeros(count, channels, KERNEL_SIZE, KERNEL_SIZE),
    }
    return _write(_SearchPart(prepared), inputs, search_outputs(prepared), batch)


def mask_graph(prepared: Prepared, batch: int | str = "batch") -> Any:
    """Write the graph from single cells to ``mask`` logits.

    Parameters
    ----------
    prepared : Prepared
        A network with masks.
    batch : int or str
        As for `template_graph`.

    Returns
    -------
    onnx.ModelProto
        Inputs ``p0``, ``p1``, ``p2``, the windows, and ``p3``, the correlation at the cell; without
        refinement ``p3`` alone. Output (B, mask_size ** 2).
    """
    count, variant = _example(batch), prepared.model.variant
    inputs = {"p3": torch.zeros(count, variant.hidden, 1, 1)}
    if variant.refined_mask is None:
        return _write(_CoarsePart(prepared), inputs, ["mask"], batch)
    channels = cast("tuple[int, ...]", prepared.model.features.features.channels)
    windows = {
        name: torch.zeros(count, width, side, side)
        for name, width, side in zip(WINDOWS, channels, SIDES, strict=False)
    }
    return _write(_RefinePart(prepared), windows | inputs, ["mask"], batch)


def search_outputs(prepared: Prepared) -> list[str]:
    """Name the outputs of `search_graph`."""
    variant = prepared.model.variant
    masks = ["correlation"] if variant.coarse_mask is not None else []
    return ["cls", "loc", *masks, *(MAPS if variant.refined_mask is not None else ())]


class _TemplatePart(nn.Module):
    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self.network = prepared

    def forward(self, template: Tensor) -> tuple[Tensor, ...]:
        return (self.network.kernels(template),)


class _SearchPart(nn.Module):
    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self.network = prepared

    def forward(self, search: Tensor, kernel: Tensor) -> tuple[Tensor, ...]:
        out = self.network.compare(kernel, search)
        found = {"cls": out.cls, "loc": out.loc, "correlation": out.correlation}
        found |= dict(zip(MAPS, out.features, strict=True))
        return tuple(cast(Tensor, found[name]) for name in search_outputs(self.network))


class _CoarsePart(nn.Module):
    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self.head = prepared.model.heads["mask"].head

    def forward(self, p3: Tensor) -> tuple[Tensor, ...]:
        return (self.head(p3).flatten(1),)


class _RefinePart(nn.Module):
    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self.refine = prepared.model.refine_model

    def forward(self, p0: Tensor, p1: Tensor, p2: Tensor, p3: Tensor) -> tuple[Tensor, ...]:
        return (self.refine([p0, p1, p2], p3),)


class _Tracer(fx.Tracer):
    """Traces into everything but what is written as a whole."""

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return type(m) in _MODULES


def _write(part: nn.Module, inputs: dict[str, Tensor], outputs: list[str], batch: int | str) -> Any:
    """Trace a part and write its operations in order."""
    writer = _Writer(require("onnx", "onnx"), batch)
    traced = fx.GraphModule(part, _Tracer().trace(part))
    with torch.inference_mode():
        ShapeProp(traced).propagate(*inputs.values())
    for node in traced.graph.nodes:
        writer.visit(node, traced)
    return writer.finish(inputs, outputs)


def _example(batch: int | str) -> int:
    return batch if isinstance(batch, int) else 1


class _Writer:
    """Collects nodes and weights of a graph; a value is known by its name."""

    def __init__(self, onnx: Any, batch: int | str) -> None:
        self.onnx = onnx
        self.batch = batch
        self.nodes: list[Any] = []
        self.weights: dict[str, Any] = {}
        self.values: dict[fx.Node, str] = {}
        self.results: list[fx.Node] = []

    def visit(self, node: fx.Node, traced: fx.GraphModule) -> None:
        """Write what one node of the trace does."""
        if node.op == "output":
            self.results = list(cast(Any, node.args[0]))
        elif node.op == "placeholder":
            self.values[node] = str(node.target)
        elif node.op == "call_module":
            module = traced.get_submodule(str(node.target))
            self.values[node] = _MODULES[type(module)](self, node, module)
        else:
            handler = _FUNCTIONS.get(node.target)
            if handler is None:
                name = getattr(node.target, "__name__", node.target)
                raise ExportError(f"cannot be written as ONNX: {name}")
            self.values[node] = handler(self, node)

    def finish(self, inputs: dict[str, Tensor], outputs: list[str]) -> Any:
        """Make the model of what was collected, and check it."""
        helper = self.onnx.helper
        for name, node in zip(outputs, self.results, strict=True):
            self.nodes.append(helper.make_node("Identity", [self.values[node]], [name]))
        graph = helper.make_graph(
            self.nodes,
            "siammask",
            [self._typed(name, each.shape) for name, each in inputs.items()],
            [
                self._typed(name, node.meta["tensor_meta"].shape)
                for name, node in zip(outputs, self.results, strict=True)
            ],
            list(self.weights.values()),
        )
        opset = helper.make_opsetid("", OPSET)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)
        self.onnx.checker.check_model(model)
        return model

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add an operation; gives the name of its result."""
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(self.onnx.helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def weight(self, name: str, value: Tensor | Sequence[int]) -> str:
        """Add a constant; a sequence becomes int64."""
        if name not in self.weights:
            array = (
                value.detach().cpu().numpy()
                if isinstance(value, Tensor)
                else np.array(value, dtype=np.int64)
            )
            self.weights[name] = self.onnx.numpy_helper.from_array(array, name)
        return name

    def ints(self, *values: int) -> str:
        """Add a constant of a few ints."""
        return self.weight(f"ints_{'_'.join(map(str, values))}", values)

    def slice(self, value: str, axis: int, start: int, end: int) -> str:
        """Cut along one axis."""
        return self.add("Slice", value, self.ints(start), self.ints(end), self.ints(axis))

    def reshape(self, value: str, *shape: int) -> str:
        return self.add("Reshape", value, self.ints(*shape))

    def _typed(self, name: str, shape: Sequence[int]) -> Any:
        kind = self.onnx.TensorProto.FLOAT
        return self.onnx.helper.make_tensor_value_info(name, kind, [self.batch, *shape[1:]])


def _input(writer: _Writer, node: fx.Node, number: int = 0) -> str:
    return writer.values[cast(fx.Node, node.args[number])]


def _shape(node: fx.Node) -> tuple[int, ...]:
    return tuple(node.meta["tensor_meta"].shape)


def _source_shape(node: fx.Node) -> tuple[int, ...]:
    return _shape(cast(fx.Node, node.args[0]))


def _conv(writer: _Writer, node: fx.Node, module: Any) -> str:
    return _convolve(writer, _input(writer, node), str(node.target), module, "Conv")


def _deconv(writer: _Writer, node: fx.Node, module: Any) -> str:
    return _convolve(writer, _input(writer, node), str(node.target), module, "ConvTranspose")


def _convolve(writer: _Writer, value: str, name: str, module: Any, kind: str) -> str:
    weights = [writer.weight(f"{name}.weight", module.weight)]
    if module.bias is not None:
        weights.append(writer.weight(f"{name}.bias", module.bias))
    return writer.add(
        kind,
        value,
        *weights,
        kernel_shape=module.kernel_size,
        strides=module.stride,
        pads=module.padding * 2,
        dilations=module.dilation,
        group=module.groups,
    )


def _relu(writer: _Writer, node: fx.Node, module: Any) -> str:
    return writer.add("Relu", _input(writer, node))


def _same(writer: _Writer, node: fx.Node, module: Any) -> str:
    return _input(writer, node)


def _max_pool(writer: _Writer, node: fx.Node, module: Any) -> str:
    return writer.add(
        "MaxPool",
        _input(writer, node),
        kernel_shape=[module.kernel_size] * 2,
        strides=[module.stride] * 2,
        pads=[module.padding] * 4,
    )


def _adjust(writer: _Writer, node: fx.Node, module: Any) -> str:
    value = _input(writer, node)
    value = _convolve(writer, value, f"{node.target}.downsample.0", module.downsample[0], "Conv")
    if _source_shape(node)[3] < NARROW:
        for axis in (2, 3):
            value = writer.slice(value, axis, BORDER, -BORDER)
    return value


def _correlation(writer: _Writer, node: fx.Node, module: Any) -> str:
    """Add up shifted products: a grouped convolution would fix the batch."""
    search, kernel = _input(writer, node, 0), _input(writer, node, 1)
    height, width = _shape(node)[2:]
    total = ""
    for row in range(KERNEL_SIZE):
        band = writer.slice(search, 2, row, row + height)
        weights = writer.slice(kernel, 2, row, row + 1)
        for col in range(KERNEL_SIZE):
            part = writer.slice(band, 3, col, col + width)
            product = writer.add("Mul", part, writer.slice(weights, 3, col, col + 1))
            total = writer.add("Add", total, product) if total else product
    return total


def _winograd(writer: _Writer, node: fx.Node, module: WinogradConv2d) -> str:
    """Write `WinogradConv2d` with gathered tiles; for the batch of the example."""
    name = str(node.target)
    step, side, apart = module.tile, module.tile + 2, module.dilation
    batch, channels, height, width = _source_shape(node)
    outputs, rows, cols = _shape(node)[1:]
    down, across = (apart * module.count(cells) for cells in (rows, cols))
    border = module.padding
    bottom, right = ((count * step + 2 * apart) - border for count in (down, across))
    pads = writer.ints(0, 0, border, border, 0, 0, bottom - height, right - width)
    tiles = writer.add("Pad", _input(writer, node), pads)
    tiles = writer.add("Transpose", tiles, perm=[0, 2, 3, 1])
    for axis, count in ((1, down), (2, across)):
        where = writer.weight(
            f"tiles_{count}_{step}_{apart}", _tile_cells(count // apart, step, apart)
        )
        tiles = writer.add("Gather", tiles, where, axis=axis)
    tiles = writer.reshape(tiles, batch, down, side, across, side, channels)
    tiles = writer.add("Transpose", tiles, perm=[2, 4, 0, 1, 3, 5])
    flat = writer.reshape(tiles, side * side, -1)
    changed = writer.add("MatMul", writer.weight(f"{name}.transform", module.transform), flat)
    changed = writer.reshape(changed, side * side, -1, channels)
    products = writer.add("MatMul", changed, writer.weight(f"{name}.filters", module.filters))
    products = writer.reshape(products, side * side, -1)
    back = writer.add("MatMul", writer.weight(f"{name}.inverse", module.inverse), products)
    cells = (apart, down // apart, apart, across // apart)
    back = writer.reshape(back, step, step, batch, *cells, outputs)
    # Each phase of a dilated convolution has its own tiles: row = (tile, row of it, phase).
    back = writer.add("Transpose", back, perm=[2, 7, 4, 0, 3, 6, 1, 5])
    back = writer.reshape(back, batch, outputs, down * step, across * step)
    for axis, count in ((2, rows), (3, cols)):
        back = writer.slice(back, axis, 0, count)
    bias = writer.weight(f"{name}.bias", module.bias[:, None, None])
    return writer.add("Add", back, bias)


def _tile_cells(count: int, step: int, apart: int) -> list[int]:
    """List the rows of all tiles of all phases, one tile after the other."""
    return [
        phase + apart * (tile * step + cell)
        for phase in range(apart)
        for tile in range(count)
        for cell in range(step + 2)
    ]


def _add(writer: _Writer, node: fx.Node) -> str:
    return writer.add("Add", _input(writer, node, 0), _input(writer, node, 1))


def _getitem(writer: _Writer, node: fx.Node) -> str:
    """Cut channels: the only indexing there is."""
    rows, channels = cast("tuple[slice, slice]", node.args[1])
    assert rows == slice(None), "a batch is kept whole"
    return writer.slice(_input(writer, node), 1, channels.start, channels.stop)


def _enlarge(writer: _Writer, node: fx.Node) -> str:
    """Repeat cells by index: the source of cell i is floor(i * in / out)."""
    value = _input(writer, node)
    for axis in (2, 3):
        inputs, outputs = _source_shape(node)[axis], _shape(node)[axis]
        where = [cell * inputs // outputs for cell in range(outputs)]
        name = writer.weight(f"enlarge_{inputs}_{outputs}", where)
        value = writer.add("Gather", value, name, axis=axis)
    return value


def _flatten(writer: _Writer, node: fx.Node) -> str:
    return writer.add("Flatten", _input(writer, node), axis=1)


_MODULES: dict[type[nn.Module], Callable[..., str]] = {
    nn.Conv2d: _conv,
    nn.ConvTranspose2d: _deconv,
    nn.ReLU: _relu,
    nn.Identity: _same,
    nn.MaxPool2d: _max_pool,
    Adjust: _adjust,
    Correlation: _correlation,
    WinogradConv2d: _winograd,
}

_FUNCTIONS: dict[Any, Callable[[_Writer, fx.Node], str]] = {
    operator.add: _add,
    operator.iadd: _add,
    operator.getitem: _getitem,
    interpolate: _enlarge,
    "flatten": _flatten,
}
