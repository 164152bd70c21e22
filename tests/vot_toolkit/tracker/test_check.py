"""Each way to break the contract has its line in the report."""

from __future__ import annotations

import numpy as np
import pytest

from vot_toolkit.region import Mask
from vot_toolkit.tracker.check import check
from vot_toolkit.tracker.identity import IdentityTracker
from vot_toolkit.tracker.square import moving_square


class Follower:
    """Knows where the square is; what a test breaks, it breaks by overriding."""

    name = "follower"
    deterministic = True

    def __init__(self) -> None:
        self.num_updates = 0

    def initialize(self, image, region) -> None:
        """Find out which frame this is."""
        x, y = (region[:4] if len(region) == 4 else region[:2])[:2]
        self.region = np.array([x, y, 31.0, 31.0])

    def update(self, image):
        """Move as the square does."""
        self.num_updates += 1
        self.region = np.add(self.region, [4, 3, 0, 0])
        return self.region


def faults(tracker) -> list[tuple[str, str]]:
    """Check a tracker and give what is not in order."""
    report = check(tracker)
    lines = [(each.level, each.what) for each in report.findings if each.level != "ok"]
    assert all(each.advice for each in report.findings if each.level == "warning")
    assert all(len(each.what) <= 300 for each in report.findings)
    assert len(report.findings) <= 12
    assert report.ok == all(level != "error" for level, _ in lines)
    return lines


def test_whole_report():
    report = check(Follower())
    found = [finding.what for finding in report.findings]
    assert found[:-1] == [
        "its name is 'follower'",
        "it says deterministic = True",
        "a rectangle: 15 regions of 4 numbers",
        "four corners, started again on another frame: 11 regions of 4 numbers",
        "it leaves the images as they are",
        "two runs from one start agree",
        "it is on the target in 15 of 15 frames, mean overlap 1.00",
    ]
    assert found[-1].endswith("ms a frame (median, 160x120 px)")
    assert (report.tracker, report.ok) == ("follower", True)


def test_built_from_a_spec(registered):
    registered()
    report = check("identity")
    assert report.findings[0].what == "it is built"


def test_cannot_be_built(registered):
    registered()
    report = check("identiti")
    assert (report.tracker, report.ok) == ("identiti", False)
    (finding,) = report.findings
    assert finding.what == "it cannot be built: no tracker 'identiti'"
    assert "did you mean 'identity'?" in finding.advice


def test_file_that_does_not_load_is_named_with_its_line(write_tracker):
    path = write_tracker("x = 1\n1 / 0\n")
    (finding,) = check(f"{path}:A").findings
    assert finding.what.startswith(f"it cannot be built: {path}:2: loading it raised Zero")


def test_nothing_of_a_tracker():
    assert faults(object()) == [
        ("warning", "it has no name"),
        ("warning", "it does not say whether it is deterministic"),
        ("error", "it has no method initialize"),
        ("error", "it has no method update"),
    ]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"name": 3}, [("error", "its name is 3")]),
        ({"name": ""}, [("error", "its name is ''")]),
        ({"name": "a/b"}, [("error", "its name is 'a/b'")]),
        ({"name": ".a"}, [("error", "its name is '.a'")]),
        ({"name": None}, [("warning", "it has no name")]),
        ({"deterministic": "yes"}, [("error", "its deterministic is 'yes'")]),
        (
            {"deterministic": None},
            [("warning", "it does not say whether it is deterministic")],
        ),
        ({"deterministic": np.True_}, []),
    ],
)
def test_attributes(attributes, expected):
    assert faults(type("Odd", (Follower,), attributes)()) == expected


def test_not_deterministic_but_agreeing_is_told():
    report = check(type("Modest", (Follower,), {"deterministic": False})())
    (advice,) = [each.advice for each in report.findings if each.what.startswith("two runs")]
    assert "deterministic = True saves" in advice


def differing(self, image):
    """Jump, once, in the third run's second frame."""
    Follower.update(self, image)
    return self.region + (9 if self.num_updates == 15 + 11 + 2 else 0)


def test_runs_that_differ():
    told = faults(type("Restless", (Follower,), {"update": differing})())
    assert told == [("error", "it says deterministic, but two runs differ at frame 2")]


def test_runs_that_may_differ():
    assert not faults(
        type("Restless", (Follower,), {"update": differing, "deterministic": False})()
    )


def test_tiny_difference_is_none():
    def update(self, image):
        return Follower.update(self, image) + 1e-7 * self.num_updates

    assert not faults(type("Trembling", (Follower,), {"update": update})())


