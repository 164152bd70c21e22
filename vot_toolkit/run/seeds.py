"""Seeds: every job starts from random states of its own, whoever runs it and whenever."""

from __future__ import annotations

import hashlib
import random
import sys

import numpy as np

BASE_SEED = 0
"""Enters every job's seed; written into records, so that another choice would show."""


def job_seed(sequence: str, repetition: int) -> int:
    """Give the seed of a job; the same on every machine and in every version of Python.

    Parameters
    ----------
    sequence : str
        Name of the sequence.
    repetition : int
        Repetition, from 1. Repetitions differ, so that a stochastic tracker shows its spread.

    Returns
    -------
    int
        In 0 … 2³¹ - 1, the range that every generator seeded here accepts.

    Examples
    --------
    >>> job_seed("ants1", 1) == job_seed("ants1", 1) != job_seed("ants1", 2)
    True
    """
    digest = hashlib.sha256(f"{BASE_SEED}\0{sequence}\0{repetition}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def seed_generators(seed: int) -> None:
    """Seed the process-wide generators: Python, NumPy, and OpenCV and PyTorch where loaded.

    A generator that a tracker keeps for itself is out of reach here.
    """
    random.seed(seed)
    np.random.seed(seed)
    # A library that is not loaded has no state to seed, and loading torch costs seconds.
    if "cv2" in sys.modules:
        sys.modules["cv2"].setRNGSeed(seed)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)
