"""Fixtures of the tests of trainers."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def formula() -> ModuleType:
    """Give the module `formula.py` of siammask's tests: weights and images by a formula."""
    pytest.importorskip("torch")
    path = Path(__file__).parents[1] / "siammask" / "formula.py"
    spec = importlib.util.spec_from_file_location("siammask_formula", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def formula_batch(formula: ModuleType) -> Callable[..., dict[str, object]]:
    """Give the batch of two whose losses the golden files have, of 25 or 3 cells; float64."""
    import torch

    def make(cells: int = 25, batch: int = 2, most: float = 0.99) -> dict[str, object]:
        search = {25: 255, 3: 143}[cells]
        uniform = formula.uniform
        labels = torch.from_numpy((3 * uniform(5, batch, 5, cells, cells)).astype("int64") - 1)
        if cells == 3:
            weight = (labels == 1).any(dim=1, keepdim=True).double()
        else:
            weight = torch.from_numpy(uniform(9, batch, 1, cells, cells) > most).double()
        signs = torch.from_numpy(uniform(8, batch, 1, search, search) > 0.6).double() * 2 - 1
        return {
            "template": formula.image(3, 127, batch),
            "search": formula.image(4, search, batch),
            "label_cls": labels,
            "label_loc": torch.from_numpy(uniform(6, batch, 4, 5, cells, cells) - 0.5),
            "label_loc_weight": torch.from_numpy(uniform(7, batch, 5, cells, cells) / 50),
            "label_mask": signs,
            "label_mask_weight": weight,
        }

    return make


@pytest.fixture
def small() -> Callable[[str], object]:
    """Build a narrow, shallow network of a variant, always the same; float64, to train."""
    torch = pytest.importorskip("torch")
    from dataclasses import replace

    from siammask.model import VARIANTS, build
    from siammask.model.variant import ResNetShape, Stage

    shape = ResNetShape(4, (Stage(1, 2), Stage(2, 3, stride=2), Stage(2, 4, dilation=2)))

    def make(variant: str) -> object:
        with torch.random.fork_rng():
            torch.manual_seed(7)
            return build(replace(VARIANTS[variant], backbone=shape, hidden=8)).double()

    return make
