"""One thread for each process, without a trace in the caller's."""

import ast
import importlib.util
import os
import sys
from types import SimpleNamespace

import cv2
import pytest

from vot_toolkit.run.threads import Share, single_threaded, single_threaded_children

CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
TICKS_BUSY = 5
"""Hundredths of a second that a thread must have worked to count."""


def test_children_see_one_thread(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    before = dict(os.environ)
    with single_threaded_children():
        assert os.environ["OMP_NUM_THREADS"] == os.environ["MKL_NUM_THREADS"] == "1"
    assert dict(os.environ) == before


def test_the_own_count_is_put_back(monkeypatch):
    counts = [6]
    torch = SimpleNamespace(get_num_threads=lambda: counts[-1], set_num_threads=counts.append)
    monkeypatch.setitem(sys.modules, "torch", torch)
    before = cv2.getNumThreads()
    with single_threaded():
        assert cv2.getNumThreads() == 1
    assert cv2.getNumThreads() == before and counts == [6, 1, 6]


@pytest.fixture
def notes(run, tmp_path):
    """Run a busy tracker with two workers; give by process its threads: time used, and cores."""
    path = tmp_path / "notes"

    def read(libraries):
        for name in libraries.split("+"):
            if name != "crowd" and importlib.util.find_spec(name) is None:
                pytest.skip(f"{name} is not installed")
        options = {"notes": path, "libraries": libraries}
        outcome = run("Busy", options=options, engine="process", workers=2)
        assert outcome.failures == ()
        lines = [line.partition(" ") for line in path.read_text().splitlines()]
        return {pid: ast.literal_eval(threads) for pid, _, threads in lines}

    return read


@pytest.mark.skipif(len(CORES) < 2, reason="needs two cores")
@pytest.mark.parametrize(
    "libraries",
    [
        "numpy+cv2",
        pytest.param("torch", marks=pytest.mark.slow),
        pytest.param("openvino", marks=pytest.mark.slow),
    ],
)
def test_a_busy_worker_keeps_one_core_busy(notes, libraries):
    for threads in notes(libraries).values():
        busy = [used for used, _ in threads if used > TICKS_BUSY]
        assert len(busy) <= 1
        assert len(threads) == 2 or libraries == "openvino", "itself, and who ends it"


@pytest.mark.skipif(len(CORES) < 2, reason="needs two cores")
def test_a_worker_with_many_threads_keeps_to_its_share(notes):
    found = notes("crowd")
    shares = {tuple(cores) for threads in found.values() for _, cores in threads}
    half = len(CORES) // 2
    assert all(len(threads) == 5 for threads in found.values())
    assert shares <= {tuple(CORES[:half]), tuple(CORES[half:])}
    assert len(shares) == len(found)


@pytest.mark.skipif(not CORES, reason="needs sched_setaffinity")
@pytest.mark.parametrize("workers", [1, 2, 3, 7, 64])
def test_shares_cover_the_cores(workers):
    shares = [Share(index, workers).cores for index in range(workers)]
    assert sorted({core for share in shares for core in share}) == CORES
    if workers <= len(CORES):
        assert sum(map(len, shares)) == len(CORES), "each core has one worker"
    else:
        assert {len(share) for share in shares} == {1}
