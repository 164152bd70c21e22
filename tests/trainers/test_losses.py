"""The losses against their definition, one number after the other, and by properties."""

from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from torch.nn.functional import interpolate, log_softmax, pad  # noqa: E402

from trainers.losses import (  # noqa: E402
    all_cells,
    box_loss,
    choose_cells,
    class_loss,
    cut_windows,
    enlarged,
    mask_loss,
    weighted,
)

SEEDS = st.integers(0, 2**31)
LIMITS = settings(max_examples=30, deadline=None)
NEAR = {"rtol": 1e-12, "atol": 1e-12}


def plain_class_loss(logits, labels):
    """Look at each anchor: minus the logarithm of what the softmax says of the right class."""
    batch, anchors, height, width = labels.shape
    said = {0: [], 1: []}
    for b in range(batch):
        for a in range(anchors):
            for y in range(height):
                for x in range(width):
                    label = int(labels[b, a, y, x])
                    if label in said:
                        two = torch.stack([logits[b, a, y, x], logits[b, anchors + a, y, x]])
                        said[label].append(-log_softmax(two, 0)[label])
    means = [torch.stack(each).mean() for each in said.values() if each]
    return 0.5 * sum(means, logits.sum() * 0)


def plain_box_loss(deltas, targets, weights):
    """Look at each coordinate of each anchor."""
    batch, anchors, height, width = weights.shape
    total = deltas.sum() * 0
    for b in range(batch):
        for a in range(anchors):
            for y in range(height):
                for x in range(width):
                    for c in range(4):
                        off = deltas[b, c * anchors + a, y, x] - targets[b, c, a, y, x]
                        total = total + weights[b, a, y, x] * off.abs()
    return total / batch


