"""Which floats, and the scale of the loss beside torch's own scaler."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from trainers.backends import find_backend  # noqa: E402
from trainers.errors import BackendError  # noqa: E402
from trainers.precision import LossScale, find_precision  # noqa: E402
from vot_toolkit.errors import UsageError  # noqa: E402

CPU = torch.device("cpu")


class Half:
    """A device with float16 only."""

    name = "old"

    def half_types(self) -> Any:
        return frozenset({torch.float16})


def test_levels_on_the_cpu() -> None:
    cpu = find_backend("cpu")
    assert find_precision("O0", cpu).dtype == torch.float32
    assert find_precision("bf16", cpu).dtype == torch.bfloat16
    found = find_precision("O1", cpu)
    assert (found.dtype, found.loss_scale, found.label) == (torch.bfloat16, None, "bf16")
    assert found.note is not None
    assert found.note.startswith("O1 on cpu is computed in bfloat16, which needs no loss scale")


def test_levels_on_a_device_with_float16() -> None:
    half: Any = Half()
    found = find_precision("O1", half)
    assert (found.dtype, found.loss_scale, found.note) == (torch.float16, 128.0, None)
    assert find_precision("O1", half, loss_scale="dynamic").loss_scale == "dynamic"
    with pytest.raises(BackendError, match="no bfloat16"):
        find_precision("bf16", half)


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "high"])
def test_scales_that_are_none(text: str) -> None:
    with pytest.raises(UsageError, match="accepted: a positive number, or dynamic"):
        find_precision("O1", find_backend("cpu"), loss_scale=text)


def test_levels_that_are_none() -> None:
    with pytest.raises(UsageError, match="accepted: O0, O1, bf16"):
        find_precision("O2", find_backend("cpu"))


@given(st.lists(st.booleans(), max_size=30))
@settings(max_examples=30, deadline=None)
def test_a_dynamic_scale_goes_as_torchs(overflows: list[bool]) -> None:
    ours = LossScale("dynamic", CPU)
    theirs = torch.amp.GradScaler("cpu", growth_interval=2000)
    # So that growing is seen within a few steps.
    for steps in ({"_growth_tracker": 1995}, {}):
        ours.load_state_dict({**theirs.state_dict(), **steps} if steps else {})
    theirs._lazy_init_scale_growth_tracker(CPU)
    theirs._growth_tracker.fill_(1995)
    for overflow in overflows:
        found = torch.tensor(float(overflow))
        ours.update(found)
        torch._amp_update_scale_(theirs._scale, theirs._growth_tracker, found, 2.0, 0.5, 2000)
        assert float(ours.value) == float(theirs._scale)
    assert ours.state_dict()["_growth_tracker"] == int(theirs._growth_tracker)


def test_a_static_scale_stays() -> None:
    scale = LossScale(128.0, CPU)
    scale.update(torch.ones(()))
    assert float(scale.scaled(torch.tensor(2.0))) == 256
    assert scale.state_dict() == {}
