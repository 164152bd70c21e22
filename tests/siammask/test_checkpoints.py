"""Every wrapping of the weights, and files that are none."""

# ruff: noqa: E402 (torch is asked for first)
from __future__ import annotations

import argparse
import collections
import pickle
import zipfile

import pytest

torch = pytest.importorskip("torch")

from siammask import checkpoints
from siammask.checkpoints import PYSOT, load, load_backbone, load_state, read, save
from siammask.errors import CheckpointError, DeviceError, ModelError, UserError
from siammask.model import build


@pytest.fixture(scope="module")
def sharp(formula_model):
    return formula_model("sharp")


@pytest.fixture(scope="module")
def tiny(formula_model):
    """Give the smallest network, for what is the same with all."""
    return formula_model("tiny")


def as_pysot(state):
    """Rename a state dict as pysot does."""
    renamed = {}
    for name, tensor in state.items():
        pysot, ours = max(
            ((p, o) for p, o in PYSOT.items() if name.startswith(o)), key=lambda pair: len(pair[1])
        )
        renamed[pysot + name.removeprefix(ours)] = tensor
    return renamed


def snapshot(state):
    """Wrap a state dict as the original training does."""
    weight = torch.nn.Parameter(torch.zeros(2))
    optimizer = torch.optim.SGD([weight], lr=0.005, momentum=0.9)
    weight.grad = torch.ones(2)
    optimizer.step()
    anchors = {"stride": 8, "ratios": [0.33, 0.5, 1, 2, 3], "scales": [8], "round_dight": 0}
    return {
        "epoch": 12,
        "arch": "Custom",
        "state_dict": state,
        "best_acc": 0.0,
        "optimizer": optimizer.state_dict(),
        "anchor_cfg": anchors,
    }


def in_parallel(state):
    return {f"module.{name}": each for name, each in state.items()}


def without_counters(state):
    return {name: each for name, each in state.items() if not name.endswith("num_batches_tracked")}


WRAPPINGS = {
    "bare": dict,
    "ordered": collections.OrderedDict,
    "state_dict": lambda state: {"state_dict": state},
    "module": in_parallel,
    "module in state_dict": lambda state: {"state_dict": in_parallel(state)},
    "snapshot": snapshot,
    "before torch 0.4.1": without_counters,
    "pysot": as_pysot,
    "pysot in parallel": lambda state: {"state_dict": in_parallel(as_pysot(state))},
}


def same(model, other):
    state = other.state_dict()
    return all(
        torch.equal(each, state[name])
        for name, each in model.state_dict().items()
        if not name.endswith("num_batches_tracked")
    )


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])
@pytest.mark.parametrize("wrapping", list(WRAPPINGS))
def test_every_wrapping_is_read_the_same(wrapping, zipped, sharp, tmp_path):
    state = {name: each.flatten()[:3].clone() for name, each in sharp.state_dict().items()}
    content = WRAPPINGS[wrapping](state)
    torch.save(content, tmp_path / "w.pth", _use_new_zipfile_serialization=zipped)
    found = read(tmp_path / "w.pth")
    assert set(found) == set(without_counters(state) if "before" in wrapping else state)
    assert all(torch.equal(each, state[name]) for name, each in found.items())


@pytest.mark.parametrize("wrapping", ["snapshot", "before torch 0.4.1", "pysot in parallel"])
def test_every_wrapping_loads(wrapping, sharp, tmp_path):
    torch.save(WRAPPINGS[wrapping](sharp.state_dict()), tmp_path / "weights.pth")
    model = load(tmp_path / "weights.pth")
    assert model.variant.name == "sharp"
    assert not model.training
    assert same(model, sharp)
    assert not any(each for each in model.buffers() if each.dtype == torch.int64)


@pytest.mark.parametrize(
    ("variant", "ending"),
    [
        *((variant, ".pth") for variant in ("rpn", "base", "sharp")),
        *((variant, ".safetensors") for variant in ("sharp", "tiny")),
    ],
)
def test_saved_and_loaded(variant, ending, formula_model, tmp_path):
    path = tmp_path / "new" / f"weights{ending}"
    save(formula_model(variant), path)
    model = load(str(path))
    assert model.variant.name == variant
    assert same(model, formula_model(variant))
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_results_are_those_of_the_model(tiny, formula, formula_checkpoint):
    model = load(formula_checkpoint("tiny"))
    z, x = formula.image(1, 127).float(), formula.image(2, 143).float()
    with torch.inference_mode():
        found, expected = model(z, x), tiny(z, x)
    assert torch.equal(found.cls, expected.cls)
    assert torch.equal(found.correlation, expected.correlation)


