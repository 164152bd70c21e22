"""One thread for each process, without a trace in the caller's."""

import os
import sys
from types import SimpleNamespace

import cv2

from vot_toolkit.run.threads import single_threaded, single_threaded_children


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
