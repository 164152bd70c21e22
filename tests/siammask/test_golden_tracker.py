"""The tracker against numbers that the original's code printed, with a network by a formula.

The file is that of the installed OpenCV: masks differ by up to 1e-3 between versions, and with them
a few of their pixels, since OpenCV 5 no longer rounds coordinates to 1/32 px.
"""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

from siammask.anchors import Anchors, search_grid
from siammask.boxes import initial_box
from siammask.crops import around, mean_colour, subwindow
from siammask.tracker import Tracker

NAMES = {"vot": "vot2018", "vot18": "vot2018-ld", "davis": "davis", "base": "base"}
CENTER, SIZE = np.array([150.25, 118.5]), np.array([40.0, 62.0])
PROBES = ((118, 150), (100, 160), (0, 0))


def opencv_file() -> str:
    """Name the file of the OpenCV that is nearest to the installed one."""
    major, minor = map(int, cv2.__version__.split(".")[:2])
    return "cv5" if major >= 5 else "cv410" if (major, minor) >= (4, 0) else "cv34"


@pytest.fixture(scope="module")
def printed(golden):
    return json.loads((golden / "siammask" / f"tracker_{opencv_file()}.json").read_text())


@pytest.fixture(params=range(5), ids=["vot", "vot18", "davis", "base mask", "base box"])
def case(request, printed):
    return printed["track"][request.param]


@pytest.fixture
def tracked(case, fake):
    """Run a case: the network, and the state after each of the frames."""
    network = fake.FakeNetwork((127 if case["refine"] else 63) if case["mask"] else None)
    tracker = Tracker(network, settings=NAMES[case["hp"]])
    image = fake.frame()
    tracker.initialize(image, np.concatenate([CENTER - SIZE / 2, SIZE]))
    states = []
    for _ in case["frames"]:
        tracker.update(image)
        states.append(tracker.state)
    return network, states


def corners_of(polygon) -> set[tuple[float, float]]:
    return {tuple(np.round(corner, 2)) for corner in np.reshape(polygon, (4, 2)).tolist()}


def test_boxes_and_scores(case, tracked):
    for state, expected in zip(tracked[1], case["frames"], strict=True):
        assert state.center.tolist() == pytest.approx(expected["pos"], rel=1e-5)
        assert state.size.tolist() == pytest.approx(expected["sz"], rel=1e-5)
        assert state.score == pytest.approx(expected["score"], rel=1e-5)


def test_masks(case, tracked):
    network, states = tracked
    threshold = Tracker(network, NAMES[case["hp"]]).settings.seg_thr
    for state, expected in zip(states, case["frames"], strict=True):
        if not case["mask"]:
            assert state.mask is None
            continue
        assert [state.mask[probe] for probe in PROBES] == pytest.approx(
            expected["mask_at"], abs=1e-5
        )
        assert state.mask.sum(dtype=float) == pytest.approx(expected["mask_sum"], abs=1.0)
        assert abs(int((state.mask > threshold).sum()) - expected["n_on"]) <= 2
        assert corners_of(state.region) == corners_of(expected["polygon"])


def test_refined_cell(case, tracked):
    expected = [tuple(frame["refine_pos"]) for frame in case["frames"] if frame.get("refine_pos")]
    if expected:
        assert tracked[0].cells == expected


def test_subwindows(printed, fake):
    image = fake.frame()
    for row in printed["subwindow"]:
        square = around(np.array(row["pos"]), row["orig"])
        place = (square.column, square.row, row["orig"])
        patch = subwindow(image, *place, row["model"], mean_colour(image))
        assert [row["model"], row["model"], 3] == list(patch.shape)
        assert patch.sum() == row["sum"]
        middle = row["model"] // 2
        for at, key in ((0, "corner"), (middle, "centre"), (-1, "last")):
            assert patch[at, at].tolist() == row[key]


def test_mean_colour_is_cut_off(printed, fake):
    assert mean_colour(fake.frame()).tolist() == [int(mean) for mean in printed["avg"]]


@pytest.mark.parametrize(
    ("region", "center", "size"),
    [
        ([10, 20, 30, 10, 40, 30, 20, 40], [25, 25], [23.36068, 23.36068]),
        ([0, 0, 0, 19, 9, 19, 9, 0], [4.5, 9.5], [10, 20]),
    ],
)
def test_init_from_polygon(region, center, size):
    found_center, found_size = initial_box(region)
    assert found_center.tolist() == pytest.approx(center)
    assert found_size.tolist() == pytest.approx(size, abs=1e-5)


def test_anchor_table():
    shapes = [[104, 32], [88, 40], [64, 64], [40, 80], [32, 96]]
    assert Anchors().shapes.tolist() == shapes
    grid = search_grid(Anchors(), 25)
    assert grid.dtype == np.float32
    assert grid.shape == (3125, 4)
    index = 3 * 625 + 11 * 25 + 13
    assert grid[index].tolist() == [8, -8, 40, 80]
