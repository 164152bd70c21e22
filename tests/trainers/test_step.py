"""A step against its definition in plain operators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from torch import Tensor, nn  # noqa: E402

from trainers.optimizer import fused_sgd, guarded_sgd  # noqa: E402
from trainers.precision import LossScale, Precision  # noqa: E402
from trainers.stages import Losses  # noqa: E402
from trainers.step import NativeStep, Skipped, clipped  # noqa: E402

CPU = torch.device("cpu")
MAKERS = {"fused": fused_sgd, "guarded": guarded_sgd}


def network() -> nn.Module:
    torch.manual_seed(3)
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(36, 2))


def batches(count: int, bad: Mapping[int, float] | None = None) -> list[dict[str, Tensor]]:
    torch.manual_seed(4)
    made = [{"x": torch.randn(2, 3, 5, 5), "factor": torch.ones(())} for _ in range(count)]
    for index, factor in (bad or {}).items():
        made[index]["factor"] = torch.tensor(factor)
    return made


def loss_of(model: nn.Module, batch: Mapping[str, Tensor]) -> Tensor:
    return 8 * model(batch["x"]).square().mean() * batch["factor"]


def step_for(model: nn.Module, make: Any, scale: Any = None, clip: Any = None) -> NativeStep:
    parameters = list(model.parameters())
    optimizer = make([{"params": parameters}], momentum=0.9, weight_decay=1e-2)
    optimizer.param_groups[0]["lr"] = 0.05
    return NativeStep(
        lambda batch: Losses(loss_of(model, batch), {}, {}),
        optimizer,
        device_type="cpu",
        precision=Precision("O0", torch.float32),
        scale=LossScale(scale, CPU),
        skipped=Skipped(CPU),
        clip=clip or [(parameters, 10.0)],
    )


def plainly(model: nn.Module, made: list[dict[str, Tensor]]) -> list[float]:
    """Train as the released code does."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-2)
    norms = []
    for batch in made:
        loss = loss_of(model, batch)
        optimizer.zero_grad()
        loss.backward()
        norms.append(float(nn.utils.clip_grad_norm_(model.parameters(), 10.0)))
        if loss.isfinite() and loss <= 1e4:
            optimizer.step()
    return norms


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("scale", [None, 128.0, "dynamic"])
def test_parameters_are_those_of_a_plain_loop(make: Any, scale: Any) -> None:
    model, expected = network(), network()
    step = step_for(model, make, scale)
    # Of a large factor the gradient is clipped.
    made = batches(6, {1: 40.0, 4: 300.0})
    norms = [float(step(batch).grad_norm) for batch in made]
    assert norms == pytest.approx(plainly(expected, made), rel=1e-5)
    assert max(norms) > 10
    for name, value in model.state_dict().items():
        torch.testing.assert_close(value, expected.state_dict()[name], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 1e7])
@pytest.mark.parametrize("first", [True, False])
def test_a_skipped_step_leaves_parameters_and_momentum(make: Any, bad: float, first: bool) -> None:
    model, expected = network(), network()
    step, plain = step_for(model, make), step_for(expected, make)
    good = batches(3)
    mixed = batches(3, {0 if first else 1: bad})
    for batch in mixed:
        step(batch)
    for index, batch in enumerate(good):
        if index != (0 if first else 1):
            plain(batch)
    assert step._skipped.state_dict() == {"total": 1, "in_a_row": 0}
    for a, b in zip(model.parameters(), expected.parameters(), strict=True):
        assert torch.equal(a, b)
        momentum = (each.optimizer.state for each in (step, plain))
        found, wanted = (
            state[each]["momentum_buffer"] for state, each in zip(momentum, (a, b), strict=True)
        )
        assert torch.equal(found, wanted)


def test_skipped_steps_in_a_row_are_counted() -> None:
    step = step_for(network(), fused_sgd)
    counts = []
    for batch in batches(5, {1: float("nan"), 2: 1e9, 4: float("inf")}):
        step(batch)
        counts.append(tuple(step._skipped.state_dict().values()))
    assert counts == [(0, 0), (1, 1), (2, 2), (2, 0), (3, 1)]


def test_gradients_of_one_step_in_float64() -> None:
    model = network().double()
    made = [{key: each.double() for key, each in batch.items()} for batch in batches(1)]
    before = [each.detach().clone() for each in model.parameters()]
    loss_of(model, made[0]).backward()
    gradients = [each.grad.clone() for each in model.parameters()]
    norm = torch.sqrt(sum((each**2).sum() for each in gradients))
    outcome = step_for(model, guarded_sgd)(made[0])
    assert float(outcome.grad_norm) == pytest.approx(float(norm), rel=1e-12)
    for parameter, old, gradient in zip(model.parameters(), before, gradients, strict=True):
        expected = old - 0.05 * (gradient * min(1, 10 / norm) + 1e-2 * old)
        torch.testing.assert_close(parameter.detach(), expected, rtol=1e-6, atol=1e-9)


def test_parts_are_clipped_apart() -> None:
    a, b = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(1))
    a.grad, b.grad = torch.tensor([6.0, 8.0]), torch.tensor([0.5])
    norm, divisor = clipped([([a], 5.0), ([b], 1.0)], torch.ones(()))
    assert float(norm) == pytest.approx((100 + 0.25) ** 0.5)
    assert divisor == 1
    assert a.grad.tolist() == pytest.approx([3, 4]) and b.grad.tolist() == [0.5]


def test_together_they_are_clipped_by_one_factor() -> None:
    a, b = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(1))
    a.grad, b.grad = torch.tensor([6.0, 0.0]), torch.tensor([8.0])
    norm, divisor = clipped([([a, b], 5.0)], torch.full((), 2.0))
    assert (float(norm), float(divisor)) == (5.0, pytest.approx(2.0))
    norm, divisor = clipped([([a, b], 2.5)], torch.ones(()))
    assert (float(norm), float(divisor)) == (10.0, pytest.approx(4.0))
