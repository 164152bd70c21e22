"""Graphs on disk: what is written, and what is refused."""

# ruff: noqa: E402 (torch is asked for first)
from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")

from siammask import export as exporting
from siammask.cli.export import export as export_command
from siammask.errors import CheckpointError, ExportError
from siammask.export import export
from siammask.model import Variant, build
from siammask.model.variant import ResNetShape, Stage

SHAPE = ResNetShape(8, (Stage(1, 2), Stage(1, 4, stride=2), Stage(2, 8, dilation=2)))

VARIANTS = {
    "rpn": (Variant("rpn", SHAPE, 6), []),
    "base": (Variant("base", SHAPE, 6, coarse_mask=63), ["mask.onnx"]),
    "sharp": (Variant("sharp", SHAPE, 6, coarse_mask=63, refined_mask=127), ["refine.onnx"]),
}


@pytest.fixture
def checkpoint(tmp_path, monkeypatch):
    """Give a function that makes a file which loads as a network of few channels."""
    path = tmp_path / "weights.pth"
    path.write_bytes(b"weights")

    def make(variant):
        torch.manual_seed(0)
        model = build(VARIANTS[variant][0]).eval()
        monkeypatch.setattr(exporting, "load", lambda path: model)
        return path, model

    return make


@pytest.mark.parametrize("variant", list(VARIANTS))
def test_what_is_written(variant, checkpoint, tmp_path):
    path, _ = checkpoint(variant)
    paths = export(path, tmp_path / "new" / "out")
    names = ["template.onnx", "search.onnx", *VARIANTS[variant][1], "network.json"]
    assert [each.name for each in paths] == names
    assert sorted(each.name for each in paths[0].parent.iterdir()) == sorted(names)
    about = json.loads(paths[-1].read_text())
    assert about["variant"] == variant
    digest = hashlib.sha256(b"weights").hexdigest()
    assert about["checkpoint"] == {"name": "weights.pth", "sha256": digest}
    assert list(about["graphs"]) == names[:-1]
    assert max(about["largest_difference_to_torch"].values()) < 1e-4
    for each in paths[:-1]:
        session = onnxruntime.InferenceSession(each, providers=["CPUExecutionProvider"])
        described = about["graphs"][each.name]
        for kind, values in (("inputs", session.get_inputs()), ("outputs", session.get_outputs())):
            assert {value.name: value.shape for value in values} == {
                name: value["shape"] for name, value in described[kind].items()
            }


def test_any_batch(checkpoint, tmp_path):
    path, model = checkpoint("sharp")
    template, search, *_ = export(path, tmp_path)
    z, x = 255 * torch.rand(3, 3, 127, 127), 255 * torch.rand(3, 3, 255, 255)
    (kernel,) = onnxruntime.InferenceSession(template).run(None, {"template": z.numpy()})
    session = onnxruntime.InferenceSession(search)
    cls, loc, *_ = session.run(None, {"search": x.numpy(), "kernel": kernel})
    with torch.inference_mode():
        out = model(z, x)
    for found, expected in ((cls, out.cls.numpy()), (loc, out.loc.numpy())):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


def test_a_graph_that_computes_something_else_is_not_written(checkpoint, tmp_path, monkeypatch):
    path, model = checkpoint("rpn")
    graphs = exporting._graphs(model, 255)
    with torch.no_grad():
        model.rpn_model["loc"].head[3].bias += (
            0.01
            * model(torch.full((1, 3, 127, 127), 99.0), torch.full((1, 3, 255, 255), 99.0))
            .loc.abs()
            .max()
        )
    monkeypatch.setattr(exporting, "_graphs", lambda model, size: graphs)
    with pytest.raises(ExportError, match="onnxruntime's loc differs from torch's by"):
        export(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_wrong_wishes(tmp_path):
    with pytest.raises(ExportError, match=r"format 'tflite'.*accepted: onnx"):
        export(tmp_path / "weights.pth", tmp_path, format="tflite")
    with pytest.raises(ExportError, match=r"search of 256 px.*accepted: 143, 151"):
        export(tmp_path / "weights.pth", tmp_path, size=256)
    with pytest.raises(CheckpointError, match="No such file"):
        export(tmp_path / "weights.pth", tmp_path)


def test_the_command(checkpoint, tmp_path, capsys):
    path, _ = checkpoint("base")
    assert export_command(path, tmp_path / "out") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(",")[0].rpartition("/")[2] for line in lines[:-1]] == [
        "template.onnx",
        "search.onnx",
        "mask.onnx",
        "network.json",
    ]
    assert lines[-1] == "onnxruntime gives what torch does, within 0.0001"
