"""Tracker and MultiTracker on a network by a formula: the contract, many targets, bad input."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import siammask
from siammask.boxes import corners, rectangle
from siammask.errors import (
    ImageError,
    ModelError,
    RegionError,
    SettingsError,
    UsageError,
    UserError,
)
from siammask.network import Network, Response

BOX = [130.25, 87.5, 40, 62]
OTHER = [30, 40, 70, 50]
POLYGON = [40, 50, 90, 40, 100, 90, 50, 100]


@pytest.fixture
def network(fake):
    return fake.FakeNetwork(127, tint=0.05)


@pytest.fixture
def frames(fake):
    """Give frames of one video that differ."""
    image = fake.frame()
    return [np.roll(image, (3 * shift, 5 * shift), axis=(0, 1)) for shift in range(6)]


def run(network, frames, region, **options):
    """Track alone, and give every state."""
    tracker = siammask.Tracker(network, **options)
    tracker.initialize(frames[0], region)
    states = [tracker.state]
    for image in frames[1:]:
        tracker.update(image)
        states.append(tracker.state)
    return states


def numbers(state):
    """Give all of a state that can be compared."""
    mask = None if state.mask is None else state.mask.tobytes()
    return (*state.center, *state.size, state.score, *state.region, mask, state.lost)


def test_fake_is_a_network(network):
    assert isinstance(network, Network)


def test_contract(network, frames):
    tracker = siammask.Tracker(network)
    assert (tracker.name, tracker.deterministic) == ("siammask", True)
    assert tracker.initialize(frames[0], np.array(BOX)) is None
    found = tracker.update(frames[1])
    assert (found.region.dtype, found.region.shape) == (np.float64, (8,))
    assert (found.mask.dtype, found.mask.shape) == (np.float32, (240, 320))
    assert isinstance(found.score, float)
    assert found.confidence == found.score == tracker.state.confidence
    assert not found.lost


def test_state_at_the_start(network, frames):
    tracker = siammask.Tracker(network)
    tracker.initialize(frames[0], BOX)
    state = tracker.state
    assert state.center.tolist() == [150.25, 118.5]
    assert state.size.tolist() == [40, 62]
    assert state.region.tolist() == [130.25, 87.5, 170.25, 87.5, 170.25, 149.5, 130.25, 149.5]
    assert (state.score, state.mask, state.lost) == (1.0, None, False)
    tracker.initialize(frames[0], POLYGON)
    assert tracker.state.region.tolist() == POLYGON


def test_state_is_what_was_reported(network, frames):
    tracker = siammask.Tracker(network)
    tracker.initialize(frames[0], BOX)
    found = tracker.update(frames[1])
    state = tracker.state
    assert state.region.tolist() == found.region.tolist()
    assert state.mask is found.mask
    assert state.score == found.score


def test_without_masks_the_box_is_reported(fake, frames):
    masked, boxed = (fake.FakeNetwork(size, tint=0.05) for size in (127, None))
    with_masks = siammask.Tracker(masked)
    for tracker in (siammask.Tracker(boxed), siammask.Tracker(masked, mask=False)):
        for each in (with_masks, tracker):
            each.initialize(frames[0], BOX)
            found = each.update(frames[1])
        state = tracker.state
        assert found.region.tolist() == rectangle(state.center, state.size).tolist()
        assert state.region.tolist() == corners(state.center, state.size).tolist()
        assert found.mask is state.mask is None
        # The mask moves nothing.
        assert state.center.tolist() == with_masks.state.center.tolist()


def test_box_network_is_not_asked_for_masks(fake, frames):
    network = fake.FakeNetwork(127)
    run(network, frames, BOX, mask=False)
    assert network.cells == []


class Blank:
    """Answers as another network does, but sees nothing in a mask."""

    variant, mask_size = "sharp", 127

    def __init__(self, network):
        self.template, self.join, self.track = network.template, network.join, network.track

    def masks(self, response, rows, cols):
        """Give a mask without a pixel."""
        return np.full((len(rows), 127 * 127), -9, dtype=np.float32)


def test_empty_mask_gives_the_box_before_it_is_held_in_the_frame(network, frames):
    (_, state) = run(Blank(network), frames[:2], [0, 200, 12, 60], settings="davis")
    assert state.mask.max() < 0.001
    left, top, *_ = state.region
    width, height = state.region[4] - left, state.region[5] - top
    middle = [left + width / 2, top + height / 2]
    assert np.clip(middle, 0, [320, 240]) == pytest.approx(state.center)
    assert np.maximum([width, height], 10) == pytest.approx(state.size)


def test_restart_leaves_nothing(network, frames):
    tracker = siammask.Tracker(network)
    for region in (OTHER, BOX):
        tracker.initialize(frames[0], region)
        tracker.update(frames[1])
    assert numbers(tracker.state) == numbers(run(network, frames[:2], BOX)[-1])


def test_two_trackers_share_a_network(network, frames):
    one, two = siammask.Tracker(network), siammask.Tracker(network)
    one.initialize(frames[0], BOX)
    two.initialize(frames[0], OTHER)
    for image in frames[1:]:
        one.update(image)
        two.update(image)
    assert numbers(one.state) == numbers(run(network, frames, BOX)[-1])
    assert numbers(two.state) == numbers(run(network, frames, OTHER)[-1])


def test_images_and_region_are_left_alone(network, frames):
    for image in frames:
        image.flags.writeable = False
    region = np.array(BOX)
    region.flags.writeable = False
    run(network, frames, region)


def test_reported_region_can_be_changed(network, frames):
    tracker = siammask.Tracker(network)
    tracker.initialize(frames[0], BOX)
    found = tracker.update(frames[1])
    before = numbers(tracker.state)
    found.region[:] = 0
    assert numbers(tracker.state) == before


@pytest.mark.parametrize(("lost_below", "lost"), [(None, False), (0.0, False), (1.0, True)])
def test_lost_flag(network, frames, lost_below, lost):
    states = run(network, frames, BOX, lost_below=lost_below)
    assert states[0].lost is False
    assert [state.lost for state in states[1:]] == [lost] * 5
    # It is told, and nothing else.
    assert numbers(states[-1])[:-1] == numbers(run(network, frames, BOX)[-1])[:-1]


def test_exact_placement_moves_the_mask_only(network, frames):
    exact = siammask.Settings.find("vot2018", placement="exact")
    (_, moved), (_, original) = (
        run(network, frames[:2], BOX, settings=chosen) for chosen in (exact, "vot2018")
    )
    assert moved.center.tolist() == original.center.tolist()
    assert not np.array_equal(moved.mask, original.mask)
    assert np.abs(moved.region - original.region).max() <= 2


# ---- many targets


def test_many_targets_take_one_pass_a_frame(network, frames):
    tracker = siammask.MultiTracker(network)
    assert tracker.initialize(frames[0], [BOX, OTHER, POLYGON]) == [0, 1, 2]
    for image in frames[1:]:
        found = tracker.update(image)
        assert list(found) == [0, 1, 2]
    assert network.passes == [3] * 5


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_each_target_gets_what_it_gets_alone(fake, data):
    network = fake.FakeNetwork(63, tint=0.05)
    image = fake.frame(96, 80)
    frames = [np.roll(image, 7 * shift, axis=1) for shift in range(3)]
    side = st.integers(5, 60)
    box = st.tuples(st.integers(0, 80), st.integers(0, 70), side, side)
    regions = data.draw(st.lists(box, min_size=1, max_size=4))
    many = siammask.MultiTracker(network)
    many.initialize(frames[0], regions)
    for image in frames[1:]:
        many.update(image)
    for target, region in enumerate(regions):
        assert numbers(many.states[target]) == numbers(run(network, frames, region)[-1])


def test_each_in_a_video_of_its_own(network, frames):
    videos = [frames, [image[:200, :300] for image in frames[::-1]]]
    tracker = siammask.MultiTracker(network)
    tracker.initialize_many([video[0] for video in videos], [BOX, OTHER])
    for index in range(1, 6):
        tracker.update_many({target: video[index] for target, video in enumerate(videos)})
    for target, (video, region) in enumerate(zip(videos, [BOX, OTHER], strict=True)):
        assert numbers(tracker.states[target]) == numbers(run(network, video, region)[-1])
    assert tracker.states[1].image_size == (300, 200)
    assert tracker.states[1].mask.shape == (200, 300)


def test_some_can_wait_and_others_start_anew(network, frames):
    tracker = siammask.MultiTracker(network)
    tracker.initialize_many([frames[0], frames[0]], [BOX, OTHER])
    tracker.update_many({1: frames[1]})
    tracker.restart(0, frames[2], POLYGON)
    tracker.update_many({1: frames[2], 0: frames[3]})
    assert numbers(tracker.states[0]) == numbers(run(network, frames[2:4], POLYGON)[-1])
    assert numbers(tracker.states[1]) == numbers(run(network, frames[:3], OTHER)[-1])


def test_targets_come_and_go(network, frames):
    tracker = siammask.MultiTracker(network)
    assert tracker.update(frames[0]) == {}
    assert tracker.add(frames[0], BOX) == 0
    tracker.update(frames[1])
    assert tracker.add(frames[1], OTHER) == 1
    tracker.update(frames[2])
    tracker.remove(0)
    assert tracker.add(frames[2], POLYGON) == 2
    assert list(tracker.update(frames[3])) == [1, 2]
    assert numbers(tracker.states[1]) == numbers(run(network, frames[1:4], OTHER)[-1])
    assert tracker.initialize(frames[0], [BOX]) == [0]
    assert list(tracker.states) == [0]


def test_templates_are_joined_once(network, frames, monkeypatch):
    joins = []
    tracker = siammask.MultiTracker(network)
    join = network.join
    monkeypatch.setattr(
        network, "join", lambda given: joins.append(len(given)) or join(given), raising=False
    )
    tracker.initialize(frames[0], [BOX, OTHER])
    for image in frames[1:]:
        tracker.update(image)
    tracker.add(frames[-1], POLYGON)
    tracker.update(frames[-1])
    assert joins == [2, 3]


def test_target_that_is_not_there(network, frames):
    tracker = siammask.MultiTracker(network)
    tracker.initialize(frames[0], [BOX])
    calls = [
        lambda: tracker.remove(3),
        lambda: tracker.restart(3, frames[0], BOX),
        lambda: tracker.update_many({3: frames[0]}),
    ]
    for call in calls:
        with pytest.raises(UsageError, match=r"no target 3 .there are: 0"):
            call()


def test_one_bad_frame_moves_no_target(network, frames):
    tracker = siammask.MultiTracker(network)
    tracker.initialize_many([frames[0]] * 2, [BOX, OTHER])
    before = [numbers(state) for state in tracker.states.values()]
    with pytest.raises(ImageError):
        tracker.update_many({0: frames[1], 1: None})
    assert [numbers(state) for state in tracker.states.values()] == before


def test_counts_that_differ(network, frames):
    with pytest.raises(UsageError, match="1 images with 2 regions"):
        siammask.MultiTracker(network).initialize_many(frames[:1], [BOX, OTHER])


# ---- bad input


BAD_FRAMES = {
    "missing": None,
    "grey": np.zeros((240, 320), np.uint8),
    "alpha": np.zeros((240, 320, 4), np.uint8),
    "float": np.zeros((240, 320, 3)),
    "empty": np.zeros((0, 0, 3), np.uint8),
}


@pytest.mark.parametrize("kind", BAD_FRAMES)
def test_bad_frame_leaves_the_state(network, frames, kind):
    tracker = siammask.Tracker(network)
    with pytest.raises(ImageError, match=r"accepted: uint8 of shape .height, width, 3., BGR"):
        tracker.initialize(BAD_FRAMES[kind], BOX)
    tracker.initialize(frames[0], BOX)
    with pytest.raises(ImageError):
        tracker.update(BAD_FRAMES[kind])
    tracker.update(frames[1])
    assert numbers(tracker.state) == numbers(run(network, frames[:2], BOX)[-1])


def test_frame_of_another_size(network, frames):
    tracker = siammask.Tracker(network)
    tracker.initialize(frames[0], BOX)
    with pytest.raises(ImageError, match="a frame of 310x240 px after a first one of 320x240 px"):
        tracker.update(frames[1][:, 10:])
    # Starting again, it may be of any size.
    tracker.initialize(frames[1][:, 10:], BOX)


@pytest.mark.parametrize(
    "region",
    [
        [10, 10, 0, 5],
        [10, 10, -4, 5],
        [10, 10, 4, float("nan")],
        [400, 10, 20, 20],
        [0, 0, 5000, 20],
        [1, 2, 3],
        [[1, 2], [3, 4], [5, 6]],
        None,
        "10,10,20,20",
    ],
)
def test_bad_region_leaves_no_target(network, frames, region):
    tracker = siammask.Tracker(network)
    tracker.initialize(frames[0], BOX)
    with pytest.raises(RegionError):
        tracker.initialize(frames[0], region)
    with pytest.raises(UsageError, match="no target"):
        tracker.update(frames[1])


@pytest.mark.parametrize(
    "region", [(100, 50, 20, 30), np.array([[9, 9], [40, 9], [40, 40], [9, 40]])]
)
def test_regions_in_other_forms(network, frames, region):
    assert np.isfinite(run(network, frames[:2], region)[-1].region).all()


@pytest.mark.parametrize(
    "region", [[0, 0, 1, 1], [319, 239, 1, 1], [100, 100, 0.01, 0.01], [-50, 10, 60, 5000 / 25]]
)
def test_small_and_cut_targets(network, frames, region):
    states = run(network, frames, region)
    assert all(np.isfinite(state.region).all() for state in states)


def test_before_initialize(network, frames):
    tracker = siammask.Tracker(network)
    with pytest.raises(UsageError, match=r"no target .initialize"):
        tracker.update(frames[0])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"settings": "vot2019"}, SettingsError, "did you mean 'vot2018"),
        ({"mode": "quick"}, SettingsError, "mode='quick' .accepted for mode: exact, fast"),
        ({"lost_below": 2}, SettingsError, "lost_below=2"),
        ({"lost_below": float("nan")}, SettingsError, "lost_below=nan"),
        ({"lost_below": "x"}, SettingsError, "lost_below='x' .accepted for lost_below: a number"),
        ({"settings": None}, SettingsError, "settings=None"),
        ({"mode": None}, SettingsError, "mode=None"),
        ({"mask": "no"}, SettingsError, "mask='no' .accepted for mask: True, False, None"),
    ],
)
def test_options_that_cannot_be_used(network, options, error, message):
    with pytest.raises(error, match=message):
        siammask.Tracker(network, **options)


def test_masks_of_a_network_without(fake):
    with pytest.raises(ModelError, match="mask=True with a network of variant 'rpn'"):
        siammask.Tracker(fake.FakeNetwork(None), mask=True)


def test_what_is_no_network():
    with pytest.raises(ModelError, match=r"no network, but a str .*siammask.load"):
        siammask.Tracker("SiamMask_VOT.pth")


def test_other_grid_than_the_settings(network, frames):
    network.track = lambda template, patches: Response(
        np.zeros((1, 10, 25, 25), np.float32), np.zeros((1, 20, 25, 25), np.float32)
    )
    larger = siammask.Settings(instance_size=287)
    with pytest.raises(ModelError, match=r"\(1, 10, 25, 25\), not \(1, 10, 29, 29\).*287"):
        run(network, frames, BOX, settings=larger)


def test_network_gone_astray(network, frames):
    network.tint = float("nan")
    with pytest.raises(ModelError, match="a score of nan"):
        run(network, frames, BOX)


def test_errors_are_user_errors():
    for kind in (ImageError, ModelError, RegionError, SettingsError, UsageError):
        assert issubclass(kind, UserError)


def test_tracker_needs_no_torch():
    program = "import sys, siammask; siammask.MultiTracker; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


# ---- the real network


def test_batch_of_the_network_gives_each_what_it_gets_alone(formula_model, frames):
    """To what sums in another order may differ."""
    model = formula_model("tiny")
    many = siammask.MultiTracker(model)
    many.initialize(frames[0], [BOX, OTHER])
    many.update(frames[1])
    for target, region in enumerate([BOX, OTHER]):
        alone = run(model, frames[:2], region)[-1]
        found = many.states[target]
        for key in ("center", "size", "score"):
            assert getattr(found, key) == pytest.approx(getattr(alone, key), abs=1e-3)
        np.testing.assert_allclose(found.mask, alone.mask, atol=1e-4)
