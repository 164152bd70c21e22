"""Seeds: fixed for a job, different between jobs, and reaching every loaded generator."""

import random
import sys
from types import SimpleNamespace

import cv2
import numpy as np

from vot_toolkit.run.seeds import job_seed, seed_generators


def test_seeds_are_the_same_for_ever():
    # Written down from the first version: results of a stochastic tracker depend on them.
    assert job_seed("ants1", 1) == 1244786687
    assert len({job_seed(name, number) for name in "abc" for number in range(1, 16)}) == 45


def test_all_generators_start_over(monkeypatch):
    told = []
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(manual_seed=told.append))

    def draw():
        seed_generators(7)
        noise = np.zeros((2, 2))
        cv2.randu(noise, 0, 1)
        return random.random(), np.random.rand(), noise.tolist()

    assert draw() == draw()
    assert told == [7, 7]
