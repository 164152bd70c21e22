"""TraX messages: a line with a name, arguments in quotes, and properties ``key=value``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from vot_toolkit.errors import FormatError
from vot_toolkit.wording import shortened

PREFIX = "@@TRAX:"
"""What tells a message from all else that a program prints."""

_NAME = re.compile(r"[a-z]+")
_TOKEN = re.compile(r'\s*(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s"]+))(?=\s|$)')
_PROPERTY = re.compile(r"([A-Za-z0-9._]{1,64})=(.*)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Message:
    """One message.

    Parameters
    ----------
    name : str
        ``hello``, ``initialize``, ``frame``, ``state`` or ``quit``.
    arguments : tuple of str
        Images and regions, in order.
    properties : mapping from str to str
        What else goes with it.
    """

    name: str
    arguments: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)


def format_message(message: Message) -> str:
    r"""Write a message as line, ended by a newline.

    Examples
    --------
    >>> format_message(Message("frame", ("file:///a b.jpg",), {"scale": "2"}))
    '@@TRAX:frame "file:///a b.jpg" "scale=2"\n'
    """
    properties = (f"{key}={value}" for key, value in message.properties.items())
    words = [f'"{_escaped(word)}"' for word in (*message.arguments, *properties)]
    return " ".join([PREFIX + message.name, *words]) + "\n"


def parse_message(line: str) -> Message:
    r"""Read a message from a line that begins with `PREFIX`.

    Raises
    ------
    FormatError
        If it has no name, or a quote that does not end.

    Examples
    --------
    >>> parse_message('@@TRAX:state "1,2,3,4" "note=a \\"b\\""')
    Message(name='state', arguments=('1,2,3,4',), properties={'note': 'a "b"'})
    """
    body = line.removeprefix(PREFIX).rstrip()
    name = _NAME.match(body)
    if name is None or body[name.end() : name.end() + 1].strip():
        raise FormatError(f"a message without a name: {shortened(line, 60)!r}")
    arguments: list[str] = []
    properties: dict[str, str] = {}
    position = name.end()
    while position < len(body):
        token = _TOKEN.match(body, position)
        if token is None:
            raise FormatError(f"a message that cannot be taken apart: {shortened(line, 60)!r}")
        word = token[2] if token[1] is None else _plain(token[1])
        pair = _PROPERTY.fullmatch(word)
        if pair:
            properties[pair[1]] = pair[2]
        else:
            arguments.append(word)
        position = token.end()
    return Message(name[0], tuple(arguments), properties)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda match: "\n" if match[1] == "n" else match[1], text)
