"""Which jobs are handed out, in which order, and when repetitions stop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vot_toolkit.challenges import Protocol
from vot_toolkit.dataset.sequence import Sequence
from vot_toolkit.run.jobs import Course
from vot_toolkit.run.schedule import Schedule
from vot_toolkit.trajectory import Trajectory

PROTOCOL = Protocol(type="supervised", repetitions=15)


def course(name="a", length=10, stored=(), limit=None):
    sequence = Sequence(name, Trajectory.from_table(np.ones((length, 4))))
    return Course("baseline", sequence, PROTOCOL, limit, set(stored))


def taken(schedule):
    jobs = []
    while job := schedule.take():
        jobs.append(job)
    return jobs


def test_longest_sequences_come_first():
    courses = [course("a", 10), course("b", 30), course("c", 20), course("d", 30)]
    schedule = Schedule(courses, lambda _: True, deterministic=True)
    assert [job.sequence.name for job in taken(schedule)] == ["b", "d", "c", "a"]


def test_one_repetition_until_the_tracker_has_spoken():
    schedule = Schedule([course()], lambda _: True)
    assert [job.repetition for job in taken(schedule)] == [1]
    schedule.learn(False)
    assert [job.repetition for job in taken(schedule)] == [2, 3]
    assert not taken(schedule), "the fourth waits for the test"


@pytest.mark.parametrize(("same", "later"), [(True, []), (False, list(range(4, 16)))])
def test_the_first_three_decide(same, later):
    schedule = Schedule([course()], lambda _: same, deterministic=False)
    assert schedule.missing_frames == 150
    for job in taken(schedule):
        schedule.settle(job, stored=True)
    assert schedule.missing_frames == len(later) * 10
    assert [job.repetition for job in taken(schedule)] == later
    assert schedule.finished == same


@pytest.mark.parametrize(
    ("failed", "same", "later"),
    [
        ({2}, True, []),
        ({2}, False, list(range(4, 16))),
        ({1, 3}, False, []),
        ({1, 2, 3}, False, []),
    ],
)
def test_a_repetition_that_failed_is_no_evidence(failed, same, later):
    """Else a killed worker would bring about repetitions that an undisturbed run leaves out."""
    schedule = Schedule([course()], lambda course: course.tested and same, deterministic=False)
    for job in taken(schedule):
        schedule.settle(job, stored=job.repetition not in failed)
    assert [job.repetition for job in taken(schedule)] == later


def test_what_is_stored_is_tested_at_the_start():
    schedule = Schedule([course(stored={1, 2, 3})], lambda _: True, deterministic=False)
    assert schedule.finished


def test_holes_are_filled():
    schedule = Schedule([course(stored={1, 2, 3, 5}, limit=6)], lambda _: False, False)
    assert [job.repetition for job in taken(schedule)] == [4, 6]


def test_a_deterministic_tracker_is_done_after_one():
    schedule = Schedule([course(stored={1}, limit=6)], lambda _: False, deterministic=True)
    assert schedule.finished and schedule.ready == 0


@given(
    outcomes=st.lists(st.booleans(), min_size=6, max_size=6),
    order=st.permutations(range(6)),
    agreeing=st.booleans(),
)
def test_the_order_of_reports_does_not_matter(outcomes, order, agreeing):
    """Run the same jobs whether each is settled at once, or a batch in any order."""
    rank = dict(enumerate(order, start=1))

    def play(batch):
        schedule = Schedule([course(limit=6)], lambda _: agreeing, deterministic=False)
        played = set()
        while not schedule.finished:
            jobs = taken(schedule) if batch else [schedule.take()]
            for job in sorted(jobs, key=lambda job: rank[job.repetition]):
                played.add(job.repetition)
                schedule.settle(job, stored=outcomes[job.repetition - 1])
        return played

    assert play(batch=True) == play(batch=False)
