"""Work shared out over processes."""

import os
import signal
import time

import pytest

from trainers.errors import PreparationError
from trainers.prepare.crew import work_through

pytestmark = pytest.mark.usefixtures("importable_by_children")


def square(item, stopped):
    import cv2

    assert cv2.getNumThreads() == 1
    return item * item


def fail(item, stopped):
    raise PreparationError(f"item {item}", hint="what to do")


def die(item, stopped):
    os.kill(os.getpid(), signal.SIGKILL)


def wait_until_stopped(item, stopped):
    if item == 0:
        return item
    while not stopped():
        time.sleep(0.01)
    return None


@pytest.mark.parametrize("workers", [1, 2])
def test_every_item_is_done_once(workers):
    assert sorted(work_through(square, range(7), workers)) == [i * i for i in range(7)]
    assert list(work_through(square, [], workers)) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_arrives(workers):
    with pytest.raises(PreparationError, match=r"item 0 \(what to do\)"):
        list(work_through(fail, [0], workers))


def test_a_worker_that_is_ended_is_named():
    with pytest.raises(PreparationError, match="a worker ended with exit code -9"):
        list(work_through(die, range(3), 2))


def test_who_stops_early_waits_for_nobody():
    results = work_through(wait_until_stopped, range(2), 2)
    assert next(results) == 0
    begin = time.monotonic()
    results.close()
    assert time.monotonic() - begin < 5
