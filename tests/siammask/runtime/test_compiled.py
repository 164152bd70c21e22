"""Other programs against torch."""

# ruff: noqa: E402 (torch is asked for first)
from __future__ import annotations

import importlib
import signal
import subprocess
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")

from siammask.errors import ExportError, ModelError, RuntimeUnavailableError
from siammask.model import Variant, build
from siammask.model.refine import cut_windows
from siammask.model.variant import ResNetShape, Stage
from siammask.network import Network
from siammask.runtime import compiled, graphs, open_network, winograd
from siammask.runtime.prepared import Prepared

PROGRAMS = ["onnxruntime", "openvino"]


@pytest.fixture(params=PROGRAMS)
def program(request):
    pytest.importorskip(request.param)
    return request.param


@pytest.fixture
def everything_by_winograd(monkeypatch):
    """Let even small convolutions take fewer multiplications."""
    monkeypatch.setattr(winograd, "PAYS_FROM", {2: 1, 4: 1})


def computed(network, z, x, rows, cols):
    response = network.track(network.template(z), x)
    return response.cls, response.loc, network.masks(response, rows, cols)


def assert_alike(found, expected):
    for a, b in zip(found, expected, strict=True):
        assert a.dtype == np.float32
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-5 * np.abs(b).max())


@pytest.mark.parametrize("mode", ["exact", "fast"])
def test_what_torch_computes(mode, program, small, small_base, formula, everything_by_winograd):
    z, x = formula.patches(1, 127, 2), formula.patches(2, 255, 2)
    for model in (small, small_base):
        network = open_network(model, runtime=program, mode=mode)
        assert isinstance(network, Network)
        assert network.variant == model.variant.name
        found = computed(network, z, x, [0, 24], [9, 24])
        if network.arithmetic != "bfloat16":
            assert_alike(found, computed(open_network(model), z, x, [0, 24], [9, 24]))


def test_a_batch_gives_each_target_what_it_gets_alone(program, small, formula):
    z, x = formula.patches(1, 127, 2), formula.patches(2, 255, 2)
    network = open_network(small, runtime=program)
    alone = [computed(network, z[i : i + 1], x[i : i + 1], [3 * i], [5 * i]) for i in range(2)]
    template = network.join([network.template(z[:1]), network.template(z[1:])])
    response = network.track(template, x)
    together = response.cls, response.loc, network.masks(response, [0, 3], [0, 5])
    for found, single in zip(together, zip(*alone, strict=True), strict=True):
        assert np.array_equal(found, np.concatenate(single))


INTERRUPTED = """
import signal
import torch
from siammask.model import Variant, build
from siammask.model.variant import ResNetShape, Stage
from siammask.runtime import open_network

stages = (Stage(1, 2), Stage(1, 4, stride=2), Stage(2, 8, dilation=2))
model = build(Variant("base", ResNetShape(8, stages), 6, coarse_mask=63)).eval()
first = open_network(model, runtime="{program}")
second = open_network(model, runtime="{program}")
del first
del second
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_after_two_networks(program):
    # OpenVINO left the process without a stack for signals: any of them then ended it.
    run = subprocess.run(
        [sys.executable, "-c", INTERRUPTED.format(program=program)],
        capture_output=True,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert (run.returncode, run.stdout) == (0, "interrupted\n"), run.stderr


def test_a_response_is_not_written_over(program, small, formula):
    z, x = formula.patches(1, 127), formula.patches(2, 255)
    network = open_network(small, runtime=program)
    template = network.template(z)
    first = network.track(template, x)
    before = first.cls.copy(), network.masks(first, [1], [2])
    network.track(template, 255 - x)
    assert np.array_equal(first.cls, before[0])
    assert np.array_equal(network.masks(first, [1], [2]), before[1])


def test_searches_of_another_size(program, small, formula):
    network = open_network(small, runtime=program)
    z, x = formula.patches(1, 127), formula.patches(2, 143)
    assert_alike(computed(network, z, x, [2], [0]), computed(open_network(small), z, x, [2], [0]))


def test_without_masks(program, formula):
    stages = (Stage(1, 2), Stage(1, 4, stride=2), Stage(2, 8, dilation=2))
    network = open_network(build(Variant("rpn", ResNetShape(8, stages), 6)), runtime=program)
    response = network.track(network.template(formula.patches(1, 127)), formula.patches(2, 255))
    assert network.mask_size is None
    with pytest.raises(ModelError, match="'rpn' has no masks"):
        network.masks(response, [0], [0])


def test_wrong_calls(program, small, formula):
    network = open_network(small, runtime=program)
    template = network.template(formula.patches(1, 127))
    with pytest.raises(ModelError, match="2 searches for a template of 1 targets"):
        network.track(template, formula.patches(2, 255, 2))
    with pytest.raises(ModelError, match="patches of float32"):
        network.template(formula.patches(1, 127).astype(np.float32))
    with pytest.raises(ModelError, match="no template to join"):
        network.join([])
    response = network.track(template, formula.patches(2, 255))
    with pytest.raises(ModelError, match=r"cell \(25, 0\).*0 to 24"):
        network.masks(response, [25], [0])
    with pytest.raises(RuntimeUnavailableError, match=f"runtime '{program}' with device 'meta'"):
        open_network(build(small.variant).to("meta"), runtime=program)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_that_is_not_installed(program, small, monkeypatch):
    def fail(name):
        if name == program:
            raise ModuleNotFoundError(name=name)
        return importlib.import_module(name)

    extra = {"onnxruntime": "onnx"}.get(program, program)
    monkeypatch.setattr("siammask.extras.import_module", fail)
    fault = rf"{program} is not installed .pip install 'siammask-bench\[{extra}\]'"
    with pytest.raises(RuntimeUnavailableError, match=fault):
        open_network(small, runtime=program)


def test_windows_are_those_of_the_model(small, formula):
    with torch.inference_mode():
        x = formula.image(2, 255).float()
        out = small.compare(small.template(formula.image(1, 127).float()), x)
    maps = {f"f{number}": each.numpy() for number, each in enumerate(out.features)}
    found = compiled.cell_inputs(maps | {"correlation": out.correlation.numpy()}, 24, 3)
    windows = cut_windows(out.features, [(0, 24, 3)], 25)
    for name, window in zip(("p0", "p1", "p2"), windows, strict=True):
        assert np.array_equal(found[name], window.numpy())
    assert np.array_equal(found["p3"], out.correlation[:, :, 24:, 3:4].numpy())


def test_graphs_are_old_enough_for_others(small):
    model = graphs.search_graph(Prepared(small))
    assert model.opset_import[0].version == 17
    assert model.ir_version == 8
    assert [each.name for each in model.graph.output] == graphs.search_outputs(Prepared(small))
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "batch"


def test_an_operation_that_cannot_be_written(small):
    prepared = Prepared(small)
    prepared.model.features.features.maxpool = torch.nn.Sequential(torch.nn.Sigmoid())
    prepared.forward = prepared.kernels
    with pytest.raises(ExportError, match="cannot be written as ONNX: sigmoid"):
        graphs.template_graph(prepared)
