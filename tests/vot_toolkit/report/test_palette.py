"""Colours that are seen by everyone, on both grounds."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from vot_toolkit.report.palette import DARK, LIGHT, THEMES, Palette, chart_config

# G. Machado, M. Oliveira, L. Fernandes, "A physiologically-based model for simulation of color
# vision deficiency", 2009: severity 1, in linear RGB.
VISION = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.303900]],
}  # fmt: skip

TO_CONES = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]]
)  # fmt: skip
TO_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]]
)  # fmt: skip


def linear(color: str) -> np.ndarray:
    coded = np.array([int(color[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str) -> float:
    """Give the contrast as WCAG defines it."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    low, high = sorted(float(weights @ linear(color)) for color in (first, second))
    return (high + 0.05) / (low + 0.05)


def oklab(color: np.ndarray) -> np.ndarray:
    return TO_LAB @ np.cbrt(np.clip(TO_CONES @ color, 0, None))


@pytest.mark.parametrize("palette", THEMES.values(), ids=list(THEMES))
def test_series_stand_out_and_words_are_read(palette: Palette) -> None:
    for color in palette.series:
        assert contrast(color, palette.surface) >= 3
    for ground in (palette.surface, palette.background):
        assert contrast(palette.text, ground) >= 7
        assert contrast(palette.muted, ground) >= 4.5
        assert contrast(palette.accent, ground) >= 4.5


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("palette", THEMES.values(), ids=list(THEMES))
def test_no_two_series_look_alike(palette: Palette, vision: str) -> None:
    seen = [np.clip(np.array(VISION[vision]) @ linear(color), 0, 1) for color in palette.series]
    distances = [np.linalg.norm(oklab(a) - oklab(b)) for a, b in combinations(seen, 2)]
    assert min(distances) > 0.08  # some eight times what is just told apart


def test_themes_have_the_same_roles() -> None:
    light, dark = chart_config(LIGHT), chart_config(DARK)
    assert light.keys() == dark.keys() and light["style"].keys() == dark["style"].keys()
    assert len(LIGHT.series) == len(DARK.series)
