"""One suite for every tracker of this package, built in or registered."""

from __future__ import annotations

import numpy as np
import pytest

from vot_toolkit.tracker.check import check
from vot_toolkit.tracker.protocol import reply
from vot_toolkit.tracker.registry import TrackerSpec, tracker_names
from vot_toolkit.tracker.square import moving_square

SCENE = moving_square()
IMAGES = SCENE.images


@pytest.fixture
def build(registered, tracker_name):
    """Build the tracker under test."""
    registered()
    return TrackerSpec(tracker_name).build


def regions(tracker, images, region) -> list[list[float]]:
    """Track through some images."""
    tracker.initialize(images[0], np.array(region, dtype=float))
    return [reply(tracker.update(image)).region.tolist() for image in images[1:]]


def test_check_finds_no_fault(build, tracker_name):
    report = check(TrackerSpec(tracker_name))
    assert report.ok, report
    assert report.tracker == tracker_name
    warnings = [finding.what for finding in report.findings if finding.level == "warning"]
    # The square leaves the place where it started: only the tracker that does not track loses it.
    assert bool(warnings) == (tracker_name == "identity")


def test_has_a_description(registered, tracker_name):
    registered()
    description = dict(tracker_names())[tracker_name]
    assert description.endswith(".")
    assert 20 < len(description) < 90


def test_declares_itself(build, tracker_name):
    tracker = build()
    assert tracker.name == tracker_name
    assert isinstance(tracker.deterministic, bool)


def test_deterministic_one_repeats_itself_to_the_last_bit(build):
    tracker, other = build(), build()
    start = SCENE.sequence.groundtruth[0]
    first, second = (regions(each, IMAGES[:6], start) for each in (tracker, other))
    again = regions(tracker, IMAGES[:6], start)
    assert not tracker.deterministic or first == second == again


@pytest.mark.parametrize(
    "region",
    [
        [0, 0, 1, 1],
        [159, 119, 1, 1],
        [80, 60, 1, 1],
        [80, 60, 0.3, 40],
        [-12, 100, 30, 30],
        [150, -12, 30, 30],
        [300, 300, 30, 30],
        [60, 20, 100, 60, 60, 100, 20, 60],
    ],
)
def test_takes_small_and_cut_targets(build, region):
    found = regions(build(), IMAGES[:3], region)
    assert all(len(each) in (4, 8) for each in found)


def test_leaves_the_region_as_it_is(build):
    region = np.array([20.0, 16, 31, 31])
    tracker = build()
    tracker.initialize(IMAGES[0], region)
    tracker.update(IMAGES[1])
    assert region.tolist() == [20, 16, 31, 31]
