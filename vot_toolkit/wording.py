"""Phrases that messages share: counts with their noun, bounded texts, guesses at a name."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 300
"""Most characters of a text that came from outside, such as an exception's."""


def counted(count: int, noun: str) -> str:
    """Give a count with its noun.

    Examples
    --------
    >>> counted(1, "sequence"), counted(0, "sequence")
    ('1 sequence', '0 sequences')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def shortened(text: str, longest: int = LONGEST) -> str:
    r"""Put a text on one line, and leave out its middle when it is too long.

    Examples
    --------
    >>> shortened("two\n  lines")
    'two lines'
    >>> shortened("abcdefghijklmnop", 9)
    'abc … nop'
    """
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    rest = longest - 3
    return f"{line[: rest - rest // 2]} … {line[len(line) - rest // 2 :]}"


def listed(names: Iterable[str], shown: int = 3) -> str:
    """List the first of some names, and say how many more there are.

    Examples
    --------
    >>> listed(["ants1", "bag"])
    'ants1, bag'
    >>> listed("abcdef")
    'a, b, c and 3 more'
    """
    names = list(names)
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more


def guess(name: str, names: Iterable[str]) -> str:
    """Ask whether a name was meant that is like the one given; empty when none is.

    Examples
    --------
    >>> guess("nccc", ["csrt", "ncc"])
    "did you mean 'ncc'? "
    >>> guess("nothing", ["csrt", "ncc"])
    ''
    """
    from difflib import get_close_matches  # only a wrong name needs it

    near = get_close_matches(name, names if isinstance(names, list) else list(names), n=1)
    return f"did you mean {near[0]!r}? " if near else ""
