"""Learning rates against the original's values and against closed forms."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainers.config import Recipe, Schedule
from trainers.schedules import learning_rates, rates_of

# Printed by the original's code.
BASE_TEXT = """
    0.001 0.00138 0.001904 0.002627 0.003624 0.005 0.004758 0.004529 0.00431 0.004102
    0.003904 0.003715 0.003536 0.003365 0.003202 0.003048 0.0029 0.00276 0.002627 0.0025
"""
SHARP_TEXT = """
    0.01 0.009296 0.008642 0.008034 0.007469 0.006943 0.006455 0.006001 0.005578 0.005186
    0.004821 0.004482 0.004166 0.003873 0.003601 0.003347 0.003112 0.002893 0.002689 0.0025
"""
BASE, SHARP = ([float(each) for each in text.split()] for text in (BASE_TEXT, SHARP_TEXT))


def rounded(rates):
    return [round(rate, 6) for rate in rates]


@pytest.mark.parametrize("name", ["siammask_base_original", "siamrpn_resnet"])
def test_base_of_the_original(name):
    assert rounded(learning_rates(Recipe.named(name))) == BASE


def test_sharp_of_the_original():
    assert rounded(learning_rates(Recipe.named("siammask_sharp"))) == SHARP


def test_base_ends_at_the_papers_value_times_the_devices():
    recipe = Recipe.named("siammask_base")
    one, eight = learning_rates(recipe, 1), learning_rates(recipe, 8)
    assert one[5] == 0.005 and one[19] == pytest.approx(0.0005)
    assert rounded(one[:5]) == BASE[:5]
    assert eight == pytest.approx([8 * rate for rate in one])


def test_the_original_does_not_know_of_devices():
    recipe = Recipe.named("siammask_base_original")
    assert learning_rates(recipe, 8) == learning_rates(recipe, 1)


def test_nothing_given():
    rates = rates_of(Schedule(), 3)
    assert rates == pytest.approx([0.03, math.sqrt(0.03 * 0.0005), 0.0005])


def test_linear():
    rates = rates_of(Schedule(type="linear", start_lr=1.0, end_lr=3.0), 5)
    assert rates == [1, 1.5, 2, 2.5, 3]


def test_cos():
    rates = rates_of(Schedule(type="cos", start_lr=3.0, end_lr=1.0), 4)
    root = math.sqrt(2) / 2
    assert rates == pytest.approx([3, 2 + root, 2, 2 - root])


def test_step_to_an_end():
    rates = rates_of(Schedule(type="step", start_lr=1.0, end_lr=16.0, step=2), 8)
    assert rates == pytest.approx([1, 1, 2, 2, 4, 4, 8, 8])


def test_multi_step():
    given_factor = Schedule(type="multi-step", start_lr=1.0, mult=0.5, steps=(1, 3))
    given_end = Schedule(type="multi-step", start_lr=1.0, end_lr=0.25, steps=(1, 3))
    assert rates_of(given_factor, 5) == [1, 0.5, 0.5, 0.25, 0.25]
    assert rates_of(given_end, 5) == pytest.approx([1, 0.5, 0.5, 0.25, 0.25])


def test_a_training_shorter_than_its_warmup():
    recipe = Recipe.named("siammask_base_original").changed(epochs=2)
    assert rounded(learning_rates(recipe)) == BASE[:2]


RATE = st.floats(1e-6, 1.0)


@given(st.sampled_from(["log", "linear", "cos"]), RATE, RATE, st.integers(1, 40))
def test_between_start_and_end(kind, start, end, epochs):
    """As many as epochs, from the start on, monotone, and never beyond the end."""
    rates = rates_of(Schedule(type=kind, start_lr=start, end_lr=end), epochs)
    assert len(rates) == epochs and rates[0] == pytest.approx(start)
    assert sorted(rates, reverse=start > end) == pytest.approx(rates)
    low, high = min(start, end), max(start, end)
    assert all(low * (1 - 1e-9) <= rate <= high * (1 + 1e-9) for rate in rates)


@given(st.integers(1, 40))
def test_each_epoch_has_one(epochs):
    for name in ("siammask_base", "siammask_sharp"):
        assert len(learning_rates(Recipe.named(name).changed(epochs=epochs))) == epochs
