"""Spaces: the options that are tuned, and the values that each may take."""

from __future__ import annotations

import glob
import itertools
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from vot_toolkit.errors import UsageError
from vot_toolkit.wording import guess

CHECKPOINT = "checkpoint"
MOST_VALUES = 10_000
"""Most values of one option, and with them most of what a misplaced point can ask for."""

ACCEPTED = (
    "accepted: option=start:stop:step, option=start:stop, option=a|b|c, or the name of a space"
)

Point = Mapping[str, str]
"""One choice of all options, as text."""


@dataclass(frozen=True)
class Axis:
    """One option and what it may be.

    Parameters
    ----------
    option : str
        Name of the tracker's option.
    values : tuple of str
        All values, in order; empty for an interval.
    ordered : bool
        Whether neighbours are alike, as numbers are and names are not.
    interval : tuple of float or None
        Least and greatest value, where any between them may be taken.
    """

    option: str
    values: tuple[str, ...]
    ordered: bool = False
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class Space:
    """The options that are tuned.

    Parameters
    ----------
    axes : tuple of Axis
        One an option.
    """

    axes: tuple[Axis, ...]

    @property
    def options(self) -> tuple[str, ...]:
        """Names of the options."""
        return tuple(axis.option for axis in self.axes)

    @property
    def size(self) -> int | None:
        """Number of points; None where an option may have any value between two."""
        if any(axis.interval for axis in self.axes):
            return None
        return math.prod(len(axis.values) for axis in self.axes)

    def points(self) -> Iterator[Point]:
        """Go through all points, the last option changing fastest.

        Raises
        ------
        UsageError
            If an option may have any value between two.
        """
        for axis in self.axes:
            if axis.interval:
                low, high = axis.interval
                raise UsageError(
                    f"--space {axis.option}={low:g}:{high:g} has no step",
                    hint="a grid needs one, --sampler tpe does not",
                )
        for values in itertools.product(*(axis.values for axis in self.axes)):
            yield dict(zip(self.options, values, strict=True))


def parse_space(texts: Iterable[str]) -> Space:
    """Read a space as it stands on the command line.

    Parameters
    ----------
    texts : iterable of str
        Each the name of a space, or one or more axes with commas between them.

    Raises
    ------
    UsageError
        If a text is neither, a range is empty or too fine, or an option stands twice.

    Examples
    --------
    >>> space = parse_space(["lr=0.30:0.34:0.02,mode=exact|fast"])
    >>> space.axes[0].values, space.size
    (('0.3', '0.32', '0.34'), 6)
    """
    axes = [axis for text in texts for axis in _axes(text)]
    options = [axis.option for axis in axes]
    for option in options:
        if options.count(option) > 1:
            raise UsageError(f"--space has {option!r} twice", hint="accepted: each option once")
    return Space(tuple(axes))


def checkpoint_axis(pattern: str) -> Axis:
    """List the files of a pattern, ``output/checkpoint_e*.pth``, in the order of their numbers.

    Raises
    ------
    UsageError
        If there is none, or two cannot be told apart by their names.
    """
    # Path.glob takes no pattern that begins at the root.
    found = glob.glob(str(Path(pattern).expanduser()))  # noqa: PTH207
    files = [path for path in found if Path(path).is_file()]
    if not files:
        raise UsageError(f"--checkpoints {pattern!r}: no such file", hint="quote the pattern")
    stems = [Path(file).stem for file in files]
    for stem in stems:
        if stems.count(stem) > 1:
            what = f"--checkpoints {pattern!r}: more than one file named {stem!r}"
            raise UsageError(what, hint="results are named by them: tune each folder apart")
    return Axis(CHECKPOINT, tuple(sorted(files, key=_by_number)))


def space_names() -> tuple[str, ...]:
    """List the spaces known by name.

    Examples
    --------
    >>> space_names()
    ('siammask-base', 'siammask-sharp', 'siammask-default')
    """
    return tuple(_known())


@cache
def _known() -> dict[str, Any]:
    path = Path(__file__).with_name("spaces.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _by_number(file: str) -> list[tuple[int, str]]:
    """Sort 2 before 10; a piece without digits sorts as it is."""
    pieces = re.split(r"(\d+)", file)
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces]


def _axes(text: str) -> Iterator[Axis]:
    known = _known()
    if text in known:
        yield from _axes(known[text]["axes"])
        return
    if "=" not in text:
        names = ", ".join(known)
        raise UsageError(f"--space {text!r}", hint=f"{guess(text, list(known))}{ACCEPTED}: {names}")
    for part in text.split(","):
        option, _, values = (piece.strip() for piece in part.partition("="))
        if not option or not values:
            raise UsageError(f"--space {part!r}", hint=ACCEPTED)
        yield _axis(option, values)


def _axis(option: str, text: str) -> Axis:
    if ":" not in text:
        values = tuple(value.strip() for value in text.split("|"))
        return Axis(option, tuple(dict.fromkeys(values)))
    bounds = [_decimal(option, text, part) for part in text.split(":")]
    if len(bounds) not in (2, 3) or bounds[1] < bounds[0]:
        raise UsageError(f"--space {option}={text}", hint=ACCEPTED)
    if len(bounds) == 2:
        return Axis(option, (), True, (float(bounds[0]), float(bounds[1])))
    return Axis(option, _steps(option, *bounds), True)


def _decimal(option: str, text: str, part: str) -> Decimal:
    try:
        value = Decimal(part.strip())
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite():
        raise UsageError(f"--space {option}={text}: {part!r} is no number", hint=ACCEPTED)
    return value


def _steps(option: str, start: Decimal, stop: Decimal, step: Decimal) -> tuple[str, ...]:
    """Count in decimals, so that the texts are those a person would write; both ends included."""
    if step <= 0 or (stop - start) / step > MOST_VALUES:
        hint = f"a step is above 0, and gives at most {MOST_VALUES} values"
        raise UsageError(f"--space {option}={start}:{stop}:{step}", hint=hint)
    count = int((stop - start) / step) + 1
    return tuple(_plain(start + index * step) for index in range(count))


def _plain(value: Decimal) -> str:
    """Write a number without an exponent and without zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
