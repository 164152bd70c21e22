"""A step of training SiamMask-base on the CPU, beside one as the released code takes it.

Batch 8, in the second half of the training, when the backbone's last stages train too. The
yardstick is eager, in 32-bit floats and channels first: all 625 masks of each sample are computed,
what counts is selected by its indices, and the optimizer goes from parameter to parameter. Both
start from the same weights, and must say and learn the same. The batch is one of the recipe: six
positive pairs and two negative ones, three with masks.
"""

# ruff: noqa: E402 (torch is asked for first)
from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import Tensor, nn
from torch.nn import functional

from siammask import SiamMask
from siammask.device import half_precision
from trainers.backends import find_backend
from trainers.config import Recipe
from trainers.data.samples import SampleConfig
from trainers.data.targets import (
    Grid,
    delta_weights,
    mask_weights,
    negative_labels,
    positive_labels,
)
from trainers.data.window import Corners
from trainers.hooks import Hook
from trainers.loop import Job, Loop, memory_format
from trainers.precision import find_precision
from trainers.stages import find_stage

BATCH = 8
NEGATIVE = (2, 6)
MASKED = (0, 3, 5)
ROUNDS = 3
WITHOUT_GOAL = 1
"""Batch and rounds where 16 bits are computed in 32, which takes minutes."""

LEARNING_RATE = 1e-3
GOALS = {"O0": 1.05, "bf16": 2.2}
"""Times the yardstick's steps; 16 bits count where the CPU computes in them."""

WITHOUT_16_BITS = "this CPU has neither AMX nor AVX-512 for bfloat16: the goal does not apply"

Batch = Mapping[str, Tensor]


class PlainStep:
    """The released code's step."""

    def __init__(self, model: SiamMask, groups: list[dict[str, Any]], weights: Any) -> None:
        self.model = model
        self.weights = weights
        for group in groups:
            group["lr"] = LEARNING_RATE * group["lr_scale"]
        self.optimizer = torch.optim.SGD(
            groups, lr=LEARNING_RATE, momentum=0.9, weight_decay=1e-4, foreach=False, fused=False
        )

    def __call__(self, batch: Batch) -> float:
        out = self.model(batch["template"], batch["search"])
        terms = [
            plain_class_loss(out.cls, batch["label_cls"]),
            plain_box_loss(out.loc, batch["label_loc"], batch["label_loc_weight"]),
            plain_mask_loss(out.mask, batch["label_mask"], batch["label_mask_weight"]),
        ]
        loss = cast(Tensor, sum(w * term for w, term in zip(self.weights, terms, strict=True)))
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.model.parameters(), 10.0, foreach=False)
        value = loss.item()
        if np.isfinite(value) and value <= 1e4:
            self.optimizer.step()
        return value


def plain_class_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Select the anchors that count, and take the mean of each kind."""
    said = logits.unflatten(1, (2, -1)).permute(0, 2, 3, 4, 1).contiguous()
    said, flat = functional.log_softmax(said, dim=4).view(-1, 2), labels.reshape(-1)
    terms = []
    for label in (1, 0):
        chosen = (flat == label).nonzero().squeeze(1)
        wanted = flat.index_select(0, chosen)
        terms.append(functional.nll_loss(said.index_select(0, chosen), wanted))
    return 0.5 * terms[0] + 0.5 * terms[1]


def plain_box_loss(deltas: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Sum up weighted differences."""
    off = (deltas.reshape(targets.shape) - targets).abs().sum(dim=1)
    return (off * weights).sum() / len(deltas)


