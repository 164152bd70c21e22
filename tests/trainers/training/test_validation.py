"""A run that scores the checkpoint of each epoch, from crops to the best one."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip("torch")


def write_sequence(folder: Path, frames: int) -> None:
    """Write a VOT sequence: a disc that goes from left to right."""
    (folder / "color").mkdir(parents=True)
    boxes = []
    for frame in range(frames):
        image = np.full((90, 120, 3), 40, np.uint8)
        cv2.circle(image, (40 + 2 * frame, 45), 12, (30, 200, 90), -1)
        cv2.imwrite(str(folder / "color" / f"{frame + 1:08d}.jpg"), image)
        boxes.append(f"{28 + 2 * frame},33,24,24\n")
    (folder / "groundtruth.txt").write_text("".join(boxes))


@pytest.fixture
def scored_on(tmp_path: Path) -> Path:
    """Write a data set of two short sequences."""
    folder = tmp_path / "discs"
    for name, frames in (("long", 14), ("short", 11)):
        write_sequence(folder / name, frames)
    (folder / "list.txt").write_text("long\nshort\n")
    return folder


@pytest.fixture
def options(tiny: Any, tmp_path: Path, scored_on: Path) -> Any:
    """Ask for two epochs of one step of the small network."""
    from trainers.config import Recipe
    from trainers.options import Options

    path = tiny.write_data(tmp_path / "data", videos=1, num=2, batch=2)
    recipe = json.loads(path.read_text()) | {"network": {"variant": "tiny"}}
    recipe["training"]["backbone"] = Recipe.named("siammask_tiny").training.backbone
    path.write_text(json.dumps(recipe))
    return Options(
        "base",
        config=str(path),
        backend="cpu",
        out=tmp_path / "out",
        evaluate=str(scored_on),
        record=tmp_path / "records",
        log_every=1,
    )


@pytest.fixture
def without_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tracker run in this process: another one takes seconds to begin."""
    import vot_toolkit as vot

    monkeypatch.setattr(vot, "evaluate", partial(vot.evaluate, engine="serial"))


@pytest.mark.usefixtures("without_processes")
def test_each_epoch_is_scored_and_the_best_kept(
    options: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pytest.importorskip("tensorboard")
    from rich.console import Console
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    import siammask
    from trainers.launch import Place
    from trainers.run import run

    assert run(options, Place(), Console(width=200)) == 0
    said = capsys.readouterr().out
    summary = json.loads((options.out / "summary.json").read_text())
    scores = summary["validation"]["scores"]
    assert list(scores) == ["e1", "e2"]
    assert all(isinstance(each, float) for each in scores.values()), scores
    best = max(scores, key=lambda key: scores[key])
    assert summary["validation"]["checkpoint"] == f"checkpoint_{best}.pth"
    assert f"checkpoint_{best}.pth: EAO {scores[best]:.4f}, the best so far" in said
    assert (options.out / "best.pth").read_bytes() == (
        options.out / f"checkpoint_{best}.pth"
    ).read_bytes()
    assert siammask.load(options.out / "best.pth").variant.name == "tiny"
    events = EventAccumulator(str(options.out / "board")).Reload().Scalars("validation/EAO")
    assert [(each.step, each.value) for each in events] == [
        (1, pytest.approx(scores["e1"])),
        (2, pytest.approx(scores["e2"])),
    ]
    (record,) = (tmp_path / "records").iterdir()
    assert json.loads(record.read_text())["results"]["validation"]["scores"] == scores
