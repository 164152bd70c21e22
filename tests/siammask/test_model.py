"""Names, shapes and sizes of the network, and what its parts promise."""

# ruff: noqa: E402 (torch is asked for first)
from __future__ import annotations

import copy
import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from siammask.errors import ModelError
from siammask.model import VARIANTS, Template, Variant, build
from siammask.model.correlation import correlate
from siammask.model.refine import all_windows, cut_windows
from siammask.model.variant import ResNetShape, Stage

SMALL = Variant(
    "small",
    ResNetShape(stem=8, stages=(Stage(1, 2), Stage(1, 4, stride=2), Stage(2, 8, dilation=2))),
    hidden=6,
    coarse_mask=63,
    refined_mask=127,
)
"""The same geometry with few channels."""

PARAMETERS = {
    "features.features.conv1.": 9_408,
    "features.features.bn1.": 128,
    "features.features.layer1.": 215_808,
    "features.features.layer2.": 2_268_160,
    "features.features.layer3.": 11_292_672,
    "features.downsample.": 262_656,
    "rpn_model.cls.": 1_249_290,
    "rpn_model.loc.": 1_251_860,
    "mask_model.": 2_266_753,
    "refine_model.": 2_665_317,
}


@pytest.fixture(scope="module")
def small():
    """Give a network of few channels, in evaluation."""
    torch.manual_seed(0)
    return build(SMALL).double().eval()