def plain_mask_loss(masks: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Cut all windows, and select those that count."""
    chosen = (weights.reshape(-1) == 1).nonzero().squeeze(1)
    rows = masks.permute(0, 2, 3, 1).contiguous().view(-1, 1, 63, 63).index_select(0, chosen)
    rows = functional.interpolate(rows, size=127, mode="bilinear", align_corners=True)
    windows = functional.unfold(targets, (127, 127), padding=32, stride=8)
    windows = windows.permute(0, 2, 1).contiguous().view(-1, 127 * 127).index_select(0, chosen)
    return functional.soft_margin_loss(rows.view(-1, 127 * 127), windows)


def labels(number: int, random: np.random.Generator) -> dict[str, Any]:
    """Label one sample of the batch."""
    config = SampleConfig()
    grid = Grid.of(config.anchors, config.search_size, config.cells)
    priorities = random.permutation(5 * 25 * 25).astype(np.uint32)
    (x, y), (width, height) = random.uniform(100, 155, 2), random.uniform(50, 90, 2)
    box = Corners(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    deltas = np.zeros((4, 5, 25, 25), np.float32)
    mask = np.full((1, 255, 255), -1, np.float32)
    if number in NEGATIVE:
        anchors = negative_labels(grid.shape, priorities, config.sampling)
    else:
        anchors = positive_labels(grid.overlaps(box), priorities, config.sampling)
        grid.write_deltas(box, deltas)
    if number in MASKED:
        mask[0, round(box.top) : round(box.bottom), round(box.left) : round(box.right)] = 1
    cells = mask_weights(anchors) if number in MASKED else np.zeros((1, 25, 25))
    return {
        "label_cls": anchors.astype(np.int64),
        "label_loc": deltas,
        "label_loc_weight": delta_weights(anchors),
        "label_mask": mask,
        "label_mask_weight": cells.astype(np.float32),
    }


class InTurn(Hook):
    """Feeds a loop with one batch again and again; the yardstick takes its step before each.

    So a change of the machine's speed meets both. Times are of the process and by the clock.
    """

    def __init__(self, batch: Batch, plain: PlainStep, rounds: int) -> None:
        self.batch = batch
        self.plain = plain
        self.steps = rounds + 1
        self.losses: list[float] = []
        self.times: dict[str, list[tuple[float, float]]] = {"plain": [], "ours": []}

    def batches(self, epoch: int, step: int) -> Iterator[Batch]:
        for _ in range(self.steps):
            begin = now()
            self.losses.append(self.plain(self.batch))
            self.times["plain"].append(since(begin))
            self._begin = now()
            yield self.batch

    def step(self, run: Any) -> None:
        """Take the time."""
        self.times["ours"].append(since(self._begin))

    def to_device(self, batch: Batch, device: torch.device) -> Batch:
        return batch

    def faults(self) -> dict[str, str]:
        return {}

    def seconds(self, kind: str, clock: int) -> float:
        """Give the median of all steps but the first, which is slower."""
        return statistics.median(each[clock] for each in self.times[kind][1:])


def now() -> tuple[float, float]:
    return time.process_time(), time.perf_counter()


def since(begin: tuple[float, float]) -> tuple[float, float]:
    end = now()
    return end[0] - begin[0], end[1] - begin[1]


@pytest.fixture(scope="module")
def formula() -> ModuleType:
    import importlib.util

    path = Path(__file__).parents[1] / "siammask" / "formula.py"
    spec = importlib.util.spec_from_file_location("siammask_formula", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def batch(formula: ModuleType) -> dict[str, Tensor]:
    """Make a batch as `trainers.feed` gives it."""
    random = np.random.default_rng(0)
    samples = [labels(number, random) for number in range(BATCH)]
    stacked = {
        name: torch.from_numpy(np.stack([each[name] for each in samples])) for name in samples[0]
    }
    images = {"template": formula.image(3, 127, BATCH), "search": formula.image(4, 255, BATCH)}
    return {name: each.float() for name, each in images.items()} | stacked


@pytest.fixture
def threads() -> Iterator[Callable[[int], None]]:
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


def in_turn(
    formula: ModuleType, batch: Batch, level: str, rounds: int, folder: Path
) -> tuple[InTurn, Loop]:
    """Train by the loop and by the yardstick, step by step."""
    backend, stage = find_backend("cpu"), find_stage("base")
    recipe = Recipe.find(None, "base").changed(epochs=1, batch=len(batch["search"]), unfreeze=0.0)
    models = [formula.filled("base") for _ in range(2)]
    phase = stage.phase(0, recipe)
    stage.enter(models[0], phase)
    groups = stage.groups(models[0], phase, recipe)
    feed = InTurn(batch, PlainStep(models[0], groups, recipe.loss.weight), rounds)
    job = Job(
        stage=stage,
        recipe=recipe,
        model=cast(Any, models[1]).to(memory_format=memory_format(recipe, backend)),
        feed=feed,
        backend=backend,
        device=backend.start(0),
        precision=find_precision(level, backend),
        folder=folder,
        log_every=1,
    )
    loop = Loop(job, [feed])
    loop.run()
    return feed, loop


@pytest.mark.parametrize("level", ["O0", "bf16"])
@pytest.mark.parametrize("count", [1, 2])
def test_step(
    benchmark: Any,
    report: Callable[..., None],
    formula: ModuleType,
    batch: Batch,
    threads: Callable[[int], None],
    tmp_path: Path,
    level: str,
    count: int,
) -> None:
    threads(count)
    applies = level == "O0" or half_precision(torch.device("cpu")) is not None
    rounds = ROUNDS if applies else WITHOUT_GOAL
    given = batch if applies else {name: each[:WITHOUT_GOAL] for name, each in batch.items()}
    feed, loop = benchmark.pedantic(
        in_turn, (formula, given, level, rounds, tmp_path), rounds=1, iterations=1
    )
    assert loop.phase is not None and loop.phase.name == "layers"
    # The second loss tells that both learnt the same; from then on differences grow.
    tolerance = {"O0": 1e-4, "bf16": 0.05}[level]
    assert loop.losses[:2] == pytest.approx(feed.losses[:2], rel=tolerance)
    # Of one thread the time that it computed, whatever else the machine does meanwhile.
    slow, fast = (feed.seconds(kind, clock=count - 1) for kind in ("plain", "ours"))
    images = len(given["search"])
    report(
        f"training step of SiamMask-base, batch {images}, {level}, threads: {count}",
        f"{images / fast:.2f} images/s",
        f"as the original: {images / slow:.2f} images/s",
        f"{slow / fast:.2f}x",
        f"≥ {GOALS[level]}x" if applies else "not on this CPU",
        slow / fast >= GOALS[level] if applies else None,
    )
    if not applies:
        pytest.skip(WITHOUT_16_BITS)
    assert slow / fast >= GOALS[level]
