"""Sine and cosine that give the same bits on every machine.

``math.sin`` and ``numpy.sin`` come from the C library or from SIMD code and differ in the last bit
between builds.
"""

from __future__ import annotations

import math

# Taylor coefficients of sin(x), from x**15 down to x; good to 1e-13 up to a quarter turn.
_TAYLOR = tuple(
    (-1) ** (power // 2) / math.factorial(power) for power in (15, 13, 11, 9, 7, 5, 3, 1)
)
_RADIANS = 6.283185307179586


def sine(turns: float) -> float:
    """Sine of an angle in full turns, by additions and multiplications only."""
    turns -= math.floor(turns + 0.5)
    if turns > 0.25:
        turns = 0.5 - turns
    elif turns < -0.25:
        turns = -0.5 - turns
    x = turns * _RADIANS
    square, total = x * x, 0.0
    for coefficient in _TAYLOR:
        total = total * square + coefficient
    return total * x


def cosine(turns: float) -> float:
    """Cosine of an angle in full turns."""
    return sine(turns + 0.25)