def test_refuses_corners():
    def initialize(self, image, region):
        x, y, width, height = region
        self.region = np.array([x, y, width, height])

    (line,) = faults(type("Narrow", (Follower,), {"initialize": initialize})())
    assert line[0] == "error"
    assert line[1].startswith("four corners, started again on another frame: it fails: frame 0: ")
    assert "ValueError: too many values to unpack" in line[1]


def test_cannot_start_again():
    def initialize(self, image, region):
        if self.num_updates:
            raise RuntimeError("already started")
        Follower.initialize(self, image, region)

    told = faults(type("Once", (Follower,), {"initialize": initialize})())
    assert [what.split(":")[0] for _, what in told] == [
        "four corners, started again on another frame",
        "a rectangle again",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "a rectangle: it fails: frame 1: update returned None"),
        ([1, 2], "a rectangle: it fails: frame 1: update returned 2 numbers: [1, 2]"),
        ([1, 2, np.nan, 4], "a rectangle: it fails: frame 1: update returned a number that is not"),
    ],
)
def test_returns_no_region(value, text):
    told = faults(type("Odd", (Follower,), {"update": lambda self, image: value})())
    assert told[0][1].startswith(text)


def test_raises_while_it_is_read():
    class Odd:
        @property
        def region(self):
            raise RuntimeError("not now")

    told = faults(type("Lazy", (Follower,), {"update": lambda self, image: Odd()})())
    assert told[0] == ("error", "a rectangle: it fails: RuntimeError: not now")


def test_changes_the_image():
    def update(self, image):
        image[:] = 0
        return Follower.update(self, image)

    told = faults(type("Painter", (Follower,), {"update": update})())
    assert told == [("error", "it changes the image it is given")]


def test_changes_the_image_behind_numpys_back():
    def update(self, image):
        image.flags.writeable = True
        image[0, 0] = 255 - image[0, 0]
        return Follower.update(self, image)

    told = faults(type("Thief", (Follower,), {"update": update})())
    assert told == [("error", "it changes the image it is given")]


def test_needs_images_to_write_to():
    def update(self, image):
        image[0, 0] = image[0, 0]
        return Follower.update(self, image)

    told = faults(type("Toucher", (Follower,), {"update": update})())
    assert told == [("warning", "it needs images that can be written to")]


def test_does_not_follow():
    assert faults(IdentityTracker()) == [
        ("warning", "it is on the target in 7 of 15 frames, mean overlap 0.12")
    ]


def test_special_codes_are_legal_but_follow_nothing():
    told = faults(type("Shy", (Follower,), {"update": lambda self, image: 0})())
    assert told == [("warning", "it is on the target in 0 of 15 frames, mean overlap 0.00")]


@pytest.mark.parametrize("deterministic", [True, False])
def test_masks(deterministic):
    def update(self, image):
        x, y = Follower.update(self, image)[:2].astype(int)
        # From the 27th update on, in the third run, it is one row short.
        height = 32 if deterministic or self.num_updates <= 26 else 31
        return Mask(int(x), int(y), np.ones((height, 32), dtype=bool))

    report = check(type("Masked", (Follower,), {"update": update})())
    assert report.ok is deterministic
    assert "a rectangle: 15 regions of pixels" in [each.what for each in report.findings]
    if not deterministic:
        told = [each.what for each in report.findings if each.level == "error"]
        assert told == ["it says deterministic, but two runs differ at frame 1"]


def test_scores_are_told():
    def update(self, image):
        region = Follower.update(self, image)
        return type("Scored", (), {"region": region, "score": 0.5})()

    report = check(type("Sure", (Follower,), {"update": update})())
    assert report.findings[2].what == "a rectangle: 15 regions of 4 numbers, with scores"


def test_interrupt_passes_through():
    def update(self, image):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(type("Stopped", (Follower,), {"update": update})())


def test_square_is_where_the_ground_truth_says():
    scene = moving_square()
    first = scene.images[0][16:48, 20:52]
    for image, box in zip(scene.images, scene.sequence.groundtruth, strict=True):
        x, y, width, height = box.astype(int)
        np.testing.assert_array_equal(image[y : y + height + 1, x : x + width + 1], first)


def test_square_that_starts_later():
    whole, later = moving_square(), moving_square(4, polygon=True)
    assert len(later.sequence) == len(later.images) == 12
    np.testing.assert_array_equal(whole.images[4], later.images[0])
    assert later.sequence.groundtruth[0].tolist() == [36, 28, 67, 28, 67, 59, 36, 59]