def test_the_content_decides_not_the_name(tiny, tmp_path):
    save(tiny, tmp_path / "a.safetensors")
    (tmp_path / "a.safetensors").rename(tmp_path / "a.pth")
    assert same(load(tmp_path / "a.pth"), tiny)


def test_half_precision_files_give_float32(tiny, tmp_path):
    state = {name: each.half() for name, each in without_counters(tiny.state_dict()).items()}
    torch.save(state, tmp_path / "half.pth")
    model = load(tmp_path / "half.pth")
    assert {each.dtype for each in model.parameters()} == {torch.float32}


def test_a_smaller_variant_takes_its_part(formula_checkpoint, formula_model):
    for variant in ("rpn", "base"):
        model = load(formula_checkpoint("sharp"), variant=variant)
        assert model.variant.name == variant
        assert same(model, formula_model(variant))


def test_wrong_wishes(formula_checkpoint):
    with pytest.raises(CheckpointError, match=r"32 missing: refine_model\.v0\.0\.weight.*27 more"):
        load(formula_checkpoint("base"), variant="sharp")
    with pytest.raises(ModelError, match="no variant 'basis'"):
        load(formula_checkpoint("base"), variant="basis")
    with pytest.raises(DeviceError, match="no device 'gpu'"):
        load(formula_checkpoint("base"), device="gpu")


def test_faults_are_named(sharp, tmp_path):
    state = sharp.state_dict()
    del state["rpn_model.cls.head.3.bias"], state["refine_model.deconv.weight"]
    state["extra.weight"] = torch.ones(2)
    state["rpn_model.loc.head.3.bias"] = torch.ones(24)
    state["refine_model.post2.bias"] = torch.tensor([float("nan")])
    path = tmp_path / "odd.pth"
    torch.save(state, path)
    with pytest.raises(CheckpointError) as raised:
        load(path)
    message = str(raised.value)
    assert message.startswith(f"{path}: not the weights of this network: ")
    for part in (
        "2 missing: rpn_model.cls.head.3.bias, refine_model.deconv.weight;",
        "1 unused: extra.weight;",
        "1 of another shape: rpn_model.loc.head.3.bias (24,) instead of (20,);",
        "1 not finite: refine_model.post2.bias ",
        "exactly the 356 tensors of 'sharp'",
    ):
        assert part in message
    assert len(message.splitlines()) == 1


class Call:
    """Runs code when it is unpickled."""

    def __reduce__(self):
        return print, ("code from the file",)


def test_half_the_size_in_16_bits(tmp_path):
    torch.manual_seed(0)
    model, path = build("tiny"), tmp_path / "tiny.safetensors"
    save(model, path, half=True)
    assert path.stat().st_size < 4e6
    found = load(path)
    assert found.variant.name == "tiny"
    for name, tensor in model.state_dict().items():
        assert torch.equal(found.state_dict()[name], tensor.half().to(tensor.dtype)), name


def test_a_weight_too_large_for_16_bits(tmp_path):
    model = build("tiny")
    with torch.no_grad():
        next(model.parameters()).fill_(1e5)
    with pytest.raises(CheckpointError, match="too large for 16 bits"):
        save(model, tmp_path / "tiny.pth", half=True)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (Call(), "print"),
        ({"state_dict": {"a": torch.ones(1)}, "hook": Call()}, "print"),
        ({"state_dict": {}, "args": argparse.Namespace()}, r"argparse\.Namespace"),
        (torch.nn.ReLU(), r"torch\.nn\.modules\.activation\.ReLU"),
    ],
)
def test_no_code_is_run(content, what, tmp_path, capfd):
    path = tmp_path / "code.pth"
    torch.save(content, path)
    with pytest.raises(CheckpointError, match=f"would run code from the file .{what}.*torch.save"):
        load(path)
    assert capfd.readouterr().out == ""


def cut(path, content, share, **how):
    torch.save(content, path, **how)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])


LEGACY = {"_use_new_zipfile_serialization": False}

