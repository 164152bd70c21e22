"""The network computed by OpenVINO, on the CPU."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import torch

from siammask.extras import require
from siammask.model import SiamMask
from siammask.network import Floats
from siammask.runtime.compiled import CompiledNetwork, Graph
from siammask.runtime.winograd import TILES


class OpenVinoNetwork(CompiledNetwork):
    """A network in OpenVINO: `siammask.network.Network`; as many threads as torch has.

    Parameters
    ----------
    model : SiamMask
        On the CPU; stays as it is.
    mode : str
        ``exact`` for 32-bit floats; ``fast`` for bfloat16 where the CPU has instructions for it,
        and otherwise for still fewer multiplications.

    Attributes
    ----------
    arithmetic : str
        What it computes in, for tables and records.

    Raises
    ------
    RuntimeUnavailableError
        If OpenVINO is not installed, or the model is on another device.
    """

    def __init__(self, model: SiamMask, mode: str = "exact") -> None:
        core = _core(require("openvino", "openvino").Core)
        half = mode == "fast" and "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        self.arithmetic = _described(mode, half)
        precision = "bf16" if half else "f32"
        # The products of Winograd convolutions are too large for the 8 bits of a bfloat16.
        tile = None if half else TILES[mode]
        super().__init__(model, partial(_compiled, core, precision), tile, "openvino")


@cache
def _core(kind: Callable[[], Any]) -> Any:
    """Give the one core of this process, which is never let go.

    Each core gives the thread that opens it a stack for signals, takes it away with itself, and
    puts back the one before, be that gone or not. With two cores, the first let go first, Ctrl-C or
    any other signal with a handler of Python's ends the process from then on (seen in 2026.4).
    """
    return kind()


def _described(mode: str, half: bool) -> str:
    if half:
        return "bfloat16"
    return "float32" if mode == "exact" else "float32, Winograd 4x4"


def _compiled(core: Any, precision: str, graph: Any) -> Graph:
    config = {
        "INFERENCE_PRECISION_HINT": precision,
        "INFERENCE_NUM_THREADS": torch.get_num_threads(),
        "NUM_STREAMS": 1,
    }
    compiled = core.compile_model(core.read_model(graph.SerializeToString()), "CPU", config)
    request = compiled.create_infer_request()
    outputs = {output.name: compiled.output(output.name) for output in graph.graph.output}

    def run(inputs: Mapping[str, Floats]) -> dict[str, Floats]:
        # Copied out: the request's own arrays are written over by the next frame.
        found = request.infer(dict(inputs), share_inputs=True)
        return {name: found[output] for name, output in outputs.items()}

    return run
