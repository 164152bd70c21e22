"""A store with trackers and trainings, made up so that every mark of a board occurs in it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from leaderboards.boards.table import Table
from leaderboards.render.terminal import print_tables
from leaderboards.store import Store
from vot_toolkit.analysis import analyze
from vot_toolkit.machine import Accelerator, Machine
from vot_toolkit.records import Record
from vot_toolkit.scorecard import scorecard
from vot_toolkit.version import CodeVersion

LENGTHS = {"ant": 30, "bag": 24, "car": 41, "drone": 36, "fish": 28, "girl": 33, "hand": 45}

MACHINE = Machine(
    cpu="Intel(R) Xeon(R) CPU E5-2690 v4 @ 2.60GHz",
    physical_cores=14,
    logical_cores=28,
    usable_cores=8,
    memory_mib=65536,
    system="Ubuntu 24.04, Linux 6.8 x86_64",
    python="CPython 3.11.9",
    packages={"numpy": "2.4", "torch": "2.13.0"},
    load=(0.1, 0.1, 0.1),
)
NPUS = replace(
    MACHINE,
    cpu="Kunpeng-920",
    system="openEuler 22.03, Linux 5.10 aarch64",
    accelerators=(Accelerator("npu", "Ascend 910B3", 8, 65536, "23.0.rc3"),),
)


def box(index: int, shift: float = 0.0) -> list[float]:
    """Give a rectangle that moves by a pixel a frame."""
    return [10.0 + index + shift, 20.0, 30.0, 24.0]


def run_lines(frames: int, shift: float, failures: tuple[int, ...]) -> list[str]:
    """Write a run under the reset protocol: off by `shift` px, lost at the failures."""
    lines, start = [], 0
    for index in range(frames):
        if index == start:
            lines.append("1")
        elif index < start:
            lines.append("0")
        elif index in failures:
            lines.append("2")
            start = index + 5
        else:
            lines.append(",".join(f"{value:.4f}" for value in box(index, shift)))
    return lines


def write_results(folder: Path, tracker: str, shift: float, failing: str = "") -> None:
    """Write results of a tracker that is lost once in the sequences of some initials."""
    for number, (name, frames) in enumerate(LENGTHS.items()):
        place = folder / tracker / "baseline" / name
        place.mkdir(parents=True)
        failures = (15,) if name[0] in failing else ()
        lines = run_lines(frames, shift + 0.5 * number, failures)
        (place / f"{name}_001.txt").write_text("\n".join(lines) + "\n")


@pytest.fixture(scope="session")
def results(tmp_path_factory) -> Path:
    """Make a folder with ``toy.json`` and ``results`` of three trackers."""
    folder = tmp_path_factory.mktemp("toy")
    annotations = {
        name: {
            "gt_rect": [box(index) for index in range(frames)],
            "img_names": [f"{name}/color/{index + 1:08d}.jpg" for index in range(frames)],
            "width": 160,
            "height": 120,
            "occlusion": [int(10 <= index < 20) for index in range(frames)],
        }
        for name, frames in LENGTHS.items()
    }
    (folder / "toy.json").write_text(json.dumps(annotations))
    write_results(folder / "results", "good", 1.0)
    write_results(folder / "results", "fair", 2.0, "b")
    write_results(folder / "results", "poor", 6.0, "abcdg")
    return folder


@pytest.fixture(scope="session")
def cards(results: Path) -> Callable[..., dict[str, Any]]:
    """Give scorecards of the trackers, under any rules."""
    made: dict[tuple[str, str], dict[str, Any]] = {}

    def card(tracker: str, rules: str = "vot2018") -> dict[str, Any]:
        if (tracker, rules) not in made:
            analysis = analyze(results / "results", results / "toy.json", tracker, rules=rules)
            made[tracker, rules] = scorecard(tracker, analysis)
        return json.loads(json.dumps(made[tracker, rules]))

    return card


@pytest.fixture(scope="session")
def evaluated(cards) -> Callable[..., Record]:
    """Give the record of an evaluation; keywords change its config."""

    def evaluation(
        tracker: str, rules: str = "vot2018", machine: Machine | None = MACHINE, **config: Any
    ) -> Record:
        card = cards(tracker, rules)
        card["experiments"]["baseline"]["fps"] = {"good": 31.25, "fair": 120.0, "poor": 9.5}[
            tracker
        ]
        return Record(
            kind="evaluation",
            label=tracker,
            config={
                "tracker": tracker,
                "options": {"mode": "exact"},
                "deterministic": True,
                "dataset": {"name": "toy", "digest": "d" * 64},
                "rules": rules,
                "run": {"device": "cpu", "workers": 2},
                **config,
            },
            results=card,
            machine=machine,
            code=CodeVersion("1.0", "abc"),
            checkpoint={"good": "1" * 64, "fair": "2" * 64}.get(tracker),
            seed=0,
            created="2026-11-22T08:00:00+00:00",
        )

    return evaluation


def trained(
    label: str,
    *,
    devices: int = 1,
    fps: float | None = 30.0,
    machine: Machine = MACHINE,
    backend: str = "cpu",
    batch: int = 64,
    loss: float = 2.6,
    **results: Any,
) -> Record:
    """Give the record of a training."""
    steps = 40
    lines = {
        "step": [10 * (index + 1) for index in range(steps)],
        "loss": [loss + 3.0 * 0.9**index for index in range(steps)],
        "images_per_s": [(fps or 1.0) * (1 + 0.02 * (index % 5 - 2)) for index in range(steps)],
        "data_share": [0.5] + [0.04] * (steps - 1),
    }
    return Record(
        kind="training",
        label=label,
        config={
            "stage": "base",
            "backend": {"name": backend},
            "amp": {"level": "O1" if backend == "npu" else "O0"},
        },
        results={
            "ending": "complete",
            "epochs": {"done": 2, "of": 2},
            "steps": 400,
            "steps_of_epoch": 200,
            "devices": devices,
            "device_batch": batch,
            "speed": None if fps is None else {"images_per_s": fps, "left_out": 100},
            "loss": {"mean": loss, "last": loss},
            "duration_s": 100.0,
            "lines": lines,
            **results,
        },
        machine=machine,
        code=CodeVersion("1.0", "abc"),
        seed=12345,
        precision="fp16" if backend == "npu" else "float32",
        created="2026-11-22T09:00:00+00:00",
    )


@pytest.fixture
def training() -> Callable[..., Record]:
    """Give the maker of records of trainings."""
    return trained


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Make an empty store."""
    return Store(tmp_path / "store")


@pytest.fixture
def filled(store: Store, evaluated) -> Store:
    """Make a store of three trackers and two trainings."""
    for tracker in ("good", "fair", "poor"):
        store.add(evaluated(tracker))
    store.add(trained("1p NPU", fps=220.0, machine=NPUS, backend="npu"))
    store.add(trained("8p NPU", fps=1540.0, devices=8, machine=NPUS, backend="npu"))
    return store


@pytest.fixture
def printed() -> Callable[[list[Table]], str]:
    """Print tables as a plain terminal of 80 columns would show them."""

    def show(tables: list[Table]) -> str:
        stream = io.StringIO()
        print_tables(tables, Console(file=stream, width=80))
        return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())

    return show
