"""Checkpoints: what is in them, which is taken, which stay."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import siammask  # noqa: E402
from trainers import checkpoints  # noqa: E402
from trainers.checkpoints import Progress, Snapshot  # noqa: E402
from trainers.errors import ResumeError  # noqa: E402


@pytest.fixture
def snapshot() -> Snapshot:
    return Snapshot(
        progress=Progress(2),
        samples=0,
        total_steps=16,
        model={"weight": torch.ones(2, 3).T},
        optimizer={"state": {0: {"momentum_buffer": torch.zeros(3)}}, "param_groups": []},
        scale={},
        apex={},
        skipped={"total": 1, "in_a_row": 0},
        random=[checkpoints.random_state(None)],
        stage="base",
        config={"recipe": {"training": {"seed": 1}}, "amp": "O0"},
        anchors={"stride": 8},
        best={"eao": 0.25, "scores": {"e1": 0.25}},
    )


def test_what_is_saved_is_loaded(snapshot: Snapshot, tmp_path: Path) -> None:
    path = checkpoints.save(snapshot, tmp_path / "new")
    assert path.name == "checkpoint_e2.pth"
    found = checkpoints.load(path)
    assert torch.equal(found.model["weight"], snapshot.model["weight"])
    assert replace(found, model={}, optimizer={}, random=[]) == replace(
        snapshot, model={}, optimizer={}, random=[]
    )


def test_a_real_network_is_read_by_siammask(snapshot: Snapshot, tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = siammask.build("base")
    state = model.to(memory_format=torch.channels_last).state_dict()
    path = checkpoints.save(replace(snapshot, model=state), tmp_path)
    loaded = siammask.load(path)
    assert loaded.variant.name == "base"
    for name, value in loaded.state_dict().items():
        assert torch.equal(value, state[name])
    # As the original reads it.
    content = torch.load(path, weights_only=True)
    assert (content["epoch"], content["arch"], content["best_acc"]) == (2, "Custom", 0.0)
    assert content["anchor_cfg"] == {"stride": 8}
    assert all(value.is_contiguous() for value in content["state_dict"].values())


def test_random_states_go_back() -> None:
    state = checkpoints.random_state(None)
    expected = random.random(), np.random.rand(), np.random.randn(), float(torch.rand(()))
    random.random(), np.random.rand(), torch.rand(3)
    assert checkpoints.set_random_state(state) is None
    assert (random.random(), np.random.rand(), np.random.randn(), float(torch.rand(()))) == expected


def names(folder: Path) -> list[str]:
    return [path.name for path in checkpoints.find(folder)]


def test_the_newest_first(tmp_path: Path) -> None:
    for name in ("checkpoint_e2", "checkpoint_e10", "part_e10_s5", "part_e9_s80", "best", "other"):
        (tmp_path / f"{name}.pth").touch()
    assert names(tmp_path) == [
        "part_e10_s5.pth",
        "checkpoint_e10.pth",
        "part_e9_s80.pth",
        "checkpoint_e2.pth",
    ]


def test_which_stay(tmp_path: Path) -> None:
    for name in ("checkpoint_e1", "checkpoint_e2", "checkpoint_e3", "part_e2_s7"):
        (tmp_path / f"{name}.pth").touch()
    for step in (2, 4, 6):
        (tmp_path / f"part_e3_s{step}.pth").touch()
    (tmp_path / ".checkpoint_e4.pth.77.part").touch()
    checkpoints.prune(tmp_path, keep=None)
    newest = ["part_e3_s6.pth", "part_e3_s4.pth", "checkpoint_e3.pth"]
    assert names(tmp_path) == [*newest, "checkpoint_e2.pth", "checkpoint_e1.pth"]
    checkpoints.prune(tmp_path, keep=1, spare=["checkpoint_e1.pth"])
    assert names(tmp_path) == [*newest, "checkpoint_e1.pth"]
    assert not list(tmp_path.glob(".*"))


class Code:
    """Something that pickle would run."""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "broken, or no checkpoint"),
        (b"PK\x03\x04 and then nothing", "broken, or no checkpoint"),
        ({"state_dict": {}, "epoch": 1}, "has not what a training needs to go on"),
        ({"training": {"format": 2}}, "a checkpoint of format 2"),
        ({"training": Code()}, "broken, or no checkpoint"),
        ([1, 2], "has not what a training needs to go on"),
    ],
)
def test_what_cannot_be_gone_on_from(content: Any, message: str, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint_e1.pth"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        torch.save(content, path)
    with pytest.raises(ResumeError, match=message):
        checkpoints.load(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_off_file_is_broken(snapshot: Snapshot, tmp_path: Path, share: float) -> None:
    path = checkpoints.save(snapshot, tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ResumeError, match="broken, or no checkpoint"):
        checkpoints.load(path)


def test_falling_back_is_said_aloud(snapshot: Snapshot, tmp_path: Path) -> None:
    checkpoints.save(snapshot, tmp_path)
    (tmp_path / "part_e2_s3.pth").write_bytes(b"x")
    (tmp_path / "part_e2_s5.pth").write_bytes(b"x")
    said: list[str] = []
    found = checkpoints.load_newest(tmp_path, said.append)
    assert found is not None and found[0].name == "checkpoint_e2.pth"
    assert len(said) == 2 and said[1].endswith("going on from checkpoint_e2.pth, the one before")


def test_nothing_but_broken_ones_is_an_error(tmp_path: Path) -> None:
    assert checkpoints.load_newest(tmp_path / "none", print) is None
    (tmp_path / "checkpoint_e1.pth").touch()
    with pytest.raises(ResumeError, match="no checkpoint can be used"):
        checkpoints.load_newest(tmp_path, print)


def test_another_training_is_told_by_its_difference(snapshot: Snapshot) -> None:
    same: Any = snapshot.config
    checkpoints.check_same(same, same, Path("c.pth"))
    other = {"recipe": {"training": {"seed": 2}}, "amp": "O1", "more": 1}
    with pytest.raises(ResumeError) as caught:
        checkpoints.check_same(same, other, Path("c.pth"))
    assert str(caught.value).startswith(
        "c.pth: is of another training: recipe.training.seed was 1, is 2; "
        "amp was 'O0', is 'O1'; more was None, is 1 ("
    )
