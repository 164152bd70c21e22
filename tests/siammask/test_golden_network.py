"""The network against what the original printed for the same weights and images."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")

VARIANTS = {"rpn": "siamrpn_resnet", "base": "siammask_base", "sharp": "siammask_sharp"}
CELLS = [(12, 12), (0, 24), (24, 3)]
TOLERANCE = {torch.float64: 1e-10, torch.float32: 1e-4}


def summary(tensor):
    """Describe a tensor as the golden files do."""
    flat = tensor.double().flatten().numpy()
    return {
        "shape": list(tensor.shape),
        "mean": flat.mean(),
        "absmean": np.abs(flat).mean(),
        "first": flat[:4].tolist(),
        "last": flat[-1],
    }


def outputs(model, formula, dtype):
    """Compute everything that the golden files hold of a network."""
    with torch.inference_mode():
        template = model.template(formula.image(1, 127).to(dtype))
        out = model.track(template, formula.image(2, 255).to(dtype))
        found = {"zf": template.map, "cls": out.cls, "loc": out.loc}
        if out.correlation is not None:
            found["mask"] = model.mask_model["mask"].head(out.correlation)
        if model.variant.name == "base":
            assert torch.equal(out.mask, found["mask"])
        if model.variant.name == "sharp":
            assert out.mask is None
            found |= {
                "corr": out.correlation,
                **dict(zip(("f0", "f1", "f2"), out.features, strict=True)),
            }
            refined = model.refine(out, *zip(*CELLS, strict=True))
            found |= {
                f"refine_{row}_{col}": refined[i : i + 1] for i, (row, col) in enumerate(CELLS)
            }
    return found


@pytest.mark.parametrize(
    ("variant", "dtype"),
    [
        *((variant, torch.float32) for variant in VARIANTS),
        ("sharp", torch.float64),
        # What they have is in the refining network, too.
        pytest.param("rpn", torch.float64, marks=pytest.mark.slow),
        pytest.param("base", torch.float64, marks=pytest.mark.slow),
    ],
)
def test_outputs_of_the_original(variant, dtype, formula, formula_model, golden):
    expected = json.loads((golden / "siammask" / f"{VARIANTS[variant]}.json").read_text())
    found = outputs(copy.deepcopy(formula_model(variant)).to(dtype), formula, dtype)
    assert set(found) == {name for name, value in expected.items() if isinstance(value, dict)}
    for name, tensor in found.items():
        described = summary(tensor)
        assert described.pop("shape") == expected[name].pop("shape")
        # Single values are as exact as the tensor is large: relative to its mean size.
        near = {"rel": TOLERANCE[dtype], "abs": TOLERANCE[dtype] * expected[name]["absmean"]}
        for key, value in described.items():
            assert value == pytest.approx(expected[name][key], **near), (name, key)