def plain_windows(masks, weights):
    """Give of each cell that counts its sample, row, column and window, cut out by itself."""
    size = weights.shape[3]
    margin = {25: 32, 3: 0}.get(size, (127 + 8 * (size - 1) - masks.shape[3]) // 2)
    padded = pad(masks, (margin,) * 4)
    found = []
    for b, _, row, col in (weights == 1).nonzero().tolist():
        window = padded[b, 0, 8 * row : 8 * row + 127, 8 * col : 8 * col + 127]
        found.append((b, row, col, window))
    return found


def plain_mask_loss(logits, masks, weights):
    """Take the selected masks alone; ``logits`` has (B, n n, S, S)."""
    side = math.isqrt(logits.shape[1])
    losses = []
    for b, row, col, window in plain_windows(masks, weights):
        mask = logits[b, :, row, col].reshape(1, 1, side, side)
        mask = interpolate(mask, size=(127, 127), mode="bilinear", align_corners=True)[0, 0]
        losses.append(torch.log1p(torch.exp(-window * mask)).mean())
    return torch.stack(losses).mean() if losses else logits.sum() * 0


def our_mask_loss(logits, masks, weights, most=16):
    side = math.isqrt(logits.shape[1])
    cells = choose_cells(weights, most)
    chosen = cells.of(logits).transpose(1, 2).unflatten(2, (side, side))
    windows = cut_windows(masks, cells, weights.shape[3])
    return mask_loss(enlarged(chosen), windows, cells.chosen)


def random(seed):
    return torch.Generator().manual_seed(seed)


def normal(chance, *shape):
    return torch.randn(*shape, generator=chance, dtype=torch.float64)


def draw_masks(seed, batch=2, size=3, side=9, share=0.5):
    """Draw logits, a mask of 1 and -1, and weights of -1, 0 and 1."""
    chance = random(seed)
    logits = normal(chance, batch, side * side, size, size).requires_grad_()
    search = 127 + 8 * (size - 1)
    masks = (normal(chance, batch, 1, search, search) > 0).double() * 2 - 1
    drawn = torch.rand(batch, 1, size, size, generator=chance)
    weights = torch.where(drawn < share, 1, torch.where(drawn < share + 0.2, 0, -1))
    return logits, masks, weights


def test_certain_and_right_costs_nothing():
    logits = torch.tensor([-50.0, 50.0]).reshape(1, 2, 1, 1)
    assert class_loss(logits, torch.ones(1, 1, 1, 1, dtype=torch.int64)) < 1e-20


def test_certain_and_wrong_costs_its_margin():
    logits = torch.tensor([-500.0, 500.0]).reshape(1, 2, 1, 1)
    assert class_loss(logits, torch.zeros(1, 1, 1, 1, dtype=torch.int64)).item() == 500


def test_one_positive_counts_as_any_other():
    """One positive anchor in the batch is no exception, as it was in the original's rpn."""
    logits = torch.zeros(1, 4, 1, 1)
    labels = torch.tensor([1, -1]).reshape(1, 2, 1, 1)
    assert class_loss(logits, labels).item() == pytest.approx(0.5 * math.log(2))


@LIMITS
@given(SEEDS)
def test_class_loss_by_its_definition(seed):
    chance = random(seed)
    logits = normal(chance, 2, 6, 2, 3).requires_grad_()
    labels = torch.randint(-1, 2, (2, 3, 2, 3), generator=chance)
    ours, plain = class_loss(logits, labels), plain_class_loss(logits, labels)
    torch.testing.assert_close(ours, plain, **NEAR)
    gradients = [torch.autograd.grad(each, logits)[0] for each in (ours, plain)]
    torch.testing.assert_close(*gradients, **NEAR)


@LIMITS
@given(SEEDS)
def test_box_loss_by_its_definition(seed):
    chance = random(seed)
    deltas, targets = normal(chance, 2, 12, 2, 3).requires_grad_(), normal(chance, 2, 4, 3, 2, 3)
    weights = torch.rand(2, 3, 2, 3, generator=chance, dtype=torch.float64)
    ours, plain = box_loss(deltas, targets, weights), plain_box_loss(deltas, targets, weights)
    torch.testing.assert_close(ours, plain, **NEAR)
    gradients = [torch.autograd.grad(each, deltas)[0] for each in (ours, plain)]
    torch.testing.assert_close(*gradients, **NEAR)


@LIMITS
@given(SEEDS, st.sampled_from([0.0, 0.1, 0.5, 1.0]))
def test_mask_loss_of_fixed_shapes_is_that_of_the_selected(seed, share):
    logits, masks, weights = draw_masks(seed, share=share)
    ours, plain = our_mask_loss(logits, masks, weights), plain_mask_loss(logits, masks, weights)
    torch.testing.assert_close(ours, plain, **NEAR)
    gradients = [torch.autograd.grad(each, logits)[0] for each in (ours, plain)]
    torch.testing.assert_close(*gradients, **NEAR)


def test_windows_lie_around_their_cells():
    """Cell i of 25 sees 127 px from 8 i - 32 on; the middle, 8 i + 31, is its anchors' centre."""
    masks = torch.zeros(1, 1, 255, 255)
    masks[0, 0, 31 + 8 * 3, 31 + 8 * 20] = 1
    cells = all_cells(torch.ones(1, 1, 25, 25))
    windows = cut_windows(masks, cells, 25)[0].unflatten(0, (25, 25))
    assert windows.shape == (25, 25, 127, 127)
    assert windows[3, 20, 63, 63] == 1
    assert windows[4, 20, 55, 63] == 1
    assert windows[0, 0, 32 + 31 + 24].sum() == 0


def test_outside_of_the_image_is_zero():
    windows = cut_windows(torch.ones(1, 1, 255, 255), all_cells(torch.ones(1, 1, 25, 25)), 25)[0]
    assert windows[0, :32].sum() == 0 and windows[0, 32:, 32:].min() == 1
    assert windows[624, 95:].sum() == 0 and windows[624, :95, :95].min() == 1


def test_windows_of_refinement_need_no_margin():
    masks = torch.arange(143.0 * 143).reshape(1, 1, 143, 143)
    windows = cut_windows(masks, all_cells(torch.ones(1, 1, 3, 3)), 3)[0]
    assert torch.equal(windows[5], masks[0, 0, 8:135, 16:143])


def test_cells_that_count_come_first_row_by_row():
    weights = torch.zeros(2, 1, 25, 25)
    weights[0, 0, 7, 3] = weights[0, 0, 2, 9] = 1
    cells = choose_cells(weights, 4)
    assert cells.index.tolist() == [[2 * 25 + 9, 7 * 25 + 3, 0, 1], [0, 1, 2, 3]]
    assert cells.chosen.tolist() == [[True, True, False, False], [False] * 4]


def test_corners_of_an_enlarged_mask_stay():
    small = torch.arange(63.0 * 63).reshape(1, 1, 63, 63)
    large = enlarged(small)[0, 0]
    assert large[0, 0] == 0 and large[-1, -1] == 63 * 63 - 1
    assert large[0, 2].item() == pytest.approx(2 * 62 / 126)


def test_padding_costs_ln_2_and_teaches_nothing():
    logits = torch.full((1, 1, 4, 4), 3.0, requires_grad=True)
    loss = mask_loss(logits, torch.zeros(1, 1, 4, 4), torch.tensor([[True]]))
    loss.backward()
    assert loss.item() == pytest.approx(math.log(2))
    assert not logits.grad.any()


@pytest.mark.parametrize("logit", [89.0, 1e4, -1e30, 1e38])
def test_any_finite_logit_has_a_finite_loss_and_gradient(logit):
    logits = torch.full((1, 1, 2, 2), logit, requires_grad=True)
    windows = torch.tensor([[[[1.0, -1], [1, -1]]]])
    loss = mask_loss(logits, windows, torch.tensor([[True]]))
    loss.backward()
    assert loss.isfinite() and logits.grad.isfinite().all()
    assert loss.item() == pytest.approx(abs(logit) / 2)


def test_what_does_not_count_may_be_anything():
    logits = torch.zeros(1, 2, 2, 2)
    logits[0, 1] = torch.inf
    logits.requires_grad_()
    loss = mask_loss(logits, torch.ones(1, 2, 2, 2), torch.tensor([[True, False]]))
    loss.backward()
    assert loss.item() == pytest.approx(math.log(2)) and logits.grad.isfinite().all()


def test_nothing_to_learn_is_zero_with_a_graph():
    logits = torch.randn(2, 10, 3, 3, requires_grad=True)
    masks = torch.randn(2, 9, 15, 15, requires_grad=True)
    ignored = torch.full((2, 5, 3, 3), -1)
    losses = (
        class_loss(logits, ignored),
        mask_loss(masks, torch.ones(2, 9, 15, 15), torch.zeros(2, 9, dtype=torch.bool)),
    )
    for loss, leaf in zip(losses, (logits, masks), strict=True):
        assert loss.item() == 0
        loss.backward()
        assert leaf.grad is not None and not leaf.grad.any()


@LIMITS
@given(SEEDS)
def test_the_order_of_samples_does_not_matter(seed):
    chance = random(seed)
    order = torch.randperm(4, generator=chance)
    logits, masks, weights = draw_masks(seed, batch=4)
    labels = torch.randint(-1, 2, (4, 3, 2, 2), generator=chance)
    classes, deltas = normal(chance, 4, 6, 2, 2), normal(chance, 4, 12, 2, 2)
    targets, shares = normal(chance, 4, 4, 3, 2, 2), normal(chance, 4, 3, 2, 2)
    for loss, inputs in (
        (our_mask_loss, (logits, masks, weights)),
        (class_loss, (classes, labels)),
        (box_loss, (deltas, targets, shares)),
    ):
        shuffled = [each[order] for each in inputs]
        torch.testing.assert_close(loss(*inputs), loss(*shuffled), **NEAR)


@LIMITS
@given(SEEDS)
def test_swapped_classes_with_swapped_labels_cost_the_same(seed):
    chance = random(seed)
    logits = normal(chance, 2, 6, 2, 2)
    labels = torch.randint(0, 2, (2, 3, 2, 2), generator=chance)
    swapped = class_loss(logits.roll(3, dims=1), 1 - labels)
    torch.testing.assert_close(class_loss(logits, labels), swapped, **NEAR)


@LIMITS
@given(SEEDS)
def test_inverted_masks_cost_the_same(seed):
    logits, masks, weights = draw_masks(seed)
    inverted = our_mask_loss(-logits, -masks, weights)
    torch.testing.assert_close(our_mask_loss(logits, masks, weights), inverted, **NEAR)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_summed_in_single(dtype):
    logits = torch.randn(2, 10, 25, 25).to(dtype)
    labels = torch.randint(-1, 2, (2, 5, 25, 25))
    found = class_loss(logits, labels)
    assert found.dtype == torch.float32
    assert torch.equal(found, class_loss(logits.float(), labels))
    deltas, targets = torch.randn(2, 20, 25, 25).to(dtype), torch.zeros(2, 4, 5, 25, 25)
    assert box_loss(deltas, targets, torch.ones(2, 5, 25, 25)).dtype == torch.float32
    assert enlarged(torch.zeros(1, 1, 63, 63, dtype=dtype)).dtype == torch.float32


def test_a_loss_without_weight_cannot_spoil_the_sum():
    total = weighted(
        (torch.tensor(torch.nan), torch.tensor(torch.inf), torch.tensor(2.0)), (0, 0, 3)
    )
    assert total.item() == 6


def test_shapes_follow_from_shapes_alone():
    """On a device without values every call works: nothing is asked of the data."""
    with torch.device("meta"):
        logits, weights = torch.empty(2, 3969, 25, 25), torch.empty(2, 1, 25, 25)
        masks, labels = torch.empty(2, 1, 255, 255), torch.empty(2, 5, 25, 25, dtype=torch.int64)
        assert our_mask_loss(logits, masks, weights).shape == ()
        assert class_loss(torch.empty(2, 10, 25, 25), labels).shape == ()