def pictures(count, size, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return 255 * torch.rand(count, 3, size, size, generator=generator, dtype=torch.float64)


@pytest.fixture(scope="module")
def table(golden):
    """List name and shape of each tensor of the original, in its order."""
    lines = (golden / "siammask" / "state_dict.txt").read_text().splitlines()[1:]
    return [
        (name, tuple(map(int, re.findall(r"\d+", shape))))
        for name, _, shape in (line.partition(" ") for line in lines)
    ]


@pytest.mark.parametrize(
    ("variant", "absent", "entries", "parameters"),
    [
        ("rpn", ("mask_model.", "refine_model."), 304, 16_549_982),
        ("base", ("refine_model.",), 324, 18_816_735),
        ("sharp", (), 356, 21_482_052),
    ],
)
def test_state_dict_is_the_originals(variant, absent, entries, parameters, table):
    with torch.device("meta"):
        model = build(variant)
    state = [(name, tuple(tensor.shape)) for name, tensor in model.state_dict().items()]
    assert state == [entry for entry in table if not entry[0].startswith(absent)]
    assert len(state) == entries
    assert sum(each.numel() for each in model.parameters()) == parameters
    for name, tensor in model.state_dict().items():
        kind = torch.int64 if name.endswith("num_batches_tracked") else torch.float32
        assert tensor.dtype == kind


@pytest.mark.parametrize("part", list(PARAMETERS))
def test_parameters_of_each_part(part):
    with torch.device("meta"):
        model = build("sharp")
    found = [each.numel() for name, each in model.named_parameters() if name.startswith(part)]
    assert sum(found) == PARAMETERS[part]


def test_unknown_variant():
    with pytest.raises(ModelError, match=r"no variant 'shrap'.*did you mean 'sharp'.*rpn, base, "):
        build("shrap")


@pytest.mark.parametrize(
    ("size", "maps", "adjusted"),
    [(127, [61, 31, 15, 15], 7), (143, [69, 35, 17, 17], 9), (255, [125, 63, 31, 31], 31)],
)
def test_sizes_of_the_maps(small, size, maps, adjusted):
    with torch.inference_mode():
        found = small.features.features(pictures(1, size))
        assert [each.shape[2:] for each in found] == [(side, side) for side in maps]
        assert small.features(pictures(1, size))[0].shape == (1, 6, adjusted, adjusted)


def test_outputs_of_each_variant():
    with torch.device("meta"):
        for variant in VARIANTS.values():
            model = build(variant)
            template = model.template(torch.empty(2, 3, 127, 127))
            hidden = variant.hidden
            assert template.map.shape == (2, hidden, 7, 7)
            assert {each.shape for each in template.kernels.values()} == {(2, hidden, 5, 5)}
            out = model.track(template, torch.empty(2, 3, 255, 255))
            assert out.cls.shape == (2, 10, 25, 25)
            assert out.loc.shape == (2, 20, 25, 25)
            if variant.name in ("base", "tiny"):
                assert out.mask.shape == (2, 3969, 25, 25)
            else:
                assert out.mask is None
            if variant.mask_size:
                masks = model.masks(out, [0, 24], [3, 9])
                assert masks.shape == (2, variant.mask_size**2)


@pytest.mark.parametrize(
    ("size", "maps", "adjusted"),
    [(127, [63, 31, 15, 15], 7), (143, [71, 35, 17, 17], 9), (255, [127, 63, 31, 31], 31)],
)
def test_sizes_of_the_maps_of_tiny(size, maps, adjusted):
    with torch.device("meta"):
        features = build("tiny").features
        found = features.features(torch.empty(1, 3, size, size))
        assert [each.shape[2:] for each in found] == [(side, side) for side in maps]
        assert features(torch.empty(1, 3, size, size))[0].shape == (1, 48, adjusted, adjusted)


def test_a_cell_of_tiny_is_centred_in_what_it_sees():
    model = build("tiny").eval()
    with torch.no_grad():
        for each in model.features.features.modules():
            if isinstance(each, torch.nn.Conv2d):
                each.weight.fill_(1e-2)
    image = torch.rand(1, 3, 255, 255, requires_grad=True)
    model.features.features(image)[-1][0, 0, 15, 13].backward()
    seen = image.grad[0].abs().sum(0).nonzero()
    # As in the ResNet: pixel 8 i + 7, so that cells lie at the same places in every image size.
    assert (seen.amin(0) + seen.amax(0)).tolist() == [2 * (8 * 15 + 7), 2 * (8 * 13 + 7)]


def test_tiny_fits_into_four_megabytes_in_16_bits():
    with torch.device("meta"):
        state = build("tiny").state_dict()
    assert sum(2 * tensor.numel() for tensor in state.values()) < 4e6


def test_fresh_weights():
    torch.manual_seed(0)
    model = build("sharp")
    for name, module in model.features.features.named_modules():
        if isinstance(module, torch.nn.Conv2d):
            fan = module.kernel_size[0] ** 2 * module.out_channels
            assert module.weight.std().item() == pytest.approx((2 / fan) ** 0.5, rel=0.05), name
        if isinstance(module, torch.nn.BatchNorm2d):
            assert (module.weight == 1).all() and (module.bias == 0).all()
            assert (module.eps, module.momentum) == (1e-5, 0.1)
    for name, module in model.refine_model.named_modules():
        if isinstance(module, torch.nn.Conv2d):
            # Kaiming, uniform, a = 1: the bound is sqrt(3 / fan in).
            bound = (3 / (9 * module.in_channels)) ** 0.5
            assert module.weight.abs().max() <= bound, name
            assert module.weight.abs().max() > 0.85 * bound, name


def test_correlation_by_eye():
    search = torch.zeros(1, 2, 3, 3)
    search[0, 0, 1, 2], search[0, 1, 0, 0] = 1, 10
    kernel = torch.tensor([[[[1.0, 2], [3, 4]], [[5.0, 6], [7, 8]]]])
    assert correlate(search, kernel)[0].tolist() == [[[0, 4], [0, 2]], [[50, 0], [0, 0]]]


def test_correlation_keeps_samples_apart():
    search, kernel = torch.rand(3, 4, 7, 7), torch.rand(3, 4, 5, 5)
    found = correlate(search, kernel)
    for sample in range(3):
        one = slice(sample, sample + 1)
        torch.testing.assert_close(found[one], correlate(search[one], kernel[one]))


def test_a_batch_gives_each_target_what_it_gets_alone(small):
    z, x = pictures(3, 127, 1), pictures(3, 255, 2)
    rows, cols = [0, 12, 24], [24, 11, 3]
    with torch.inference_mode():
        together = small.template(z)
        alone = [small.template(z[i : i + 1]) for i in range(3)]
        for template in (together, Template.join(alone), Template.join([together[:2], alone[2]])):
            out = small.track(template, x)
            masks = small.refine(out, rows, cols)
            for i in range(3):
                single = small.track(alone[i], x[i : i + 1])
                torch.testing.assert_close(out.cls[i : i + 1], single.cls)
                torch.testing.assert_close(out.loc[i : i + 1], single.loc)
                mask = small.refine(single, [rows[i]], [cols[i]])
                torch.testing.assert_close(masks[i : i + 1], mask)


def test_templates_are_picked_and_joined(small):
    with torch.inference_mode():
        template = small.template(pictures(4, 127))
    assert len(template) == 4
    assert [len(each) for each in template] == [1] * 4
    assert torch.equal(template[-1].map, template.map[3:])
    assert torch.equal(template[[2, 0]].kernels["loc"], template.kernels["loc"][[2, 0]])
    again = Template.join(list(template))
    assert all(torch.equal(again.kernels[name], each) for name, each in template.kernels.items())
    assert template.to(torch.float64).kernels["mask"].dtype == torch.float64
    with pytest.raises(IndexError, match="target 4 of a template of 4"):
        template[4]
    with pytest.raises(ModelError, match="no template to join"):
        Template.join([])


@pytest.mark.parametrize(
    "cells", [([3, 4], [5, 6]), (np.array([3, 4]), (5, 6)), (torch.tensor([3, 4]), range(5, 7))]
)
def test_cells_are_lists_arrays_or_tensors(small, cells):
    with torch.inference_mode():
        out = small.track(small.template(pictures(1, 127)), pictures(1, 255))
        masks = small.refine(out, *cells)
        torch.testing.assert_close(masks[:1], small.refine(out, 3, 5))
        torch.testing.assert_close(masks[1:], small.refine(out, [4], [6]))


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (([25], [0]), r"rows 25 \(accepted: ints, 0 to 24\)"),
        (([0], [-1]), "cols -1"),
        (([0.5], [1]), "rows 0.5"),
        (([True], [1]), "rows True"),
        (([1, 2], [1]), "2 rows but 1 cols"),
        (([], []), "no rows"),
    ],
)
def test_cells_outside_the_grid(small, cells, fault):
    with torch.inference_mode():
        out = small.track(small.template(pictures(1, 127)), pictures(1, 255))
    with pytest.raises(ModelError, match=fault):
        small.refine(out, *cells)


