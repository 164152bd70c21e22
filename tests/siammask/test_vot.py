"""The tracker under the toolkit: options, the regions of the Python API, faults of a sequence."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

import siammask
from siammask.errors import CheckpointError, RuntimeUnavailableError, SettingsError
from siammask.vot import build
from vot_toolkit.errors import TrackerError
from vot_toolkit.evaluation import evaluate
from vot_toolkit.tracker import registry
from vot_toolkit.tracker.check import check
from vot_toolkit.tracker.options import convert_options
from vot_toolkit.tracker.registry import TrackerSpec
from vot_toolkit.tracker.square import moving_square


@pytest.fixture
def registered(monkeypatch):
    """Register the tracker, whether or not the distribution is installed with it."""
    entry = registry.EntryPoint("siammask", "siammask.vot:build", registry.GROUP)
    monkeypatch.setattr(registry, "_find_entry_points", lambda: (entry,))


def write_sequence(folder: Path, images, regions) -> None:
    folder.mkdir(parents=True)
    for index, image in enumerate(images):
        assert cv2.imwrite(str(folder / f"{index + 1:08d}.png"), image)
    lines = [",".join(f"{value:.4f}" for value in region) for region in regions]
    (folder / "groundtruth.txt").write_text("\n".join(lines) + "\n")


@pytest.fixture(scope="session")
def squares(tmp_path_factory):
    """Write a data set of two short sequences; in one the frames change their size."""
    root = tmp_path_factory.mktemp("data") / "squares"
    scene = moving_square()
    images, regions = scene.images[:3], [scene.sequence.groundtruth[index] for index in range(3)]
    write_sequence(root / "steady", images, regions)
    write_sequence(root / "turning", [*images[:2], images[2][:, :150]], regions)
    (root / "list.txt").write_text("steady\nturning\n")
    return root


def options(**texts: str):
    return convert_options(build, texts, "siammask")


def test_options_from_the_command_line():
    given = options(
        checkpoint="x.pth", device="cuda:1", mask="no", lr="0.5", mode="fast", instance_size="287"
    )
    assert given == {
        "checkpoint": Path("x.pth"),
        "device": "cuda:1",
        "mask": False,
        "lr": 0.5,
        "mode": "fast",
        "instance_size": 287,
    }


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"mode": "quick"}, "option mode=quick .accepted for mode: exact, fast"),
        ({"runtime": "tensorrt"}, "accepted for runtime: torch, onnxruntime, openvino"),
        ({"lr": "much"}, "option lr=much .accepted for lr: float or none"),
        ({"placement": "true"}, "accepted for placement: original or exact|original, exact"),
        ({"out_size": "127"}, "no option 'out_size'"),
        ({"penalty": "0.1"}, "did you mean 'penalty_k'"),
    ],
)
def test_options_that_cannot_be_used(texts, message):
    with pytest.raises(TrackerError, match=message):
        options(**texts)


def test_settings_that_cannot_be_used():
    with pytest.raises(SettingsError, match=r"lr=2\.0"):
        build(Path("x.pth"), lr=2.0)
    with pytest.raises(SettingsError, match="did you mean 'vot2018"):
        build(Path("x.pth"), settings="vot18")


def test_without_a_checkpoint(monkeypatch):
    monkeypatch.setattr("siammask.zoo.default", lambda folder: None)
    with pytest.raises(CheckpointError, match=r"none came with this package .give a file.*--check"):
        build(None)


def test_without_torch(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(RuntimeUnavailableError, match=r"pip install 'siammask-bench\[torch\]'"):
        build(Path("x.pth"))


def test_the_toolkit_tells_what_is_missing(registered):
    with pytest.raises(TrackerError, match=r"x\.pth: cannot be read"):
        TrackerSpec("siammask", (("checkpoint", "x.pth"),)).build()


def test_checkpoint_that_is_not_there(tmp_path):
    pytest.importorskip("torch")
    with pytest.raises(CheckpointError, match=r"x\.pth"):
        build(tmp_path / "x.pth")


def test_options_reach_the_tracker(formula_checkpoint):
    tracker = build(formula_checkpoint("tiny"), settings="davis", lr=0.5, placement="exact")
    expected = siammask.Settings.find("davis", lr=0.5, placement="exact")
    assert tracker.settings == expected
    assert tracker.network.variant == "tiny"


def alone(checkpoint: Path, images, region, **options) -> list[list[float]]:
    """Track by the Python API."""
    tracker = siammask.Tracker(siammask.load(checkpoint), **options)
    tracker.initialize(images[0], region)
    return [tracker.update(image).region.tolist() for image in images[1:]]


def stored(results: Path, sequence: str) -> list[list[float]]:
    (path,) = results.glob(f"*/unsupervised/{sequence}/{sequence}_001.txt")
    lines = path.read_text().splitlines()
    return [[float(number) for number in line.split(",")] for line in lines[1:]]


def test_same_regions_as_the_api_and_a_bad_sequence_alone_fails(
    registered, formula_checkpoint, squares, tmp_path
):
    checkpoint = formula_checkpoint("tiny")
    analysis = evaluate(
        "siammask",
        squares,
        checkpoint=checkpoint,
        options={"settings": "vot2018-ld", "mode": "exact"},
        experiments="unsupervised",
        engine="serial",
        results=tmp_path,
    )
    (problem,) = analysis.problems
    assert problem.sequence == "turning"
    assert "frame 2: update raised ImageError: a frame of 150x120 px after a first" in problem.what
    images, region = moving_square().images[:3], moving_square().sequence.groundtruth[0]
    expected = alone(checkpoint, images, region, settings="vot2018-ld")
    np.testing.assert_allclose(stored(tmp_path, "steady"), expected, atol=1e-3)
    run = json.loads((tmp_path / "siammask_tiny" / "run.json").read_text())
    assert run["options"]["mode"] == "exact"
    assert run["options"]["settings"] == "vot2018-ld"


def test_lanes_give_the_same_regions(registered, formula_checkpoint, squares, tmp_path):
    """To a hundredth of a pixel: sums of a batch are rounded otherwise."""
    values = {"checkpoint": formula_checkpoint("tiny"), "engine": "serial"}
    values |= {"experiments": "unsupervised"}
    problems = []
    for lanes in (1, 3):
        results = tmp_path / str(lanes)
        analysis = evaluate("siammask", squares, lanes=lanes, results=results, **values)
        problems.append([(p.sequence, p.what) for p in analysis.problems])
    assert problems[0] == problems[1]
    assert [name for name, _ in problems[0]] == ["turning"]
    alone, many = (stored(tmp_path / name, "steady") for name in "13")
    np.testing.assert_allclose(many, alone, atol=1e-2)


@pytest.mark.slow
@pytest.mark.parametrize("variant", ["rpn", "base", "sharp"])
def test_check_finds_no_fault(registered, formula_checkpoint, variant):
    report = check(TrackerSpec("siammask", (("checkpoint", str(formula_checkpoint(variant))),)))
    assert report.ok, report


@pytest.fixture
def bag(real_data, tmp_path):
    """Give the first frames of a real sequence as a data set of its own."""

    def shortened(frames: int) -> Path:
        source, target = real_data / "sequences" / "bag", tmp_path / "data" / "bag"
        target.mkdir(parents=True)
        for path in sorted(source.glob("*.jpg"))[:frames]:
            shutil.copy(path, target)
        lines = (source / "groundtruth.txt").read_text().splitlines()[:frames]
        (target / "groundtruth.txt").write_text("\n".join(lines) + "\n")
        (target.parent / "list.txt").write_text("bag\n")
        return target.parent

    return shortened


def images_of(folder: Path) -> list[np.ndarray]:
    return [cv2.imread(str(path)) for path in sorted((folder / "bag").glob("*.jpg"))]


def start_of(folder: Path) -> list[float]:
    line = (folder / "bag" / "groundtruth.txt").read_text().splitlines()[0]
    return [float(number) for number in line.split(",")]


@pytest.mark.real_data
@pytest.mark.parametrize("variant", [pytest.param("base", marks=pytest.mark.slow), "sharp"])
def test_same_regions_as_the_api_on_real_frames(
    registered, formula_checkpoint, bag, tmp_path, variant
):
    folder, checkpoint = bag(3), formula_checkpoint(variant)
    results = tmp_path / "results"
    values = {"experiments": "unsupervised", "engine": "serial", "results": results}
    analysis = evaluate("siammask", folder, checkpoint=checkpoint, device="cpu", **values)
    assert analysis.problems == ()
    expected = alone(checkpoint, images_of(folder), start_of(folder))
    np.testing.assert_allclose(stored(results, "bag"), expected, atol=1e-3)


@pytest.mark.real_data
@pytest.mark.parametrize("count", [3, pytest.param(30, marks=pytest.mark.slow)])
def test_trajectory_on_real_frames_is_reproducible(formula_checkpoint, bag, count):
    """Two runs, and one and two threads: to a hundredth of a pixel over all frames."""
    torch = pytest.importorskip("torch")
    folder, checkpoint = bag(1 + count), formula_checkpoint("sharp")
    images, region = images_of(folder), start_of(folder)
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        one = alone(checkpoint, images, region)
        again = alone(checkpoint, images[:3], region)
        torch.set_num_threads(2)
        two = alone(checkpoint, images, region)
    finally:
        torch.set_num_threads(threads)
    assert len(one) == count
    assert again == one[:2]
    np.testing.assert_allclose(two, one, atol=1e-2)
