"""The supervised experiment, by hand and by its structure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vot_toolkit.challenges import Protocol, load_challenge
from vot_toolkit.dataset.sequence import Sequence
from vot_toolkit.errors import DatasetError
from vot_toolkit.experiment import Initialize, Report, Update, bounded, start, supervised
from vot_toolkit.region import Mask
from vot_toolkit.region_overlap import overlap_within
from vot_toolkit.trajectory import Trajectory


def test_without_failure(sequence, play, overlap, shown, protocol):
    run, requests = play(supervised(sequence(4), protocol, overlap()))
    assert shown(run) == "1,r,r,r"
    assert [type(request) for request in requests] == [Initialize, Update, Update, Update]
    assert run.trajectory[2].tolist() == [2, 1, 2, 3]


def test_failure_at_frame_3_of_12(sequence, play, overlap, shown, protocol):
    run, requests = play(supervised(sequence(12), protocol, overlap(3)))
    assert shown(run) == "1,r,r,2,0,0,0,0,1,r,r,r"
    assert [request.frame for request in requests] == [0, 1, 2, 3, 8, 9, 10, 11]
    restart = requests[4]
    assert isinstance(restart, Initialize)
    assert restart.region.tolist() == [8, 10, 20, 20]


def test_times_and_scores_stand_where_there_was_a_report(sequence, play, overlap, protocol):
    run, _ = play(supervised(sequence(10), protocol, overlap(2)))
    nan = np.nan
    np.testing.assert_array_equal(run.times, [0, 1, 2, nan, nan, nan, nan, 7, 8, 9])
    np.testing.assert_array_equal(run.scores, [nan, 0.1, 0.2, nan, nan, nan, nan, nan, 0.8, 0.9])


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (6, "1,r,r,r,r,r,2,0,0,0,0,1"),  # the restart is the last frame
        (7, "1,r,r,r,r,r,r,2,0,0,0,0"),  # exactly 5 before the end: nothing to restart on
        (9, "1,r,r,r,r,r,r,r,r,2,0,0"),
        (11, "1,r,r,r,r,r,r,r,r,r,r,2"),
    ],
)
def test_restart_near_the_end(sequence, play, overlap, shown, protocol, failure, expected):
    run, _ = play(supervised(sequence(12), protocol, overlap(failure)))
    assert shown(run) == expected


def test_failure_right_after_a_restart(sequence, play, overlap, shown, protocol):
    run, _ = play(supervised(sequence(14), protocol, overlap(1, 7)))
    assert shown(run) == "1,2,0,0,0,0,1,2,0,0,0,0,1,r"


def test_nan_overlap_is_no_failure(sequence, play, overlap, shown, protocol):
    run, _ = play(supervised(sequence(5), protocol, overlap(nan=(2,))))
    assert shown(run) == "1,r,r,r,r"


def test_reported_code_is_written_as_it_is(sequence, shown, protocol):
    machine = supervised(sequence(3), protocol, lambda report, truth: np.nan)
    next(machine)
    machine.send(Report(None, 0.0))
    machine.send(Report(np.array([0.0]), 0.0))
    with pytest.raises(StopIteration) as end:
        machine.send(Report(np.array([5.0, 5.0, 2.0, 2.0]), 0.0))
    assert shown(end.value.value) == "1,0,r"


@pytest.mark.parametrize(("value", "failed"), [(0.0, True), (-1.0, True), (1e-9, False)])
def test_failure_is_an_overlap_of_at_most_0(sequence, play, shown, protocol, value, failed):
    run, _ = play(supervised(sequence(2), protocol, lambda report, truth: value))
    assert shown(run) == ("1,2" if failed else "1,r")


def test_failure_overlap_of_the_protocol_counts(sequence, play, overlap, shown, protocol):
    strict = replace(protocol, failure_overlap=0.5, skip_initialize=2)
    run, _ = play(supervised(sequence(6), strict, overlap()))
    assert shown(run) == "1,2,0,1,2,0"


def test_restart_moves_past_skip_tags(sequence, play, overlap, shown, protocol):
    tagged = sequence(12, occlusion=[0, 7, 8], empty=[9])
    skipping = replace(protocol, skip_tags=("occlusion", "empty", "nowhere"))
    run, _ = play(supervised(tagged, skipping, overlap(2)))
    # The first start is not moved: frame 0 is occluded too.
    assert shown(run) == "1,r,2,0,0,0,0,0,0,0,1,r"


def test_skip_tags_up_to_the_end(sequence, play, overlap, shown, protocol):
    tagged = sequence(8, occlusion=[6, 7])
    run, _ = play(supervised(tagged, replace(protocol, skip_tags=("occlusion",)), overlap(1)))
    assert shown(run) == "1,2,0,0,0,0,0,0"


def test_start_moves_past_special_codes(sequence, play, shown, protocol):
    hidden = sequence(12, codes={0: 0, 7: 0, 8: 0})

    def overlap(report, truth):
        return np.nan if len(truth) == 1 else 0.0 if truth[0] == 2 else 0.5

    run, requests = play(supervised(hidden, protocol, overlap))
    assert shown(run) == "0,1,2,0,0,0,0,0,0,1,r,r"
    assert requests[0].frame == 1


def test_sequence_without_a_region(sequence, protocol, overlap):
    nothing = sequence(2, codes={0: 0, 1: 0})
    with pytest.raises(DatasetError, match=r"'made': no frame to start a tracker on"):
        next(supervised(nothing, protocol, overlap()))


def test_empty_mask_cannot_be_started_on(play, shown, protocol):
    empty = Mask(0, 0, np.zeros((0, 0), dtype=bool))
    masks = Trajectory.of(empty, Mask(3, 4, np.ones((2, 2), dtype=bool)))
    run, requests = play(supervised(Sequence("masks", masks), protocol, lambda a, b: 0.5))
    assert shown(run) == "0,1"
    assert len(requests) == 1


def test_bounded_passes_the_last_column_and_row(sequence):
    seen = []
    bounded(seen.append, sequence(3))
    assert seen == [(99.0, 79.0)]


def test_bounded_needs_the_image_size():
    with pytest.raises(DatasetError, match="image size"):
        bounded(overlap_within, Sequence("made", Trajectory.of([0, 0, 1, 1])))


def test_start_takes_the_type_of_the_protocol(sequence, play, overlap, shown):
    experiments = load_challenge("VOT2018").experiments
    lines = {
        name: shown(play(start(sequence(8), protocol, overlap(2)))[0])
        for name, protocol in experiments.items()
    }
    assert lines == {
        "baseline": "1,r,2,0,0,0,0,1",
        "realtime": "1,r,2,0,0,0,0,1",
        "unsupervised": "1,r,r,r,r,r,r,r",
    }


RUNS = st.integers(1, 60).flatmap(
    lambda length: st.tuples(st.just(length), st.sets(st.integers(0, length - 1)))
)


@settings(deadline=None)
@given(RUNS)
def test_structure(scene):
    length, failures = scene
    line, num_requests = _codes(length, failures)
    assert len(line) == length
    assert line[0] == "1"
    assert num_requests == length - line.count("0")
    for frame, letter in enumerate(line):
        if letter == "2":
            assert "00001".startswith(line[frame + 1 : frame + 6])
            assert frame in failures
        if letter == "1":
            assert frame == 0 or line[frame - 5] == "2"
        if letter == "r":
            assert frame not in failures
    assert line.count("1") - 1 <= line.count("2") <= line.count("1")


def _codes(length: int, failures: set[int]) -> tuple[str, int]:
    """Run a machine whose reports fail in these frames; give its line and count its requests."""
    regions = np.tile([0.0, 10.0, 20.0, 20.0], (length, 1))
    regions[:, 0] = np.arange(length)
    sequence = Sequence("made", Trajectory.from_table(regions))
    machine = supervised(
        sequence, Protocol("supervised", 1), lambda report, truth: float(truth[0] not in failures)
    )
    next(machine)
    for count in range(1, length + 1):
        try:
            machine.send(Report(np.array([1.0, 2.0, 3.0, 4.0]), 0.1))
        except StopIteration as end:
            codes = end.value.trajectory.codes()
            return "".join("r" if code < 0 else str(code) for code in codes), count
    raise AssertionError("more requests than frames")
