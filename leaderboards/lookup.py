"""Looking into what a record holds, which other versions and other programs may have written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def dig(data: object, *keys: str) -> Any:
    """Follow keys into nested mappings; None where one is missing.

    Examples
    --------
    >>> dig({"speed": {"images_per_s": 236.0}}, "speed", "images_per_s")
    236.0
    >>> dig({"speed": None}, "speed", "images_per_s") is None
    True
    """
    for key in keys:
        if not isinstance(data, Mapping):
            return None
        data = data.get(key)
    return data


def number(value: object) -> float | None:
    """Give a value as a finite number; None for anything else.

    Examples
    --------
    >>> number(3), number("3"), number(True), number(float("nan"))
    (3.0, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return float(value)


def numbers(values: object) -> list[float]:
    """Give the finite numbers of a list; none of what is no list."""
    found = [number(value) for value in values] if isinstance(values, list) else []
    return [value for value in found if value is not None]


def whole(value: object) -> int | None:
    """Give a value as a whole number; None for anything else."""
    found = number(value)
    return int(found) if found is not None and found == int(found) else None


def text(value: object) -> str | None:
    """Give a value as text; None for None and what is empty.

    Examples
    --------
    >>> text("O1"), text(3), text(""), text({}), text(None)
    ('O1', '3', None, None, None)
    """
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return str(value) or None
    return None
