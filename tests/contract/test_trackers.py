"""One suite for every tracker, of this project or registered by another."""

from __future__ import annotations

import numpy as np
import pytest

from vot_toolkit.region import Mask
from vot_toolkit.tracker.check import check
from vot_toolkit.tracker.protocol import reply
from vot_toolkit.tracker.registry import tracker_names
from vot_toolkit.tracker.square import moving_square

SCENE = moving_square()
IMAGES = SCENE.images
for image in IMAGES:
    image.flags.writeable = False
START = SCENE.sequence.groundtruth[0]
OTHER = [60, 20, 100, 60, 60, 100, 20, 60]

NOT_TRAINED = ("identity", "siammask")
"""Not expected to stay on the square: one never moves, the other has weights by a formula."""


def regions(tracker, images, region) -> list[list[float]]:
    """Track through some images."""
    tracker.initialize(images[0], np.array(region, dtype=float))
    return [reply(tracker.update(image)).region.tolist() for image in images[1:]]


def test_check_finds_no_fault(spec, tracker_name):
    report = check(spec)
    assert report.ok, report
    assert report.tracker == tracker_name
    warnings = [finding.what for finding in report.findings if finding.level == "warning"]
    # The square leaves the place where it started: only the tracker that does not track loses it.
    assert bool(warnings) == (tracker_name in NOT_TRAINED)


def test_has_a_description(registered, tracker_name):
    description = dict(tracker_names())[tracker_name]
    assert description.endswith(".")
    assert 20 < len(description) < 90


def test_declares_itself(tracker, tracker_name):
    assert tracker.name == tracker_name
    assert isinstance(tracker.deterministic, bool)


def test_reports_a_region_of_the_frame_it_is_given(tracker):
    tracker.initialize(IMAGES[0], START)
    found = tracker.update(IMAGES[1])
    region, score, mask = reply(found)
    assert not isinstance(region, Mask)
    assert region.dtype == np.float64
    assert region.shape in ((4,), (8,))
    assert np.isfinite(region).all()
    assert score is None or isinstance(score, float)
    assert mask is None or mask.shape == IMAGES[1].shape[:2]


def test_deterministic_one_repeats_itself_to_the_last_bit(tracker, other):
    first, second = (regions(each, IMAGES[:3], START) for each in (tracker, other))
    again = regions(tracker, IMAGES[:3], START)
    assert not tracker.deterministic or first == second == again


def test_two_at_once_do_not_disturb_each_other(tracker, other):
    if not tracker.deterministic:
        pytest.skip("no two runs of it are alike")
    alone = regions(tracker, IMAGES[:3], START), regions(other, IMAGES[1:4], OTHER)
    tracker.initialize(IMAGES[0], START)
    other.initialize(IMAGES[1], np.array(OTHER, dtype=float))
    together = [], []
    for index in (1, 2):
        together[0].append(reply(tracker.update(IMAGES[index])).region.tolist())
        together[1].append(reply(other.update(IMAGES[index + 1])).region.tolist())
    assert together == alone


@pytest.mark.parametrize(
    "region",
    [
        [0, 0, 1, 1],
        [159, 119, 1, 1],
        [80, 60, 0.3, 40],
        [-12, 100, 30, 30],
        [150, -12, 30, 30],
        OTHER,
    ],
)
def test_takes_small_and_cut_targets(tracker, region):
    (found,) = regions(tracker, IMAGES[:2], region)
    assert len(found) in (4, 8)


@pytest.mark.parametrize("region", [[300, 300, 30, 30], [20, 16, 0, 0]])
def test_takes_what_is_no_target_or_says_so(tracker, region):
    """A fault with a message fails one sequence; a tracker that crashes without one is broken."""
    try:
        found = regions(tracker, IMAGES[:2], region)
    except Exception as error:
        assert str(error)
    else:
        assert len(found[0]) in (4, 8)


def test_leaves_image_and_region_as_they_are(tracker):
    before = [image.copy() for image in IMAGES[:2]]
    region = np.array([20.0, 16, 31, 31])
    tracker.initialize(IMAGES[0], region)
    tracker.update(IMAGES[1])
    assert region.tolist() == [20, 16, 31, 31]
    assert all(map(np.array_equal, before, IMAGES))


def test_goes_on_after_a_start_elsewhere(tracker):
    """Nothing of a former target may be left."""
    first = regions(tracker, IMAGES[:2], START)
    regions(tracker, IMAGES[2:4], OTHER)
    assert not tracker.deterministic or regions(tracker, IMAGES[:2], START) == first
