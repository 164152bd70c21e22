"""Frames per second of SiamMask, from an image in memory to a region, on one thread.

The yardstick is the same tracker on the same weights with a network computed as the original does
it: eager, in 32-bit floats, with the template's branches and the 63 x 63 head of all cells in every
frame, whole maps padded for the refinement of one cell, and floats made on the host. The weights
are a formula's: they track nothing, and cost what all weights cost.
"""

# ruff: noqa: E402 (torch is asked for first)
from __future__ import annotations

import importlib.util
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch")

from siammask import Response, Tracker
from siammask.device import half_precision
from siammask.model import SiamMask, Template
from siammask.runtime import open_network

ROUNDS = 9
REGION = np.array([280.0, 200.0, 80.0, 100.0])

GOALS = {("torch", "exact"): 1.15, ("openvino", "exact"): 1.3}
"""Times the yardstick's frames per second; other programs and modes are reported."""

FAST_GOAL = 3.5
"""Of torch and OpenVINO where the CPU computes in 16 bits."""


class PlainNetwork:
    """The network as the original computes it; follows `siammask.Network`."""

    def __init__(self, model: SiamMask) -> None:
        self.model = model
        self.variant = model.variant.name
        self.mask_size = model.variant.mask_size

    def template(self, patches: Any) -> Any:
        with torch.no_grad():
            return self.model.features(floats(patches))[0]

    def join(self, templates: Sequence[Any]) -> Any:
        return torch.cat(list(templates))

    def track(self, template: Any, patches: Any) -> Response:
        with torch.no_grad():
            heads = self.model.heads
            kernels = {name: head.kernel(template) for name, head in heads.items()}
            out = self.model.compare(Template(template, kernels), floats(patches))
            coarse = heads["mask"].head(out.correlation)
        return Response(out.cls.numpy(), out.loc.numpy(), (out, coarse))

    def masks(self, response: Response, rows: Sequence[int], cols: Sequence[int]) -> Any:
        out, coarse = response.features
        (row,), (col,) = rows, cols
        if self.variant == "base":
            return coarse[:, :, row, col].numpy()
        with torch.no_grad():
            windows = [
                torch.nn.functional.pad(each, (margin,) * 4)[
                    :, :, stride * row : stride * row + side, stride * col : stride * col + side
                ]
                for each, margin, stride, side in zip(
                    out.features, (16, 8, 4), (4, 2, 1), (61, 31, 15), strict=True
                )
            ]
            point = out.correlation[:, :, row, col][:, :, None, None]
            return self.model.refine_model(windows, point).numpy()


def floats(patches: Any) -> Any:
    """Make floats on the host, channels first, and bring them to torch."""
    return torch.from_numpy(np.ascontiguousarray(patches.transpose(0, 3, 1, 2), np.float32))


@pytest.fixture(scope="module")
def formula() -> ModuleType:
    path = Path(__file__).parents[1] / "siammask" / "formula.py"
    spec = importlib.util.spec_from_file_location("siammask_formula", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads(), cv2.getNumThreads()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    yield
    torch.set_num_threads(before[0])
    cv2.setNumThreads(before[1])


@pytest.fixture(scope="module")
def images() -> list[Any]:
    """Make frames of a coloured texture that moves a little."""
    coarse = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    texture = cv2.resize(coarse, (660, 500), interpolation=cv2.INTER_CUBIC)
    return [
        np.ascontiguousarray(texture[step : step + 480, step : step + 640]) for step in range(10)
    ]


def started(network: Any, images: list[Any]) -> Tracker:
    tracker = Tracker(network, settings="vot2018")
    tracker.initialize(images[0], REGION)
    tracker.update(images[1])
    return tracker


def seconds_per_frame(trackers: list[Tracker], images: list[Any]) -> list[float]:
    """Take the median of CPU seconds; the trackers take turns, frame by frame."""
    times: list[list[float]] = [[] for _ in trackers]
    for step in range(ROUNDS):
        for tracker, taken in zip(trackers, times, strict=True):
            start = time.process_time()
            tracker.update(images[step % len(images)])
            taken.append(time.process_time() - start)
    return [statistics.median(taken) for taken in times]


def networks(model: SiamMask) -> dict[tuple[str, str], Any]:
    """Open the network in every program that is installed."""
    programs = ["torch"]
    for name, packages in (("onnxruntime", ["onnxruntime"]), ("openvino", ["openvino"])):
        if all(map(importlib.util.find_spec, ["onnx", *packages])):
            programs.append(name)
    return {
        (program, mode): open_network(model, runtime=program, mode=mode)
        for program in programs
        for mode in ("exact", "fast")
    }


def goal_of(program: str, mode: str) -> float | None:
    if mode == "fast" and program != "onnxruntime" and half_precision(torch.device("cpu")):
        return FAST_GOAL
    return GOALS.get((program, mode))


@pytest.mark.parametrize("variant", ["base", "sharp"])
def test_frames_per_second(
    variant: str, benchmark: Any, report: Callable[..., None], formula: ModuleType, images: Any
) -> None:
    model = formula.filled(variant)
    plain = started(PlainNetwork(model), images)
    ours = {key: started(network, images) for key, network in networks(model).items()}
    slow, *times = seconds_per_frame([plain, *ours.values()], images)
    benchmark.pedantic(ours["torch", "exact"].update, (images[0],), rounds=3)
    missed = []
    for ((program, mode), tracker), taken in zip(ours.items(), times, strict=True):
        goal = goal_of(program, mode)
        met = goal is None or slow / taken >= goal
        report(
            f"SiamMask-{variant}, {program}, {mode} ({tracker.network.arithmetic}), one thread",
            f"{1 / taken:.2f} frames/s",
            f"as the original computes it: {1 / slow:.2f} frames/s",
            f"{slow / taken:.2f} times",
            "reported" if goal is None else f"≥ {goal:g} times",
            met,
        )
        missed += [] if met else [(program, mode, slow / taken)]
    assert not missed
