"""OpenCV's trackers behind the contract."""

from __future__ import annotations

import sys

import cv2
import numpy as np
import pytest

from vot_toolkit.dataset import open_dataset
from vot_toolkit.errors import TrackerError
from vot_toolkit.run.config import engine_for, run_config
from vot_toolkit.run.runner import run_tracker
from vot_toolkit.tracker import opencv
from vot_toolkit.tracker.opencv import Method, OpenCVTracker
from vot_toolkit.tracker.protocol import reply
from vot_toolkit.tracker.registry import TrackerSpec
from vot_toolkit.tracker.square import moving_square

IMAGE = np.zeros((60, 80, 3), dtype=np.uint8)


class Fake:
    """Stands for a tracker of OpenCV; gives what the script says."""

    def __init__(self, script) -> None:
        self.script = iter(script)

    def init(self, image, box) -> None:
        """Keep the box."""
        self.box = box

    def update(self, image):
        """Give the next of the script."""
        return next(self.script)


@pytest.fixture
def fake(monkeypatch):
    """Give a tracker of ours around a fake of OpenCV's."""

    def build(*script, least_side: int = 1) -> OpenCVTracker:
        monkeypatch.setattr(cv2, "TrackerFake", lambda: Fake(script), raising=False)
        return OpenCVTracker(Method("fake", "TrackerFake", True, least_side))

    return build


@pytest.mark.parametrize(
    ("region", "least", "box"),
    [
        ([10, 20, 30, 15], 1, (10, 20, 30, 15)),
        ([10.4, 20.6, 30.2, 15.0], 1, (10, 21, 31, 15)),
        ([10, 5, 20, 15, 10, 25, 0, 15], 1, (0, 5, 20, 20)),
        ([-5, -5, 10, 10], 1, (0, 0, 5, 5)),
        ([75, 55, 10, 10], 1, (75, 55, 5, 5)),
        ([500, -500, 10, 10], 1, (79, 0, 1, 1)),
        ([-10, -10, 200, 200], 1, (0, 0, 80, 60)),
        ([10, 20, 0, 0], 1, (10, 20, 1, 1)),
        ([10, 20, 1, 1], 5, (8, 18, 5, 5)),
        ([79, 59, 1, 1], 5, (75, 55, 5, 5)),
        ([0, 0, 1, 30], 5, (0, 0, 5, 30)),
        ([10, 20, 1, 1], 100, (0, 0, 80, 60)),
    ],
)
def test_box_is_inside_the_image_in_whole_pixels(fake, region, least, box):
    tracker = fake(least_side=least)
    tracker.initialize(IMAGE, np.array(region, dtype=float))
    assert tracker._tracker.box == box
    assert all(type(number) is int for number in tracker._tracker.box)


def test_lost_target_stays_where_it_was(fake):
    tracker = fake((False, (0, 0, 0, 0)), (True, (12, 22, 30, 15)), (False, (1, 1, 1, 1)))
    tracker.initialize(IMAGE, np.array([10.0, 20, 30, 15]))
    found = [tracker.update(IMAGE).tolist() for _ in range(3)]
    assert found == [[10, 20, 30, 15], [12, 22, 30, 15], [12, 22, 30, 15]]


def test_box_of_no_size_counts_as_lost(fake):
    tracker = fake((True, (0, 0, 0, 0)))
    tracker.initialize(IMAGE, np.array([10.0, 20, 30, 15]))
    assert tracker.update(IMAGE).tolist() == [10, 20, 30, 15]


@pytest.mark.parametrize("maker", ["TrackerNone.create", "legacy.TrackerNone_create", "none.none"])
def test_opencv_without_the_tracker(maker):
    with pytest.raises(TrackerError, match=f"tracker 'x': OpenCV .* has no cv2.{maker}") as caught:
        OpenCVTracker(Method("x", maker, True))
    assert "opencv-contrib-python-headless" in caught.value.hint


def test_no_opencv(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(TrackerError, match="tracker 'kcf' needs OpenCV") as caught:
        opencv.kcf()
    assert "pip install" in caught.value.hint


def test_all_say_that_they_are_deterministic():
    built = [getattr(opencv, name)() for name in ("csrt", "kcf", "mil", "mosse", "medianflow")]
    assert all(tracker.deterministic for tracker in built)


def test_mil_in_the_own_process_says_that_it_is_not():
    assert not OpenCVTracker(opencv.MIL).deterministic


def test_no_mil_is_told_when_it_is_built(monkeypatch):
    monkeypatch.delattr(cv2, "TrackerMIL")
    with pytest.raises(TrackerError, match=r"OpenCV .* has no cv2.TrackerMIL.create"):
        opencv.mil()


def track(tracker, first: int) -> list[list[float]]:
    """Follow the square from one of its frames on."""
    scene = moving_square(first)
    tracker.initialize(scene.images[0], scene.sequence.groundtruth[0])
    return [reply(tracker.update(image)).region.tolist() for image in scene.images[1:6]]


def test_mil_does_not_depend_on_what_ran_before():
    tracker, other = opencv.mil(), opencv.mil()
    cv2.setRNGSeed(7)
    before = track(tracker, 0)
    assert track(tracker, 4) == track(other, 4) != before


def test_mil_gives_the_same_files_whatever_the_number_of_workers(tmp_path, write_tracker):
    dataset = open_dataset(_folder(tmp_path / "squares"))
    file = write_tracker("from vot_toolkit.tracker.opencv import mil", "theirs.py")
    spec = TrackerSpec(f"{file}:mil")
    found = []
    for engine, workers in (("serial", 1), ("process", 2)):
        config = run_config("baseline", dataset, engine=engine, workers=workers)
        results = tmp_path / engine
        outcome = run_tracker(
            spec, dataset, config, label="mil", results=results, engine=engine_for(config)
        )
        assert (outcome.num_run, list(outcome.failures)) == (2, [])
        texts = {
            path.name: path.read_bytes()
            for path in outcome.folder.rglob("*.txt")
            if not path.name.endswith("_time.txt")
        }
        found.append(texts)
    assert len(found[0]) == 2
    assert found[0] == found[1]


def _folder(root):
    """Write a VOT folder of two sequences; their squares start in different frames."""
    for first in (0, 4):
        scene = moving_square(first)
        folder = root / f"square{first}"
        (folder / "color").mkdir(parents=True)
        boxes = list(scene.sequence.groundtruth)[:5]
        np.savetxt(folder / "groundtruth.txt", boxes, "%.2f", ",")
        for frame, image in enumerate(scene.images[:5], 1):
            assert cv2.imwrite(str(folder / "color" / f"{frame:08d}.png"), image)
    (root / "list.txt").write_text("square0\nsquare4\n")
    return root
