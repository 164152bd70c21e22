"""Convolutions with fewer multiplications against plain ones."""

# ruff: noqa: E402 (torch is asked for first)
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from siammask.runtime.folding import fold
from siammask.runtime.winograd import PAYS_FROM, WinogradConv2d, accelerate


def convolution(inputs, outputs, padding=0, dilation=1):
    generator = torch.Generator().manual_seed(inputs + outputs)
    conv = torch.nn.Conv2d(inputs, outputs, 3, 1, padding, dilation).requires_grad_(False)
    conv.weight.copy_(torch.randn(conv.weight.shape, generator=generator) / (3 * inputs**0.5))
    conv.bias.copy_(torch.randn(outputs, generator=generator))
    return conv


@settings(deadline=None, max_examples=60)
@given(
    tile=st.sampled_from([2, 4]),
    batch=st.integers(1, 3),
    inputs=st.integers(1, 5),
    outputs=st.integers(1, 5),
    height=st.integers(5, 20),
    width=st.integers(5, 20),
    padding=st.integers(0, 3),
    dilation=st.integers(1, 2),
)
def test_the_same_function(tile, batch, inputs, outputs, height, width, padding, dilation):
    conv = convolution(inputs, outputs, padding, dilation).double()
    x = torch.rand(batch, inputs, height, width, dtype=torch.float64)
    torch.testing.assert_close(WinogradConv2d(conv, tile)(x), conv(x), rtol=1e-12, atol=1e-12)


def test_a_constant_image_by_eye():
    conv = torch.nn.Conv2d(1, 1, 3).requires_grad_(False)
    conv.weight.copy_(torch.arange(1.0, 10).reshape(1, 1, 3, 3))
    conv.bias.fill_(0.5)
    for tile in (2, 4):
        found = WinogradConv2d(conv, tile)(torch.full((1, 1, 7, 6), 2.0))
        torch.testing.assert_close(found, torch.full((1, 1, 5, 4), 90.5))


@pytest.mark.parametrize(("tile", "times"), [(2, 1.5), (4, 8)])
def test_rounding_beside_that_of_direct_sums(tile, times):
    conv = convolution(256, 64, padding=1)
    x = torch.rand(1, 256, 16, 16, generator=torch.Generator().manual_seed(0))
    exact = torch.nn.functional.conv2d(x.double(), conv.weight.double(), conv.bias.double(), 1, 1)
    # One sum after the other: fast libraries add in blocks, which is more exact by chance.
    error = (WinogradConv2d(conv, tile)(x) - exact).abs().max()
    assert error <= times * (conv(x) - exact).abs().max()


def test_result_is_channels_last():
    found = WinogradConv2d(convolution(4, 8), 2)(torch.rand(2, 4, 9, 9))
    assert found.is_contiguous(memory_format=torch.channels_last)


def test_only_what_pays_is_replaced():
    few, many = PAYS_FROM[4] - 1, PAYS_FROM[4]
    module = torch.nn.Sequential(
        convolution(few, many),
        torch.nn.Sequential(convolution(many, many, 2, 2)),
        torch.nn.Conv2d(many, many, 3, stride=2),
        torch.nn.Conv2d(many, many, 1),
    )
    accelerate(module, 4)
    kinds = [type(each).__name__ for each in module.modules()]
    assert kinds == ["Sequential", "Conv2d", "Sequential", "WinogradConv2d", "Conv2d", "Conv2d"]


def test_folding_keeps_the_function():
    torch.manual_seed(0)
    block = torch.nn.Sequential(
        torch.nn.Conv2d(3, 4, 3, bias=False),
        torch.nn.BatchNorm2d(4),
        torch.nn.ReLU(),
        torch.nn.Sequential(torch.nn.Conv2d(4, 2, 1), torch.nn.BatchNorm2d(2)),
    )
    x = torch.rand(5, 3, 8, 8)
    block(x)
    torch.nn.init.uniform_(block[1].weight)
    expected = block.eval()(x)
    fold(block)
    assert not any(isinstance(each, torch.nn.BatchNorm2d) for each in block.modules())
    assert {each.dtype for each in block.parameters()} == {torch.float32}
    torch.testing.assert_close(block(x), expected)
