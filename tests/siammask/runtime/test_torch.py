"""The prepared network against the model it was made of."""

# ruff: noqa: E402 (torch is asked for first)
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import siammask.runtime.torch as runtime
from siammask.errors import DeviceError, ModelError, RuntimeUnavailableError
from siammask.network import Network
from siammask.runtime import open_network

HERE = Path(__file__).parent


def floats(patches):
    return torch.tensor(patches).permute(0, 3, 1, 2).double()


def plain(model, z, x, rows, cols):
    """Compute what a network should give, in double precision."""
    import copy

    model = copy.deepcopy(model).double()
    with torch.inference_mode():
        out = model.track(model.template(floats(z)), floats(x))
        return out.cls.numpy(), out.loc.numpy(), model.masks(out, rows, cols).numpy()


def computed(network, z, x, rows, cols):
    response = network.track(network.template(z), x)
    return response.cls, response.loc, network.masks(response, rows, cols)


def apart(found, expected):
    """Give the largest difference of each array, relative to its largest value."""
    return [
        float(np.abs(a - b).max() / np.abs(b).max()) for a, b in zip(found, expected, strict=True)
    ]


def test_the_model_is_computed(formula, formula_model, small, small_base):
    z = formula.patches(1, 127)
    # The searches of all channels are small ones: in double precision they take their time.
    for model, size, cell in (
        (formula_model("sharp"), 143, ([1], [2])),
        (small, 255, ([3], [21])),
        (small_base, 255, ([3], [21])),
    ):
        x = formula.patches(2, size)
        expected = plain(model, z, x, *cell)
        for mode in ("exact", "fast"):
            network = open_network(model, mode=mode)
            found = computed(network, z, x, *cell)
            assert all(each.dtype == np.float32 for each in found)
            assert network.variant == model.variant.name
            assert found[2].shape == (1, network.mask_size**2)
            limit = 1e-5 if network.arithmetic.startswith("float32") else 0.05
            assert max(apart(found, expected)) < limit


def test_networks_follow_the_protocol(small, small_base):
    for model in (small, small_base):
        assert isinstance(open_network(model), Network)


def test_a_batch_gives_each_target_what_it_gets_alone(small, small_base, formula):
    z, x = formula.patches(1, 127, 3), formula.patches(2, 255, 3)
    rows, cols = [0, 12, 24], [24, 11, 3]
    for model in (small, small_base):
        network = open_network(model)
        single = [network.template(z[i : i + 1]) for i in range(3)]
        for template in (network.template(z), network.join(single)):
            response = network.track(template, x)
            masks = network.masks(response, rows, cols)
            for i in range(3):
                alone = computed(network, z[i : i + 1], x[i : i + 1], [rows[i]], [cols[i]])
                together = response.cls[i : i + 1], response.loc[i : i + 1], masks[i : i + 1]
                assert max(apart(together, alone)) < 1e-5


def test_the_model_stays_as_it_is(small, formula):
    before = {name: each.clone() for name, each in small.state_dict().items()}
    network = open_network(small, mode="fast")
    network.template(formula.patches(1, 127))
    after = small.state_dict()
    assert list(before) == list(after)
    assert all(torch.equal(each, after[name]) for name, each in before.items())
    assert all(each.requires_grad for each in small.parameters())


def test_a_network_in_training_is_computed_in_evaluation(small, formula):
    z, x = formula.patches(1, 127), formula.patches(2, 255)
    expected = computed(open_network(small), z, x, [3], [4])
    found = computed(open_network(small.train()), z, x, [3], [4])
    assert small.training
    small.eval()
    assert max(apart(found, expected)) == 0


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
def test_fast_computes_in_16_bits_where_it_pays(dtype, small, formula, monkeypatch):
    monkeypatch.setattr(runtime, "half_precision", lambda device: dtype)
    z, x = formula.patches(1, 127), formula.patches(2, 255)
    network = open_network(small, mode="fast")
    assert network.arithmetic == str(dtype).removeprefix("torch.")
    found = computed(network, z, x, [3], [4])
    assert all(each.dtype == np.float32 for each in found)
    assert 0 < max(apart(found, plain(small, z, x, [3], [4]))) < 0.05
    assert open_network(small).arithmetic == "float32"


