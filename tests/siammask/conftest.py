"""Fixtures of the tests of siammask."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def formula() -> ModuleType:
    """Give the module `formula.py` beside this file: weights and images by a formula."""
    pytest.importorskip("torch")
    path = Path(__file__).with_name("formula.py")
    spec = importlib.util.spec_from_file_location("siammask_formula", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def formula_model(formula: ModuleType) -> Callable[[str], object]:
    """Give the float32 network of a variant with formula weights; shared, not to be changed."""
    return cache(formula.filled)


@pytest.fixture(scope="session")
def formula_checkpoint(
    formula: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Give the file of a variant's formula weights in the official wrapping; not to be changed."""
    folder = tmp_path_factory.mktemp("checkpoints")

    @cache
    def write(variant: str = "sharp") -> Path:
        return formula.write_checkpoint(folder / f"{variant}.pth", variant)

    return write


@pytest.fixture(scope="session")
def fake() -> ModuleType:
    """Give the module `fake_network.py` beside this file: a network by a formula, without torch."""
    path = Path(__file__).with_name("fake_network.py")
    spec = importlib.util.spec_from_file_location("siammask_fake_network", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
