"""Metrics of masks by closed forms, and against their definition."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from trainers.metrics import mask_metrics  # noqa: E402


def plain_metrics(logits, windows, chosen):
    """Count the pixels of one window after the other."""
    overlaps = []
    for b, k in chosen.nonzero().tolist():
        pairs = list(zip(logits[b, k].flatten(), windows[b, k].flatten(), strict=True))
        both = sum(1 for logit, label in pairs if logit >= 0 and label == 1)
        either = sum(1 for logit, label in pairs if logit >= 0 or label == 1)
        overlaps.append(both / either if either else 1.0)
    number = max(len(overlaps), 1)
    return [
        sum(overlaps) / number,
        sum(each > 0.5 for each in overlaps) / number,
        sum(each > 0.7 for each in overlaps) / number,
    ]


def values(metrics):
    return [float(each) for each in metrics.values()]


def test_names():
    metrics = mask_metrics(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 2, 2), torch.tensor([[True]]))
    assert list(metrics) == ["mask_iou_mean", "mask_iou_at_5", "mask_iou_at_7"]
    assert values(metrics) == [1, 1, 1]


def test_quarters():
    """Overlaps of 1/4, 2/4 and 3/4: half is not above a half."""
    windows = torch.ones(1, 3, 2, 2)
    logits = torch.tensor([[1.0, -1, -1, -1], [1, 1, -1, -1], [1, 1, 1, -1]]).reshape(1, 3, 2, 2)
    metrics = mask_metrics(logits, windows, torch.ones(1, 3, dtype=torch.bool))
    assert values(metrics) == pytest.approx([0.5, 1 / 3, 1 / 3])


def test_outside_of_the_image_is_background():
    logits, windows = torch.ones(1, 1, 1, 2), torch.tensor([[[[1.0, 0.0]]]])
    assert values(mask_metrics(logits, windows, torch.tensor([[True]])))[0] == 0.5


def test_nothing_counts():
    logits = torch.randn(2, 3, 4, 4, requires_grad=True)
    metrics = mask_metrics(logits, torch.ones(2, 3, 4, 4), torch.zeros(2, 3, dtype=torch.bool))
    assert values(metrics) == [0, 0, 0]
    assert not any(each.requires_grad for each in metrics.values())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([0.0, 0.5, 1.0]))
def test_metrics_by_their_definition(seed, share):
    chance = torch.Generator().manual_seed(seed)
    logits = torch.randn(2, 4, 2, 2, generator=chance)
    windows = torch.randint(-1, 2, (2, 4, 2, 2), generator=chance).float()
    chosen = torch.rand(2, 4, generator=chance) < share
    found = values(mask_metrics(logits, windows, chosen))
    assert found == pytest.approx(plain_metrics(logits, windows, chosen), rel=1e-6)