def test_calls_that_do_not_fit(small):
    with torch.inference_mode():
        template = small.template(pictures(2, 127))
        out = small.track(template, pictures(2, 255))
        with pytest.raises(ModelError, match="3 cells for 2 targets"):
            small.refine(out, [1, 2, 3], [1, 2, 3])
        with pytest.raises(ModelError, match="1 searches for a template of 2 targets"):
            small.track(template, pictures(1, 255))
        with pytest.raises(ModelError, match=r"template of shape \(1, 3, 255, 255\)"):
            small.template(pictures(1, 255))
        with pytest.raises(ModelError, match=r"search of shape \(3, 255, 255\)"):
            small.track(template, pictures(1, 255)[0])
    with torch.device("meta"):
        base, rpn = build("base"), build("rpn")
    with pytest.raises(ModelError, match="'base' does not refine"):
        base.refine(out, [1], [1])
    with pytest.raises(ModelError, match="'rpn' has no masks"):
        rpn.masks(
            rpn(torch.empty(1, 3, 127, 127).to("meta"), torch.empty(1, 3, 255, 255).to("meta")),
            [1],
            [1],
        )


def test_one_coarse_mask_is_the_cell_of_all():
    torch.manual_seed(0)
    model = build(Variant("coarse", SMALL.backbone, hidden=6, coarse_mask=63)).double().eval()
    with torch.inference_mode():
        out = model(pictures(2, 127), pictures(2, 255))
        masks = model.masks(out, [3, 24], [7, 0])
    assert out.mask is not None
    torch.testing.assert_close(masks[0], out.mask[0, :, 3, 7])
    torch.testing.assert_close(masks[1], out.mask[1, :, 24, 0])


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 24), st.integers(0, 24))
def test_windows_are_those_of_the_padded_maps(row, col):
    for size, side, stride, margin in ((125, 61, 4, 16), (63, 31, 2, 8), (31, 15, 1, 4)):
        each = torch.arange(1.0, size**2 + 1).reshape(1, 1, size, size)
        padded = torch.nn.functional.pad(each, (margin,) * 4)
        expected = padded[:, :, stride * row :, stride * col :][:, :, :side, :side]
        maps = [torch.zeros(1, 1, other, other) for other in (125, 63, 31)]
        maps[{125: 0, 63: 1, 31: 2}[size]] = each
        found = cut_windows(maps, [(0, row, col)], 25)
        assert torch.equal(found[{125: 0, 63: 1, 31: 2}[size]], expected)


