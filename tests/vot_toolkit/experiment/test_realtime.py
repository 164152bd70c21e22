"""The realtime experiment: time comes from the reports, so that every case is exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vot_toolkit.challenges import Protocol, load_challenge
from vot_toolkit.errors import DatasetError
from vot_toolkit.experiment import Initialize, Report, bounded, realtime, start, supervised
from vot_toolkit.experiment.realtime import Camera
from vot_toolkit.region_overlap import overlap_within

PROTOCOL = load_challenge("VOT2018").experiments["realtime"]
FAST, SLOW = 0.02, 0.12
"""Seconds a frame: in time at 20 frames/s, and more than two frames."""


@pytest.fixture(scope="session")
def track():
    """Play a machine; the report on frame f is the region f, takes the seconds given, scores f/10.

    Gives the run and the frames that the tracker was given, with ``+`` before a start.
    """

    def play(machine, seconds):
        asked = []
        request = next(machine)
        while True:
            is_start = isinstance(request, Initialize)
            asked.append(("+" if is_start else "") + str(request.frame))
            took = seconds(request.frame) if callable(seconds) else seconds
            region = np.array([request.frame, 10.0, 20.0, 20.0])
            score = None if is_start else request.frame / 10
            try:
                request = machine.send(Report(None if is_start else region, took, score))
            except StopIteration as end:
                return end.value, " ".join(asked)

    return play


@pytest.fixture
def shown():
    """Show a run: codes, and for a region the frame whose image it was found in, as ``f3``."""

    def show(run):
        return " ".join(
            str(int(region[0])) if len(region) == 1 else f"f{int(region[0])}"
            for region in run.trajectory
        )

    return show


def lost_in(*pairs):
    """Give an overlap that is 0 where the report of frame a answers frame b, else 0.5."""
    return lambda report, truth: 0.0 if (report[0], truth[0]) in pairs else 0.5


def test_the_protocol_of_2018():
    expected = Protocol(
        "realtime", repetitions=1, skip_initialize=5, failure_overlap=0.0, fps=20, grace=3
    )
    assert expected == PROTOCOL


@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.05])
def test_a_fast_tracker_answers_every_frame(sequence, track, shown, seconds):
    run, asked = track(realtime(sequence(6), PROTOCOL, lost_in()), seconds)
    assert shown(run) == "1 f1 f2 f3 f4 f5"
    assert asked == "+0 1 2 3 4 5"


def test_a_slow_tracker_holds_its_region(sequence, track, shown):
    """Frames 1 and 2 are in the grace; then each report takes 2.4 frames."""
    run, asked = track(realtime(sequence(12), PROTOCOL, lost_in()), SLOW)
    # After frame 2 the clock stands at 3 frames; 5.4, 7.8, 10.2 are rounded to 5, 8 and 10.
    assert asked == "+0 1 2 3 5 8 10"
    assert shown(run) == "1 f1 f2 f2 f3 f3 f3 f5 f5 f8 f8 f8"


def test_times_stand_at_the_image_and_scores_at_the_answer(sequence, track):
    run, _ = track(realtime(sequence(9), PROTOCOL, lost_in()), SLOW)
    nan = np.nan
    asked = [SLOW, SLOW, SLOW, SLOW, nan, SLOW, nan, nan, SLOW]
    np.testing.assert_array_equal(run.times, asked)
    np.testing.assert_array_equal(run.scores, [nan, 0.1, 0.2, 0.2, 0.3, 0.3, 0.3, 0.5, 0.5])


def test_the_grace_forgives_any_time(sequence, track, shown):
    times = {0: 100.0, 1: 100.0, 2: 100.0}
    run, asked = track(
        realtime(sequence(6), PROTOCOL, lost_in()), lambda frame: times.get(frame, FAST)
    )
    assert (shown(run), asked) == ("1 f1 f2 f3 f4 f5", "+0 1 2 3 4 5")


def test_the_grace_begins_anew_after_a_failure(sequence, track, shown):
    run, asked = track(realtime(sequence(11), PROTOCOL, lost_in((1, 1))), SLOW)
    assert asked == "+0 1 +6 7 8 9"
    assert shown(run) == "1 2 0 0 0 0 1 f7 f8 f8 f9"


def test_a_failure_of_a_region_that_is_held(sequence, track, shown):
    """The report under way is still written; the restart counts from what the camera shows."""
    run, asked = track(realtime(sequence(14), PROTOCOL, lost_in((3, 5))), SLOW)
    assert asked == "+0 1 2 3 5 +12 13"
    assert shown(run) == "1 f1 f2 f2 f3 2 0 f5 0 0 0 0 1 f13"


def test_a_held_region_that_fails_is_not_tested_again(sequence, track, shown):
    run, _ = track(realtime(sequence(9), PROTOCOL, lost_in((3, 5), (3, 6))), SLOW)
    assert shown(run) == "1 f1 f2 f2 f3 2 0 f5 0"


def test_a_failure_of_the_report_that_comes_late(sequence, track, shown):
    run, asked = track(realtime(sequence(14), PROTOCOL, lost_in((5, 7))), SLOW)
    assert asked == "+0 1 2 3 5 +12 13"
    assert shown(run) == "1 f1 f2 f2 f3 f3 f3 2 0 0 0 0 1 f13"


def test_of_two_failures_at_once_the_later_counts(sequence, track, shown):
    run, asked = track(realtime(sequence(14), PROTOCOL, lost_in((3, 5), (5, 7))), SLOW)
    assert asked == "+0 1 2 3 5 +12 13"
    assert shown(run) == "1 f1 f2 f2 f3 0 0 2 0 0 0 0 1 f13"


def test_a_report_that_comes_after_the_end_is_not_written(sequence, track, shown):
    run, asked = track(realtime(sequence(6), PROTOCOL, lost_in()), lambda f: 9.0 if f == 3 else 0)
    assert (shown(run), asked) == ("1 f1 f2 f2 f2 f2", "+0 1 2 3")
    assert run.times.tolist()[:4] == [0, 0, 0, 9] and np.isnan(run.times[4:]).all()


def test_a_failure_of_a_held_region_before_the_end(sequence, track, shown):
    run, _ = track(realtime(sequence(6), PROTOCOL, lost_in((2, 4))), lambda f: 9.0 if f == 3 else 0)
    assert shown(run) == "1 f1 f2 f2 2 0"


def test_without_grace_a_slow_start_loses_frames(sequence, track, shown):
    protocol = Protocol("realtime", repetitions=1, fps=20, grace=0)
    run, asked = track(
        realtime(sequence(6), protocol, lost_in()), lambda f: 0.15 if f in (0, 3) else 0
    )
    assert asked == "+0 3"
    # The region of the start is held while the first report is under way.
    assert shown(run) == "1 0 0 f0 f0 f3"


def test_nan_is_no_failure(sequence, track, shown):
    run, _ = track(realtime(sequence(5), PROTOCOL, lambda report, truth: np.nan), FAST)
    assert shown(run) == "1 f1 f2 f3 f4"


def test_starts_wait_for_a_region(sequence, track, shown):
    made = sequence(12, codes={0: 0, 7: 0, 8: 0})
    overlap = lambda report, truth: 0.0 if len(truth) > 1 and truth[0] == 2 else 0.5  # noqa: E731
    run, asked = track(realtime(made, PROTOCOL, overlap), FAST)
    assert asked == "+1 2 +9 10 11"
    assert shown(run) == "0 1 2 0 0 0 0 0 0 1 f10 f11"


def test_a_sequence_without_a_region(sequence):
    with pytest.raises(DatasetError, match="no frame to start"):
        next(realtime(sequence(1, codes={0: 0}), PROTOCOL, lost_in()))


def test_it_is_started_by_its_type(sequence, track, shown):
    made = sequence(4)
    run, _ = track(start(made, PROTOCOL, bounded(overlap_within, made)), FAST)
    assert shown(run) == "1 f1 f2 f3"


@pytest.mark.parametrize(
    ("seconds", "frame"),
    [(0.0, 1), (0.05, 1), (0.0749, 1), (0.075, 2), (0.124, 2), (0.125, 3), (1.0, 20)],
)
def test_time_is_rounded_to_the_nearest_frame(seconds, frame):
    camera = Camera(start=0, fps=20, grace=1)
    assert camera.advance(0.0) == 0
    assert camera.advance(seconds) == frame


def test_lateness_adds_up():
    """With 0.06 s a report the clock is a fifth of a frame later each time."""
    camera = Camera(start=0, fps=20, grace=1)
    # 1, 2.2, 3.4, 4.6, 5.8, 7.0, 8.2, 9.4, 10.6 frames, the first of them frame 0.
    assert [camera.advance(0.06) for _ in range(9)] == [0, 1, 2, 4, 5, 6, 7, 8, 10]


@pytest.mark.parametrize("fps", [10, 24, 25, 29.97, 30, 60])
def test_at_any_speed_a_report_in_time_is_the_next_frame(fps):
    camera = Camera(start=5, fps=fps, grace=1)
    assert [camera.advance(0.001) for _ in range(2000)] == list(range(5, 2005))


LOSSES = st.sets(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=60)
SECONDS = st.lists(st.sampled_from([0.0, 0.05, 0.06, 0.12, 0.3]), min_size=40, max_size=40)


@settings(max_examples=60)
@given(frames=st.sets(st.integers(1, 39)), seconds=st.floats(0, 0.05))
def test_a_tracker_in_time_gives_the_baseline(sequence, track, frames, seconds):
    made = sequence(40)
    overlap = lost_in(*((frame, frame) for frame in frames))
    baseline = Protocol("supervised", repetitions=1)
    run, asked = track(realtime(made, PROTOCOL, overlap), seconds)
    expected, expected_asked = track(supervised(made, baseline, overlap), seconds)
    assert run.trajectory == expected.trajectory and asked == expected_asked
    np.testing.assert_array_equal(run.times, expected.times)
    np.testing.assert_array_equal(run.scores, expected.scores)


@settings(max_examples=100)
@given(losses=LOSSES, seconds=SECONDS)
def test_what_holds_of_every_run(sequence, track, losses, seconds):
    made = sequence(40)
    run, asked = track(realtime(made, PROTOCOL, lost_in(*losses)), lambda frame: seconds[frame])
    frames = [int(word.removeprefix("+")) for word in asked.split()]
    starts = [int(word[1:]) for word in asked.split() if word[0] == "+"]
    codes = run.trajectory.codes()
    # Time goes on: no image twice, and a time for each that was given and for no other.
    assert frames == sorted(set(frames))
    assert np.flatnonzero(~np.isnan(run.times)).tolist() == frames
    assert np.flatnonzero(codes == 1).tolist() == starts
    # One failure ends each stretch but possibly the last.
    failures = np.flatnonzero(codes == 2).tolist()
    assert len(failures) in (len(starts) - 1, len(starts))
    for before, after in zip(failures, starts[1:], strict=False):
        assert after >= before + 5
    # An answer is of a report on an image no later than the frame, since the last start.
    for frame in np.flatnonzero(codes == -1):
        source = int(run.trajectory[int(frame)][0])
        assert source <= frame and source in frames
        assert max(s for s in starts if s <= frame) < source
        assert (source, frame) not in losses


@settings(max_examples=30)
@given(losses=LOSSES, seconds=SECONDS)
def test_it_is_repeated_exactly(sequence, track, losses, seconds):
    first, second = (
        track(realtime(sequence(40), PROTOCOL, lost_in(*losses)), lambda frame: seconds[frame])
        for _ in range(2)
    )
    assert first[0].trajectory == second[0].trajectory and first[1] == second[1]
