"""A data set of three sequences, and results on it in any layout."""

from __future__ import annotations

import pytest

from vot_toolkit.dataset.sequence import Dataset, Sequence
from vot_toolkit.formats.binary import format_binary
from vot_toolkit.formats.text import read_trajectory
from vot_toolkit.trajectory import Trajectory

LENGTHS = {"ball": 12, "cup": 8, "dove": 10}


def lines_of(name, kind):
    """Give the lines of a result: a run with a failure, one without, one that starts by a box."""
    rows = [f"{10 + frame / 7},12.25,14,11" for frame in range(LENGTHS[name])]
    if kind == "box":
        return rows
    rows[0] = "1"
    if kind == "lost" and name == "ball":
        rows[3:9] = ["2", "0", "0", "0", "0", "1"]
    return rows


@pytest.fixture
def dataset():
    """Give the set."""
    return Dataset(
        "tiny",
        tuple(
            Sequence(name, Trajectory.of(*[[10, 12, 14, 11]] * length), (64, 48))
            for name, length in LENGTHS.items()
        ),
    )


@pytest.fixture
def fill(tmp_path):
    """Write results of all sequences; ``{}`` in the pattern stands for the sequence."""

    def write(pattern, kind="lost", root="source"):
        for name in LENGTHS:
            path = tmp_path / root / pattern.replace("{}", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(lines_of(name, kind)) + "\n")
            if path.suffix == ".bin":
                path.write_bytes(format_binary(read_trajectory(path)))
        return tmp_path / root

    return write


@pytest.fixture
def lines():
    """Give the lines that `fill` writes."""
    return lines_of
