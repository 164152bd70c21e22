"""Mixed precision by apex, against a double that has what apex documents."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from trainers.apex import Apex  # noqa: E402
from trainers.errors import BackendError  # noqa: E402
from trainers.stages import Losses  # noqa: E402
from trainers.step import ApexStep, Skipped  # noqa: E402

DOUBLE = '''
"""The calls of apex.amp: a dynamic scale that halves, and a step that is patched to be skipped."""
import contextlib
import torch

CALLS = []
STATE = {"loss_scaler0": {"loss_scale": 1.0, "unskipped": 0}}


def initialize(models, optimizers, opt_level="O1", loss_scale=None, combine_grad=None):
    CALLS.append(("initialize", opt_level, loss_scale, combine_grad))
    STATE["loss_scaler0"] = {
        "loss_scale": 65536.0 if loss_scale == "dynamic" else loss_scale, "unskipped": 0}
    return models, optimizers


@contextlib.contextmanager
def scale_loss(loss, optimizer):
    state = STATE["loss_scaler0"]
    yield loss * state["loss_scale"]
    overflow = False
    for parameter in master_params(optimizer):
        if parameter.grad is not None:
            parameter.grad.div_(state["loss_scale"])
            overflow |= not bool(torch.isfinite(parameter.grad).all())
    if overflow:
        state["loss_scale"] /= 2
        step = optimizer.step
        def skip_step(closure=None):
            CALLS.append(("skipped",))
            optimizer.step = step
        optimizer.step = skip_step
    else:
        state["unskipped"] += 1


def master_params(optimizer):
    for group in optimizer.param_groups:
        yield from group["params"]


def state_dict():
    return {key: dict(each) for key, each in STATE.items()}


def load_state_dict(state):
    STATE.update({key: dict(each) for key, each in state.items()})
'''


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give the function that installs a package named apex of some files."""

    def write(files: dict[str, str]) -> None:
        (tmp_path / "apex").mkdir()
        for name, text in files.items():
            (tmp_path / "apex" / name).write_text(text)

    monkeypatch.syspath_prepend(str(tmp_path))
    yield write
    for name in [each for each in sys.modules if each.partition(".")[0] == "apex"]:
        del sys.modules[name]


@pytest.fixture
def amp(install: Any) -> Any:
    """Give the double."""
    from importlib import import_module

    install({"__init__.py": "", "amp.py": DOUBLE})
    return import_module("apex.amp")


def test_a_web_toolkit_is_told_apart(install: Any) -> None:
    install({"__init__.py": ""})
    with pytest.raises(BackendError, match="has no amp: PyPI's apex is a web toolkit"):
        Apex("O1", 128.0)


def test_one_that_wants_what_is_not_there(install: Any) -> None:
    install({"__init__.py": "import pyramid_of_which_nobody_heard"})
    with pytest.raises(BackendError, match="pyramid_of_which_nobody_heard is missing"):
        Apex("O1", 128.0)


def test_none_at_all() -> None:
    assert "apex" not in sys.modules
    with pytest.raises(BackendError, match="apex is not installed"):
        Apex("O1", 128.0)


def test_levels(amp: Any) -> None:
    with pytest.raises(BackendError, match="apex has no level 'bf16'"):
        Apex("bf16", 128.0)


def test_combined_gradients_are_asked_for_where_they_are_known(amp: Any) -> None:
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    Apex("O1", 128.0).initialize(model, optimizer)
    assert amp.CALLS == [("initialize", "O1", 128.0, True)]
    ours = amp.initialize
    amp.initialize = lambda models, optimizers, opt_level, loss_scale: (models, optimizers)
    assert Apex("O1", "dynamic").initialize(model, optimizer) == (model, optimizer)
    amp.initialize = ours


def train(apex: Apex | None, factors: list[float]) -> tuple[nn.Module, Skipped]:
    torch.manual_seed(1)
    model = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    batches = [{"x": torch.randn(4, 3) * factor} for factor in factors]
    skipped = Skipped(torch.device("cpu"))
    if apex is None:
        for batch in batches:
            optimizer.zero_grad()
            loss = model(batch["x"]).square().mean()
            if loss.isfinite() and loss <= 1e4:
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
        return model, skipped
    apex.initialize(model, optimizer)
    step = ApexStep(
        lambda batch: Losses(model(batch["x"]).square().mean(), {}, {}),
        optimizer,
        apex=apex,
        skipped=skipped,
        clip=[(list(model.parameters()), 1.0)],
    )
    for batch in batches:
        step(batch)
    return model, skipped


def test_a_static_scale_changes_nothing(amp: Any) -> None:
    factors = [1.0, 2.0, 1e6, 1.0, float("nan"), 3.0]
    model, skipped = train(Apex("O1", 128.0), factors)
    expected, _ = train(None, factors)
    for a, b in zip(model.parameters(), expected.parameters(), strict=True):
        torch.testing.assert_close(a, b)
    assert skipped.state_dict() == {"total": 2, "in_a_row": 0}


def test_an_overflow_skips_one_step_and_no_more(amp: Any) -> None:
    apex = Apex("O1", "dynamic")
    amp.STATE["loss_scaler0"]["loss_scale"] = 1.0
    initialize = apex.initialize

    def begin(model: Any, optimizer: Any) -> Any:
        made = initialize(model, optimizer)
        amp.STATE["loss_scaler0"]["loss_scale"] = 3e38
        return made

    apex.initialize = begin  # type: ignore[method-assign]
    model, skipped = train(apex, [1.0, 1.0, 1.0])
    assert amp.CALLS.count(("skipped",)) == skipped.state_dict()["total"] > 0
    assert all(bool(each.isfinite().all()) for each in model.parameters())


def test_its_state_is_kept(amp: Any) -> None:
    apex = Apex("O1", "dynamic")
    apex.load_state_dict({"loss_scaler0": {"loss_scale": 256.0, "unskipped": 7}})
    assert apex.state_dict() == {"loss_scaler0": {"loss_scale": 256.0, "unskipped": 7}}
    apex.load_state_dict({})
    assert apex.state_dict()["loss_scaler0"]["loss_scale"] == 256.0
