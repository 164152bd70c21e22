"""Draws and their generators."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from trainers.data.draws import Blur, draw, draw_crop, generator
from trainers.data.window import Augmentation

LIMITS = Augmentation(shift=64, scale=0.18, blur=0.18, flip=0.3)
MANY = 4000


@pytest.fixture(scope="module")
def many():
    return [draw_crop(generator(0, position), LIMITS) for position in range(MANY)]


def drawn(seed, position, attempt=0):
    draws = asdict(draw(generator(seed, position, attempt), 0.25, LIMITS, LIMITS, 50))
    return {name: np.asarray(value).tolist() for name, value in draws.items()}


def test_same_place_same_draws():
    assert drawn(1, 2, 3) == drawn(1, 2, 3)


@pytest.mark.parametrize("other", [(2, 2, 3), (1, 3, 3), (1, 2, 4)])
def test_other_place_other_draws(other):
    assert drawn(1, 2, 3)["template"] != drawn(*other)["template"]


def test_neighbours_share_no_numbers():
    streams = [generator(0, position).integers(0, 1 << 62, 1000) for position in range(50)]
    assert len(np.unique(streams)) == 50_000


def test_uniform_draws(many):
    values = np.array([each.shift + each.scale for each in many])
    assert np.abs(values).max() <= 1
    assert np.abs(values.mean(axis=0)).max() < 0.05
    assert values.std(axis=0) == pytest.approx([3**-0.5] * 4, rel=0.05)


def test_flip_has_the_probability_that_it_is_given(many):
    assert np.mean([each.flip for each in many]) == pytest.approx(0.3, abs=0.03)


def test_blur(many):
    """0.18 of the images, half of them, and those whose rounded normal number is above 0."""
    blurs = [each.blur for each in many if each.blur is not None]
    assert len(blurs) / MANY == pytest.approx(0.18 * 0.5 * 0.3085, abs=0.01)
    assert {blur.size for blur in blurs} >= {3, 5}
    assert all(blur.size % 2 == 1 and 3 <= blur.size <= 45 for blur in blurs)
    assert all(0 <= blur.weight <= 1 for blur in blurs)


def test_nothing_is_blurred_or_mirrored_by_default():
    crops = [draw_crop(generator(0, position), Augmentation()) for position in range(200)]
    assert all(each.blur is None and not each.flip for each in crops)


def test_blur_is_a_value():
    assert Blur(3, 0.5) == Blur(3, 0.5)
