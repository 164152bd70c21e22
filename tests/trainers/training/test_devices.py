"""Several devices, and hardware that is only simulated: the same numbers as one CPU."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

TOLERANCE = 1e-6
"""Relative; sums over a batch are taken in another order when two devices share it."""


def test_two_processes_learn_what_one_does(
    tiny: Any, config: Path, train: Callable[..., str], tmp_path: Path
) -> None:
    given = {"config": str(config), "out": str(tmp_path / "one"), "even": True, "batch": 2}
    assert tiny.main(json.dumps(given)) == 0
    text = train("two", even=True, batch=1, devices=2)
    assert "4 steps, on 2 x cpu" in text
    assert text.count("Final Performance images/sec : ") == 1
    one, two = (tiny.read_trace(tmp_path / name) for name in ("one", "two"))
    assert len(one) == len(two) == 8
    for a, b in zip(one, two, strict=True):
        assert b["loss"] == pytest.approx(a["loss"], rel=TOLERANCE)
        assert b["grad_norm"] == pytest.approx(a["grad_norm"], rel=10 * TOLERANCE)
    first, second = (
        torch.load(tmp_path / name / "checkpoint_e2.pth")["state_dict"] for name in ("one", "two")
    )
    for name, value in first.items():
        torch.testing.assert_close(second[name], value, rtol=1e-4, atol=1e-6)


def test_simulated_npus_and_hccl_give_the_cpus_bits(
    tiny: Any, train: Callable[..., str], tmp_path: Path
) -> None:
    train("cpu", backend="guarded", devices=2, steps=6)
    text = train("npu", backend="npu", devices=2, steps=6, simulate=True)
    assert "on 2 x simulated NPU" in text
    assert tiny.read_trace(tmp_path / "npu") == tiny.read_trace(tmp_path / "cpu")


SCRIPT = """
import json, sys
sys.path[:0] = sys.argv[1:2]
import tiny
npu = tiny.simulate(autocast={autocast})

from trainers.loop import Loop

inside = []
one = Loop._one
def watched(loop, batches):
    before = sum(npu.reads.values()), len(npu.calls)
    outcome = one(loop, batches)
    inside.append((sum(npu.reads.values()) - before[0], len(npu.calls) - before[1]))
    return outcome
Loop._one = watched

assert tiny.main(json.dumps(dict(backend="npu", log_every=5, **json.loads(sys.argv[2])))) == 0
assert len(inside) == 16, inside
assert set(inside) == {{(0, 0)}}, (inside, npu.reads)
print("reads outside of steps:", sum(npu.reads.values()))
"""


@pytest.mark.parametrize("amp", ["O0", pytest.param("O1", marks=pytest.mark.slow)])
def test_no_step_waits_for_the_device(
    tiny: Any, config: Path, tmp_path: Path, amp: str, run_script: Callable[..., str]
) -> None:
    given = {"config": str(config), "out": str(tmp_path), "amp": amp, "loss_scale": "dynamic"}
    text = run_script(SCRIPT.format(autocast=amp == "O1"), json.dumps(given))
    # Lines 5, 8, 10, 15 and 16, and what the two checkpoints take.
    assert "reads outside of steps: " in text
    lines = tiny.read_trace(tmp_path)
    assert [line["total_steps"] for line in lines] == [5, 8, 10, 15, 16]
    # Four times the first scale, 65536, was too much for float16.
    assert lines[-1]["skipped"] == (4 if amp == "O1" else 0)
    assert lines[-1]["scale"] == (4096 if amp == "O1" else 1)


@pytest.mark.slow
def test_o1_on_a_simulated_npu_is_near_float32(
    tiny: Any, config: Path, train: Callable[..., str], tmp_path: Path
) -> None:
    given = {"config": str(config), "out": str(tmp_path / "O0"), "steps": 6}
    assert tiny.main(json.dumps(given)) == 0
    train("O1", backend="npu", steps=6, simulate=True, amp="O1")
    exact, half = (tiny.read_trace(tmp_path / name) for name in ("O0", "O1"))
    assert [line["loss"] for line in half] != [line["loss"] for line in exact]
    for a, b in zip(exact, half, strict=True):
        assert b["loss"] == pytest.approx(a["loss"], rel=0.02)
        assert b["scale"] == 128


@pytest.mark.parametrize("amp", ["bf16", "O1"])
def test_16_bits_on_the_cpu(
    tiny: Any, config: Path, tmp_path: Path, amp: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {"config": str(config), "out": str(tmp_path), "steps": 2, "amp": amp}
    assert tiny.main(json.dumps(given)) == 0
    said = "O1 on cpu is computed in bfloat16, which needs no loss scale"
    assert (said in capsys.readouterr().out) == (amp == "O1")
    assert [line["scale"] for line in tiny.read_trace(tmp_path)] == [1, 1]


def test_a_process_that_fails_ends_all(train: Callable[..., str]) -> None:
    text = train(status=1, devices=2, even=True, config="no/such.json")
    assert "no/such.json" in text
