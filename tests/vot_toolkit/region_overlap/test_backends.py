"""Choosing who counts."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product
from typing import get_args, get_type_hints

import numpy as np
import pytest

from vot_toolkit.errors import UsageError
from vot_toolkit.region_overlap import backends, overlap, overlap_backend
from vot_toolkit.region_overlap.backends import VARIABLE, kernel, switches
from vot_toolkit.region_overlap.spans import rules_of
from vot_toolkit.rules import OverlapRules, load_rules
from vot_toolkit.trajectory import Trajectory


@pytest.fixture(autouse=True)
def _fresh_choice():
    """Choose anew in each test, and after the last."""
    backends._chosen.cache_clear()
    yield
    backends._chosen.cache_clear()


@pytest.fixture
def present(monkeypatch):
    """Pretend that only these backends are installed."""

    def pretend(*names: str) -> None:
        modules = {backends.BACKENDS[name][1] for name in names}
        monkeypatch.setattr(backends, "find_spec", lambda name: name if name in modules else None)

    return pretend


def test_the_tests_run_on_the_backend_that_was_asked_for(installed):
    assert "numpy" in installed
    assert overlap_backend() in installed
    assert overlap_backend() == (os.environ.get(VARIABLE) or installed[0])


def test_the_variable_chooses(monkeypatch, backend):
    monkeypatch.setenv(VARIABLE, backend)
    assert overlap_backend() == backend
    assert kernel() is kernel(backend)
    assert overlap([1, 1, 100, 100], [50, 50, 100, 100]) == 0.15278562903404236


def test_kernels_are_those_of_their_modules(backend):
    module = {"cython": "_kernel", "numba": "jit", "numpy": "spans"}[backend]
    assert kernel(backend) is sys.modules[f"vot_toolkit.region_overlap.{module}"].overlaps


def test_an_unknown_backend_lists_those_there_are(monkeypatch):
    monkeypatch.setenv(VARIABLE, "fortran")
    with pytest.raises(UsageError, match=r"OVERLAP=fortran \(accepted: cython, numba, numpy"):
        overlap([0, 0, 5, 5], [0, 0, 5, 5])


def test_an_absent_backend_lists_those_installed(monkeypatch, present):
    present("cython", "numpy")
    monkeypatch.setenv(VARIABLE, "numba")
    with pytest.raises(UsageError, match=r"numba.*not installed \(installed: cython, numpy"):
        overlap_backend()


@pytest.mark.parametrize(
    ("there", "chosen"),
    [
        (("cython", "numba", "numpy"), "cython"),
        (("numba", "numpy"), "numba"),
        (("numpy",), "numpy"),
    ],
)
def test_the_first_installed_is_taken_and_a_slow_one_named_once(
    monkeypatch, present, capsys, there, chosen
):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv(backends.TOLD, "")
    present(*there)
    assert [overlap_backend() for _ in range(3)] == [chosen] * 3
    output = capsys.readouterr()
    assert output.out == ""
    if chosen == "cython":
        assert output.err == ""
    else:
        assert output.err.count("\n") == 1
        assert f"the compiled kernel is absent, overlap is computed by {chosen}" in output.err


def test_a_slow_backend_that_was_asked_for_is_not_named(monkeypatch, present, capsys):
    present("numpy")
    monkeypatch.setenv(VARIABLE, "numpy")
    assert overlap_backend() == "numpy"
    assert capsys.readouterr().err == ""


def test_a_process_with_a_wrong_variable_stops_with_the_error():
    code = "import vot_toolkit; print(vot_toolkit.overlap([0, 0, 5, 5], [0, 0, 5, 5]))"
    outcome = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, VARIABLE: "fast"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 1
    assert "UsageError: VOT_TOOLKIT_OVERLAP=fast (accepted: cython, numba, numpy)" in outcome.stderr


def test_switches_carry_every_rule():
    choices = [get_args(hint) for hint in get_type_hints(OverlapRules).values()]
    every = [OverlapRules(*values) for values in product(*choices)]
    assert len({switches(rules) for rules in every}) == len(every) == 32
    assert [rules_of(switches(rules)) for rules in every] == every


def test_a_kernel_fills_what_it_is_given_and_nothing_else(counted, backend):
    """Codes give NaN; the output without tighter bounds stays empty."""
    rules = rules_of((False, False, False, False, True))
    regions = [np.array([0.0, 0, 9, 9]), np.array([2.0])]
    out, tighter = counted(backend, regions, regions, (5, 5), rules, tighter=False)
    assert out[0] == 1 and np.isnan(out[1]) and tighter.shape == (0,)
    out, tighter = counted(backend, regions, regions[::-1], (5, 5), rules)
    assert np.isnan(out).all() and np.isnan(tighter).all()


@pytest.mark.parametrize("rules", ["vot2018", "matlab7", "vot-toolkit"])
def test_a_single_pair_gives_what_many_give(backend, rules):
    random = np.random.RandomState(3)
    boxes = [random.uniform(-20, 120, size) for size in (4, 8, 6, 12, 1) for _ in range(6)]
    chosen = switches(load_rules(rules).overlap)
    single = sys.modules[kernel(backend).__module__].overlap_of_pair
    pairs = [(a, b) for a in boxes for b in boxes[::3]]
    many = np.empty(len(pairs))
    first, second = (Trajectory.from_regions(side) for side in zip(*pairs, strict=True))
    kernel(backend)(
        first.values, first.offsets, second.values, second.offsets,
        np.array([[100.0, 80.0]]), chosen, many, np.empty(0),
    )  # fmt: skip
    found = [single(a, b, 100.0, 80.0, chosen) for a, b in pairs]
    assert np.array_equal(found, many, equal_nan=True)