BROKEN = {
    "absent": (lambda path: None, "No such file"),
    "folder": (lambda path: path.mkdir(), "Is a directory.*accepted: a file"),
    "empty": (lambda path: path.touch(), "is empty.*again"),
    "text": (lambda path: path.write_text("epoch 3\nloss 2"), "a text file.*'epoch 3'.*again"),
    "page": (lambda path: path.write_text("\n<!DOCTYPE html><html>"), "a web page.*again"),
    "pointer": (
        lambda path: path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:4d"),
        "git-lfs pointer.*git lfs pull",
    ),
    "gzip": (lambda path: path.write_bytes(b"\x1f\x8b\x08" + bytes(99)), "packed archive.*unpack"),
    "noise": (lambda path: path.write_bytes(bytes(range(256))), "not a file of torch"),
    "pickle": (lambda path: path.write_bytes(pickle.dumps({"a": 1})), "not a file of torch"),
    "cut": (lambda path: cut(path, {"a": torch.ones(99)}, 0.5), "broken or cut off"),
    "cut legacy": (lambda path: cut(path, {"a": torch.ones(99)}, 0.9, **LEGACY), "cut off"),
    "cut early": (lambda path: cut(path, {"a": torch.ones(99)}, 0.1, **LEGACY), "cut off"),
    "cut safetensors": (
        lambda path: path.write_bytes(b"\xff\0\0\0\0\0\0\0{"),
        "safetensors file that is broken or cut off",
    ),
    "list": (lambda path: torch.save([1], path), "holds a list, not named tensors"),
    "nothing": (lambda path: torch.save({}, path), "holds nothing, not named tensors"),
    "mixed": (lambda path: torch.save({"epoch": 1, "a": torch.ones(1)}, path), "tensors: epoch"),
    "other": (
        lambda path: torch.save({"a": torch.ones(1)}, path),
        "no tensor of the network.* a",
    ),
}


@pytest.mark.parametrize("kind", list(BROKEN))
def test_files_that_are_no_weights(kind, tmp_path):
    make, fault = BROKEN[kind]
    path = tmp_path / "weights.pth"
    make(path)
    with pytest.raises(CheckpointError, match=fault) as raised:
        load(path)
    message = str(raised.value)
    assert message.startswith(str(path))
    assert len(message.splitlines()) == 1
    assert len(message) < len(str(path)) + 250


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    def refuse(path, *arguments):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(checkpoints.Path, "open", refuse)
    monkeypatch.setattr(checkpoints.Path, "is_dir", refuse)
    with pytest.raises(CheckpointError, match="cannot be read: Permission denied"):
        read(tmp_path / "weights.pth")


def test_a_foreign_zip(tmp_path):
    path = tmp_path / "weights.pth"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(CheckpointError, match="broken, or not a file of torch"):
        read(path)


RESNETS = {
    "bare": "",
    "of a whole network without its prefix": "features.",
    "of a whole network": "features.features.",
    "pysot": "backbone.",
}


@pytest.mark.parametrize("prefix", list(RESNETS.values()), ids=list(RESNETS))
def test_a_resnet_to_train_from(prefix, formula_model, tmp_path):
    source = formula_model("rpn").features.features
    state = {f"{prefix}{name}": each for name, each in source.state_dict().items()}
    state[f"{prefix}layer4.0.conv1.weight"] = torch.ones(512, 1024, 1, 1)
    state[f"{prefix}fc.bias"] = torch.ones(1000)
    torch.save(without_counters(state), tmp_path / "resnet.model")
    model = build("rpn")
    before = model.rpn_model["cls"].head[3].weight.clone()
    load_backbone(model, tmp_path / "resnet.model")
    assert same(model.features.features, source)
    assert torch.equal(before, model.rpn_model["cls"].head[3].weight)


def test_a_resnet_that_does_not_fit(formula_model, tmp_path):
    state = formula_model("rpn").features.features.state_dict()
    state["layer2.0.downsample.0.weight"] = torch.ones(512, 256, 1, 1)
    torch.save(state, tmp_path / "resnet50.pth")
    with pytest.raises(CheckpointError, match=r"1 of another shape: layer2.*torchvision's"):
        load_backbone(build("rpn"), tmp_path / "resnet50.pth")
    with pytest.raises(CheckpointError, match="a bare ResNet is something to train from"):
        load(tmp_path / "resnet50.pth")


def test_refinement_starts_from_a_base(formula_checkpoint, formula_model):
    path = formula_checkpoint("base")
    model = build("sharp")
    fresh = model.refine_model.deconv.weight.clone()
    load_state(model, read(path), path, absent=("refine_model.",))
    assert torch.equal(model.refine_model.deconv.weight, fresh)
    assert same(formula_model("base"), model)


def test_a_file_that_cannot_be_written(formula_model, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be written"):
        save(formula_model("rpn"), tmp_path / "file" / "weights.pth")


def test_what_was_there_stays_when_writing_fails(formula_model, tmp_path, monkeypatch):
    path = tmp_path / "weights.pth"
    path.write_bytes(b"before")

    def fail(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(checkpoints.torch, "save", fail)
    with pytest.raises(KeyboardInterrupt):
        save(formula_model("rpn"), path)
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["weights.pth"]