@pytest.mark.parametrize(("sizes", "grid"), [((69, 35, 17), 3), ((125, 63, 31), 25)])
def test_all_windows_are_the_windows_of_all_cells(sizes, grid):
    maps = [torch.rand(2, 1, size, size) for size in sizes]
    cells = [(sample, row, col) for sample in (0, 1) for row in range(grid) for col in range(grid)]
    for found, expected in zip(
        all_windows(maps, grid), cut_windows(maps, cells, grid), strict=True
    ):
        assert torch.equal(found, expected)


def test_training_of_refinement_sees_all_positions(small):
    z, x = pictures(2, 127), pictures(2, 143)
    with torch.inference_mode():
        out = small(z, x)
        assert out.cls.shape == (2, 10, 3, 3)
        masks = small.refine_everywhere(out)
        assert masks.shape == (18, 127**2)
        cell = small.refine(out, [2, 1], [0, 2])
    torch.testing.assert_close(masks[6], cell[0])
    torch.testing.assert_close(masks[9 + 5], cell[1])


def test_gradients_reach_what_is_trained():
    torch.manual_seed(0)
    model = build(SMALL).double().train()
    out = model(pictures(2, 127), pictures(2, 143))
    loss = out.cls.square().mean() + out.loc.square().mean()
    (loss + model.refine_everywhere(out).square().mean()).backward()
    without = [name for name, each in model.named_parameters() if each.grad is None]
    # The coarse head is not run when refining, and stays as it was.
    assert without == [name for name, _ in model.named_parameters() if "mask.head" in name]


def test_losses_of_the_original_on_all_positions(formula, formula_model, golden):
    """The sums need every position of every sample in its place."""
    expected = json.loads((golden / "siammask" / "siammask_sharp.json").read_text())
    model = copy.deepcopy(formula_model("sharp")).double()
    with torch.inference_mode():
        out = model(formula.image(3, 127, 2), formula.image(4, 143, 2))
        masks = model.refine_everywhere(out)
    labels = torch.from_numpy(np.floor(3 * formula.uniform(5, 2, 5, 3, 3)) - 1)
    assert losses(out, masks, labels, formula) == pytest.approx(expected["loss"], rel=1e-10)
    assert int((labels.amax(1) == 1).sum()) == expected["n_pos_mask"]


def losses(out, masks, labels, formula):
    """Compute the three losses of the original as its description says."""
    odds = out.cls.reshape(2, 2, 5, 3, 3).log_softmax(1)
    cls = -(odds[:, 1][labels == 1].mean() + odds[:, 0][labels == 0].mean()) / 2
    wanted = torch.from_numpy(formula.uniform(6, 2, 4, 5, 3, 3) - 0.5)
    weight = torch.from_numpy(formula.uniform(7, 2, 5, 3, 3) / 50)
    loc = (weight * (out.loc.reshape(2, 4, 5, 3, 3) - wanted).abs().sum(1)).sum() / 2
    signs = torch.from_numpy(np.where(formula.uniform(8, 2, 1, 143, 143) > 0.6, 1.0, -1.0))
    windows = signs.unfold(2, 127, 8).unfold(3, 127, 8).flatten(0, 3).flatten(1)
    used = (labels.amax(1) == 1).flatten()
    mask = torch.nn.functional.softplus(-masks * windows)[used].mean()
    return [cls.item(), loc.item(), mask.item()]
