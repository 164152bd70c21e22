"""What a record holds as pairs of a name and a text, for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Pair = tuple[str, str]

FEW = 24
"""Numbers of a list that are written out; of longer ones the count is told."""


def pairs_of(value: object, name: str = "") -> Iterator[Pair]:
    """Flatten nested mappings; names are joined with dots.

    Parameters
    ----------
    value : JSON value
        What to write.
    name : str
        Its name.

    Examples
    --------
    >>> list(pairs_of({"lr": {"type": "cos", "start": 0.03}, "steps": None, "ratios": [0.5, 1.0]}))
    [('lr.type', 'cos'), ('lr.start', '0.03'), ('steps', 'none'), ('ratios', '0.5, 1')]
    """
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from pairs_of(item, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list) and any(isinstance(item, (Mapping, list)) for item in value):
        for index, item in enumerate(value, start=1):
            yield from pairs_of(item, f"{name}.{index}")
    else:
        yield name, said(value)


def said(value: Any) -> str:
    """Write a plain value or a list of such.

    Examples
    --------
    >>> said(True), said(None), said(2.5939), said(1e-07), said([]), said(list(range(100)))
    ('yes', 'none', '2.5939', '1e-07', 'none', '100 values')
    """
    if value is None or value in ([], {}, ""):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list):
        return ", ".join(map(said, value)) if len(value) <= FEW else f"{len(value)} values"
    return str(value)