def test_fast_elsewhere_says_what_it_does(small, monkeypatch):
    monkeypatch.setattr(runtime, "half_precision", lambda device: None)
    assert open_network(small, mode="fast").arithmetic == "float32, Winograd 4x4"


def test_read_only_patches(small, formula):
    z = formula.patches(1, 127)
    z.flags.writeable = False
    open_network(small).template(z)


def test_wrong_calls(small, formula):
    network = open_network(small)
    template = network.template(formula.patches(1, 127, 2))
    with pytest.raises(ModelError, match="1 searches for a template of 2 targets"):
        network.track(template, formula.patches(2, 255))
    with pytest.raises(ModelError, match=r"patches of float64 and shape .*accepted: uint8"):
        network.template(formula.patches(1, 127) / 255)
    with pytest.raises(ModelError, match="no template to join"):
        network.join([])
    response = network.track(template, formula.patches(2, 255, 2))
    with pytest.raises(ModelError, match="rows 25"):
        network.masks(response, [25, 0], [0, 0])


def test_wrong_names(small):
    with pytest.raises(RuntimeUnavailableError, match=r"no runtime 'openvin'.*mean 'openvino'"):
        open_network(small, runtime="openvin")
    with pytest.raises(ModelError, match=r"mode 'quick'.*accepted: exact, fast"):
        open_network(small, mode="quick")
    with pytest.raises(DeviceError, match="no device 'tpu'"):
        open_network(small, device="tpu")


def test_a_file_is_opened(formula_checkpoint, formula):
    network = open_network(formula_checkpoint("rpn"))
    assert network.variant == "rpn"
    assert network.mask_size is None
    response = network.track(network.template(formula.patches(1, 127)), formula.patches(2, 143))
    assert response.cls.shape == (1, 10, 3, 3)
    with pytest.raises(ModelError, match="'rpn' has no masks"):
        network.masks(response, [0], [0])


ON_NPU = """
import sys
sys.path[:0] = sys.argv[1:3]
import simulated_npu
npu = simulated_npu.install()
import formula, numpy as np, torch
from siammask.model import Variant, build
from siammask.model.variant import ResNetShape, Stage
from siammask.runtime import open_network

stages = (Stage(1, 2), Stage(1, 4, stride=2), Stage(2, 8, dilation=2))
torch.manual_seed(0)
model = build(Variant("sharp", ResNetShape(8, stages), 6, coarse_mask=63, refined_mask=127))
z, x = formula.patches(1, 127, 2), formula.patches(2, 143, 2)

def computed(network):
    template = network.join([network.template(z[:1]), network.template(z[1:])])
    response = network.track(template, x)
    return response.cls, response.loc, network.masks(response, [1, 2], [2, 0])

expected = computed(open_network(model))
for mode, arithmetic, limit in (("exact", "float32", 1e-5), ("fast", "float16", 0.05)):
    network = open_network(model, mode=mode, device="npu")
    assert network.arithmetic == arithmetic
    before = npu.operators["aten::convolution"] + npu.operators["aten::conv2d"]
    for a, b in zip(computed(network), expected):
        assert type(a) is np.ndarray and a.dtype == np.float32
        assert np.abs(a - b).max() < limit * np.abs(b).max(), mode
    assert npu.operators["aten::convolution"] + npu.operators["aten::conv2d"] > before
"""


@pytest.mark.slow  # test_device.py has a network there in every run
def test_on_a_simulated_npu():
    arguments = [sys.executable, "-c", ON_NPU, str(HERE.parent), str(HERE)]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
