"""Tracks with gaps."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from trainers.prepare.dropped import Reason
from trainers.prepare.runs import numbered_runs, split_at_gaps

FRAMES = st.sets(st.integers(0, 30), min_size=1).map(sorted)
TRACKS = st.dictionaries(st.integers(0, 12), FRAMES, max_size=4)


def by_number(runs):
    return {run.number: run.frames for run in runs}


def test_a_track_without_gap_stays_as_it_is():
    kept, left_out = numbered_runs({4: [7, 8, 9], 2: [5]})
    assert by_number(kept) == {2: (5,), 4: (7, 8, 9)}
    assert left_out == []


def test_runs_get_numbers_of_their_own():
    kept, left_out = numbered_runs({0: [0, 1, 2, 4, 6, 7, 9, 10], 3: [0, 1]})
    assert by_number(kept) == {0: (0, 1, 2), 4: (6, 7), 5: (9, 10), 3: (0, 1)}
    assert [(reason, run.frames) for reason, run in left_out] == [(Reason.SINGLE_FRAME, (4,))]


def test_the_original_keeps_the_last():
    kept, left_out = numbered_runs({0: [0, 1, 2, 4, 6, 7, 9]}, last_only=True)
    assert by_number(kept) == {0: (6, 7)}
    assert {(reason, run.span) for reason, run in left_out} == {
        (Reason.SINGLE_FRAME, "4-4"),
        (Reason.SINGLE_FRAME, "9-9"),
        (Reason.EARLIER_RUN, "0-2"),
    }


@given(FRAMES)
def test_splitting_loses_nothing(frames):
    runs = split_at_gaps(frames)
    assert [frame for run in runs for frame in run] == frames
    assert all(run[-1] - run[0] == len(run) - 1 for run in runs)
    assert all(b[0] > a[-1] + 1 for a, b in pairwise(runs))


@given(TRACKS, st.booleans())
def test_each_frame_is_kept_once_or_named(tracks, last_only):
    kept, left_out = numbered_runs(tracks, last_only)
    assert len(by_number(kept)) == len(kept)
    pieces = [(run.track, frame) for run in kept for frame in run.frames]
    pieces += [(run.track, frame) for _, run in left_out for frame in run.frames]
    assert sorted(pieces) == sorted((t, frame) for t, frames in tracks.items() for frame in frames)
    if last_only:
        assert {run.number for run in kept} == {run.track for run in kept} <= set(tracks)
