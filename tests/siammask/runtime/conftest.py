"""Fixtures for every program that computes the network."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def small():
    """Give a network of few channels that refines: what it computes is quick to compare."""
    torch = pytest.importorskip("torch")
    from siammask.model import Variant, build
    from siammask.model.variant import ResNetShape, Stage

    stages = (Stage(1, 2), Stage(1, 4, stride=2), Stage(2, 8, dilation=2))
    torch.manual_seed(0)
    variant = Variant("sharp", ResNetShape(8, stages), 6, coarse_mask=63, refined_mask=127)
    return build(variant).eval()


@pytest.fixture(scope="session")
def small_base():
    """Give a network of few channels with coarse masks."""
    torch = pytest.importorskip("torch")
    from siammask.model import Variant, build
    from siammask.model.variant import ResNetShape, Stage

    stages = (Stage(1, 2), Stage(1, 4, stride=2), Stage(2, 8, dilation=2))
    torch.manual_seed(0)
    return build(Variant("base", ResNetShape(8, stages), 6, coarse_mask=63)).eval()
