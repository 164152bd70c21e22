"""Losses on a simulated device: the same bits as on the CPU, and nothing is read back.

It runs in a process of its own, which the device is registered for.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

SCRIPT = """
import sys
from dataclasses import replace

import torch

sys.path.append(sys.argv[1])
import formula
import simulated_npu

npu = simulated_npu.install()

from siammask.model import VARIANTS, build
from siammask.model.variant import ResNetShape, Stage
from trainers.config import Recipe
from trainers.stages import find_stage

shape = ResNetShape(4, (Stage(1, 2), Stage(2, 3, stride=2), Stage(2, 4, dilation=2)))
uniform = lambda seed, *sides: torch.from_numpy(formula.uniform(seed, *sides)).float()


def batch(cells, search):
    labels = (3 * uniform(5, 2, 5, cells, cells)).long() - 1
    return {
        "template": formula.image(3, 127, 2).float(),
        "search": formula.image(4, search, 2).float(),
        "label_cls": labels,
        "label_loc": uniform(6, 2, 4, 5, cells, cells),
        "label_loc_weight": uniform(7, 2, 5, cells, cells),
        "label_mask": (uniform(8, 2, 1, search, search) > 0.6).float() * 2 - 1,
        "label_mask_weight": (uniform(9, 2, 1, cells, cells) > 0.98).float(),
    }


for name in ("rpn", "base", "sharp"):
    stage, recipe = find_stage(name), Recipe.find(None, name)
    found = {}
    for device in ("cpu", "npu"):
        torch.manual_seed(7)
        model = build(replace(VARIANTS[name], backbone=shape, hidden=8)).to(device)
        stage.enter(model, stage.phase(10, recipe))
        sizes = (3, 143) if name == "sharp" else (25, 255)
        given = {key: each.to(device) for key, each in batch(*sizes).items()}
        npu.operators.clear()
        npu.calls.clear()
        losses = stage.losses(model, given, recipe)
        losses.total.backward()
        if device == "npu":
            reading = {"_local_scalar_dense", "item", "nonzero", "masked_select", "equal"}
            asked = {each for each in npu.operators if each.split("::")[1] in reading}
            assert not asked and not npu.calls, (asked, npu.calls)
        found[device] = [losses.total, *losses.terms.values(), *losses.metrics.values()]
        found[device] += [each.grad for each in model.parameters() if each.grad is not None]
        found[device] = [each.detach().cpu() for each in found[device]]
    assert len(found["cpu"]) == len(found["npu"])
    assert all(map(torch.equal, found["cpu"], found["npu"])), name
print("same bits")
"""


def test_same_bits_and_nothing_read_back():
    folder = Path(__file__).parents[2] / "siammask"
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.endswith("same bits\n"), run.stdout
