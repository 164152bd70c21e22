"""Devices by name, and a whole network on a simulated NPU."""

# ruff: noqa: E402 (torch is asked for first)
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from siammask import device as devices
from siammask.device import find_device, full_precision, half_precision
from siammask.errors import DeviceError

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", ["cpu", "cpu:0", torch.device("cpu")])
def test_cpu(name):
    assert find_device(name) == torch.device("cpu")


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("cuba", "no device 'cuba'.*did you mean 'cuda'.*accepted: cpu, cuda, cuda:1, npu, npu:0"),
        ("", "no device ''.*accepted"),
        ("cuda:x", "no device 'cuda:x'"),
        ("npu:-1", "no device 'npu:-1'"),
        ("CPU", "no device 'CPU'"),
        ("cpu:1", "no device 'cpu:1'.*there is one"),
        ("xpu", "no device 'xpu'"),
    ],
)
def test_names_that_are_none(name, fault):
    with pytest.raises(DeviceError, match=fault):
        find_device(name)


def test_torch_without_cuda(monkeypatch):
    monkeypatch.setattr(torch.version, "cuda", None)
    monkeypatch.setattr(torch.version, "hip", None, raising=False)
    with pytest.raises(DeviceError, match=r"torch, .*, is built without CUDA .*or use cpu"):
        find_device("cuda")


def test_gpus(monkeypatch):
    monkeypatch.setattr(torch.version, "cuda", "12.9")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(DeviceError, match=r"no GPU can be used.*CUDA_VISIBLE_DEVICES"):
        find_device("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert find_device("cuda") == torch.device("cuda", 0)
    assert find_device("cuda:1") == torch.device("cuda", 1)
    with pytest.raises(DeviceError, match=r"no device 'cuda:2'.*there are cuda:0, cuda:1"):
        find_device("cuda:2")


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (
            ModuleNotFoundError("torch_npu"),
            r"not installed.*pip install 'siammask-bench\[npu\]'",
        ),
        (ImportError("libhccl.so: cannot open"), r"cannot be loaded: libhccl.*CANN.*set_env\.sh"),
    ],
)
def test_npu_without_its_software(error, fault, monkeypatch):
    def fail(name):
        assert name == "torch_npu"
        raise error

    monkeypatch.setattr(devices, "import_module", fail)
    monkeypatch.delattr(torch, "npu", raising=False)
    with pytest.raises(DeviceError, match=fault):
        find_device("npu")


def test_half_precision_pays_where_there_are_instructions(monkeypatch):
    cpu, gpu = torch.device("cpu"), torch.device("cuda", 0)
    for capabilities, expected in (
        ({"avx2": True}, None),
        ({"avx512_bf16": True}, torch.bfloat16),
        ({"amx_bf16": True, "avx512_bf16": False}, torch.bfloat16),
    ):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda c=capabilities: c, raising=False)
        assert half_precision(cpu) == expected
    for capability, expected in (((6, 1), None), ((7, 0), torch.float16), ((9, 0), torch.float16)):
        monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _, c=capability: c)
        assert half_precision(gpu) == expected
    monkeypatch.delattr(torch.cpu, "get_capabilities")
    assert half_precision(cpu) is None


def test_full_precision_is_for_the_moment():
    before = torch.backends.cudnn.allow_tf32
    with full_precision(torch.device("cuda", 0)):
        assert not torch.backends.cudnn.allow_tf32
    assert torch.backends.cudnn.allow_tf32 == before
    with full_precision(torch.device("cpu")):
        assert torch.backends.cudnn.allow_tf32 == before


ON_NPU = """
import sys
sys.path.insert(0, sys.argv[1])
import simulated_npu
npu = simulated_npu.install()
import formula, torch
from siammask.device import find_device, half_precision
from siammask.checkpoints import load, read, save
from siammask.errors import DeviceError
from siammask.model.variant import VARIANTS, ResNetShape, Stage, Variant

# Of few channels: what is shown is where tensors are.
stages = (Stage(1, 2), Stage(1, 4, stride=2), Stage(2, 8, dilation=2))
VARIANTS["rpn"] = Variant("rpn", ResNetShape(8, stages), 6)

assert find_device("npu") == torch.device("npu", 0)
assert find_device("npu:1") == torch.device("npu", 1)
try:
    find_device("npu:2")
except DeviceError as error:
    assert "there are npu:0, npu:1" in str(error), error
assert half_precision(find_device("npu")) == torch.float16

path = sys.argv[2] + "/weights.pth"
cpu = formula.filled("rpn")
save(cpu, path)
model = load(path, device="npu")
z, x = formula.image(1, 127).float(), formula.image(2, 143).float()
with torch.inference_mode():
    expected = cpu(z, x)
    out = model(z.to("npu"), x.to("npu"))
    assert out.cls.device.type == "npu"
    assert torch.equal(out.cls.cpu(), expected.cls)
    assert torch.equal(out.loc.cpu(), expected.loc)
    try:
        model.template(z)
    except RuntimeError as error:
        assert "same device" in str(error)
    else:
        raise AssertionError("devices were mixed")
save(model, path)
assert all(each.device.type == "cpu" for each in read(path).values())
"""


def test_a_network_on_a_simulated_npu(tmp_path):
    arguments = [sys.executable, "-c", ON_NPU, str(HERE), str(tmp_path)]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
