"""Trackers that would take the check with them: it goes on, and says what they did."""

from __future__ import annotations

import pytest

from vot_toolkit.errors import UsageError
from vot_toolkit.tracker.apart import check_apart
from vot_toolkit.tracker.registry import TrackerSpec

TRACKER = """
import os, sys, time

class A:
    name, deterministic = "a", True
    def __init__(self):
        {building}
    def initialize(self, image, region):
        self.region = region
        if len(region) == 8:
            {corners}
    def update(self, image):
        {updating}
        return self.region
"""


@pytest.fixture
def checked(write_tracker):
    """Check, apart, a tracker that does something in one place."""

    def run(timeout_s=20.0, **places):
        lines = dict.fromkeys(("building", "corners", "updating"), "pass") | places
        path = write_tracker(TRACKER.format(**lines))
        return check_apart(TrackerSpec(f"{path}:A"), timeout_s)

    return run


def errors(report):
    return [finding.what for finding in report.findings if finding.level == "error"]


def test_a_sound_tracker_is_reported_as_in_this_process(checked, capfd):
    report = checked(building="print('loaded'); os.system('echo from a child')")
    assert report.ok and report.tracker == "a"
    assert [finding.what for finding in report.findings][:2] == ["it is built", "its name is 'a'"]
    assert len(report.findings) == 9
    assert report.printed.splitlines() == ["loaded", "from a child"]
    assert capfd.readouterr() == ("", "")


def test_hanging_while_it_is_built(checked):
    report = checked(timeout_s=3, building="time.sleep(60)")
    assert errors(report) == ["building it: no answer within 3 s"]


def test_hanging_in_a_frame_keeps_what_was_found_before(checked):
    report = checked(timeout_s=3, updating="time.sleep(60)")
    assert [finding.level for finding in report.findings] == ["ok", "ok", "ok", "error"]
    assert errors(report) == ["a rectangle, frame 1: no answer within 3 s"]


def test_ending_the_process(checked):
    report = checked(corners="print('bye'); os._exit(3)")
    assert errors(report) == [
        "four corners, started again on another frame, frame 0: its process ended with exit code 3"
    ]
    assert report.printed == "bye\n"


def test_a_crash(checked):
    assert "was ended by SIGABRT" in errors(checked(updating="os.abort()"))[0]


def test_of_a_flood_the_last_is_kept(checked):
    report = checked(building="[print(i) for i in range(99999)]")
    assert report.ok and len(report.printed) <= 8192 and report.printed.endswith("\n99998\n")


@pytest.mark.parametrize("timeout_s", [0, -1, float("nan"), float("inf")])
def test_a_time_that_is_none(timeout_s):
    with pytest.raises(UsageError, match="--timeout"):
        check_apart(TrackerSpec("ncc"), timeout_s)
