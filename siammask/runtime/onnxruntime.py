"""The network computed by onnxruntime, on the CPU."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import torch

from siammask.extras import require
from siammask.model import SiamMask
from siammask.network import Floats
from siammask.runtime.compiled import CompiledNetwork, Graph
from siammask.runtime.winograd import TILES


class OnnxNetwork(CompiledNetwork):
    """A network in onnxruntime: `siammask.network.Network`; as many threads as torch has.

    Parameters
    ----------
    model : SiamMask
        On the CPU; stays as it is.
    mode : str
        ``exact``, or ``fast`` for still fewer multiplications; 32-bit floats in both.

    Attributes
    ----------
    arithmetic : str
        What it computes in, for tables and records.

    Raises
    ------
    RuntimeUnavailableError
        If onnxruntime is not installed, or the model is on another device.
    """

    def __init__(self, model: SiamMask, mode: str = "exact") -> None:
        program = require("onnxruntime", "onnx")
        compile_graph = partial(open_session, program)
        super().__init__(model, compile_graph, TILES[mode], "onnxruntime")
        self.arithmetic = "float32" if mode == "exact" else "float32, Winograd 4x4"


def open_session(program: Any, graph: Any) -> Graph:
    """Compile an ONNX model by onnxruntime.

    Parameters
    ----------
    program : module
        onnxruntime.
    graph : onnx.ModelProto
        What is computed.

    Returns
    -------
    Graph
        On the CPU.
    """
    options = program.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    # Waiting threads that spin take the cores that other processes need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    providers = ["CPUExecutionProvider"]
    session = program.InferenceSession(graph.SerializeToString(), options, providers=providers)
    names = [output.name for output in session.get_outputs()]

    def run(inputs: Mapping[str, Floats]) -> dict[str, Floats]:
        return dict(zip(names, session.run(names, dict(inputs)), strict=True))

    return run
