"""Names beside points, moved where they would cover each other or another point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

Range = tuple[float, float]

PANEL = (340.0, 320.0)
"""Size of a small panel in px, about: names that fit there fit everywhere."""

LETTER, HEIGHT = 7.0, 14.0
"""Width of a letter and height of a name in px, about."""

GAP, RADIUS = 10.0, 7.0
"""From a point to its name, and half the size of a point, in px."""

MOVES = (0.0, -HEIGHT, HEIGHT, -2 * HEIGHT, 2 * HEIGHT)


class Label(NamedTuple):
    """Where the name of a point goes.

    Parameters
    ----------
    align : str
        ``left``: it begins at the right of the point. ``right``: it ends at its left.
    dx, dy : float
        From the point, in px.
    """

    align: Literal["left", "right"]
    dx: float
    dy: float


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def place_labels(
    names: Sequence[str], points: Sequence[tuple[float, float]], x: Range, y: Range
) -> list[Label]:
    """Place each name where it covers nothing, as near to its point as that allows.

    Parameters
    ----------
    names : sequence of str
        One a point.
    points : sequence of tuple of float
        Where the points are, on the axes.
    x, y : tuple of float
        First and last value of the axes.

    Returns
    -------
    list of Label
        One a name; where no place is free, the first choice.

    Examples
    --------
    >>> place_labels(["a", "b"], [(0.5, 0.5), (0.52, 0.5)], (0, 1), (0, 1))
    [Label(align='right', dx=-10.0, dy=0.0), Label(align='left', dx=10.0, dy=0.0)]
    """
    centres = [(_scaled(px, x) * PANEL[0], (1 - _scaled(py, y)) * PANEL[1]) for px, py in points]
    taken = [_Box(cx - RADIUS, cy - RADIUS, cx + RADIUS, cy + RADIUS) for cx, cy in centres]
    placed = []
    for name, centre in zip(names, centres, strict=True):
        choices = [(label, _box(name, centre, label)) for label in _choices()]
        inside = (
            choice for choice in choices if 0 <= choice[1].left <= choice[1].right <= PANEL[0]
        )
        free = (choice for choice in inside if not any(map(choice[1].meets, taken)))
        label, box = next(free, choices[0])
        taken.append(box)
        placed.append(label)
    return placed


def _choices() -> Iterator[Label]:
    for move in MOVES:
        yield Label("left", GAP, move)
        yield Label("right", -GAP, move)


def _box(name: str, centre: tuple[float, float], label: Label) -> _Box:
    width = LETTER * len(name)
    left = centre[0] + label.dx - (width if label.align == "right" else 0.0)
    top = centre[1] + label.dy - HEIGHT / 2
    return _Box(left, top, left + width, top + HEIGHT)


def _scaled(value: float, ends: Range) -> float:
    return (value - ends[0]) / ((ends[1] - ends[0]) or 1.0)
