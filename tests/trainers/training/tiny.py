"""A training in seconds: the real stage, loader and loop, with a narrow network and few crops.

Run as ``python -m tiny '{"out": …}'``, with this folder on the path: the options of a run as JSON,
and with them what is special for a test. Started for several devices, it starts its processes as
the doors do.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn

import trainers.backends
from siammask.model import VARIANTS, build
from siammask.model.variant import ResNetShape
from siammask.model.variant import Stage as ResNetStage
from trainers.backends.cpu import Cpu
from trainers.backends.npu import Npu
from trainers.config import Recipe
from trainers.launch import find_place, start_processes
from trainers.optimizer import guarded_sgd
from trainers.options import Options
from trainers.run import run
from trainers.stages import Losses, Phase, Start
from trainers.stages.base import Base
from trainers.stages.siamese import compare

SHAPE = ResNetShape(
    4, (ResNetStage(1, 2), ResNetStage(2, 3, stride=2), ResNetStage(2, 4, dilation=2))
)

TIMES = "speed"


class Narrow(Base):
    """SiamMask-base with few channels."""

    def __init__(self, pause_s: float = 0.0, wait_at: int | None = None) -> None:
        self._pause_s = pause_s
        self._wait_at = wait_at
        self._count = 0

    def model(self, recipe: Recipe, start: Start) -> nn.Module:
        return build(replace(VARIANTS["base"], backbone=SHAPE, hidden=8))

    def losses(self, model: nn.Module, batch: Mapping[str, Tensor], recipe: Recipe) -> Losses:
        self._count += 1
        # Long enough for whoever is to kill it.
        time.sleep(600.0 if self._count == self._wait_at else self._pause_s)
        # The random states of a checkpoint are tested by whoever uses them.
        noise = torch.rand(()) + np.random.rand()
        losses = super().losses(model, batch, recipe)
        return Losses(losses.total, losses.terms, {**losses.metrics, "noise": noise.float()})


class Even(Narrow):
    """Losses that are means over samples, and no batch in the normalization.

    With them a batch on two devices teaches what it teaches on one; the real losses are means over
    positive anchors and cells of each device.
    """

    def enter(self, model: nn.Module, phase: Phase) -> None:
        super().enter(model, phase)
        model.eval()

    def losses(self, model: nn.Module, batch: Mapping[str, Tensor], recipe: Recipe) -> Losses:
        out = compare(model, batch)
        masks = model.heads["mask"].head(out.correlation)
        term = (out.loc - batch["label_loc"].flatten(1, 2)).tanh().square().mean()
        total = term + out.cls.tanh().mean() + masks.square().mean()
        return Losses(total, {"rpn_loc_loss": term.detach()}, {})


class Guarded(Cpu):
    """The CPU with the optimizer and the order of dimensions that NPUs have."""

    def memory_format(self) -> torch.memory_format:
        return torch.contiguous_format

    def sgd(self, groups: Any, *, momentum: float, weight_decay: float) -> Any:
        return guarded_sgd(groups, momentum=momentum, weight_decay=weight_decay)


def write_data(
    folder: Path, *, videos: int = 4, num: int = 8, lr: float | None = None, **training: Any
) -> Path:
    """Write a data set and a config of it; gives the config."""
    root = folder / "crops"
    boxes: dict[str, Any] = {}
    for video in range(videos):
        (root / f"v{video}").mkdir(parents=True)
        for frame in range(2):
            name = f"{frame:06d}.00"
            image, mask = _crop(10 * video + frame)
            cv2.imwrite(str(root / f"v{video}" / f"{name}.x.jpg"), image)
            cv2.imwrite(str(root / f"v{video}" / f"{name}.m.png"), mask)
            tracks = boxes.setdefault(f"v{video}", {"00": {}})
            tracks["00"][f"{frame:06d}"] = [90 + 10 * video, 80]
    (folder / "train.json").write_text(json.dumps(boxes))
    recipe = Recipe.named("siammask_base").to_dict()
    recipe["train_datasets"] |= {
        "datasets": {"coco": {"root": str(root), "anno": str(folder / "train.json")}},
        "num": num,
    }
    recipe["training"] |= {"epochs": 2, "batch": 1, "lr_times_devices": False, "workers": 0}
    recipe["training"] |= training
    if lr is not None:
        recipe["lr"] = {"type": "log", "start_lr": lr, "end_lr": lr / 2}
    path = folder / "config.json"
    path.write_text(json.dumps(recipe))
    return path


def _crop(seed: int) -> tuple[Any, Any]:
    """Make an image of a textured ellipse on a textured ground, and its mask."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (2, 8, 8, 3), dtype=np.uint8)
    ground, target = (cv2.resize(each, (511, 511)) for each in coarse)
    mask = np.zeros((511, 511), np.uint8)
    cv2.ellipse(mask, (255, 255), (60 + seed % 20, 45), 10 * seed, 0, 360, 255, -1)
    return np.where(mask[..., None] > 0, target, ground // 3), mask


def simulate(*, autocast: bool = False) -> Any:
    """Let there be NPUs that are the CPU, and a process group of theirs."""
    import hccl

    sys.path.append(str(Path(__file__).parents[2] / "siammask"))
    import simulated_npu

    npu = simulated_npu.install()
    if autocast:
        simulated_npu.install_autocast()
    hccl.register()
    # The simulation has no memory that devices copy from by themselves.
    Npu.pins_memory = lambda self: False
    return npu


def read_trace(out: Path) -> list[dict[str, Any]]:
    """Read the lines of a run, without what differs from run to run."""
    lines = [json.loads(text) for text in (out / "trace.jsonl").read_text().splitlines()]
    return [{key: each for key, each in line.items() if key != TIMES} for line in lines]


def main(argument: str) -> int:
    """Train as the JSON says."""
    from rich.console import Console

    given = json.loads(argument)
    pauses = {key: given.pop(key) for key in ("pause_s", "wait_at") if key in given}
    even = given.pop("even", False)
    if given.pop("simulate", False):
        simulate(autocast=given.get("amp") == "O1")
    paths = ("out", "record", "data", "base_checkpoint")
    given |= {key: Path(given[key]) for key in paths if given.get(key)}
    options = Options("base", **{"backend": "cpu", "log_every": 1, **given})
    place, count = find_place(), options.devices or 1
    if place.launcher is None and count > 1:
        restarts = options.max_restarts
        return start_processes("tiny", sys.argv[1:], count, max_restarts=restarts)
    stage = (Even if even else Narrow)(**pauses)
    torch.set_num_threads(1)
    return run(options, place, Console(width=200), stage=stage)


if __name__ == "__main__":
    # Not in the process of the tests, whose list of backends others look at.
    trainers.backends.OWN["guarded"] = "tiny:Guarded"
    sys.exit(main(sys.argv[1]))
